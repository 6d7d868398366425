// A payload told byte by byte: each frame with every field, each refused stretch with what the
// bytes would say and where that breaks. Every byte lies in exactly one leaf.

import { explained, hexBytes } from '../explain-parts.ts';
import type { Explained } from '../explained.ts';
import type { Outcome } from '../outcome.ts';
import { decodeMessage } from './decode-message.ts';
import { explainFrame } from './explain-frame.ts';
import type { Gb32960Frame } from './frame.ts';
import {
  dataOffset,
  lengthOffset,
  type Message,
  nextStart,
  openMessage,
  overhead,
} from './outer-frame.ts';

/** One entry for each frame or refused stretch, in the order of the bytes. */
export function explainMessage(payload: Uint8Array): readonly Explained[] {
  const message = openMessage(payload);
  let at = 0;
  return decodeMessage(payload).map((outcome) => {
    const from = at;
    at += outcome.bytes.length;
    return explainOutcome(message, outcome, from, at);
  });
}

function explainOutcome(
  message: Message,
  outcome: Outcome<Gb32960Frame>,
  at: number,
  end: number,
): Explained {
  const { kind, reason } = outcome;
  const expected = reason === null ? null : `${reason.code}: ${reason.detail}`;
  if (outcome.kind !== 'reject') {
    const { codec } = outcome.frame;
    const parts = explainFrame(message, at, end);
    const verdict = kind === 'partial' ? 'broken' : kind === 'opaque' ? 'opaque' : 'ok';
    return explained({ name: `${codec} frame`, at, end, verdict, expected, parts });
  }
  const parts = explainRefused(message, at, end);
  return explained({ name: 'refused frame', at, end, verdict: 'broken', expected, parts });
}

/** Skipped bytes, then the broken frame, then what was skipped in search of the next good one. */
function explainRefused(message: Message, at: number, end: number): readonly Explained[] {
  const startAt = fitsExactly(message, at, end) ? at : nextStart(message, at, end);
  if (startAt === end) return [noFrame(message, at, end, 'start')];
  const brokenEnd = endOfBroken(message, startAt, end);
  return [
    ...(startAt === at ? [] : [noFrame(message, at, startAt, 'skipped')]),
    ...explainFrame(message, startAt, brokenEnd),
    ...(brokenEnd === end ? [] : [noFrame(message, brokenEnd, end, 'skipped')]),
  ];
}

/** Whether only the start bytes keep this from being a frame of the length it declares. */
function fitsExactly({ view }: Message, at: number, end: number): boolean {
  if (end - at < overhead) return false;
  return at + overhead + view.getUint16(at + lengthOffset) === end;
}

/** As long as the header says, or all that is left where that does not fit. */
function endOfBroken({ view }: Message, at: number, end: number): number {
  if (end - at < dataOffset) return end;
  return Math.min(end, at + overhead + view.getUint16(at + lengthOffset));
}

function noFrame({ bytes }: Message, at: number, end: number, name: string): Explained {
  return explained({
    name,
    at,
    end,
    raw: at === end ? null : hexBytes(bytes.subarray(at, end)),
    verdict: 'broken',
    clause: 'GB/T 32960.3 table 2',
    meaning: 'Belongs to no frame.',
    expected: 'start bytes 23 23 (2016 edition) or 24 24 (2025 edition)',
  });
}
