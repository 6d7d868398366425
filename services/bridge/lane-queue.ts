// The records that wait in a lane, and how a batch is cut from them. Pure: no timer, no Kafka.

import type { ProduceRecord } from '#shared/kafka/producer.ts';
import type { KafkaTopic } from '#shared/topics.ts';
import type { Message } from './message.ts';

export interface LaneRecord extends ProduceRecord {
  readonly topic: KafkaTopic;
  readonly message: Message;
}

/** What is sent in one request. */
export interface Batch {
  readonly records: readonly LaneRecord[];
  readonly bytes: number;
  readonly groups: readonly Group[];
}

/** The records of one partition in a batch, in order: Kafka stores all of them or none. */
export interface Group {
  readonly topic: KafkaTopic;
  readonly partition: number;
  readonly records: LaneRecord[];
}

export interface BatchLimits {
  readonly batchRecords: number;
  /** Of keys and values. A larger record travels alone. */
  readonly batchBytes: number;
}

export class LaneQueue {
  #records: LaneRecord[] = [];
  #bytes = 0;
  /** How many records of a partition a batch may hold, while a refused one is searched for. */
  readonly #groupLimits = new Map<string, number>();

  get count(): number {
    return this.#records.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): LaneRecord | undefined {
    return this.#records[0];
  }

  add(record: LaneRecord): void {
    this.#records.push(record);
    this.#bytes += sizeOf(record);
  }

  take(limits: BatchLimits): Batch {
    const isSearching = this.#groupLimits.size > 0;
    const before = this.#bytes;
    const records = isSearching ? this.#takeWithin(limits) : this.#takeFirst(limits);
    return { records, bytes: before - this.#bytes, groups: groupsOf(records) };
  }

  /** Before everything that waits, each group in its order. */
  putBack(groups: readonly Group[]): void {
    const records = groups.flatMap((group) => group.records);
    for (const record of records) this.#bytes += sizeOf(record);
    this.#records = [...records, ...this.#records];
  }

  /** The group was refused as a whole: its halves go one by one, until the record is alone. */
  halve({ topic, partition, records }: Group): void {
    this.#groupLimits.set(nameOf(topic, partition), Math.ceil(records.length / 2));
  }

  /** The group went through, or the refused record is out: wider again. */
  widen({ topic, partition, records }: Group, limits: BatchLimits): void {
    if (this.#groupLimits.size === 0) return;
    const name = nameOf(topic, partition);
    const limit = (this.#groupLimits.get(name) ?? records.length) * 2;
    if (limit >= limits.batchRecords) this.#groupLimits.delete(name);
    else if (this.#groupLimits.has(name)) this.#groupLimits.set(name, limit);
  }

  #takeFirst({ batchRecords, batchBytes }: BatchLimits): LaneRecord[] {
    const records = this.#records;
    const most = Math.min(batchRecords, records.length);
    let count = 0;
    let bytes = 0;
    for (; count < most; count += 1) {
      const more = sizeOf(records[count]!);
      if (count > 0 && bytes + more > batchBytes) break;
      bytes += more;
    }
    this.#bytes -= bytes;
    return records.splice(0, count);
  }

  /** What a group limit keeps back keeps back all that is newer of its partition. */
  #takeWithin({ batchRecords, batchBytes }: BatchLimits): LaneRecord[] {
    const taken: LaneRecord[] = [];
    const kept: LaneRecord[] = [];
    const counts = new Map<string, number>();
    let bytes = 0;
    for (const record of this.#records) {
      const name = nameOf(record.topic, record.partition);
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      const isOver = count > (this.#groupLimits.get(name) ?? batchRecords);
      const isFull = taken.length === batchRecords || bytes + sizeOf(record) > batchBytes;
      if (isOver || (isFull && taken.length > 0)) {
        kept.push(record);
        counts.set(name, Number.POSITIVE_INFINITY);
        continue;
      }
      taken.push(record);
      bytes += sizeOf(record);
    }
    this.#records = kept;
    this.#bytes -= bytes;
    return taken;
  }
}

function groupsOf(records: readonly LaneRecord[]): Group[] {
  const groups: Group[] = [];
  const byTopic = new Map<string, (Group | undefined)[]>();
  let topic = '';
  let byPartition: (Group | undefined)[] = [];
  for (const record of records) {
    if (record.topic !== topic) {
      topic = record.topic;
      byPartition = byTopic.get(topic) ?? [];
      byTopic.set(topic, byPartition);
    }
    let group = byPartition[record.partition];
    if (!group) {
      group = { topic: record.topic, partition: record.partition, records: [] };
      byPartition[record.partition] = group;
      groups.push(group);
    }
    group.records.push(record);
  }
  return groups;
}

function nameOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

function sizeOf(record: LaneRecord): number {
  return record.key.length + record.value.length;
}
