// The parts of split messages until all of one are there. Each part is stored and acknowledged on
// its own, so what is lost here is lost to the whole alone: everything has a bound, and what goes
// beyond it goes, the oldest first.

import type { PartPlace } from './codec-entry.ts';

export interface PartLimits {
  /** From the first part of a message on. */
  readonly ageMs: number;
  /** Of one message. */
  readonly partsMax: number;
  /** Of all messages of one vehicle, and of all vehicles; `partBytes` for each part included. */
  readonly vehicleBytesMax: number;
  readonly bytesMax: number;
}

export interface PartCounts {
  /** Joined: all parts were there in time. */
  wholeCount: number;
  /** Messages given up, by what was not enough. */
  readonly givenUpCounts: Record<PartBound, number>;
}

export type PartBound = 'age' | 'parts' | 'vehicle_bytes' | 'bytes';

export const partBounds: readonly PartBound[] = ['age', 'parts', 'vehicle_bytes', 'bytes'];

export interface Part {
  readonly vehicleId: string;
  readonly place: PartPlace;
  /** The frame as it was received; it is copied. */
  readonly bytes: Uint8Array;
}

/**
 * What a part costs beside its bytes, its share of the message's own objects included: 820 measured
 * where each is the only one of its vehicle, 250 in a message of many.
 */
export const partBytes = 800;

export class PartAssembly {
  readonly #limits: PartLimits;
  /** In the order of their first parts, so the oldest is the first. */
  readonly #messages = new Map<string, OpenMessage>();
  readonly #vehicles = new Map<string, Vehicle>();
  #heldBytes = 0;
  #heldCount = 0;
  readonly counts: PartCounts = {
    wholeCount: 0,
    givenUpCounts: { age: 0, parts: 0, vehicle_bytes: 0, bytes: 0 },
  };

  constructor(limits: PartLimits) {
    this.#limits = limits;
  }

  /** Parts that wait for others. */
  get heldCount(): number {
    return this.#heldCount;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** All parts in their order, when this one was the last that was missing; else null. */
  add({ vehicleId, place, bytes }: Part, now: number): readonly Buffer[] | null {
    this.expire(now);
    const { total, index } = place;
    if (total > this.#limits.partsMax) {
      this.counts.givenUpCounts.parts += 1;
      return null;
    }
    if (total === 1) {
      this.counts.wholeCount += 1;
      return [copyOf(bytes)];
    }
    const message = this.#messageOf(vehicleId, place, now);
    // Sent again: the later one counts, and nothing is held twice.
    const before = message.parts.get(index);
    message.parts.set(index, copyOf(bytes));
    this.#weigh(message, bytes.length - (before?.length ?? -partBytes));
    if (before === undefined) this.#heldCount += 1;
    if (message.parts.size === total) {
      this.counts.wholeCount += 1;
      this.#drop(message);
      return Array.from({ length: total }, (_, at) => message.parts.get(at + 1) as Buffer);
    }
    this.#bound(message);
    return null;
  }

  /** Gives up what is too old; called with every part, and from time to time where none come. */
  expire(now: number): void {
    for (const message of this.#messages.values()) {
      if (now - message.firstAt <= this.#limits.ageMs) return;
      this.#giveUp(message, 'age');
    }
  }

  #messageOf(vehicleId: string, { message: name, total }: PartPlace, now: number): OpenMessage {
    const key = `${vehicleId}\0${name}\0${total}`;
    const known = this.#messages.get(key);
    if (known !== undefined) return known;
    let vehicle = this.#vehicles.get(vehicleId);
    if (vehicle === undefined) {
      vehicle = { id: vehicleId, messages: new Set(), bytes: 0 };
      this.#vehicles.set(vehicleId, vehicle);
    }
    const message = { key, vehicle, firstAt: now, bytes: 0, parts: new Map() };
    this.#messages.set(key, message);
    vehicle.messages.add(message);
    return message;
  }

  #bound(newest: OpenMessage): void {
    const { vehicleBytesMax, bytesMax } = this.#limits;
    const { vehicle } = newest;
    while (vehicle.bytes > vehicleBytesMax) this.#giveUpFirst(vehicle.messages, 'vehicle_bytes');
    while (this.#heldBytes > bytesMax) this.#giveUpFirst(this.#messages.values(), 'bytes');
  }

  #giveUpFirst(messages: Iterable<OpenMessage>, bound: PartBound): void {
    for (const message of messages) {
      this.#giveUp(message, bound);
      return;
    }
    throw new Error('bytes are held, and no message holds them');
  }

  #giveUp(message: OpenMessage, bound: PartBound): void {
    this.counts.givenUpCounts[bound] += 1;
    this.#drop(message);
  }

  #drop(message: OpenMessage): void {
    const { vehicle } = message;
    this.#heldCount -= message.parts.size;
    this.#weigh(message, -message.bytes);
    this.#messages.delete(message.key);
    vehicle.messages.delete(message);
    if (vehicle.messages.size === 0) this.#vehicles.delete(vehicle.id);
  }

  #weigh(message: OpenMessage, bytes: number): void {
    message.bytes += bytes;
    message.vehicle.bytes += bytes;
    this.#heldBytes += bytes;
  }
}

interface OpenMessage {
  readonly key: string;
  readonly vehicle: Vehicle;
  /** Epoch ms. */
  readonly firstAt: number;
  bytes: number;
  /** By index, from 1. */
  readonly parts: Map<number, Buffer>;
}

interface Vehicle {
  readonly id: string;
  /** In the order of their first parts. */
  readonly messages: Set<OpenMessage>;
  bytes: number;
}

/** In memory of its own: of Node's pool a few held bytes would keep a whole slab. */
function copyOf(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}
