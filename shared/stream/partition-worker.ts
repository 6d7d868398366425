// One partition number over all inputs: claimed, sliced, ticked and let go, one thing at a time.

import type { ConsumedBatch } from '../kafka/consumer.ts';
import { type Claimed, type ClaimOutcome, claimPartition } from './claim.ts';
import { abandoned, createHold, type Hold } from './hold.ts';
import { Holes } from './holes.ts';
import { Jumps } from './jumps.ts';
import { type Marker, PartitionLag } from './lag.ts';
import type { StreamParts } from './parts.ts';
import { Scanner } from './scan.ts';
import { applySlice } from './slice.ts';
import type { Tenure } from './tenure.ts';
import { refreshQuiet, tickDue } from './tick.ts';
import { Turns } from './turns.ts';
import { Vehicles } from './vehicles.ts';
import { type Desk, isFencedByClock, type Place, type WorkOutcome } from './work.ts';

export class PartitionWorker<State> {
  readonly partition: number;
  readonly lag: PartitionLag;
  readonly #parts: StreamParts<State>;
  readonly #vehicles: Vehicles<State>;
  readonly #jumps: Jumps<State>;
  readonly #turns = new Turns(1);
  #tenure: Tenure | null = null;
  #hold: Hold | null = null;
  #claimedIn: Tenure | null = null;
  /** As we left it; null where what is in memory stands for nothing. */
  #place: Place | null = null;
  #isClaimed = false;
  readonly #scanner = new Scanner<State>();
  #isPassing = false;
  #marker: Marker | null = null;
  readonly #holes: Holes<State>;

  constructor(parts: StreamParts<State>, partition: number) {
    const inputCount = parts.processor.inputs.length;
    this.partition = partition;
    this.lag = new PartitionLag(inputCount);
    this.#parts = parts;
    this.#vehicles = new Vehicles(inputCount);
    this.#jumps = new Jumps(parts);
    this.#holes = new Holes(this.#jumps);
  }

  get isClaimed(): boolean {
    return this.#isClaimed;
  }

  get cachedCount(): number {
    return this.#vehicles.cachedCount;
  }

  get vehicleCount(): number {
    return this.#vehicles.count;
  }

  /** Nothing is under way. */
  idle(): Promise<void> {
    return this.#turns.take(async () => undefined);
  }

  /** Ours from now on, until `tenure` ends. What was under way in the one before ends first. */
  assign(tenure: Tenure): void {
    this.#tenure = tenure;
    this.#hold = createHold(this.#parts, this.partition, tenure.signal);
    this.#isClaimed = false;
    void this.#exclusive(async () => (await this.#claimed()) !== null);
  }

  /** Not ours any more: what is in memory is of no use. Safe while something is under way. */
  async leave(): Promise<void> {
    this.#tenure = null;
    await this.#turns.take(async () => {
      this.#forget();
      this.#parts.absences.leave(this.partition);
    });
  }

  /** Never rejects: what is ours to mend is told to `life`. */
  async handle(batch: ConsumedBatch): Promise<void> {
    const { config, processor, consumer, commits } = this.#parts;
    const input = processor.inputs.findIndex(({ topic }) => topic === batch.topic);
    const { length } = batch.records;
    for (let first = 0; first < length; first += config.sliceRecords) {
      const end = Math.min(first + config.sliceRecords, length);
      const isApplied = await this.#exclusive(() => this.#slice(batch, { input, first, end }));
      if (!isApplied) return;
      if ((await consumer.heartbeat()) === 'member') continue;
      // The group waits for us: hand over what is done, and nothing more.
      await commits.flush();
      return;
    }
  }

  /** What a look at the ends says of this partition; at once, or when its place is known. */
  look(marker: Marker): void {
    this.#marker = marker;
    if (this.#isClaimed) this.#mark();
  }

  #mark(): void {
    if (this.#marker !== null && this.#place !== null) this.lag.look(this.#marker, this.#place);
    this.#marker = null;
  }

  /** After a look: what has become due by what has been read. */
  async pass(): Promise<void> {
    // A look must not wait for Redis to be back.
    if (this.#isPassing) return;
    this.#isPassing = true;
    await this.#exclusive(async () => {
      const desk = await this.#claimed();
      if (desk === null) return false;
      if (this.#scanner.state === 'cut') this.#startScan(desk);
      this.#mark();
      return true;
    });
    const { reachedAt } = this.lag;
    if (reachedAt !== null) await this.#again((desk) => tickDue(desk, reachedAt));
    await this.#again((desk) => refreshQuiet(desk));
    this.#isPassing = false;
  }

  /** Slices come in between. */
  async #again(work: (desk: Desk<State>) => Promise<WorkOutcome | 'none'>): Promise<void> {
    let isMore = true;
    while (isMore) {
      isMore = await this.#exclusive(async () => {
        const desk = this.#isClaimed ? await this.#claimed() : null;
        if (desk === null) return false;
        const outcome = await work(desk);
        return outcome !== 'none' && this.#handle(outcome);
      });
    }
  }

  /** False: nothing was done, or what was done does not count. */
  async #exclusive(work: () => Promise<boolean>): Promise<boolean> {
    try {
      return await this.#turns.take(async () => !this.#isOver() && (await work()));
    } catch (error) {
      this.#parts.life.fail(error);
      return false;
    }
  }

  #isOver(): boolean {
    return this.#parts.life.isStopping || (this.#tenure?.signal.aborted ?? true);
  }

  async #slice(batch: ConsumedBatch, { input, first, end }: Cut): Promise<boolean> {
    if (batch.isStale()) return false;
    const desk = await this.#claimed();
    if (desk === null || batch.isStale()) return false;
    const { place, parts } = desk;
    const last = batch.records[end - 1]!.offset;
    const start = firstAt(batch, { input, first, end }, place.nextOffsets[input]!);
    parts.counters.replayedCount += start - first;
    if (start < end) {
      const records = batch.records.slice(start, end);
      const next = await this.#holes.check(desk, { input, batch });
      if (next === 'again' || (next !== 'next' && !(await this.#handle(next)))) return false;
      if (!(await this.#handle(await applySlice(desk, { input, records })))) return false;
    } else if (batch.highOffset < place.nextOffsets[input]!) {
      // It ends before what was applied: claimed anew, which finds out what has become of it.
      this.#isClaimed = false;
      return false;
    }
    parts.life.stepped();
    if (!batch.isStale()) batch.resolve(last);
    const { topic, partition } = batch;
    parts.commits.note({ topic, partition, next: place.nextOffsets[input]! });
    this.#vehicles.trim(parts.cachedMax());
    return true;
  }

  /** The place and what goes with it, claimed if it is not; null: not ours, or let go. */
  async #claimed(): Promise<Desk<State> | null> {
    const [tenure, hold] = [this.#tenure, this.#hold];
    if (tenure === null || hold === null) return null;
    if (this.#isClaimed && this.#place !== null) return this.#deskOf(this.#place, hold);
    // Whoever was frozen for a session must not take the partition from its owner.
    if (isFencedByClock(this.#parts) && (await this.#isExpelled())) return null;
    const before = this.#scanner.state === 'complete' ? this.#place : null;
    // Only the first claim of a generation may go by what was asked at the join.
    const isFirst = this.#claimedIn !== tenure;
    this.#claimedIn = tenure;
    const askSpans = () => (isFirst ? tenure.joinSpans() : tenure.spansNow());
    const outcome = await claimPartition({
      ...{ parts: this.#parts, partition: this.partition, vehicles: this.#vehicles },
      ...{ jumps: this.#jumps, hold, tenure, askSpans, before },
    });
    if (typeof outcome !== 'object') {
      await this.#handle(outcome);
      return null;
    }
    const desk = this.#deskOf(outcome.place, hold);
    this.#enter(desk, outcome.memory);
    return desk;
  }

  #deskOf(place: Place, hold: Hold): Desk<State> {
    return { parts: this.#parts, place, vehicles: this.#vehicles, hold };
  }

  #enter(desk: Desk<State>, memory: Claimed['memory']): void {
    this.#place = desk.place;
    this.#isClaimed = true;
    this.#holes.clear();
    if (memory === 'kept') return;
    this.lag.reset();
    this.#scanner.stop();
    if (memory === 'rebuilt') this.#scanner.isNotNeeded();
    else this.#startScan(desk);
  }

  /** Until it is complete, nothing of memory is kept over a rebalance. */
  #startScan(desk: Desk<State>): void {
    const { processor, now } = this.#parts;
    this.#vehicles.open(now());
    processor.release?.(this.partition);
    this.#scanner.start(desk);
  }

  /** Whether to go on; else what must be forgotten is. */
  async #handle(outcome: WorkOutcome | Extract<ClaimOutcome, string | symbol>): Promise<boolean> {
    const { counters, log } = this.#parts;
    const { partition } = this;
    if (outcome === 'written') return true;
    switch (outcome) {
      case abandoned:
        // Memory may stand: the next claim finds out whether anybody has written.
        this.#isClaimed = false;
        return false;
      case 'clock':
        counters.fencedCounts.clock += 1;
        log.warn({ partition }, 'No word from the group for a session; a slice is given up.');
        await this.#isExpelled();
        return false;
      case 'fenced':
        counters.fencedCounts.epoch += 1;
        log.warn({ partition }, 'Another owner has claimed the partition; a slice is given up.');
        break;
      case 'lost':
        log.warn({ partition }, 'Redis does not have what it had; the partition is claimed anew.');
        break;
      case 'stale':
      case 'forgotten':
        log.debug({ partition, outcome }, 'The partition is read anew.');
        break;
    }
    this.#forget();
    await this.#isExpelled();
    return false;
  }

  /** If so, nothing is ours before the next assignment. */
  async #isExpelled(): Promise<boolean> {
    const tenure = this.#tenure;
    if ((await this.#parts.consumer.heartbeat()) !== 'expelled') return false;
    if (this.#tenure === tenure) this.#tenure = null;
    return true;
  }

  #forget(): void {
    this.#isClaimed = false;
    this.#place = null;
    this.#scanner.stop();
    this.#vehicles.open(0);
    this.lag.reset();
    this.#parts.processor.release?.(this.partition);
  }
}

interface Cut {
  readonly input: number;
  readonly first: number;
  readonly end: number;
}

/** Where in the batch the first record is that has not been applied. */
function firstAt({ records }: ConsumedBatch, { first, end }: Cut, next: number): number {
  let at = first;
  while (at < end && records[at]!.offset < next) at += 1;
  return at;
}
