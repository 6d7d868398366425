// An MQTT payload to frames: the one entrance to this codec. Total: any bytes are an answer, and
// every byte of the payload is in the `bytes` of exactly one outcome.

import type { Outcome } from '../outcome.ts';
import { decodeFrame } from './decode-frame.ts';
import type { Gb32960Frame } from './frame.ts';
import { faultOf, frameEnd, isFrame, type Message, nextFrame, openMessage } from './outer-frame.ts';

/**
 * The frames of a payload, in the order of the bytes. Bytes that are no frame, up to the next good
 * one or the end, are one rejected outcome; an empty payload is one too. Costs in proportion to the
 * payload's length, whatever it holds. Outcomes hold views into the payload.
 */
export function decodeMessage(payload: Uint8Array): readonly Outcome<Gb32960Frame>[] {
  if (payload.length === 0) return [emptyPayload(payload)];
  const message = openMessage(payload);
  const outcomes: Outcome<Gb32960Frame>[] = [];
  let at = 0;
  while (at < payload.length) {
    if (!isFrame(message, at)) {
      const end = nextFrame(message, at + 1);
      outcomes.push(refused(message, at, end));
      at = end;
      continue;
    }
    const end = frameEnd(message, at);
    outcomes.push(decodeFrame(message, at, end));
    at = end;
  }
  return outcomes;
}

function refused(message: Message, at: number, end: number): Outcome<Gb32960Frame> {
  const bytes = message.bytes.subarray(at, end);
  return { kind: 'reject', frame: null, reason: faultOf(message, at, end), bytes };
}

function emptyPayload(payload: Uint8Array): Outcome<Gb32960Frame> {
  const reason = {
    code: 'frame_empty',
    offset: 0,
    detail: 'a frame wanted, found no bytes',
  } as const;
  return { kind: 'reject', frame: null, reason, bytes: payload };
}
