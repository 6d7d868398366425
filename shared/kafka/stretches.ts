// Reads pieces of partitions, each from one offset to another, for commands that look at a topic
// without following it. Leaves no consumer group behind and commits nothing.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Consumer, KafkaMessage } from 'kafkajs';
import type { KafkaClient } from './client.ts';
import { type ReadRecord, readerGroupPrefix } from './reader.ts';
import { withAdmin } from './with-admin.ts';

export interface PartitionSpan {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first record that is kept. */
  readonly low: number;
  /** Offset of the record that comes next. */
  readonly high: number;
}

/** Every partition of the topics, ascending. Rejects when a topic is missing. */
export async function readPartitionSpans(
  client: KafkaClient,
  topics: readonly string[],
): Promise<readonly PartitionSpan[]> {
  return withAdmin(client, async (admin) => {
    const spans: PartitionSpan[] = [];
    for (const topic of topics) {
      const found = await admin.fetchTopicOffsets(topic);
      found.sort((a, b) => a.partition - b.partition);
      for (const { partition, low, high } of found) {
        spans.push({ topic, partition, low: Number(low), high: Number(high) });
      }
    }
    return spans;
  });
}

export interface Stretch {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first record; not below the partition's first. */
  readonly from: number;
  /** Offset after the last record; Infinity: reads on until the signal aborts. */
  readonly end: number;
}

export interface ReadStretchesOptions {
  readonly client: KafkaClient;
  readonly stretches: readonly Stretch[];
  /** In order within a partition. A throw ends the reading and rejects it. */
  readonly onRecord: (record: ReadRecord) => void;
  /** Resolves the reading early. */
  readonly signal?: AbortSignal;
}

/** Nothing at all has come for so long: Kafka is not there any more. */
const stallMs = 15_000;

/**
 * Resolves when every stretch has been read to its end. Rejects when Kafka stays away; an endless
 * reading waits for it.
 */
export async function readStretches(options: ReadStretchesOptions): Promise<void> {
  const open = options.stretches.filter(({ from, end }) => from < end);
  if (open.length === 0) return;
  const places = new Map(open.map((stretch) => [keyOf(stretch), { stretch, next: stretch.from }]));
  // kafkajs reads only as member of a group: one of its own each time, deleted afterwards.
  const groupId = `${readerGroupPrefix}${randomUUID()}`;
  const { kafka } = options.client;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 250, allowAutoTopicCreation: false });
  try {
    await consumer.connect();
    const topics = [...new Set(open.map(({ topic }) => topic))];
    await consumer.subscribe({ topics, fromBeginning: true });
    const reading = run(consumer, { places, onRecord: options.onRecord });
    await Promise.race([reading, aborted(options.signal)]);
  } finally {
    await consumer.disconnect();
    // Kafka forgets an empty group by itself later; not worth a failure.
    await withAdmin(options.client, (admin) => admin.deleteGroups([groupId])).catch(() => {});
  }
}

/** Never, where there is no signal. */
async function aborted(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return new Promise(() => {});
  if (!signal.aborted) await once(signal, 'abort');
}

interface Place {
  readonly stretch: Stretch;
  next: number;
}

interface Reading {
  readonly places: ReadonlyMap<string, Place>;
  readonly onRecord: (record: ReadRecord) => void;
}

function run(consumer: Consumer, { places, onRecord }: Reading): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let stalled = setTimeout(() => {}, 0);
  const isEndless = [...places.values()].some(({ stretch }) => stretch.end === Infinity);
  const moved = () => {
    clearTimeout(stalled);
    if (isEndless) return;
    const error = new Error(`no record came for ${stallMs} ms`);
    stalled = setTimeout(() => reject(error), stallMs);
    if ([...places.values()].every(isRead)) resolve();
  };
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    // Before the first fetch, and again after each restart.
    for (const [topic, partitions] of Object.entries(payload.memberAssignment)) {
      for (const partition of partitions) {
        const place = places.get(keyOf({ topic, partition }));
        if (place === undefined || isRead(place)) pause(consumer, { topic, partition });
        else consumer.seek({ topic, partition, offset: String(place.next) });
      }
    }
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) reject(payload.error);
  });
  // Not in eachBatch, which is not called for a batch that holds only control records.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    const place = places.get(keyOf(payload));
    if (place === undefined) return;
    place.next = Math.max(place.next, Number(payload.lastOffset) + 1);
    if (isRead(place)) pause(consumer, payload);
    moved();
  });
  const eachBatch = async ({ batch }: { readonly batch: Batch }) => {
    const place = places.get(keyOf(batch));
    try {
      if (place !== undefined) handOver(batch.messages, place, onRecord);
    } catch (error) {
      // Not thrown: kafkajs would read the batch again, five times.
      reject(error);
    }
  };
  moved();
  consumer.run({ autoCommit: false, eachBatch }).catch(reject);
  return promise.finally(() => clearTimeout(stalled));
}

interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly KafkaMessage[];
}

function isRead({ stretch, next }: Place): boolean {
  return next >= stretch.end;
}

function handOver(
  messages: readonly KafkaMessage[],
  place: Place,
  onRecord: (record: ReadRecord) => void,
): void {
  const { topic, partition, end } = place.stretch;
  for (const { offset: text, timestamp, key, value } of messages) {
    const offset = Number(text);
    if (offset < place.next || offset >= end) continue;
    place.next = offset + 1;
    onRecord({ topic, partition, offset, timestamp: Number(timestamp), key, value });
  }
}

interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

function pause(consumer: Consumer, { topic, partition }: TopicPartition): void {
  consumer.pause([{ topic, partitions: [partition] }]);
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
