// Composed JT/T 808 messages, and the way from their bytes to records.

import assert from 'node:assert/strict';
import { deviceTimeOf } from '#shared/frame/jt808/bcd.ts';
import { decodeMessage } from '#shared/frame/jt808/decode-message.ts';
import type { BodyInput, LocationInput } from '#shared/frame/jt808/encode-body.ts';
import { buildFrame, type FrameInput } from '#shared/frame/jt808/encode-frame.ts';
import type { FrameContext, Interpretation } from '#shared/telemetry/interpretation.ts';
import { interpret } from '#shared/telemetry/jt808.ts';
import { receivedAt } from './sample-frames.ts';

export { receivedAt };
export const phone = '13900000001';
export const vehicleId = 'LTESTVN0000000001';
export const time = deviceTimeOf(receivedAt - 1000);

export const basic: LocationInput & { readonly kind: 'location' } = {
  kind: 'location',
  alarm: 0,
  status: 0x0008_0003,
  latitude: 31_230_416,
  longitude: 121_473_701,
  altitude: 12,
  speed: 723,
  direction: 90,
  time,
};

export function frameOf(messageId: number, body: object, header: Partial<FrameInput> = {}): Buffer {
  return buildFrame({ messageId, phone, serial: 7, body: body as BodyInput, ...header });
}

/** The content itself, so that tests see what a frameId is made of. */
export function contextOf(change: Partial<FrameContext> = {}): FrameContext {
  return {
    vehicleId,
    receivedAt,
    origin: { bridge: 'b', epoch: 1, sequence: 1 },
    identity: 'strict',
    signatureState: 'absent',
    hash: (content, more) => Buffer.concat(more === undefined ? [content] : [content, more]),
    ...change,
  };
}

/** The records of the one frame of a payload. */
export function interpretPayload(
  payload: Buffer,
  change: Partial<FrameContext> = {},
): readonly Interpretation[] {
  const [outcome, ...others] = decodeMessage(payload);
  assert.ok(outcome !== undefined && outcome.frame !== null && others.length === 0, 'one frame');
  const interpreted = interpret(outcome.frame, outcome.reason, contextOf(change));
  return Symbol.iterator in interpreted ? [...interpreted] : [interpreted];
}
