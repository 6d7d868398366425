// Makes the pipeline forget a vehicle: its value in Redis, then its record in vehicle.state.v1. The
// owner of the partition may be storing the old state at this moment, so it is looked again.

import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaClient } from '#shared/kafka/client.ts';
import { partitionOf } from '#shared/kafka/partitioner.ts';
import type { ReadRecord } from '#shared/kafka/reader.ts';
import { readPartitionSpans, readStretches } from '#shared/kafka/stretches.ts';
import { writeTombstone } from '#shared/kafka/tombstones.ts';
import type { StateStore } from '#shared/stream/store.ts';
import { kafkaTopics } from '#shared/topics.ts';

export interface ForgetOptions {
  readonly client: KafkaClient;
  readonly store: Pick<StateStore, 'forget' | 'load'>;
  readonly vehicleId: string;
  /** Between a tombstone and the look at what came after it. */
  readonly waitMs: number;
}

export interface Forgotten {
  readonly partition: number;
  readonly wasInRedis: boolean;
  /** Offsets of the tombstones in vehicle.state.v1. */
  readonly tombstones: readonly number[];
  /**
   * gone: nothing came after the last tombstone. back: the vehicle has a new state, since it still
   * sends. unsettled: old records kept coming.
   */
  readonly outcome: 'gone' | 'back' | 'unsettled';
}

/** The owner drops what it remembers with its next write: one more is enough, as a rule. */
const tombstonesMax = 5;

/** Idempotent. Rejects where Redis or Kafka cannot be used: then it must be run again. */
export async function forgetVehicle(options: ForgetOptions): Promise<Forgotten> {
  const { client, store, vehicleId, waitMs } = options;
  const key = Buffer.from(vehicleId);
  const topic = kafkaTopics.state;
  const spans = await readPartitionSpans(client, [topic]);
  const partition = partitionOf(key, spans.length);
  // First Redis: from then on no owner can store what it remembers.
  const wasInRedis = await store.forget(partition, vehicleId);
  const tombstones: number[] = [];
  const done = { partition, wasInRedis, tombstones };
  while (tombstones.length < tombstonesMax) {
    const offset = await writeTombstone(client, { topic, partition, key });
    tombstones.push(offset);
    await sleep(waitMs);
    if (!(await hasLater(client, { topic, partition, key, offset }))) {
      return { ...done, outcome: 'gone' };
    }
    const [value] = await store.load(partition, [vehicleId]);
    if (value !== null && value !== undefined) return { ...done, outcome: 'back' };
  }
  return { ...done, outcome: 'unsettled' };
}

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer;
  readonly offset: number;
}

/** Whether the key has a value again after this offset. */
async function hasLater(client: KafkaClient, place: Place): Promise<boolean> {
  const { topic, partition, key, offset } = place;
  const spans = await readPartitionSpans(client, [topic]);
  const end = spans[partition]?.high ?? 0;
  let isLater = false;
  const onRecord = (record: ReadRecord) => {
    if (record.key?.equals(key)) isLater = record.value !== null;
  };
  await readStretches({
    client,
    stretches: [{ topic, partition, from: offset + 1, end }],
    onRecord,
  });
  return isLater;
}
