// An ingest with plain settings, and its records as values again.

import { createEncoders, type Encoders, headerBytes } from '#shared/avro/encoder.ts';
import { ownSchemas } from '#shared/avro/schemas.ts';
import type { Lifecycle, Quarantined, Telemetry } from '#shared/avro/types.generated.ts';
import type { IngestedRecord, IngestMessage } from '#shared/ingest/contract.ts';
import { createIngest, type IngestOptions } from '#shared/ingest/ingest.ts';
import { defaultRoutes, type KafkaTopic, kafkaTopics, topicSpecs } from '#shared/topics.ts';
import { receivedAt, vehicleId } from '#test/shared/telemetry/sample-frames.ts';

export const schemaIds = Object.fromEntries(
  Object.values(kafkaTopics).map((topic, at) => [topic, 101 + at]),
) as Readonly<Record<KafkaTopic, number>>;

export function testEncoders(): Encoders {
  return createEncoders(schemaIds);
}

export function testIngest(change: Partial<IngestOptions> = {}) {
  return createIngest({
    routes: defaultRoutes,
    encoders: testEncoders(),
    payloadBytesMax: 64 * 1024,
    answerReports: false,
    answerRefusals: false,
    ...change,
  });
}

export const upTopic = `v1/up/${vehicleId}/gb32960`;

export function messageOf(payload: Uint8Array, mqttTopic = upTopic): IngestMessage {
  const origin = { bridge: 'bridge-a', epoch: 3, sequence: 41 };
  return { mqttTopic, payload, receivedAt, origin };
}

export type Decoded =
  | { readonly kafkaTopic: KafkaTopic; readonly schema: 'telemetry.v1'; readonly value: Telemetry }
  | { readonly kafkaTopic: KafkaTopic; readonly schema: 'lifecycle.v1'; readonly value: Lifecycle }
  | {
      readonly kafkaTopic: KafkaTopic;
      readonly schema: 'quarantine.v1';
      readonly value: Quarantined;
    };

/** Reads a record as a consumer does: id, then Avro to the very last byte. */
export function decodeRecord({ kafkaTopic, value }: IngestedRecord): Decoded {
  const spec = topicSpecs.find(({ topic }) => topic === kafkaTopic);
  if (spec === undefined) throw new Error(`no schema for ${kafkaTopic}`);
  if (value[0] !== 0 || value.readInt32BE(1) !== schemaIds[kafkaTopic]) {
    throw new Error(`wire header of ${kafkaTopic} wanted, found ${value.toString('hex', 0, 5)}`);
  }
  const decoded = ownSchemas[spec.schema].type.fromBuffer(value.subarray(headerBytes));
  return { kafkaTopic, schema: spec.schema, value: decoded } as Decoded;
}

export function quarantinedIn(records: readonly IngestedRecord[]): readonly Quarantined[] {
  return records.map(decodeRecord).flatMap((record) => {
    return record.schema === 'quarantine.v1' ? [record.value] : [];
  });
}
