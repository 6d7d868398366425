// Reads topics for checks, commands and live views: from a known place, leaving no consumer group
// behind. Services that process what they read use another way.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Consumer, KafkaMessage } from 'kafkajs';
import type { KafkaClient } from './client.ts';
import { failureOf } from './failures.ts';
import { withAdmin } from './with-admin.ts';

/** Groups of those that only look: a rule of access names what begins so. */
export const readerGroupPrefix = 'fleetwire-reader-';

export interface ReadRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Epoch ms; of the append where the topic says LogAppendTime. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

export interface ReadOptions {
  readonly client: KafkaClient;
  readonly topics: readonly string[];
  /** In order within a partition. A throw ends the reading and rejects it. */
  readonly onRecord: (record: ReadRecord) => void;
}

/** Per `topic/partition` the offset of the record that comes next; opaque outside this file. */
export type PartitionEnds = ReadonlyMap<string, number>;

/** Where the topics end now: what `readAll` with it as `from` reads later was stored after. */
export async function readEnds(
  client: KafkaClient,
  topics: readonly string[],
): Promise<PartitionEnds> {
  const spans = await readSpans(client, topics);
  return new Map(spans.map(({ topic, partition, high }) => [keyOf(topic, partition), high]));
}

export interface ReadAllOptions extends ReadOptions {
  /** Default: the first record there is. */
  readonly from?: PartitionEnds;
}

// A group coordinator that has just been made loads for some seconds, a leader moves in one.
const stallMs = 15_000;

/**
 * Reads every partition from `from` to the last record there is at the call; resolves with the
 * number of records. Rejects when a topic is missing or Kafka stays away.
 */
export async function readAll(options: ReadAllOptions): Promise<number> {
  const { client, topics, from } = options;
  const spans = await readSpans(client, topics);
  const places = spans.map(({ low, high, ...span }) => {
    const next = Math.max(low, from?.get(keyOf(span.topic, span.partition)) ?? low);
    return { ...span, next, end: high };
  });
  const open = places.filter(({ next, end }) => next < end);
  if (open.length === 0) return 0;
  return withAdmin(client, async (admin) => {
    const finished = new AbortController();
    let count = 0;
    const onRecord = (record: ReadRecord) => {
      count++;
      options.onRecord(record);
    };
    const onMoved = () => {
      if (open.every(({ next, end }) => next >= end)) finished.abort();
    };
    await consume({ client, admin, places: open, onRecord, onMoved, stallMs }, finished.signal);
    return count;
  });
}

export interface FollowOptions extends ReadOptions {
  readonly from: 'beginning' | 'end';
  /** Resolves the reading. */
  readonly signal: AbortSignal;
  /** The places are known: with `from: 'end'` every record stored from now on will be read. */
  readonly onReady?: () => void;
}

/** Reads on and on until the signal aborts; survives brokers that go and come back. */
export async function follow(options: FollowOptions): Promise<void> {
  const { client, topics, onRecord, from, signal } = options;
  const spans = await readSpans(client, topics);
  const places = spans.map(({ low, high, ...span }) => ({
    ...span,
    next: from === 'beginning' ? low : high,
    end: Number.POSITIVE_INFINITY,
  }));
  options.onReady?.();
  await withAdmin(client, async (admin) => {
    const stallMs = Number.POSITIVE_INFINITY;
    await consume({ client, admin, places, onRecord, onMoved() {}, stallMs }, signal);
  });
}

interface Span {
  readonly topic: string;
  readonly partition: number;
  readonly low: number;
  /** Offset of the record that comes next. */
  readonly high: number;
}

const leaderWaitMs = 100;

/** A leader that was just made, or has just moved, refuses for a moment; asked anew each time. */
async function readSpans(client: KafkaClient, topics: readonly string[]): Promise<readonly Span[]> {
  for (const giveUpAt = Date.now() + stallMs; ; ) {
    try {
      return await withAdmin(client, (admin) => readSpansOnce(admin, topics));
    } catch (error) {
      const isMoving = leaderCodes.includes(failureOf(error).code);
      if (!isMoving || Date.now() > giveUpAt) throw error;
    }
    await sleep(leaderWaitMs);
  }
}

const leaderCodes = ['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE'];

async function readSpansOnce(admin: Admin, topics: readonly string[]): Promise<readonly Span[]> {
  const spans: Span[] = [];
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      spans.push({ topic, partition, low: Number(low), high: Number(high) });
    }
  }
  return spans;
}

/** Where a partition is read next; the only memory, since no offset is ever committed. */
interface Place {
  readonly topic: string;
  readonly partition: number;
  next: number;
  readonly end: number;
}

interface Consumption {
  readonly client: KafkaClient;
  readonly admin: Admin;
  readonly places: readonly Place[];
  readonly onRecord: (record: ReadRecord) => void;
  readonly onMoved: () => void;
  /** kafkajs may fail and start again for so long without a record before we give up. */
  readonly stallMs: number;
}

/** Until the signal aborts, or something fails for good. */
async function consume(consumption: Consumption, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  // kafkajs reads only as member of a group: one of its own each time, deleted afterwards.
  const groupId = `${readerGroupPrefix}${randomUUID()}`;
  const consumer = consumption.client.kafka.consumer({
    groupId,
    maxWaitTimeInMs: 250,
    allowAutoTopicCreation: false,
    heartbeatInterval: 1_000,
    sessionTimeout: 10_000,
  });
  try {
    await consumer.connect();
    const topics = [...new Set(consumption.places.map(({ topic }) => topic))];
    await consumer.subscribe({ topics, fromBeginning: true });
    await Promise.race([once(signal, 'abort'), run(consumer, consumption)]);
  } finally {
    await consumer.disconnect();
    // Kafka forgets an empty group by itself later; not worth a failure.
    await consumption.admin.deleteGroups([groupId]).catch(() => undefined);
  }
}

/** Never resolves; rejects when the reading cannot go on. */
function run(consumer: Consumer, consumption: Consumption): Promise<never> {
  const { places, onRecord, onMoved, stallMs } = consumption;
  const byPartition = new Map(places.map((place) => [keyOf(place.topic, place.partition), place]));
  let movedAt = Date.now();
  return new Promise((_, reject) => {
    consumer.on(consumer.events.GROUP_JOIN, () => {
      // Before the first fetch, and again after each restart.
      for (const { topic, partition, next } of places) {
        consumer.seek({ topic, partition, offset: String(next) });
      }
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart || Date.now() - movedAt > stallMs) reject(payload.error);
    });
    // Not in eachBatch, which is not called for a batch that holds only control records.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      const place = byPartition.get(keyOf(payload.topic, payload.partition));
      if (place === undefined) return;
      movedAt = Date.now();
      place.next = Math.max(place.next, Number(payload.lastOffset) + 1);
      onMoved();
    });
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch: { topic, partition, messages } }) => {
          const place = byPartition.get(keyOf(topic, partition));
          if (place === undefined) return;
          try {
            handOver(messages, place, onRecord);
          } catch (error) {
            // Not thrown: kafkajs would read the batch again, five times.
            reject(error);
          }
        },
      })
      .catch(reject);
  });
}

function handOver(
  messages: readonly KafkaMessage[],
  place: Place,
  onRecord: (record: ReadRecord) => void,
): void {
  const { topic, partition } = place;
  for (const { offset: text, timestamp, key, value } of messages) {
    const offset = Number(text);
    if (offset < place.next || offset >= place.end) continue;
    place.next = offset + 1;
    onRecord({ topic, partition, offset, timestamp: Number(timestamp), key, value });
  }
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
