// Kafka in memory, as producer and as what the stream looks at: real logs, with a switch for
// everything that can fail.

import type { PartitionResult, ProduceRecord, Producer } from '#shared/kafka/producer.ts';
import type { ReadRecord } from '#shared/kafka/reader.ts';
import type { LogPlace, LogSpan, StreamLogs } from '#shared/stream/logs.ts';

/** What happened, in order, over all fakes. */
export type Journal = string[];

interface Log {
  low: number;
  /** Index + `first` is the offset. */
  records: ReadRecord[];
  first: number;
}

/** Topics in memory, and a producer of them. */
export class FakeKafka implements Producer, StreamLogs {
  readonly journal: Journal;
  readonly #logs = new Map<string, Log>();
  partitionCountOfAll: number;
  readonly partitions = { changedCount: 0, trouble: null };
  readonly inFlightBytes = 0;
  /** Answers of the next produces; then everything is stored. */
  readonly failures: { code: string; isRetriable: boolean }[] = [];
  /** Fails produces and looks until it is false. */
  isAway = false;
  isClosed = false;
  /** Called with every produce, before it is stored. */
  onProduce: () => void = () => undefined;
  nowMs = 1_000_000;

  constructor(journal: Journal, partitionCountOfAll = 2) {
    this.journal = journal;
    this.partitionCountOfAll = partitionCountOfAll;
  }

  append(place: LogPlace, key: string | null, value: Buffer | null): number {
    const log = this.log(place);
    const offset = log.first + log.records.length;
    const keyBytes = key === null ? null : Buffer.from(key);
    log.records.push({ ...place, offset, timestamp: this.nowMs, key: keyBytes, value });
    return offset;
  }

  log({ topic, partition }: LogPlace): Log {
    const key = `${topic}/${partition}`;
    const known = this.#logs.get(key);
    if (known !== undefined) return known;
    const log: Log = { low: 0, records: [], first: 0 };
    this.#logs.set(key, log);
    return log;
  }

  /** As retention does. */
  deleteBefore(place: LogPlace, offset: number): void {
    this.log(place).low = offset;
  }

  /** As somebody does who deletes a topic and makes it again. */
  makeAnew({ topic, partition }: LogPlace): void {
    this.#logs.delete(`${topic}/${partition}`);
  }

  recordsFrom(place: LogPlace, offset: number): ReadRecord[] {
    const { records, low } = this.log(place);
    return records.filter((record) => record.offset >= Math.max(offset, low));
  }

  high(place: LogPlace): number {
    const { first, records } = this.log(place);
    return first + records.length;
  }

  async connect(): Promise<void> {}

  partitionCount(): number {
    return this.partitionCountOfAll;
  }

  async produce(records: readonly ProduceRecord[]): Promise<readonly PartitionResult[]> {
    this.onProduce();
    const names = new Map(records.map((each) => [`${each.topic}/${each.partition}`, each]));
    const failure = this.isAway
      ? { code: 'BROKER_NOT_AVAILABLE', isRetriable: true }
      : this.failures.shift();
    if (failure !== undefined) {
      return [...names.values()].map(({ topic, partition }) => {
        return { kind: 'failed', topic, partition, ...failure, detail: 'as the test wants' };
      });
    }
    for (const { topic, partition, key, value } of records) {
      this.journal.push(`produce ${topic} ${key.toString()}`);
      this.append({ topic, partition }, key.toString(), value);
    }
    return [...names.values()].map(({ topic, partition }) => {
      return { kind: 'stored', topic, partition };
    });
  }

  async spans(topics: readonly string[]): Promise<readonly LogSpan[]> {
    if (this.isAway) throw new Error('Kafka is away, as the test wants');
    return topics.flatMap((topic) =>
      Array.from({ length: this.partitionCountOfAll }, (_, partition) => {
        const place = { topic, partition };
        return { ...place, low: this.log(place).low, high: this.high(place) };
      }),
    );
  }

  async readPartition(place: LogPlace, onRecord: (record: ReadRecord) => void): Promise<void> {
    if (this.isAway) throw new Error('Kafka is away, as the test wants');
    for (const record of this.recordsFrom(place, 0)) onRecord(record);
  }

  async close(): Promise<void> {
    this.journal.push('producer closed');
    this.isClosed = true;
  }
}
