// The address book: every MQTT filter, Kafka topic and subject that fleetwire uses, in one place.

/** MQTT 5 shared-subscription group of all bridges: letters and digits only. */
export const shareName = 'fleetwire';

/**
 * What a topic holds: the wire formats of vehicles, the JSON that an EMQX gateway makes of two of
 * them, and what the broker says of its clients.
 */
export type Codec = 'gb32960' | 'jt808' | 'json' | 'gb32960-gateway' | 'jt808-gateway' | 'presence';

/** Which topics the bridge reads, which level (from 0) is the vehicle's id, and how to decode. */
export interface Route {
  readonly filter: string;
  readonly idLevel: number;
  readonly codec: Codec;
  /**
   * A frame with another identity than its topic's: `strict` refuses it, `record` keeps it and
   * notes the identity. Strict where it is left out.
   */
  readonly identity?: 'strict' | 'record';
}

export const codecs: readonly Codec[] = [
  'gb32960',
  'jt808',
  'json',
  'gb32960-gateway',
  'jt808-gateway',
  'presence',
];

export const defaultRoutes: readonly Route[] = codecs.map((codec) => {
  return { filter: `v1/up/+/${codec}`, idLevel: 2, codec };
});

/** Where a vehicle listens for its answers. */
export function downTopic(vehicleId: string, codec: Codec): string {
  return `v1/dn/${vehicleId}/${codec}`;
}

export const kafkaTopics = {
  telemetry: 'vehicle.telemetry.v1',
  backfill: 'vehicle.backfill.v1',
  lifecycle: 'vehicle.lifecycle.v1',
  heartbeat: 'vehicle.heartbeat.v1',
  part: 'vehicle.part.v1',
  quarantine: 'vehicle.quarantine.v1',
  state: 'vehicle.state.v1',
} as const;

export type KafkaTopic = (typeof kafkaTopics)[keyof typeof kafkaTopics];

export type SchemaName = 'telemetry.v1' | 'lifecycle.v1' | 'quarantine.v1' | 'state.v1';

const dayMs = 24 * 60 * 60 * 1000;

export interface TopicSpec {
  readonly topic: KafkaTopic;
  readonly schema: SchemaName;
  /** `'compacted'`: Kafka keeps the latest record of each key. */
  readonly retention: Retention;
  /** Services that write it; processors write quarantine too. */
  readonly writers: readonly Writer[];
}

export type Retention = { readonly deleteAfterMs: number } | 'compacted';

export type Writer = 'bridge' | 'state';

/** All topics; `fleetwire topics apply` and `schemas apply` read this table. */
export const topicSpecs: readonly TopicSpec[] = [
  {
    topic: kafkaTopics.telemetry,
    schema: 'telemetry.v1',
    retention: { deleteAfterMs: 7 * dayMs },
    writers: ['bridge'],
  },
  {
    topic: kafkaTopics.backfill,
    schema: 'telemetry.v1',
    retention: { deleteAfterMs: 14 * dayMs },
    writers: ['bridge'],
  },
  {
    topic: kafkaTopics.lifecycle,
    schema: 'lifecycle.v1',
    retention: { deleteAfterMs: 30 * dayMs },
    writers: ['bridge'],
  },
  {
    topic: kafkaTopics.heartbeat,
    schema: 'lifecycle.v1',
    retention: { deleteAfterMs: dayMs },
    writers: ['bridge'],
  },
  {
    topic: kafkaTopics.part,
    schema: 'lifecycle.v1',
    retention: { deleteAfterMs: dayMs },
    writers: ['bridge'],
  },
  {
    topic: kafkaTopics.quarantine,
    schema: 'quarantine.v1',
    retention: { deleteAfterMs: 30 * dayMs },
    writers: ['bridge', 'state'],
  },
  { topic: kafkaTopics.state, schema: 'state.v1', retention: 'compacted', writers: ['state'] },
];

/** What a service writes, in the order of the table. */
export function topicsOf(writer: Writer): readonly KafkaTopic[] {
  return topicSpecs.filter(({ writers }) => writers.includes(writer)).map(({ topic }) => topic);
}

/** Kafka consumer groups of the processors: KEDA and `fleetwire lag` look at their offsets. */
export const consumerGroups = { state: 'fleetwire-state' } as const;

/** TopicNameStrategy of the Confluent wire format. */
export function subjectOf(topic: string): string {
  return `${topic}-value`;
}
