// JT/T 808: a location becomes a Telemetry, every other message a Lifecycle; a batch is as many
// records as it has locations. Pure; keeps views of the frame's bytes, so encode before the next.

import type { Position, Telemetry } from '../avro/types.generated.ts';
import type { Batch, Jt808Frame, Location } from '../frame/jt808/frame.ts';
import {
  encryptedMask,
  positionedMask,
  southMask,
  westMask,
} from '../frame/jt808/layout-location.ts';
import type { Reason } from '../frame/outcome.ts';
import { blankTelemetry, blankVehicle } from './blank-records.ts';
import { asBuffer } from './bytes.ts';
import { judgeClock } from './clock.ts';
import type { Marks } from './field-states.ts';
import type { FrameContext, Interpretation } from './interpretation.ts';
import { refusePhone, terminalIdOf } from './jt808-identity.ts';
import { toLifecycle } from './jt808-lifecycle.ts';
import { odometerOf, toTerminal } from './jt808-terminal.ts';

/** `reason` says why the frame was kept as bytes; null when it was read whole. */
export function interpret(
  frame: Jt808Frame,
  reason: Reason | null,
  context: FrameContext,
): Interpretation | Iterable<Interpretation> {
  const foreign = refusePhone(frame, context);
  if (foreign !== null) return { kind: 'rejection', reason: foreign };
  const { body } = frame;
  switch (body.kind) {
    case 'location':
      return { kind: 'telemetry', value: toTelemetry(frame, body, context) };
    case 'batch':
      // An empty batch says something too: that there was nothing.
      if (body.items.length > 0) return batchOf(frame, body, context);
      break;
    case 'locationAnswer':
      return answerOf(frame, body.location, context);
    default:
  }
  return { kind: 'lifecycle', value: toLifecycle(frame, reason, context) };
}

function* batchOf(frame: Jt808Frame, batch: Batch, context: FrameContext) {
  const { dataType } = batch;
  for (const item of batch.items) {
    const value = toTelemetry(frame, item, context);
    // Neither live nor backfill: kept as live, and said.
    const mark = { path: 'isReissued', state: 'out_of_range', raw: dataType };
    const fieldStates = dataType > 1 ? [...value.fieldStates, mark] : value.fieldStates;
    const isReissued = dataType === 1;
    yield { kind: 'telemetry', value: { ...value, isReissued, fieldStates } } as const;
  }
}

/** The location for those who follow the vehicle, the answer for those who asked. */
function* answerOf(frame: Jt808Frame, location: Location, context: FrameContext) {
  yield { kind: 'telemetry', value: toTelemetry(frame, location, context) } as const;
  yield { kind: 'lifecycle', value: toLifecycle(frame, null, context) } as const;
}

function toTelemetry(frame: Jt808Frame, location: Location, context: FrameContext): Telemetry {
  const marks: Marks = [];
  const { eventTime, clockState } = judgeClock(location.time, context.receivedAt);
  const { protocolVersion } = frame;
  if (protocolVersion !== null && protocolVersion !== 1) {
    marks.push({ path: 'codec', state: 'out_of_range', raw: protocolVersion });
  }
  return {
    ...blankTelemetry,
    frameId: context.hash(location.bytes),
    origin: context.origin,
    vehicleId: context.vehicleId,
    terminalId: terminalIdOf(frame, context.vehicleId),
    codec: frame.codec,
    eventTime,
    receivedTime: context.receivedAt,
    clockState,
    deviceTimeRaw: asBuffer(location.time.raw),
    signatureState: context.signatureState,
    fieldStates: marks,
    position: toPosition(location, marks),
    vehicle: vehicleOf(location),
    terminal: toTerminal(frame, location, marks),
  };
}

/** The basic speed is the vehicle's, whoever sends it; the recorder's has a field of its own. */
function vehicleOf(location: Location): Telemetry['vehicle'] {
  const odometerKm = odometerOf(location);
  return { ...blankVehicle, speedKmh: location.speed / 10, odometerKm };
}

function toPosition(location: Location, marks: Marks): Position {
  const { status, latitude, longitude, altitude, direction } = location;
  if (longitude > 180_000_000) mark(marks, 'position.longitudeDeg', longitude);
  if (latitude > 90_000_000) mark(marks, 'position.latitudeDeg', latitude);
  if (direction > 359) mark(marks, 'position.directionDeg', direction);
  return {
    hasFix: (status & positionedMask) !== 0,
    longitudeDeg: degrees(longitude, status & westMask),
    latitudeDeg: degrees(latitude, status & southMask),
    // Coordinates that a plug-in encrypted are in no datum that we know.
    datum: (status & encryptedMask) === 0 ? 'wgs84' : 'other',
    statusRaw: 0,
    altitudeM: altitude,
    directionDeg: direction,
    wgs84LongitudeDeg: null,
    wgs84LatitudeDeg: null,
  };
}

/** South and west come from the status, not from a sign; there is no negative zero. */
function degrees(raw: number, isNegative: number): number {
  return (isNegative !== 0 && raw > 0 ? -raw : raw) / 1_000_000;
}

function mark(marks: Marks, path: string, raw: number): void {
  marks.push({ path, state: 'out_of_range', raw });
}
