// JT/T 808: every message but a location becomes a Lifecycle. What the schema has a record for goes
// there, everything else into `fields`, by the layout table. Pure; keeps views of the bytes.

import type { Lifecycle } from '../avro/types.generated.ts';
import { pack } from '../frame/jt808/bcd.ts';
import { canIdOf } from '../frame/jt808/describe-message.ts';
import {
  type Auth,
  type Body,
  type CanBatch,
  type Driver,
  encryptionOf,
  type Jt808Frame,
  type Location,
  type Register,
} from '../frame/jt808/frame.ts';
import { messageName } from '../frame/jt808/message-ids.ts';
import { firstSerialOf } from '../frame/jt808/parts.ts';
import type { Reason } from '../frame/outcome.ts';
import { blankLifecycle } from './blank-records.ts';
import { asBuffer, asBufferOrNull } from './bytes.ts';
import { type EventClock, judgeClock } from './clock.ts';
import type { FrameContext } from './interpretation.ts';
import { clockOfCan } from './jt808-can-clock.ts';
import { fieldsOf, isCleanText } from './jt808-fields.ts';
import { terminalIdOf } from './jt808-identity.ts';

/** `reason` is that of the frame's outcome. */
export function toLifecycle(
  frame: Jt808Frame,
  reason: Reason | null,
  context: FrameContext,
): Lifecycle {
  const { body, bodyBytes } = frame;
  const isKept = body.kind === 'opaque' || body.kind === 'part';
  const clock = clockOf(body, context.receivedAt);
  return {
    ...blankLifecycle,
    frameId: frameIdOf(frame, context),
    origin: context.origin,
    vehicleId: context.vehicleId,
    terminalId: terminalIdOf(frame, context.vehicleId),
    codec: frame.codec,
    event: eventOf(frame),
    outcome: isKept ? 'opaque' : 'accept',
    reason: reason === null ? null : reason.code,
    command: frame.messageId,
    encryption: encryptionOf(frame),
    eventTime: clock.eventTime,
    receivedTime: context.receivedAt,
    clockState: clock.clockState,
    deviceTimeRaw: clock.raw,
    serial: frame.serial,
    // A text that is no GBK is kept as it was sent, with all that is around it.
    body: isKept || !isCleanText(body) ? asBuffer(bodyBytes) : null,
    trailing: 'trailing' in body ? asBufferOrNull(body.trailing) : null,
    parameterCount: 'params' in body ? (body.count as number) : null,
    signatureState: context.signatureState,
    register: body.kind === 'register' ? registerOf(body) : null,
    auth: body.kind === 'auth' ? authOf(body) : null,
    canBatch: body.kind === 'can' ? canOf(body) : null,
    driver: body.kind === 'driver' ? driverOf(body) : null,
    partTotal: frame.packetTotal,
    partIndex: frame.packetIndex,
    fields: fieldsOf(frame),
  };
}

function eventOf({ body, messageId }: Jt808Frame): string {
  if (body.kind === 'part' || body.kind === 'opaque') return body.kind;
  return messageName(messageId)?.name ?? 'opaque';
}

/** Message id and body; of a part its place too, since parts of one message may be alike. */
function frameIdOf(frame: Jt808Frame, context: FrameContext): Buffer | null {
  const { bodyBytes, messageId, packetTotal, packetIndex } = frame;
  if (bodyBytes.length === 0) return null;
  if (packetTotal === null || packetIndex === null) {
    return context.hash(words(messageId), bodyBytes);
  }
  return context.hash(words(messageId, packetTotal, packetIndex, firstSerialOf(frame)), bodyBytes);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt16BE(value, 2 * at);
  return bytes;
}

interface Clock {
  readonly eventTime: number;
  readonly clockState: EventClock['clockState'] | 'absent';
  readonly raw: Buffer | null;
}

function clockOf(body: Body, receivedAt: number): Clock {
  if (body.kind === 'can') {
    return {
      ...clockOfCan(body.receiveTimeBcd, receivedAt),
      raw: asBuffer(pack(body.receiveTimeBcd)),
    };
  }
  const time = timeOf(body);
  if (time === null) return { eventTime: receivedAt, clockState: 'absent', raw: null };
  return { ...judgeClock(time, receivedAt), raw: asBuffer(time.raw) };
}

function timeOf(body: Body) {
  switch (body.kind) {
    case 'driver':
      return body.time;
    case 'locationAnswer':
      return body.location.time;
    case 'media':
      return (body['location'] as Location).time;
    default:
      return null;
  }
}

function registerOf(body: Register): Lifecycle['register'] {
  return {
    provinceId: body.province,
    cityId: body.city,
    makerId: body.manufacturer,
    model: body.model,
    deviceId: body.terminalId,
    plateColor: body.plateColor,
    plate: body.plate,
    form: body.form,
  };
}

function authOf({ authCode, imei, softwareVersion }: Auth): Lifecycle['auth'] {
  return { code: authCode, imei: imei ?? null, softwareVersion: softwareVersion ?? null };
}

function canOf({ receiveTimeBcd, frames }: CanBatch): Lifecycle['canBatch'] {
  return {
    startTimeRaw: asBuffer(pack(receiveTimeBcd)),
    frames: frames.map(({ raw, data }) => {
      const { canId, channel, extended, averaged } = canIdOf(raw);
      return {
        id: canId,
        channel,
        isExtended: extended,
        isAveraged: averaged,
        data: asBuffer(data),
      };
    }),
  };
}

function driverOf(body: Driver): Lifecycle['driver'] {
  return {
    status: body.status,
    icResult: body.icResult ?? null,
    name: body.driverName ?? null,
    certificate: body.certificate ?? null,
    issuer: body.issuer ?? null,
    expiry: body.expiryBcd ?? null,
    idNumber: body.idNumber ?? null,
  };
}
