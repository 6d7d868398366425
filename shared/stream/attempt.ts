// One attempt at a slice: all of its records applied in memory, without a turn of the loop.

import type { ReadRecord } from '../kafka/reader.ts';
import type { SliceItem, Undecoded } from './decode-slice.ts';
import { messageOf } from './hold.ts';
import type { Emit, StreamRecord } from './processor.ts';
import type { StreamReason } from './quarantine.ts';
import type { Vehicle } from './vehicles.ts';
import { type Desk, encodeTouched, nextWorkNo, touch, type Work } from './work.ts';

/** A record is tried so often on a fresh copy of its vehicle before it goes to quarantine. */
export const triesMax = 3;

export interface Run {
  readonly input: number;
  readonly records: readonly ReadRecord[];
  /** Side by side with the records. */
  readonly items: readonly SliceItem[];
  /** Place in the slice → how often its record threw. */
  readonly tries: Map<number, number>;
  /** Place in the slice → what it threw last. */
  readonly throws: Map<number, unknown>;
  /** Vehicles whose state did not fit its schema: encoded after each record, to find which. */
  readonly suspects: Set<string>;
}

export interface Thrown {
  /** In the slice; null: a state cannot be encoded, and any record of its vehicle may be why. */
  readonly at: number | null;
  readonly vehicleId: string;
  readonly error: unknown;
}

export interface Attempt<State> {
  readonly work: Work<State>;
  appliedCount: number;
  duplicatesCount: number;
  replayedCount: number;
  undecodableCount: number;
  poisonCount: number;
  /** Not null: memory is half changed, and what was touched must be dropped. */
  thrown: Thrown | null;
}

export function attemptOf<State>(desk: Desk<State>, run: Run): Attempt<State> {
  const { input, items, records } = run;
  const progress = { input, offset: records.at(-1)!.offset };
  const attempt: Attempt<State> = {
    work: { no: nextWorkNo(), touched: [], emitted: [], progress },
    appliedCount: 0,
    duplicatesCount: 0,
    replayedCount: 0,
    undecodableCount: 0,
    poisonCount: 0,
    thrown: null,
  };
  const step = new Step(desk, run, attempt);
  for (let at = 0; at < items.length && attempt.thrown === null; at += 1) step.take(at);
  if (attempt.thrown !== null) return attempt;
  const unfit = encodeTouched(desk, attempt.work);
  if (unfit === null) return attempt;
  const { vehicleId } = unfit.vehicle;
  attempt.thrown = { at: null, vehicleId, error: unfit.error };
  return attempt;
}

/** Record after record; what is the same for all of them is made once. */
class Step<State> {
  readonly #desk: Desk<State>;
  readonly #run: Run;
  readonly #attempt: Attempt<State>;
  #key: Buffer = Buffer.alloc(0);
  readonly #emit: Emit = (topic, value) => {
    this.#attempt.work.emitted.push({ topic, key: this.#key, value });
  };

  constructor(desk: Desk<State>, run: Run, attempt: Attempt<State>) {
    this.#desk = desk;
    this.#run = run;
    this.#attempt = attempt;
  }

  take(at: number): void {
    const { items, tries } = this.#run;
    const item = items[at]!;
    if (item.kind === 'undecoded') {
      this.#attempt.undecodableCount += 1;
      this.#refuse(at, 'record_undecodable', `${item.code}: ${item.detail}`);
      return;
    }
    const vehicle = this.#desk.vehicles.get(item.vehicleId)!;
    if (item.offset <= vehicle.appliedOffsets[this.#run.input]!) {
      this.#attempt.replayedCount += 1;
    } else if (tries.size > 0 && (tries.get(at) ?? 0) >= triesMax) {
      this.#attempt.poisonCount += 1;
      this.#refuse(at, 'record_poison', messageOf(this.#run.throws.get(at)));
    } else {
      this.#apply(at, item, vehicle);
    }
  }

  #apply(at: number, item: StreamRecord, vehicle: Vehicle<State>): void {
    const { work } = this.#attempt;
    // Before it is changed, so that a throw half way is undone.
    touch(work, vehicle, 'none');
    try {
      this.#change(item, vehicle);
      const { suspects } = this.#run;
      if (suspects.size > 0 && suspects.has(item.vehicleId)) this.#tryEncode(vehicle);
    } catch (error) {
      this.#attempt.thrown = { at, vehicleId: item.vehicleId, error };
    }
  }

  #change(item: StreamRecord, vehicle: Vehicle<State>): void {
    const { processor } = this.#desk.parts;
    const { work } = this.#attempt;
    const { frameId } = item.value;
    if (frameId !== null && vehicle.ring.has(frameId)) {
      touch(work, vehicle, processor.applyDuplicate(vehicle.state, item));
      this.#attempt.duplicatesCount += 1;
    } else {
      this.#key = vehicle.key;
      touch(work, vehicle, processor.apply(vehicle.state, item, this.#emit));
      if (frameId !== null) vehicle.ring.add(frameId);
      this.#attempt.appliedCount += 1;
    }
    // Also where it changed nothing: readers go by the offset to see what a state holds.
    vehicle.isDirty = true;
    vehicle.appliedOffsets[this.#run.input] = item.offset;
  }

  #tryEncode({ state, appliedOffsets }: Vehicle<State>): void {
    const { parts, place } = this.#desk;
    const replayFromOffsets = appliedOffsets;
    parts.processor.encode(state, { epoch: place.epoch, appliedOffsets, replayFromOffsets });
  }

  #refuse(at: number, reason: StreamReason, detail: string): void {
    const record = this.#run.records[at]!;
    const item = this.#run.items[at] as SliceItem;
    const { topic, partition, offset } = record;
    const output = this.#desk.parts.quarantine.outputOf({
      ...{ topic, partition, offset, reason, detail, record },
      attempt: reason === 'record_poison' ? triesMax : 1,
      value: isDecoded(item) ? item.value : null,
    });
    this.#attempt.work.emitted.push(output);
  }
}

function isDecoded(item: StreamRecord | Undecoded): item is StreamRecord {
  return item.kind !== 'undecoded';
}
