// Hands the traffic to Kafka in the order of simulated time, and moves the clock when Kafka has all
// of it.

import { setTimeout as pause } from 'node:timers/promises';
import { partitionOf } from '#shared/kafka/partitioner.ts';
import type { ProduceRecord, Producer } from '#shared/kafka/producer.ts';
import type { ClockFile } from './clock-file.ts';
import type { Traffic } from './traffic.ts';

const stepMs = 60_000;
const batchRecords = 1_000;

export interface FeedParts {
  readonly traffic: Traffic;
  readonly producer: Producer;
  readonly clock: ClockFile;
}

export class Feed {
  recordCount = 0;
  readonly #parts: FeedParts;
  readonly #startAt: number;
  #isHurried = false;
  #held: Promise<void> | null = null;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    this.#startAt = parts.clock.now();
  }

  /**
   * Everything until this share of the whole time, 0 to 1, spread over `overMs`; resolves when the
   * clock stands there. `hurry` gives up the spreading.
   */
  async until(share: number, overMs: number): Promise<void> {
    const { traffic, clock } = this.#parts;
    const from = clock.now();
    const to = Math.round(this.#startAt + (traffic.endAt - this.#startAt) * share);
    const begunAt = performance.now();
    this.#isHurried = false;
    for (let at = from; at < to; ) {
      await this.#held;
      at = Math.min(to, at + stepMs);
      await this.#store(at);
      clock.set(at);
      const dueMs = (overMs * (at - from)) / (to - from) - (performance.now() - begunAt);
      if (dueMs > 0 && !this.#isHurried) await pause(dueMs);
    }
  }

  /** Nothing more is stored until the answered function is called; what is under way still is. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = promise;
    return () => {
      this.#held = null;
      resolve();
    };
  }

  hurry(): void {
    this.#isHurried = true;
  }

  async #store(at: number): Promise<void> {
    const { traffic, producer } = this.#parts;
    const records = traffic.until(at).map(({ kafkaTopic: topic, key, value }) => {
      return { topic, partition: partitionOf(key, producer.partitionCount(topic)), key, value };
    });
    for (let first = 0; first < records.length; first += batchRecords) {
      await this.#produce(records.slice(first, first + batchRecords));
    }
    this.recordCount += records.length;
  }

  async #produce(records: readonly ProduceRecord[]): Promise<void> {
    for (let left = records; left.length > 0; ) {
      const results = await this.#parts.producer.produce(left);
      const failed = results.filter((result) => result.kind === 'failed');
      const refused = failed.find(({ isRetriable }) => !isRetriable);
      if (refused !== undefined) throw new Error(`${refused.code}: ${refused.detail}`);
      const names = new Set(failed.map(({ topic, partition }) => `${topic}/${partition}`));
      left = left.filter(({ topic, partition }) => names.has(`${topic}/${partition}`));
    }
  }
}
