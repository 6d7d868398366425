// A record that a processor cannot use, as it is kept: its bytes, its place in Kafka, and why.

import { createHash } from 'node:crypto';
import type { Encoders } from '../avro/encoder.ts';
import type { Lifecycle, Quarantined, Telemetry } from '../avro/types.generated.ts';
import type { ReadRecord } from '../kafka/reader.ts';
import { kafkaTopics } from '../topics.ts';
import type { Output } from './work.ts';

/** `reasons.ts` says what each means; docs/reasons.md shows it. */
export const streamReasons = ['record_undecodable', 'record_poison', 'offset_jump'] as const;

export type StreamReason = (typeof streamReasons)[number];

export interface RefusedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly reason: StreamReason;
  /** What was wanted and what was found. */
  readonly detail: string;
  readonly attempt: number;
  /** Null where there is none: it is gone. */
  readonly record: ReadRecord | null;
  /** Null where it could not be decoded. */
  readonly value: Telemetry | Lifecycle | null;
}

export interface Quarantine {
  outputOf(refused: RefusedRecord): Output;
}

export interface QuarantineOptions {
  readonly encoders: Pick<Encoders, 'encodeQuarantined'>;
  /** Epoch ms. */
  readonly now: () => number;
}

export function createQuarantine(options: QuarantineOptions): Quarantine {
  const { encoders, now } = options;
  const topic = kafkaTopics.quarantine;
  return {
    outputOf(refused) {
      const vehicleId = vehicleIdOf(refused);
      const key = Buffer.from(vehicleId);
      const value = encoders.encodeQuarantined(topic, quarantinedOf(refused, vehicleId, now()));
      return { topic, key, value };
    },
  };
}

/** Half of what a topic allows for a record (2 MiB). */
const payloadKeptBytesMax = 1024 * 1024;

/** A message of an exception may hold a whole value. */
const detailLengthMax = 1000;

/** As the bridge bounds a vehicle's id. */
const vehicleIdLengthMax = 128;

/** Raised when the same bytes may come to another outcome. */
const codecVersion = 'stream/1';

const noOrigin = { bridge: '', epoch: 0, sequence: 0 };

function quarantinedOf(refused: RefusedRecord, vehicleId: string, at: number): Quarantined {
  const { topic, partition, offset, record, value } = refused;
  const payload = record?.value ?? Buffer.alloc(0);
  const isWhole = payload.length <= payloadKeptBytesMax;
  return {
    // The place is the identity: a record met again after a crash has the same one.
    quarantineId: `${topic}/${partition}/${offset}`,
    frameId: value?.frameId ?? null,
    origin: value?.origin ?? noOrigin,
    vehicleId,
    codec: value?.codec ?? '',
    codecVersion,
    reason: refused.reason,
    detail: refused.detail.slice(0, detailLengthMax),
    offset: 0,
    payload: isWhole ? payload : payload.subarray(0, payloadKeptBytesMax),
    payloadLength: payload.length,
    payloadSha256: isWhole ? null : createHash('sha256').update(payload).digest(),
    source: { kind: 'kafka', mqttTopic: null, kafkaTopic: topic, partition, offset },
    attempt: refused.attempt,
    firstSeenTime: at,
    lastSeenTime: at,
    resolution: null,
    resolves: null,
  };
}

/** Keys are vehicle ids; where the bytes say nothing else, the key is what there is. */
function vehicleIdOf({ value, record }: RefusedRecord): string {
  const vehicleId = value?.vehicleId ?? record?.key?.toString() ?? '';
  return vehicleId.slice(0, vehicleIdLengthMax).toWellFormed();
}
