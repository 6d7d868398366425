// The traffic without a Kafka: each vehicle's records as they would lie in the topics.

import type { Decoder } from '#shared/avro/decoder.ts';
import { partitionOf } from '#shared/kafka/partitioner.ts';
import type { StreamRecord } from '#shared/stream/processor.ts';
import type { Traffic } from './traffic.ts';

export type Stories = ReadonlyMap<string, readonly StreamRecord[]>;

const partitionCount = 12;

/** All of it, by vehicle; what nobody can read has its offset, but is in no story. */
export async function storiesOf(traffic: Traffic, decoder: Decoder): Promise<Stories> {
  const stories = new Map<string, StreamRecord[]>();
  const nextOffsets = new Map<string, number>();
  for (const { kafkaTopic: topic, key, value } of traffic.until(traffic.endAt)) {
    const partition = partitionOf(key, partitionCount);
    const offset = nextOffsets.get(`${topic}/${partition}`) ?? 0;
    nextOffsets.set(`${topic}/${partition}`, offset + 1);
    const decoded = await decoder.decode(value);
    if (decoded.kind !== 'telemetry.v1' && decoded.kind !== 'lifecycle.v1') continue;
    const vehicleId = key.toString();
    const story = stories.get(vehicleId) ?? [];
    stories.set(vehicleId, story);
    story.push({ topic, partition, offset, vehicleId, ...decoded });
  }
  return stories;
}
