// The address book: every MQTT filter, Kafka topic and subject that fleetwire uses, in one place.

/** MQTT 5 shared-subscription group of all bridges: letters and digits only. */
export const shareName = 'fleetwire';

export type Codec = 'gb32960';

/** Which topics the bridge reads, which level (from 0) is the vehicle's id, and how to decode. */
export interface Route {
  readonly filter: string;
  readonly idLevel: number;
  readonly codec: Codec;
}

export const codecs: readonly Codec[] = ['gb32960'];

export const defaultRoutes: readonly Route[] = [
  { filter: 'v1/up/+/gb32960', idLevel: 2, codec: 'gb32960' },
];

/** Where a vehicle listens for its answers. */
export function downTopic(vehicleId: string, codec: Codec): string {
  return `v1/dn/${vehicleId}/${codec}`;
}

export const kafkaTopics = {
  telemetry: 'vehicle.telemetry.v1',
  backfill: 'vehicle.backfill.v1',
  lifecycle: 'vehicle.lifecycle.v1',
  heartbeat: 'vehicle.heartbeat.v1',
  quarantine: 'vehicle.quarantine.v1',
} as const;

export type KafkaTopic = (typeof kafkaTopics)[keyof typeof kafkaTopics];

export type SchemaName = 'telemetry.v1' | 'lifecycle.v1' | 'quarantine.v1';

const dayMs = 24 * 60 * 60 * 1000;

export interface TopicSpec {
  readonly topic: KafkaTopic;
  readonly schema: SchemaName;
  readonly retentionMs: number;
}

/** What the bridge writes; `fleetwire topics apply` and `schemas apply` read this table. */
export const topicSpecs: readonly TopicSpec[] = [
  { topic: kafkaTopics.telemetry, schema: 'telemetry.v1', retentionMs: 7 * dayMs },
  { topic: kafkaTopics.backfill, schema: 'telemetry.v1', retentionMs: 14 * dayMs },
  { topic: kafkaTopics.lifecycle, schema: 'lifecycle.v1', retentionMs: 30 * dayMs },
  { topic: kafkaTopics.heartbeat, schema: 'lifecycle.v1', retentionMs: dayMs },
  { topic: kafkaTopics.quarantine, schema: 'quarantine.v1', retentionMs: 30 * dayMs },
];

/** TopicNameStrategy of the Confluent wire format. */
export function subjectOf(topic: string): string {
  return `${topic}-value`;
}
