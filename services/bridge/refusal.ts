// The quarantine record of a message that could not be stored as it was: Kafka refused its record
// for good, or ingest failed on it.

import { createHash } from 'node:crypto';
import type { Encoders } from '#shared/avro/encoder.ts';
import type { Quarantined } from '#shared/avro/types.generated.ts';
import type { IngestedRecord, IngestMessage } from '#shared/ingest/contract.ts';
import { createFrameHash } from '#shared/ingest/frame-id.ts';
import { toQuarantined } from '#shared/ingest/quarantine.ts';
import { createAddressBook } from '#shared/ingest/route.ts';
import { kafkaTopics, type Route } from '#shared/topics.ts';

export interface Refusal {
  /** What was wanted and what was found. */
  readonly detail: string;
  /** Of the payload; length and SHA-256 tell of the rest. */
  readonly keptBytesMax: number;
}

/** Total: any message has such a record. */
export type Refuse = (input: IngestMessage, refusal: Refusal) => IngestedRecord;

export interface RefuseOptions {
  readonly routes: readonly Route[];
  readonly encoders: Encoders;
}

export async function createRefuse({ routes, encoders }: RefuseOptions): Promise<Refuse> {
  const addressOf = createAddressBook(routes);
  const hashFrame = await createFrameHash();
  return (message, { detail, keptBytesMax }) => {
    const { payload, origin, mqttTopic } = message;
    const address = addressOf(mqttTopic);
    // Kafka refused a record, not a frame: all frames of the message are kept together.
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    const value = toQuarantined({
      message,
      address,
      origin,
      frameId: hashFrame(address.hashPrefix, payload),
      reason: { code: 'record_refused', offset: 0, detail },
      bytes,
    });
    return {
      kafkaTopic: kafkaTopics.quarantine,
      key: address.key,
      value: encoders.encodeQuarantined(kafkaTopics.quarantine, cut(value, bytes, keptBytesMax)),
    };
  };
}

function cut(value: Quarantined, bytes: Buffer, keptBytesMax: number): Quarantined {
  if (value.payload.length <= keptBytesMax) return value;
  const payloadSha256 = createHash('sha256').update(bytes).digest();
  return { ...value, payload: bytes.subarray(0, keptBytesMax), payloadSha256 };
}
