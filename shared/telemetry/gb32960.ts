// GB/T 32960: one frame becomes one Telemetry or Lifecycle. Pure; keeps views of the frame's bytes
// that live as long as the message, so encode before the next one.

import type { Telemetry } from '../avro/types.generated.ts';
import type { Gb32960Frame, Report } from '../frame/gb32960/frame.ts';
import type { Reason } from '../frame/outcome.ts';
import { asBuffer, asBufferOrNull } from './bytes.ts';
import { judgeClock } from './clock.ts';
import { fieldStatesMax, type Marks } from './field-states.ts';
import { contentOf } from './gb32960-content.ts';
import { frameIdOf } from './gb32960-frame-id.ts';
import { type LifecycleFrame, toLifecycle } from './gb32960-lifecycle.ts';
import { alarmsMax } from './gb32960-open-content.ts';
import { signatureRecord, signatureStateOf } from './gb32960-signature.ts';
import { refuseIdentity, terminalIdOf } from './identity.ts';
import type { FrameContext, Interpretation } from './interpretation.ts';

/** `reason` says why the frame was read in part or kept as bytes; null when it was read whole. */
export function interpret(
  frame: Gb32960Frame,
  reason: Reason | null,
  context: FrameContext,
): Interpretation {
  const foreign = refuseIdentity(frame, context);
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
  const { time, isReissued, remainder, signature, trailing } = frame.body;
  const marks: Marks = [];
  const content = contentOf(frame.body.items, marks);
  const { eventTime, clockState } = judgeClock(time, context.receivedAt);
  return {
    frameId: frameIdOf(frame, context),
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
    signatureState: signatureStateOf(signature, context),
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
    trailing: asBufferOrNull(trailing),
    stacks: content.stacks,
    superCapacitor: content.superCapacitor,
    superCapacitorExtremes: content.superCapacitorExtremes,
    signature: signature === null ? null : signatureRecord(signature),
    terminal: null,
    signals: [],
  };
}
