// Which partitions are ours: what the group says becomes workers that begin, go on and end.

import type { ConsumedBatch, ConsumerHandlers } from '../kafka/consumer.ts';
import { Looks } from './looks.ts';
import { PartitionWorker } from './partition-worker.ts';
import type { StreamParts } from './parts.ts';
import type { StreamInput } from './processor.ts';
import type { StreamConfig } from './settings.ts';
import { Tenure } from './tenure.ts';

export class Ownership<State> implements ConsumerHandlers {
  readonly #topics: readonly string[];
  readonly #workers = new Map<number, PartitionWorker<State>>();
  #parts: StreamParts<State> | null = null;
  #looks: Looks<State> | null = null;
  #tenure: Tenure | null = null;

  constructor(inputs: readonly StreamInput[]) {
    this.#topics = inputs.map(({ topic }) => topic);
  }

  /** Before the consumer starts: it needs the handlers, and the parts need the consumer. */
  use(parts: StreamParts<State>): Looks<State> {
    this.#parts = parts;
    this.#looks = new Looks(parts, this.#workers);
    return this.#looks;
  }

  /** Vehicles that each partition may keep in memory. */
  cachedMax({ cacheVehicles, sliceRecords }: StreamConfig): number {
    // A slice's own vehicles are in memory whatever the bound.
    return Math.max(sliceRecords, Math.floor(cacheVehicles / Math.max(1, this.#workers.size)));
  }

  readonly assigned = (partitions: readonly number[]): void => {
    const parts = this.#parts!;
    this.#tenure?.end();
    const tenure = new Tenure({ logs: parts.logs, topics: this.#topics });
    this.#tenure = tenure;
    parts.counters.rebalancesCount += 1;
    this.#looks?.reset();
    parts.log.info({ partitions }, 'Rebalanced.');
    this.#letGo(new Set(partitions));
    for (const partition of partitions) this.#workerOf(partition).assign(tenure);
    void this.#looks?.look();
  };

  /** Workers stay: most come back with the next assignment, and what they know may stand. */
  readonly revoked = (): void => {
    this.endTenure();
    this.#parts!.commits.forget();
  };

  readonly batch = async (batch: ConsumedBatch): Promise<void> => {
    await this.#workers.get(batch.partition)?.handle(batch);
  };

  /** Whatever waits for a neighbour gives up. */
  endTenure(): void {
    this.#tenure?.end();
  }

  /** Nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.idle()));
  }

  #letGo(kept: ReadonlySet<number>): void {
    for (const [partition, worker] of this.#workers) {
      if (kept.has(partition)) continue;
      this.#workers.delete(partition);
      void worker.leave();
    }
  }

  #workerOf(partition: number): PartitionWorker<State> {
    const known = this.#workers.get(partition);
    if (known !== undefined) return known;
    const worker = new PartitionWorker(this.#parts!, partition);
    this.#workers.set(partition, worker);
    return worker;
  }
}
