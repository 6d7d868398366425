// GB/T 32960: one frame becomes one Telemetry or Lifecycle. Pure; keeps views of the frame's bytes
// that live as long as the message, so encode before the next one.

import type { Lifecycle, Origin, Telemetry } from '../avro/types.generated.ts';
import type { Body, DeviceTime, Gb32960Frame, Report } from '../frame/gb32960/frame.ts';
import type { Reason } from '../frame/outcome.ts';
import { asBuffer, asBufferOrNull } from './bytes.ts';
import { judgeClock } from './clock.ts';
import { fieldStatesMax, type Marks } from './field-states.ts';
import { alarmsMax, contentOf } from './gb32960-content.ts';
import { refuseIdentity, terminalIdOf } from './identity.ts';

/** What the frame itself does not know. */
export interface FrameContext {
  readonly vehicleId: string;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly origin: Origin;
  /** Eight bytes; null for a frame without data unit. */
  readonly frameId: Buffer | null;
}

export type Interpretation =
  | { readonly kind: 'telemetry'; readonly value: Telemetry }
  | { readonly kind: 'lifecycle'; readonly value: Lifecycle }
  | { readonly kind: 'rejection'; readonly reason: Reason };

/** `reason` says why the frame was read in part or kept as bytes; null when it was read whole. */
export function interpret(
  frame: Gb32960Frame,
  reason: Reason | null,
  context: FrameContext,
): Interpretation {
  const foreign = refuseIdentity(frame, context.vehicleId);
  if (foreign !== null) return { kind: 'rejection', reason: foreign };
  if (isReport(frame)) {
    const value = toTelemetry(frame, reason, context);
    const excess = excessOf(value);
    return excess === null ? { kind: 'telemetry', value } : { kind: 'rejection', reason: excess };
  }
  // Sound, but TypeScript narrows no object by a property of its property.
  return { kind: 'lifecycle', value: toLifecycle(frame as LifecycleFrame, reason, context) };
}

type ReportFrame = Gb32960Frame & { readonly body: Report };
type LifecycleFrame = Gb32960Frame & { readonly body: Exclude<Body, Report> };

function isReport(frame: Gb32960Frame): frame is ReportFrame {
  return frame.body.kind === 'report';
}

function excessOf({ fieldStates, alarms }: Telemetry): Reason | null {
  if (fieldStates.length > fieldStatesMax) {
    const detail = `at most ${fieldStatesMax} marked fields wanted, found more`;
    return { code: 'record_refused', offset: 0, detail };
  }
  if (alarms.length <= alarmsMax) return null;
  const detail = `at most ${alarmsMax} alarm items wanted, found more`;
  return { code: 'record_refused', offset: 0, detail };
}

function toTelemetry(frame: ReportFrame, reason: Reason | null, context: FrameContext): Telemetry {
  const { time, isReissued, remainder } = frame.body;
  const marks: Marks = [];
  const content = contentOf(frame.body.items, marks);
  const { eventTime, clockState } = judgeClock(time, context.receivedAt);
  return {
    frameId: context.frameId,
    origin: context.origin,
    vehicleId: context.vehicleId,
    terminalId: terminalIdOf(frame, context.vehicleId),
    codec: frame.codec,
    isReissued,
    eventTime,
    receivedTime: context.receivedAt,
    clockState,
    deviceTimeRaw: asBuffer(time.raw),
    isPartial: reason !== null,
    partialReason: reason === null ? null : `${reason.code}: ${reason.detail}`,
    remainder: asBufferOrNull(remainder),
    signatureState: 'absent',
    fieldStates: marks,
    position: content.position,
    vehicle: content.vehicle,
    motors: content.motors,
    fuelCell: content.fuelCell,
    engine: content.engine,
    extremes: content.extremes,
    alarms: content.alarms,
    packs: content.packs,
    custom: content.custom,
    trailing: null,
  };
}

function toLifecycle(
  frame: LifecycleFrame,
  reason: Reason | null,
  context: FrameContext,
): Lifecycle {
  const body = frame.body;
  const time = timeOf(body);
  const clock = time === null ? null : judgeClock(time, context.receivedAt);
  return {
    frameId: context.frameId,
    origin: context.origin,
    vehicleId: context.vehicleId,
    terminalId: terminalIdOf(frame, context.vehicleId),
    codec: frame.codec,
    event: eventNames[body.kind],
    outcome: body.kind === 'answer' || body.kind === 'opaque' ? body.kind : 'accept',
    reason: reason === null ? null : reason.code,
    command: frame.command,
    response: frame.response,
    encryption: frame.encryption,
    eventTime: clock === null ? context.receivedAt : clock.eventTime,
    receivedTime: context.receivedAt,
    clockState: clock === null ? 'absent' : clock.clockState,
    deviceTimeRaw: time === null ? null : asBuffer(time.raw),
    serial: serialOf(body),
    login: body.kind === 'login' ? loginOf(body) : null,
    platformLogin: body.kind === 'platformLogin' ? platformLoginOf(body) : null,
    body: bytesOf(body),
    trailing:
      body.kind === 'answer' || body.kind === 'opaque' ? null : asBufferOrNull(body.trailing),
  };
}

type LifecycleBody = LifecycleFrame['body'];
type BodyOf<K extends LifecycleBody['kind']> = Extract<LifecycleBody, { readonly kind: K }>;

const eventNames: Readonly<Record<LifecycleBody['kind'], string>> = {
  login: 'login',
  logout: 'logout',
  heartbeat: 'heartbeat',
  timeSync: 'time_sync',
  platformLogin: 'platform_login',
  platformLogout: 'platform_logout',
  answer: 'answer',
  opaque: 'opaque',
};

function timeOf(body: LifecycleBody): DeviceTime | null {
  switch (body.kind) {
    case 'heartbeat':
    case 'timeSync':
    case 'opaque':
      return null;
    default:
      return body.time;
  }
}

function serialOf(body: LifecycleBody): number | null {
  switch (body.kind) {
    case 'login':
      return body.loginSeq;
    case 'logout':
    case 'platformLogin':
    case 'platformLogout':
      return body.seq;
    default:
      return null;
  }
}

function bytesOf(body: LifecycleBody): Buffer | null {
  if (body.kind === 'opaque') return asBuffer(body.bytes);
  return body.kind === 'answer' ? asBufferOrNull(body.rest) : null;
}

function loginOf(body: BodyOf<'login'>): Lifecycle['login'] {
  return {
    iccid: body.iccid,
    ressCount: body.ressCount,
    ressCodeLength: body.ressCodeLength,
    ressCodes: body.ressCodes,
  };
}

function platformLoginOf(body: BodyOf<'platformLogin'>): Lifecycle['platformLogin'] {
  return {
    username: body.username,
    password: body.password,
    encryptionRule: body.encryption,
  };
}
