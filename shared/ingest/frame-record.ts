// Which topic a frame belongs to, and its record there.

import type { Encoders } from '../avro/encoder.ts';
import type { Gb32960Frame } from '../frame/gb32960/frame.ts';
import type { Reason } from '../frame/outcome.ts';
import {
  type FrameContext,
  isReport,
  type LifecycleFrame,
  toLifecycle,
  toTelemetry,
} from '../telemetry/gb32960.ts';
import { type KafkaTopic, kafkaTopics } from '../topics.ts';

export interface FrameRecord {
  readonly kafkaTopic: KafkaTopic;
  readonly value: Buffer;
}

/** Topics allow 2 MiB; the rest is room for key and batch. */
export const recordBytesMax = 2 * 1024 * 1024 - 64 * 1024;

/** Throws when the value does not fit its schema, which is our own mistake. */
export function encodeFrameRecord(
  encoders: Encoders,
  { frame, reason }: { readonly frame: Gb32960Frame; readonly reason: Reason | null },
  context: FrameContext,
): FrameRecord {
  if (isReport(frame)) {
    // A burst after a tunnel must not delay live reports.
    const kafkaTopic = frame.body.isReissued ? kafkaTopics.backfill : kafkaTopics.telemetry;
    const value = encoders.encodeTelemetry(kafkaTopic, toTelemetry(frame, reason, context));
    return { kafkaTopic, value };
  }
  // Heartbeats are many and soon worthless.
  const isHeartbeat = frame.body.kind === 'heartbeat';
  const kafkaTopic = isHeartbeat ? kafkaTopics.heartbeat : kafkaTopics.lifecycle;
  // Sound, but TypeScript narrows no object by a property of its property.
  const lifecycle = toLifecycle(frame as LifecycleFrame, reason, context);
  return { kafkaTopic, value: encoders.encodeLifecycle(kafkaTopic, lifecycle) };
}
