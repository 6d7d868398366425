// One lane: the records of some partitions, in order, one batch in flight. What Kafka does not take
// is sent again before anything newer of its partition; nothing is ever dropped here.

import { failureClassOf } from '#shared/kafka/kafka-errors.ts';
import type { PartitionFailed, PartitionResult, Producer } from '#shared/kafka/producer.ts';
import { backoffMs } from '#shared/runtime/retry.ts';
import type { LaneHealth } from './lane-health.ts';
import {
  type Batch,
  type BatchLimits,
  type Group,
  LaneQueue,
  type LaneRecord,
} from './lane-queue.ts';

export interface LaneLimits extends BatchLimits {
  /** The oldest record waits no longer for company. */
  readonly batchAgeMs: number;
}

export interface LaneEvents {
  stored(record: LaneRecord): void;
  /**
   * Kafka will never take this record as it is. True: another one takes its place, and the lane
   * lets go of it. False: there is nothing smaller to store in its place, so the lane holds it.
   */
  refused(record: LaneRecord, detail: string): boolean;
}

/** Plain cells; `metrics.ts` says what each means. */
export interface LaneCounters {
  readonly recordsStoredCounts: Map<string, number>;
  batchesCount: number;
  batchRecordsCount: number;
  batchBytes: number;
  retriesCount: number;
  /** Once per batch: how long its oldest record took from receipt to stored. */
  observeAge(ageMs: number): void;
  /** Once per batch that came back from the producer, stored or not: how long that took. */
  observeSend(ms: number): void;
}

export interface LaneOptions {
  readonly index: number;
  readonly producer: Pick<Producer, 'produce'>;
  readonly limits: LaneLimits;
  readonly events: LaneEvents;
  readonly counters: LaneCounters;
  readonly health: LaneHealth;
  /** For tests. */
  readonly random?: () => number;
  readonly now?: () => number;
}

const retryPause = { minMs: 100, maxMs: 5000 };

export class Lane {
  readonly #options: LaneOptions;
  readonly #now: () => number;
  readonly #queue = new LaneQueue();
  #isInFlight = false;
  #isFlushing = false;
  #isStopped = false;
  #failureCount = 0;
  /** Waiting for company, or after a failure. */
  #timer: NodeJS.Timeout | null = null;
  #isPaused = false;
  #onIdle: (() => void)[] = [];

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  add(record: LaneRecord): void {
    this.#queue.add(record);
    if (this.#isInFlight || this.#isPaused) return;
    if (this.#isFull() || this.#isFlushing) this.#send();
    else if (this.#timer === null) this.#wait(this.#options.limits.batchAgeMs);
  }

  /** From now on nothing waits for company. */
  flush(): void {
    this.#isFlushing = true;
    if (!this.#isInFlight && !this.#isPaused && this.#queue.count > 0) this.#send();
  }

  /** Resolves when nothing waits and nothing is in flight; never while Kafka takes nothing. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** Sends nothing more; what waits stays un-acknowledged. */
  stop(): void {
    this.#isStopped = true;
    this.#clearTimer();
  }

  #isIdle(): boolean {
    return this.#queue.count === 0 && !this.#isInFlight;
  }

  #isFull(): boolean {
    const { batchRecords, batchBytes } = this.#options.limits;
    return this.#queue.count >= batchRecords || this.#queue.bytes >= batchBytes;
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => this.#send(), ms);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #send(): void {
    this.#clearTimer();
    this.#isPaused = false;
    if (this.#isStopped) return;
    const batch = this.#queue.take(this.#options.limits);
    this.#isInFlight = true;
    const sentAt = this.#now();
    void this.#produce(batch).then((results) => {
      this.#options.counters.observeSend(this.#now() - sentAt);
      this.#onResults(batch, results);
    });
  }

  /** The port never rejects for an absent neighbour; if it does all the same, nothing is known. */
  async #produce({ records }: Batch): Promise<readonly PartitionResult[]> {
    try {
      return await this.#options.producer.produce(records);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return records.map(({ topic, partition }) => {
        return {
          kind: 'failed',
          topic,
          partition,
          code: 'CLIENT_ERROR',
          isRetriable: true,
          detail,
        };
      });
    }
  }

  #onResults(batch: Batch, results: readonly PartitionResult[]): void {
    // Still in flight while this runs: a quarantine record that comes to this lane now must not
    // start a batch before the failed groups are back in front.
    const failures = this.#settle(batch, results);
    const held = this.#handle(failures);
    this.#isInFlight = false;
    this.#tellHealth(held);
    if (held.length > 0) this.#pause();
    else this.#goOn();
  }

  /** Tells what is stored; answers with what is not. A group without a result is not stored. */
  #settle(batch: Batch, results: readonly PartitionResult[]): Failure[] {
    const { counters, limits } = this.#options;
    const failures: Failure[] = [];
    let storedCount = 0;
    for (const group of batch.groups) {
      const result = results.find(
        (r) => r.topic === group.topic && r.partition === group.partition,
      );
      if (result?.kind !== 'stored') {
        failures.push({ group, result: result ?? uncovered(group) });
        continue;
      }
      storedCount += group.records.length;
      this.#queue.widen(group, limits);
      const before = counters.recordsStoredCounts.get(group.topic) ?? 0;
      counters.recordsStoredCounts.set(group.topic, before + group.records.length);
    }
    if (storedCount > 0) this.#count(batch);
    if (failures.length === 0) this.#tellStored(batch.records);
    else this.#tellStored(storedRecords(batch, failures));
    return failures;
  }

  #tellStored(records: readonly LaneRecord[]): void {
    for (const record of records) this.#options.events.stored(record);
  }

  #count(batch: Batch): void {
    const { counters } = this.#options;
    counters.batchesCount += 1;
    counters.batchRecordsCount += batch.records.length;
    counters.batchBytes += batch.bytes;
    const oldest = batch.records[0];
    if (oldest) counters.observeAge(this.#now() - oldest.message.input.receivedAt);
  }

  /** Answers with what must wait before it is tried again. */
  #handle(failures: readonly Failure[]): Failure[] {
    const again: Group[] = [];
    const held: Failure[] = [];
    for (const failure of failures) {
      const { group, result } = failure;
      const isSplit = isRecordAtFault(result) && group.records.length > 1;
      if (isSplit) this.#queue.halve(group);
      else if (isRecordAtFault(result) && this.#refuse(group, result)) continue;
      else held.push(failure);
      again.push(group);
    }
    if (again.length > 0) this.#queue.putBack(again);
    if (held.length > 0) this.#options.counters.retriesCount += 1;
    return held;
  }

  /** Of a group of one. */
  #refuse(group: Group, { code, detail }: PartitionFailed): boolean {
    const [record] = group.records;
    if (!record || !this.#options.events.refused(record, `${code}: ${detail}`)) return false;
    this.#queue.widen(group, this.#options.limits);
    return true;
  }

  #tellHealth([trouble]: readonly Failure[]): void {
    const { health, index } = this.#options;
    if (trouble) {
      const { code, detail, isRetriable } = trouble.result;
      health.unwell(index, { code, detail, isOurFault: !isRetriable });
    } else health.well(index);
  }

  #pause(): void {
    this.#failureCount += 1;
    this.#isPaused = true;
    this.#clearTimer();
    if (!this.#isStopped) {
      this.#wait(backoffMs(this.#failureCount, this.#options.random ?? Math.random, retryPause));
    }
  }

  #goOn(): void {
    this.#failureCount = 0;
    const { oldest } = this.#queue;
    if (!oldest) {
      this.#tellIdle();
      return;
    }
    const waitedMs = this.#now() - oldest.message.input.receivedAt;
    const leftMs = this.#options.limits.batchAgeMs - waitedMs;
    this.#clearTimer();
    if (leftMs <= 0 || this.#isFull() || this.#isFlushing) this.#send();
    else this.#wait(leftMs);
  }

  #tellIdle(): void {
    const waiting = this.#onIdle;
    this.#onIdle = [];
    for (const resolve of waiting) resolve();
  }
}

interface Failure {
  readonly group: Group;
  readonly result: PartitionFailed;
}

function uncovered({ topic, partition }: Group): PartitionFailed {
  const detail = 'wanted a result for every partition sent, found none for this one';
  return { kind: 'failed', topic, partition, code: 'UNCOVERED', isRetriable: true, detail };
}

/** A refusal of the client meets every record alike; to split would not help. */
function isRecordAtFault({ code }: PartitionFailed): boolean {
  return failureClassOf(code) === 'record';
}

function storedRecords(batch: Batch, failures: readonly Failure[]): LaneRecord[] {
  const failed = new Set(failures.map(({ group }) => group));
  return batch.groups.filter((group) => !failed.has(group)).flatMap((group) => group.records);
}
