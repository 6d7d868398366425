// A group member that fetches from a FakeKafka when the test says so.

import type {
  CommitPlace,
  ConsumedBatch,
  ConsumerOptions,
  Membership,
  StreamConsumer,
} from '#shared/kafka/consumer.ts';
import type { ReadRecord } from '#shared/kafka/reader.ts';
import type { LogPlace } from '#shared/stream/logs.ts';
import type { FakeKafka, Journal } from './fake-kafka.ts';

/** Fetches from a FakeKafka when the test says so. */
export class FakeConsumer implements StreamConsumer {
  readonly options: ConsumerOptions;
  readonly journal: Journal;
  readonly failed: Promise<never>;
  readonly commits: CommitPlace[][] = [];
  readonly paused = new Set<string>();
  readonly #kafka: FakeKafka;
  readonly #next = new Map<string, number>();
  readonly #seeks = new Map<string, number>();
  #generation = 0;
  #isOwner = false;
  #fail: (error: unknown) => void;
  membership: Membership = 'member';
  heartbeatsCount = 0;
  aliveAt = 0;
  memberAt = 0;
  /** Most records in a batch. */
  batchRecords = 1000;
  onHeartbeat: () => void = () => undefined;

  constructor(options: ConsumerOptions, kafka: FakeKafka, journal: Journal) {
    this.options = options;
    this.journal = journal;
    this.#kafka = kafka;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => undefined);
    this.failed = promise;
    this.#fail = reject;
  }

  async start(): Promise<void> {}

  fail(error: unknown): void {
    this.#fail(error);
  }

  assign(partitions: readonly number[]): void {
    this.#generation += 1;
    this.#isOwner = true;
    this.membership = 'member';
    this.options.handlers.assigned(partitions);
  }

  revoke(): void {
    this.#generation += 1;
    this.#isOwner = false;
    this.options.handlers.revoked();
  }

  async heartbeat(): Promise<Membership> {
    this.heartbeatsCount += 1;
    this.onHeartbeat();
    return this.membership;
  }

  seek(topic: string, partition: number, offset: number): void {
    const key = `${topic}/${partition}`;
    this.#next.set(key, offset);
    this.#seeks.set(key, (this.#seeks.get(key) ?? 0) + 1);
  }

  pause(topic: string, partition: number): void {
    this.paused.add(`${topic}/${partition}`);
  }

  resume(topic: string, partition: number): void {
    this.paused.delete(`${topic}/${partition}`);
  }

  async commit(places: readonly CommitPlace[]): Promise<'committed'> {
    for (const { topic, partition, next } of places) {
      this.journal.push(`commit ${topic}/${partition} ${next}`);
    }
    this.commits.push([...places]);
    return 'committed';
  }

  async stop(): Promise<void> {
    this.journal.push('left the group');
  }

  /** Where the next fetch begins. */
  position({ topic, partition }: LogPlace): number {
    return this.#next.get(`${topic}/${partition}`) ?? 0;
  }

  /** One fetch and its handling. False: there was nothing. */
  async fetch(place: LogPlace): Promise<boolean> {
    const key = `${place.topic}/${place.partition}`;
    const high = this.#kafka.high(place);
    // As Kafka's OFFSET_OUT_OF_RANGE makes a consumer begin at the start.
    if (this.position(place) > high) this.#next.set(key, 0);
    const from = this.position(place);
    const records = this.#kafka.recordsFrom(place, from).slice(0, this.batchRecords);
    if (records.length === 0) return false;
    await this.deliver(place, records);
    return true;
  }

  async deliver(place: LogPlace, records: readonly ReadRecord[]): Promise<void> {
    const key = `${place.topic}/${place.partition}`;
    const [generation, seeks] = [this.#generation, this.#seeks.get(key)];
    const isStale = () => {
      return generation !== this.#generation || seeks !== this.#seeks.get(key) || !this.#isOwner;
    };
    const batch: ConsumedBatch = {
      ...place,
      records,
      highOffset: this.#kafka.high(place),
      resolve: (offset) => {
        if (!isStale()) this.#next.set(key, offset + 1);
      },
      isStale,
    };
    await this.options.handlers.batch(batch);
  }
}
