// The vehicles of one owned partition in memory: the states used last, when each vehicle is due,
// and what the state topic lacks. Never ahead of the state store.

import type { Change } from './processor.ts';
import { Quiet } from './quiet.ts';
import type { FrameRing } from './ring.ts';

export interface Vehicle<State> {
  readonly vehicleId: string;
  readonly key: Buffer;
  readonly state: State;
  readonly ring: FrameRing;
  /** In the order of the inputs, -1 for none. */
  readonly appliedOffsets: number[];
  /** Of the work under way, which has touched it when the number is its own. */
  workNo: number;
  change: Change;
  /** Something of it must be stored: a change, or that a record was applied. */
  isDirty: boolean;
  /** Its record of the state topic, as the work under way has made it. */
  record: Buffer | null;
}

export interface VehicleFacts<State> {
  readonly vehicleId: string;
  readonly state: State;
  readonly ring: FrameRing;
  readonly appliedOffsets: number[];
}

export function vehicleOf<State>(facts: VehicleFacts<State>): Vehicle<State> {
  return {
    vehicleId: facts.vehicleId,
    key: Buffer.from(facts.vehicleId),
    state: facts.state,
    ring: facts.ring,
    appliedOffsets: facts.appliedOffsets,
    workNo: 0,
    change: 'none',
    isDirty: false,
    record: null,
  };
}

export class Vehicles<State> {
  readonly quiet: Quiet;
  /** Least recently used first. */
  readonly #cached = new Map<string, Vehicle<State>>();
  /** Every vehicle known in the partition → epoch ms, Infinity: never. */
  readonly #dueAt = new Map<string, number>();
  /** Stored since a scan began: what the scan finds of them may be older. Null: no scan. */
  #stored: Set<string> | null = null;

  constructor(inputCount: number) {
    this.quiet = new Quiet(inputCount);
  }

  get cachedCount(): number {
    return this.#cached.size;
  }

  /** Vehicles known. */
  get count(): number {
    return this.#dueAt.size;
  }

  get(vehicleId: string): Vehicle<State> | undefined {
    return this.#cached.get(vehicleId);
  }

  /** A state read from the store; one that is here already is the newer. */
  add(vehicle: Vehicle<State>): Vehicle<State> {
    const known = this.#cached.get(vehicle.vehicleId);
    if (known !== undefined) return known;
    this.#cached.set(vehicle.vehicleId, vehicle);
    return vehicle;
  }

  /** What was changed in memory will not be stored. */
  drop(touched: readonly Vehicle<State>[]): void {
    for (const { vehicleId } of touched) this.#cached.delete(vehicleId);
  }

  /** The store has it as it is here. */
  stored(vehicle: Vehicle<State>, dueAt: number): void {
    const { vehicleId } = vehicle;
    this.#cached.delete(vehicleId);
    this.#cached.set(vehicleId, vehicle);
    this.#dueAt.set(vehicleId, dueAt);
    this.#stored?.add(vehicleId);
  }

  /** Lets go of those used least recently. Not while work is under way. */
  trim(countMax: number): void {
    for (const vehicleId of this.#cached.keys()) {
      if (this.#cached.size <= countMax) return;
      this.#cached.delete(vehicleId);
    }
  }

  dueBy(nowMs: number, countMax: number): string[] {
    const due: string[] = [];
    for (const [vehicleId, dueAt] of this.#dueAt) {
      if (dueAt > nowMs) continue;
      due.push(vehicleId);
      if (due.length >= countMax) break;
    }
    return due;
  }

  /** Epoch ms; Infinity: never. */
  dueAt(vehicleId: string): number {
    return this.#dueAt.get(vehicleId) ?? Number.POSITIVE_INFINITY;
  }

  /** Found by a scan or a rebuild, or told by the rules without a change to store. */
  due(vehicleId: string, dueAt: number): void {
    this.#dueAt.set(vehicleId, dueAt);
  }

  /** Nothing is known; a scan tells. */
  open(nowMs: number): void {
    this.#cached.clear();
    this.#dueAt.clear();
    this.#stored = new Set();
    this.quiet.open(nowMs);
  }

  /** Nothing is known, and a rebuild says what there is: everything before `base` in the topic. */
  reset(base: readonly number[]): void {
    this.#cached.clear();
    this.#dueAt.clear();
    this.#stored = null;
    this.quiet.reset(base);
  }

  /** True: a slice has stored it since the scan began. */
  isNewerThanScan(vehicleId: string): boolean {
    return this.#stored?.has(vehicleId) ?? false;
  }

  closeScan(): void {
    this.#stored = null;
    this.quiet.close();
  }
}
