// A refused frame as it is kept: its bytes, where they came from, and why they were refused.

import { createHash } from 'node:crypto';
import type { Quarantined } from '../avro/types.generated.ts';
import type { Reason } from '../frame/outcome.ts';
import { codecEntries } from './codecs.ts';
import type { IngestMessage, Origin } from './contract.ts';
import type { Address } from './route.ts';

/** Kept whole up to here: half of what a topic allows for a record (2 MiB). */
export const payloadKeptBytesMax = 1024 * 1024;

/** MQTT 5 clause 1.5.4: no topic of a broker is longer. */
const mqttTopicLengthMax = 65_535;

export interface RefusedFrame {
  readonly message: IngestMessage;
  readonly address: Address;
  readonly origin: Origin;
  readonly frameId: Buffer;
  readonly reason: Reason;
  /** The refused stretch of the payload. */
  readonly bytes: Buffer;
}

export function toQuarantined(refused: RefusedFrame): Quarantined {
  const { message, address, origin, reason, bytes } = refused;
  const codec = address.kind === 'addressed' ? address.codec : '';
  const isWhole = bytes.length <= payloadKeptBytesMax;
  return {
    quarantineId: `${origin.bridge}/${origin.epoch}/${origin.sequence}`,
    frameId: refused.frameId,
    origin,
    vehicleId: address.vehicleId,
    codec,
    codecVersion: codec === '' ? '' : codecEntries[codec].version,
    reason: reason.code,
    detail: reason.detail,
    offset: reason.offset,
    payload: isWhole ? bytes : bytes.subarray(0, payloadKeptBytesMax),
    payloadLength: bytes.length,
    payloadSha256: isWhole ? null : createHash('sha256').update(bytes).digest(),
    source: {
      kind: 'mqtt',
      mqttTopic: message.mqttTopic.slice(0, mqttTopicLengthMax),
      kafkaTopic: null,
      partition: null,
      offset: null,
    },
    attempt: 1,
    firstSeenTime: message.receivedAt,
    lastSeenTime: message.receivedAt,
    resolution: null,
    resolves: null,
  };
}
