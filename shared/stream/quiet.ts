// Vehicles whose latest change is in the state store but not in the state topic yet, and from where
// inputs must be read again to find those changes. Knows nothing of states.

interface QuietEntry {
  readonly sinceMs: number;
  /** Offsets from which a replay finds everything that the topic lacks of this vehicle. */
  readonly replayFrom: readonly number[];
}

/** One of what a scan found: may be un-written by the owner before us. */
interface Candidate {
  readonly vehicleId: string;
  readonly appliedOffsets: readonly number[];
}

export class Quiet {
  /** In the order of `replayFrom`: the oldest entry's covers all. */
  #entries = new Map<string, QuietEntry>();
  /** Everything before is in the topic, by what any owner has said. */
  #base: number[];
  /** Not null while a scan has yet to tell what the owner before us left un-written. */
  #candidates: Candidate[] | null = null;
  #openedAt = 0;
  /** Written to the topic since the scan began. */
  readonly #written = new Set<string>();

  constructor(inputCount: number) {
    this.#base = new Array<number>(inputCount).fill(0);
  }

  get count(): number {
    return this.#entries.size;
  }

  /** What another owner left un-written is unknown; `found` and `close` tell. */
  open(nowMs: number): void {
    this.#openedAt = nowMs;
    this.#entries.clear();
    this.#written.clear();
    this.#base.fill(0);
    this.#candidates = [];
  }

  /** What a scan has found of a vehicle, as the state store has it. */
  found(vehicleId: string, appliedOffsets: readonly number[], replayFrom: readonly number[]): void {
    this.#raise(replayFrom);
    // The base only grows: who is covered by now stays covered.
    if (this.#isCovered(appliedOffsets)) return;
    this.#candidates?.push({ vehicleId, appliedOffsets });
  }

  /** The scan has found every vehicle. */
  close(): void {
    if (this.#candidates === null) return;
    const entry: QuietEntry = { sinceMs: this.#openedAt, replayFrom: [...this.#base] };
    const entries = new Map<string, QuietEntry>();
    for (const { vehicleId, appliedOffsets } of this.#candidates) {
      if (this.#written.has(vehicleId) || this.#isCovered(appliedOffsets)) continue;
      entries.set(vehicleId, entry);
    }
    for (const [vehicleId, later] of this.#entries) {
      if (!entries.has(vehicleId)) entries.set(vehicleId, later);
    }
    this.#entries = entries;
    this.#candidates = null;
    this.#written.clear();
  }

  /** Everything before `base` is in the topic, and nothing beside it in the store. */
  reset(base: readonly number[]): void {
    this.open(0);
    this.#raise(base);
    this.#candidates = null;
  }

  /** What a record written now may say: `offsets` are those applied before its slice. */
  replayFrom(offsets: readonly number[]): readonly number[] {
    if (this.#candidates !== null) return [...this.#base];
    const [oldest] = this.#entries.values();
    return oldest === undefined ? offsets.map((offset) => offset + 1) : oldest.replayFrom;
  }

  /** Changed by a slice that began after the offsets before `replayFrom`; not told to the topic. */
  changed(vehicleId: string, nowMs: number, replayFrom: readonly number[]): void {
    if (this.#entries.has(vehicleId)) return;
    this.#entries.set(vehicleId, { sinceMs: nowMs, replayFrom });
  }

  /** Its state as the store has it is in the topic. */
  written(vehicleId: string): void {
    this.#entries.delete(vehicleId);
    if (this.#candidates !== null) this.#written.add(vehicleId);
  }

  /** Un-written since `beforeMs` or longer, the oldest first. */
  dueBefore(beforeMs: number, countMax: number): string[] {
    const due: string[] = [];
    for (const [vehicleId, { sinceMs }] of this.#entries) {
      if (sinceMs > beforeMs || due.length >= countMax) break;
      due.push(vehicleId);
    }
    return due;
  }

  #raise(replayFrom: readonly number[]): void {
    for (let input = 0; input < this.#base.length; input += 1) {
      this.#base[input] = Math.max(this.#base[input]!, replayFrom[input] ?? 0);
    }
  }

  #isCovered(appliedOffsets: readonly number[]): boolean {
    return this.#base.every((from, input) => (appliedOffsets[input] ?? -1) < from);
  }
}
