// A payload told byte by byte: each frame with its flags and every field, each refused stretch with
// what its bytes would say and where that breaks. Places are those of the payload as it was sent,
// escapes included, and every byte lies in exactly one leaf.

import { explained, hexBytes } from '../explain-parts.ts';
import type { Explained } from '../explained.ts';
import type { Outcome } from '../outcome.ts';
import { decodeMessage } from './decode-message.ts';
import { explainContent } from './explain-frame.ts';
import type { Jt808Frame } from './frame.ts';
import { escapeByte, findFlags, flagByte } from './outer-frame.ts';

const frameClause = 'JT/T 808 4.4';

/** One entry for each frame or refused stretch, in the order of the bytes. */
export function explainMessage(payload: Uint8Array): readonly Explained[] {
  let end = 0;
  return decodeMessage(payload).map((outcome) => {
    const start = outcome.bytes.byteOffset - payload.byteOffset;
    const stretch = { payload, start, at: Math.max(start, end), end: start + outcome.bytes.length };
    end = stretch.end;
    return explainOutcome(stretch, outcome);
  });
}

interface Stretch {
  readonly payload: Uint8Array;
  /** Of the outcome, its first flag included. */
  readonly start: number;
  /** The first byte that no entry before has told: behind a flag that both share. */
  readonly at: number;
  readonly end: number;
}

function explainOutcome(stretch: Stretch, { kind, reason, frame }: Outcome<Jt808Frame>): Explained {
  const { at, end } = stretch;
  const expected = reason === null ? null : `${reason.code}: ${reason.detail}`;
  const name = frame === null ? 'refused frame' : `${frame.codec} frame`;
  const verdict = kind === 'reject' ? 'broken' : kind === 'opaque' ? 'opaque' : 'ok';
  const parts = explainStretch(stretch, kind === 'reject');
  return explained({ name, at, end, verdict, expected, parts });
}

/** Bytes before the frame, its flag, its content, its flag, and what was refused with it. */
function explainStretch(stretch: Stretch, isRefused: boolean): readonly Explained[] {
  const { payload, start, at, end } = stretch;
  const found = findFlags(payload.subarray(start, end));
  if (found.open === -1) return [noFrame(stretch, at, end)];
  const open = start + found.open;
  const close = found.close === -1 ? end : start + found.close;
  const parts: Explained[] = [];
  if (open > at) parts.push(skipped(payload, at, open));
  if (open >= at) parts.push(flag(open, 'start'));
  if (close > open + 1) parts.push(...explainSent(payload, open + 1, close));
  if (close < end) parts.push(flag(close, 'end'));
  else if (isRefused) parts.push(missingFlag(end));
  if (close + 1 < end) parts.push(rest(payload, close + 1, end, isRefused));
  return parts;
}

function flag(at: number, name: string): Explained {
  const row = { name, at, end: at + 1, raw: '7e', clause: frameClause };
  return explained({ ...row, meaning: `Flag at the ${name} of the frame.` });
}

function missingFlag(at: number): Explained {
  const expected = 'a flag 7e: the message ends before the frame does';
  const row = { name: 'end', at, end: at, clause: frameClause };
  return explained({ ...row, verdict: 'broken', expected });
}

function skipped(payload: Uint8Array, at: number, end: number): Explained {
  const raw = hexBytes(payload.subarray(at, end));
  const row = { name: 'skipped', at, end, raw, clause: frameClause };
  return explained({ ...row, verdict: 'opaque', meaning: 'Before the flag: of no frame.' });
}

function rest(payload: Uint8Array, at: number, end: number, isRefused: boolean): Explained {
  const raw = hexBytes(payload.subarray(at, end));
  const row = { name: isRefused ? 'rest' : 'skipped', at, end, raw, clause: frameClause };
  if (!isRefused) return explained({ ...row, verdict: 'opaque', meaning: 'Flags of no frame.' });
  const meaning = 'Refused with it: no frame begins here with a flag of its own.';
  return explained({ ...row, verdict: 'broken', meaning, expected: 'no 7e within a frame' });
}

function noFrame({ payload }: Stretch, at: number, end: number): Explained {
  const raw = at === end ? null : hexBytes(payload.subarray(at, end));
  const row = { name: 'start', at, end, raw, clause: frameClause };
  return explained({ ...row, verdict: 'broken', expected: 'a flag 7e, then header, body, check' });
}

/** The content between two flags: un-escaped, told, and its places put back to those as sent. */
function explainSent(payload: Uint8Array, at: number, end: number): readonly Explained[] {
  const opened = openEscapes(payload, at, end);
  return explainContent(opened.content).map((part) => asSent(part, opened));
}

interface Opened {
  readonly content: Uint8Array;
  /** Where each byte of the content was sent; at its length, the end. */
  readonly places: Uint32Array;
  /** Of a 0x7D in the content that escapes nothing; -1 for none. */
  readonly wrongAt: number;
}

/** A 0x7D that escapes nothing stays one, so that the bytes behind it can be told. */
function openEscapes(payload: Uint8Array, at: number, end: number): Opened {
  const content = new Uint8Array(end - at);
  const places = new Uint32Array(end - at + 1);
  let length = 0;
  let wrongAt = -1;
  for (let from = at; from < end; from += 1) {
    const byte = payload[from] as number;
    const next = from + 1 < end ? payload[from + 1] : undefined;
    const isEscape = byte === escapeByte && (next === 0x01 || next === 0x02);
    if (byte === escapeByte && !isEscape && wrongAt === -1) wrongAt = length;
    places[length] = from;
    content[length] = isEscape && next === 0x02 ? flagByte : byte;
    length += 1;
    if (isEscape) from += 1;
  }
  places[length] = end;
  return { content: content.subarray(0, length), places: places.subarray(0, length + 1), wrongAt };
}

function asSent(part: Explained, opened: Opened): Explained {
  const { places, wrongAt } = opened;
  const at = places[part.at] as number;
  const end = places[part.end] as number;
  const parts = part.parts.map((inner) => asSent(inner, opened));
  const isWrong = wrongAt !== -1 && part.at <= wrongAt && wrongAt < part.end;
  if (isWrong) {
    const expected = parts.length > 0 ? part.expected : '7d 01 or 7d 02: 7d alone is no byte';
    return { ...part, at, end, parts, verdict: 'broken', expected };
  }
  const isEscaped = parts.length === 0 && end - at > part.end - part.at;
  const meaning = isEscaped ? `${part.meaning} Sent with an escape.`.trim() : part.meaning;
  return { ...part, at, end, parts, meaning };
}
