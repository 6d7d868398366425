// JSON: one envelope becomes one Telemetry or Lifecycle. Pure.

import type { BodyField, Lifecycle, Login, Signal, Telemetry } from '../avro/types.generated.ts';
import type { Envelope, JsonFrame, NamedSignal, SignalValue } from '../frame/json/envelope.ts';
import { placeAt } from '../frame/json/places.ts';
import { readTime } from '../frame/json/read-time.ts';
import type { Reason } from '../frame/outcome.ts';
import { blankLifecycle, blankTelemetry } from './blank-records.ts';
import { judgeClock } from './clock.ts';
import { fieldStatesMax } from './field-states.ts';
import { refuseId } from './identity.ts';
import type { FrameContext, Interpretation } from './interpretation.ts';
import {
  type Additions,
  fitsLong,
  numberSignal,
  textSignal,
  toAlarm,
  toEngine,
  toExtremes,
  toMotor,
  toPack,
  toPosition,
  toVehicle,
} from './json-content.ts';

export function interpret(
  frame: JsonFrame,
  _reason: Reason | null,
  context: FrameContext,
): Interpretation {
  const { envelope } = frame;
  const foreign = refuseVin(frame, context);
  if (foreign !== null) return { kind: 'rejection', reason: foreign };
  if (envelope.type !== undefined && envelope.type !== 'report') {
    return { kind: 'lifecycle', value: toLifecycle(frame, context) };
  }
  const value = toTelemetry(frame, context);
  if (value.fieldStates.length <= fieldStatesMax) return { kind: 'telemetry', value };
  const detail = `at most ${fieldStatesMax} marked fields wanted, found more`;
  return { kind: 'rejection', reason: { code: 'record_refused', offset: 0, detail } };
}

function refuseVin({ envelope, bytes }: JsonFrame, context: FrameContext): Reason | null {
  const { vin } = envelope;
  if (vin === undefined || vin === context.vehicleId) return null;
  const foreign = refuseId(vin, context, 0);
  if (foreign === null) return null;
  const place = placeAt(bytes, '/vin', { at: 0, end: bytes.length });
  return { ...foreign, offset: place?.at ?? 0 };
}

function toTelemetry(frame: JsonFrame, context: FrameContext): Telemetry {
  const { position, vehicle, engine, extremes } = frame.envelope;
  const { motors = [], alarms = [], packs = [] } = frame.envelope;
  const additions: Additions = { marks: [], signals: signalsOf(frame.envelope) };
  return {
    ...blankTelemetry,
    ...commonFields(frame, context),
    isReissued: frame.envelope.isReissued ?? false,
    fieldStates: additions.marks,
    position: position === undefined ? null : toPosition(position, additions),
    vehicle: vehicle === undefined ? null : toVehicle(vehicle, additions),
    motors: motors.map((motor, at) => toMotor(motor, at, additions)),
    engine: engine === undefined ? null : toEngine(engine, additions),
    extremes: extremes === undefined ? null : toExtremes(extremes, additions),
    alarms: alarms.map(toAlarm),
    packs: packs.map((pack, at) => toPack(pack, at, additions)),
    signals: additions.signals,
  };
}

function toLifecycle(frame: JsonFrame, context: FrameContext): Lifecycle {
  const { type = '', serial, iccid } = frame.envelope;
  const isLogin = type === 'login' && iccid !== undefined;
  const fields = signalsOf(frame.envelope).flatMap(fieldsOf);
  return {
    ...blankLifecycle,
    ...commonFields(frame, context),
    event: type,
    serial: serial ?? null,
    login: isLogin ? loginOf(iccid) : null,
    fields: isLogin || iccid === undefined ? fields : [textField('iccid', iccid), ...fields],
  };
}

/** The fields that both records have. */
function commonFields({ codec, envelope, bytes }: JsonFrame, context: FrameContext) {
  const { id, vin, ts } = envelope;
  const time = readTime(ts);
  const content = id === undefined ? bytes : Buffer.from(id, 'utf8');
  return {
    frameId: context.hash(content),
    origin: context.origin,
    vehicleId: context.vehicleId,
    terminalId: vin === undefined || vin === context.vehicleId ? null : vin,
    codec,
    ...judgeClock(time, context.receivedAt),
    receivedTime: context.receivedAt,
    deviceTimeRaw: time.raw,
    signatureState: context.signatureState,
  };
}

function signalsOf({ signals = {} }: Envelope): Signal[] {
  if (Array.isArray(signals)) return (signals as readonly NamedSignal[]).map(namedSignal);
  return Object.entries(signals as Readonly<Record<string, SignalValue>>).map(([name, value]) =>
    namedSignal({ name, value }),
  );
}

function namedSignal({ name, value, unit = null as string | null }: OpenSignal): Signal {
  if (typeof value === 'number') return numberSignal(name, value, unit);
  if (typeof value === 'string') return textSignal(name, value, unit);
  return { name, value: null, text: null, flag: value, unit };
}

type OpenSignal = Omit<NamedSignal, 'unit'> & { readonly unit?: string | null };

/** A Lifecycle holds no units: one that is sent is a field beside its value. */
function fieldsOf({ name, value, text, flag, unit }: Signal): BodyField[] {
  const field = fieldOf(name, value ?? text ?? flag);
  return unit === null ? [field] : [field, textField(`${name}.unit`, unit)];
}

function fieldOf(path: string, value: SignalValue): BodyField {
  if (typeof value === 'number' && fitsLong(value)) {
    return { path, number: value, text: null, bytes: null };
  }
  return { path, number: null, text: value === null ? null : `${value}`, bytes: null };
}

function textField(path: string, text: string): BodyField {
  return { path, number: null, text, bytes: null };
}

function loginOf(iccid: string): Login {
  return {
    iccid,
    ressCount: 0,
    ressCodeLength: 0,
    ressCodes: [],
    bmsCount: null,
    packsPerBms: [],
    packCodes: [],
  };
}
