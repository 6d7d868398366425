// Which topic a frame belongs to, and its record there.

import type { Encoders } from '../avro/encoder.ts';
import type { Interpretation } from '../telemetry/interpretation.ts';
import { type KafkaTopic, kafkaTopics } from '../topics.ts';

export interface FrameRecord {
  readonly kafkaTopic: KafkaTopic;
  readonly value: Buffer;
}

export type Producible = Exclude<Interpretation, { readonly kind: 'rejection' }>;

/** Topics allow 2 MiB; the rest is room for key and batch. */
export const recordBytesMax = 2 * 1024 * 1024 - 64 * 1024;

/** Throws when the value does not fit its schema, which is our own mistake. */
export function encodeRecord(encoders: Encoders, frame: Producible): FrameRecord {
  if (frame.kind === 'telemetry') {
    // A burst after a tunnel must not delay live reports.
    const kafkaTopic = frame.value.isReissued ? kafkaTopics.backfill : kafkaTopics.telemetry;
    return { kafkaTopic, value: encoders.encodeTelemetry(kafkaTopic, frame.value) };
  }
  const kafkaTopic = lifecycleTopicOf(frame.value.event);
  return { kafkaTopic, value: encoders.encodeLifecycle(kafkaTopic, frame.value) };
}

/** Heartbeats and parts are many and soon worthless. */
function lifecycleTopicOf(event: string): KafkaTopic {
  if (event === 'heartbeat') return kafkaTopics.heartbeat;
  return event === 'part' ? kafkaTopics.part : kafkaTopics.lifecycle;
}
