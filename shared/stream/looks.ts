// Every few seconds: what time is it, and where do the inputs end? Lag, silence and the gate of
// backfill follow from the answers.

import { PartitionCounts } from '../kafka/partition-counts.ts';
import { messageOf } from './hold.ts';
import type { Marker } from './lag.ts';
import type { LogSpan } from './logs.ts';
import type { StreamGauges } from './metrics.ts';
import type { PartitionWorker } from './partition-worker.ts';
import type { StreamParts } from './parts.ts';

export type Workers<State> = ReadonlyMap<number, PartitionWorker<State>>;

export class Looks<State> implements StreamGauges {
  readonly #parts: StreamParts<State>;
  readonly #workers: Workers<State>;
  readonly #topics: readonly string[];
  /** Of the inputs, as the first look has found them. */
  readonly #counts: PartitionCounts;
  /** Partitions whose backfill waits. */
  readonly #held = new Set<number>();
  #timer: NodeJS.Timeout | null = null;
  #isLooking = false;

  constructor(parts: StreamParts<State>, workers: Workers<State>) {
    this.#parts = parts;
    this.#workers = workers;
    this.#topics = parts.processor.inputs.map(({ topic }) => topic);
    this.#counts = new PartitionCounts(parts.log);
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), this.#parts.config.lagMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** A new generation pauses nothing. */
  reset(): void {
    this.#held.clear();
  }

  /** Never rejects; resolves when partitions have been told, not when they are done. */
  async look(): Promise<void> {
    const { logs, now, life, log } = this.#parts;
    if (this.#isLooking || this.#workers.size === 0 || life.isStopping) return;
    this.#isLooking = true;
    // Before the ends are asked for: all that was stored by then lies before them.
    const at = now();
    try {
      const spans = await logs.spans(this.#topics);
      this.#count(spans);
      this.#tell(at, spans);
    } catch (error) {
      // Kafka is away, and known to be: no standstill of ours.
      life.stepped();
      log.debug({ cause: messageOf(error) }, 'A look at the ends of the inputs failed.');
    }
    this.#isLooking = false;
  }

  /** Partitions that were added hold nothing while bridges write by the count they began with. */
  #count(spans: readonly LogSpan[]): void {
    const found = Map.groupBy(spans, ({ topic }) => topic);
    this.#counts.look([...found].map(([topic, own]) => ({ topic, partitionCount: own.length })));
    const { producer, onPartitions } = this.#parts;
    onPartitions(this.#counts.trouble ?? producer.partitions.trouble);
  }

  #tell(at: number, spans: readonly LogSpan[]): void {
    const endsOf = new Map<string, number>();
    for (const { topic, partition, high } of spans) endsOf.set(`${topic}/${partition}`, high);
    for (const worker of this.#workers.values()) {
      const { partition } = worker;
      const ends = this.#topics.map((topic) => endsOf.get(`${topic}/${partition}`) ?? 0);
      const marker: Marker = { at, ends };
      worker.look(marker);
      this.#gate(worker);
      void worker.pass();
    }
  }

  #gate(worker: PartitionWorker<State>): void {
    const { processor, consumer } = this.#parts;
    const { partition } = worker;
    const isLate = this.#isLate(worker);
    if (isLate === this.#held.has(partition)) return;
    for (const { topic, urgency } of processor.inputs) {
      if (urgency === 'live') continue;
      if (isLate) consumer.pause(topic, partition);
      else consumer.resume(topic, partition);
    }
    if (isLate) this.#held.add(partition);
    else this.#held.delete(partition);
  }

  /** Live records wait for longer than the budget. */
  #isLate({ lag }: PartitionWorker<State>): boolean {
    const { processor, config } = this.#parts;
    return processor.inputs.some(({ urgency }, input) => {
      return urgency === 'live' && lag.seconds[input]! * 1000 > config.delayBudgetMs;
    });
  }

  get topicsRepartitionedCount(): number {
    return this.#counts.changedCount + this.#parts.producer.partitions.changedCount;
  }

  get partitionsOwnedCount(): number {
    return this.#workers.size;
  }

  get partitionsClaimedCount(): number {
    return this.#sum(({ isClaimed }) => (isClaimed ? 1 : 0));
  }

  get vehiclesCachedCount(): number {
    return this.#sum(({ cachedCount }) => cachedCount);
  }

  get vehiclesCount(): number {
    return this.#sum(({ vehicleCount }) => vehicleCount);
  }

  get lagVehiclesCount(): number {
    return this.#sum((worker) => (this.#isLate(worker) ? worker.vehicleCount : 0));
  }

  lagRecordsCount(input: number): number {
    return this.#sum(({ lag }) => lag.records[input]!);
  }

  lagSeconds(input: number): number {
    let most = 0;
    for (const { lag } of this.#workers.values()) most = Math.max(most, lag.seconds[input]!);
    return most;
  }

  #sum(read: (worker: PartitionWorker<State>) => number): number {
    let sum = 0;
    for (const worker of this.#workers.values()) sum += read(worker);
    return sum;
  }
}
