// What the broker says of a vehicle's connection becomes a Lifecycle. Pure.

import type { BodyField, Lifecycle } from '../avro/types.generated.ts';
import { placeAt } from '../frame/json/places.ts';
import type { Reason } from '../frame/outcome.ts';
import type { PresenceFrame } from '../frame/presence/frame.ts';
import { blankLifecycle } from './blank-records.ts';
import { asBuffer } from './bytes.ts';
import { judgeClock } from './clock.ts';
import { refuseId } from './identity.ts';
import type { FrameContext, Interpretation } from './interpretation.ts';
import { fitsLong } from './json-content.ts';

export function interpret(
  frame: PresenceFrame,
  _reason: Reason | null,
  context: FrameContext,
): Interpretation {
  const { clientId, bytes } = frame;
  if (clientId !== context.vehicleId) {
    const foreign = refuseId(clientId, context, 0);
    const place = placeAt(bytes, '/clientid', { at: 0, end: bytes.length });
    const offset = place?.at ?? 0;
    if (foreign !== null) return { kind: 'rejection', reason: { ...foreign, offset } };
  }
  return { kind: 'lifecycle', value: toLifecycle(frame, context) };
}

function toLifecycle(frame: PresenceFrame, context: FrameContext): Lifecycle {
  const { event, clientId, connectedAt, disconnectedAt, saidAt } = frame;
  const at = (event === 'connected' ? connectedAt : disconnectedAt) ?? saidAt;
  return {
    ...blankLifecycle,
    frameId: context.hash(frame.bytes),
    origin: context.origin,
    vehicleId: context.vehicleId,
    terminalId: clientId === context.vehicleId ? null : clientId,
    codec: frame.codec,
    event,
    ...clockOf(at, context.receivedAt),
    receivedTime: context.receivedAt,
    signatureState: context.signatureState,
    presence: {
      clientId,
      username: frame.username,
      ipAddress: frame.ipAddress,
      protocol: frame.protocol,
      protocolVersion: frame.protocolVersion,
      keepaliveS: frame.keepaliveS,
      isCleanStart: frame.isCleanStart,
      expiryS: frame.expiryS,
      reason: frame.reason,
      node: frame.node,
    },
    fields: [
      // By these who reads can tell a late word of an old connection from one of the last.
      ...timeFields({ connectedAt, disconnectedAt, saidAt }),
      ...frame.others.map(([name, value]) => fieldOf(name, value)),
    ],
  };
}

function clockOf(at: number | null, receivedAt: number) {
  if (at === null) return { eventTime: receivedAt, clockState: 'absent', deviceTimeRaw: null };
  const raw = asBuffer(Buffer.from(`${at}`, 'latin1'));
  return { ...judgeClock({ raw, epochMs: at }, receivedAt), deviceTimeRaw: raw };
}

function timeFields(times: Readonly<Record<string, number | null>>): BodyField[] {
  return Object.entries(times).flatMap(([path, at]) =>
    at === null ? [] : [{ path, number: at, text: null, bytes: null }],
  );
}

/** A value that is no number and no text is kept as its JSON. */
function fieldOf(path: string, value: unknown): BodyField {
  if (typeof value === 'number' && fitsLong(value)) {
    return { path, number: value, text: null, bytes: null };
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { path, number: null, text, bytes: null };
}
