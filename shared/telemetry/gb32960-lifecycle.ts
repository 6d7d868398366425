// GB/T 32960: every frame but a report becomes a Lifecycle, whatever it says and however far it
// was decoded. Pure; keeps views of the frame's bytes.

import type { Lifecycle } from '../avro/types.generated.ts';
import { editionOf } from '../frame/gb32960/editions.ts';
import type { Body, DeviceTime, Gb32960Frame, Report } from '../frame/gb32960/frame.ts';
import type { Parameter } from '../frame/gb32960/frame-downlink.ts';
import { controlNames2016, parameterLayout } from '../frame/gb32960/layout-2016-parameters.ts';
import { commandFlag } from '../frame/gb32960/outer-frame.ts';
import { signatureOf } from '../frame/gb32960/read-signature.ts';
import type { Reason } from '../frame/outcome.ts';
import { asBuffer, asBufferOrNull } from './bytes.ts';
import { judgeClock } from './clock.ts';
import { activationAnswerOf, activationOf, keyExchangeOf, loginOf } from './gb32960-bodies.ts';
import { frameIdOf } from './gb32960-frame-id.ts';
import { signatureStateOf } from './gb32960-signature.ts';
import { terminalIdOf } from './identity.ts';
import type { FrameContext } from './interpretation.ts';

export type LifecycleFrame = Gb32960Frame & { readonly body: Exclude<Body, Report> };

/** `reason` is that of the frame's outcome. */
export function toLifecycle(
  frame: LifecycleFrame,
  reason: Reason | null,
  context: FrameContext,
): Lifecycle {
  const body = frame.body;
  const time = timeOf(body);
  const clock = time === null ? null : judgeClock(time, context.receivedAt);
  return {
    frameId: frameIdOf(frame, context),
    origin: context.origin,
    vehicleId: context.vehicleId,
    terminalId: terminalIdOf(frame, context.vehicleId),
    codec: frame.codec,
    event: eventNames[body.kind],
    outcome: outcomeOf(frame, reason),
    reason: reason === null ? null : reason.code,
    command: frame.command,
    response: frame.response,
    encryption: frame.encryption,
    eventTime: clock === null ? context.receivedAt : clock.eventTime,
    receivedTime: context.receivedAt,
    clockState: clock === null ? 'absent' : clock.clockState,
    deviceTimeRaw: time === null ? null : asBuffer(time.raw),
    serial: serialOf(body),
    login: loginOf(body),
    platformLogin: body.kind === 'platformLogin' ? platformLoginOf(body) : null,
    body: bytesOf(body),
    trailing: 'trailing' in body ? asBufferOrNull(body.trailing) : null,
    remainder: 'remainder' in body ? asBufferOrNull(body.remainder) : null,
    parameterCount: 'count' in body ? body.count : null,
    parameterIds: body.kind === 'parameterQuery' ? body.paramIds : [],
    parameters: 'params' in body ? body.params.map((param) => parameterOf(param, frame)) : [],
    control: body.kind === 'control' ? controlOf(body) : null,
    signatureState: signatureStateOf(signatureOf(body), context),
    activation: body.kind === 'activation' ? activationOf(body) : null,
    activationAnswer: body.kind === 'activationAnswer' ? activationAnswerOf(body) : null,
    keyExchange: body.kind === 'keyExchange' ? keyExchangeOf(body) : null,
    register: null,
    auth: null,
    canBatch: null,
    driver: null,
    presence: null,
    partTotal: null,
    partIndex: null,
    fields: [],
  };
}

type LifecycleBody = LifecycleFrame['body'];
type BodyOf<K extends LifecycleBody['kind']> = Extract<LifecycleBody, { readonly kind: K }>;

const eventNames: Readonly<Record<LifecycleBody['kind'], string>> = {
  login: 'login',
  login2025: 'login',
  activation: 'activation',
  activationAnswer: 'activation_answer',
  keyExchange: 'key_exchange',
  logout: 'logout',
  heartbeat: 'heartbeat',
  timeSync: 'time_sync',
  platformLogin: 'platform_login',
  platformLogout: 'platform_logout',
  parameterQuery: 'parameter_query',
  parameterAnswer: 'parameter_answer',
  parameterSetting: 'parameter_setting',
  control: 'control',
  answer: 'answer',
  opaque: 'opaque',
};

function outcomeOf({ body, response }: LifecycleFrame, reason: Reason | null): string {
  switch (body.kind) {
    case 'opaque':
      return 'opaque';
    case 'answer':
    case 'parameterAnswer':
      return 'answer';
    case 'activationAnswer':
      return response === commandFlag ? 'accept' : 'answer';
    default:
      return reason === null ? 'accept' : 'partial';
  }
}

function timeOf(body: LifecycleBody): DeviceTime | null {
  switch (body.kind) {
    case 'heartbeat':
    case 'timeSync':
    case 'opaque':
    case 'activationAnswer':
    case 'keyExchange':
      return null;
    default:
      return body.time;
  }
}

function serialOf(body: LifecycleBody): number | null {
  switch (body.kind) {
    case 'login':
    case 'login2025':
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

function platformLoginOf(body: BodyOf<'platformLogin'>): Lifecycle['platformLogin'] {
  return {
    username: body.username,
    password: body.password,
    encryptionRule: body.encryption,
  };
}

function parameterOf(
  { id, value }: Parameter,
  { codec }: Gb32960Frame,
): Lifecycle['parameters'][number] {
  const name = parameterLayout(editionOf(codec).parameters, id)?.name ?? '';
  return typeof value === 'number'
    ? { id, name, number: value, text: null }
    : { id, name, number: null, text: value };
}

function controlOf({ commandId, args }: BodyOf<'control'>): Lifecycle['control'] {
  return { commandId, name: controlNames2016[commandId] ?? '', args: asBuffer(args) };
}
