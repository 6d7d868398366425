// All that can be found of one vehicle: its state in Redis and in vehicle.state.v1, its latest
// records, and how far the state processor is with them.

import type { Decoded, Decoder } from '#shared/avro/decoder.ts';
import type { VehicleState } from '#shared/avro/types.generated.ts';
import type { KafkaClient } from '#shared/kafka/client.ts';
import { lookAtGroup } from '#shared/kafka/group-look.ts';
import { partitionOf } from '#shared/kafka/partitioner.ts';
import type { ReadRecord } from '#shared/kafka/reader.ts';
import { type PartitionSpan, readPartitionSpans, readStretches } from '#shared/kafka/stretches.ts';
import { consumerGroups, type KafkaTopic, kafkaTopics } from '#shared/topics.ts';
import { positionOf } from './lag-figures.ts';
import type { RedisState } from './redis-state.ts';
import { stateInputs } from './stream-inputs.ts';

export interface VehicleLook {
  readonly vehicleId: string;
  readonly partition: number;
  readonly partitionCount: number;
  readonly redis: RedisState;
  /** Null: not among the records that were read. */
  readonly topicState: TopicState | null;
  /** Latest last, of each topic only so many. */
  readonly frames: readonly Frame[];
  readonly pipeline: readonly PipelineInput[];
  /** Records that were read of each partition, beginning with the latest. */
  readonly lookBack: number;
}

export interface TopicState {
  readonly record: ReadRecord;
  /** Null: forgotten. */
  readonly state: VehicleState | null;
}

export interface Frame {
  readonly record: ReadRecord;
  /** Null: a tombstone. */
  readonly decoded: Decoded | null;
}

/** An input of the state processor, at the vehicle's partition. */
export interface PipelineInput {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the vehicle's latest record among those that were read; null: none was. */
  readonly latest: number | null;
  /** Offset of its latest record that is in the state; null: none, or there is no state. */
  readonly applied: number | null;
  /** Offset that the group reads next, of any vehicle. */
  readonly position: number;
  readonly end: number;
}

export interface VehicleQuestion {
  readonly client: KafkaClient;
  readonly decoder: Decoder;
  readonly vehicleId: string;
  readonly askRedis: (partition: number) => Promise<RedisState>;
  readonly lookBack: number;
  /** Latest records of each topic. */
  readonly framesMax: number;
}

const frameTopics: readonly KafkaTopic[] = [...stateInputs, kafkaTopics.quarantine];

export async function lookAtVehicle(question: VehicleQuestion): Promise<VehicleLook> {
  const { client, vehicleId, lookBack } = question;
  const spans = await readPartitionSpans(client, [...frameTopics, kafkaTopics.state]);
  const ours = spansOfKey(spans, Buffer.from(vehicleId));
  const { partition } = ours.get(kafkaTopics.state)!;
  const redis = await question.askRedis(partition);
  const records = await readOwn(question, { ours, redis });
  const topicState = await topicStateOf(records, question.decoder);
  const state = redis.kind === 'found' ? redis.state : (topicState?.state ?? null);
  return {
    vehicleId,
    partition,
    partitionCount: spans.filter(({ topic }) => topic === kafkaTopics.state).length,
    redis,
    topicState,
    frames: await framesOf(records, question),
    pipeline: await pipelineOf(client, { ours, records, state }),
    lookBack,
  };
}

type OwnSpans = ReadonlyMap<string, PartitionSpan>;

/** By topic, the partition that holds the key. */
function spansOfKey(spans: readonly PartitionSpan[], key: Buffer): OwnSpans {
  const byTopic = Map.groupBy(spans, ({ topic }) => topic);
  return new Map([...byTopic].map(([topic, all]) => [topic, all[partitionOf(key, all.length)]!]));
}

interface Own {
  readonly ours: OwnSpans;
  readonly redis: RedisState;
}

/** Of the vehicle alone, as stored. */
async function readOwn(
  { client, vehicleId, lookBack }: VehicleQuestion,
  { ours, redis }: Own,
): Promise<readonly ReadRecord[]> {
  const stretches = [...ours.values()].map(({ topic, partition, low, high }) => {
    // Where Redis does not know it, only the whole of the compacted topic can tell.
    const isWhole = topic === kafkaTopics.state && redis.kind !== 'found';
    return { topic, partition, from: isWhole ? low : Math.max(low, high - lookBack), end: high };
  });
  const key = Buffer.from(vehicleId);
  const records: ReadRecord[] = [];
  const onRecord = (record: ReadRecord) => {
    if (record.key?.equals(key)) records.push(record);
  };
  await readStretches({ client, stretches, onRecord });
  return records;
}

/** An older record may follow a newer one after a fault: the higher epoch is the newer. */
async function topicStateOf(
  records: readonly ReadRecord[],
  decoder: Decoder,
): Promise<TopicState | null> {
  let latest: TopicState | null = null;
  for (const record of records) {
    if (record.topic !== kafkaTopics.state) continue;
    if (record.value === null) {
      latest = { record, state: null };
      continue;
    }
    const decoded = await decoder.decode(record.value);
    if (decoded.kind !== 'state.v1') continue;
    const state = decoded.value;
    const known = latest?.state?.provenance.epoch ?? -1;
    if (state.provenance.epoch >= known) latest = { record, state };
  }
  return latest;
}

async function framesOf(
  records: readonly ReadRecord[],
  { decoder, framesMax }: VehicleQuestion,
): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  for (const topic of frameTopics) {
    const ofTopic = records.filter((record) => record.topic === topic);
    for (const record of framesMax === 0 ? [] : ofTopic.slice(-framesMax)) {
      const decoded = record.value === null ? null : await decoder.decode(record.value);
      frames.push({ record, decoded });
    }
  }
  return frames;
}

interface Findings {
  readonly ours: OwnSpans;
  readonly records: readonly ReadRecord[];
  readonly state: VehicleState | null;
}

async function pipelineOf(
  client: KafkaClient,
  { ours, records, state }: Findings,
): Promise<readonly PipelineInput[]> {
  const { committed } = await lookAtGroup(client, consumerGroups.state);
  return stateInputs.map((topic, at) => {
    const { partition, low, high } = ours.get(topic)!;
    const latest = records.findLast((record) => record.topic === topic)?.offset ?? null;
    const applied = state?.provenance.appliedOffsets[at] ?? -1;
    const look = { topic, partition, low, end: high };
    const next = committed.get(`${topic}/${partition}`) ?? null;
    return {
      ...{ topic, partition, latest, applied: applied < 0 ? null : applied, end: high },
      position: positionOf({ ...look, committed: next }),
    };
  });
}
