// An MQTT payload to frames: the one entrance to this codec. Total: any bytes are an answer.

import type { Outcome, Reason, RejectCode } from '../outcome.ts';
import { type Decoded, decodeContent } from './decode-frame.ts';
import type { Jt808Frame } from './frame.ts';
import {
  contentMin,
  escapeByte,
  flagByte,
  type OuterFault,
  sentOffset,
  unescaped,
} from './outer-frame.ts';

type Outcomes = readonly Outcome<Jt808Frame>[];

/**
 * The frames of a payload, in the order of the bytes. Split at the flags: each stretch between two
 * of them is a frame or refused. Every byte is in the `bytes` of an outcome: bytes before the first
 * flag, empty pairs and what is too short to be a frame belong to the frame that follows, a flag
 * that two frames share to both. A stretch that shares its flag with one that was refused, or is
 * too short, is refused together with that. Costs in proportion to the payload's length.
 */
export function decodeMessage(payload: Uint8Array): Outcomes {
  if (payload.length === 0) return [lone(payload, 'frame_empty', 'a frame wanted, found no bytes')];
  const draft: Draft = { payload, outcomes: [], refused: null, from: 0, nextEscape: -1 };
  let open = payload.indexOf(flagByte);
  if (open === -1) return [lone(payload, 'frame_start', 'flag 0x7E wanted, found none')];
  for (;;) {
    const close = payload.indexOf(flagByte, open + 1);
    if (close === -1) break;
    if (close > open + 1) takeStretch(draft, open, close);
    open = close;
  }
  takeTail(draft, open);
  return draft.outcomes;
}

interface Draft {
  readonly payload: Uint8Array;
  readonly outcomes: Outcome<Jt808Frame>[];
  /** A refused stretch that others may join. */
  refused: Refused | null;
  /** The first byte that belongs to no outcome yet. */
  from: number;
  /** The first 0x7D at or behind the stretch at hand, so that each is looked for once. */
  nextEscape: number;
}

interface Refused {
  readonly start: number;
  end: number;
  readonly reason: Reason;
  /** Nothing of it was long enough to be a frame. */
  readonly isShort: boolean;
}

function takeStretch(draft: Draft, open: number, close: number): void {
  const sharesFlag = draft.from > open;
  const start = sharesFlag ? open : draft.from;
  const isShort = close - open <= contentMin;
  draft.from = close + 1;
  // Not read at all: the reason of the one that it joins stands.
  if (isShort && draft.refused !== null) {
    draft.refused.end = close + 1;
    return;
  }
  const decoded = decodeStretch(draft, open, close);
  if ('code' in decoded) {
    const reason = { ...decoded, offset: open - start + decoded.offset };
    refuse(draft, { start, end: close + 1, reason, isShort }, sharesFlag);
    return;
  }
  addFrame(draft, decoded, { start, open, close });
}

interface Place {
  readonly start: number;
  readonly open: number;
  readonly close: number;
}

function addFrame(draft: Draft, decoded: Decoded, { start: from, open, close }: Place): void {
  // Bytes that were no frame and too few for one are lead-in bytes of this one.
  const start = draft.refused?.isShort ? draft.refused.start : from;
  if (start < from) draft.refused = null;
  settle(draft);
  const { payload, outcomes } = draft;
  const isAll = start === 0 && close + 1 === payload.length;
  const bytes = isAll ? payload : payload.subarray(start, close + 1);
  const { kind, frame, fault } = decoded;
  if (kind === 'accept') {
    outcomes.push({ kind, frame, reason: null, bytes });
    return;
  }
  // Relative to the stretch: lead-in bytes and the escapes before the fault count too.
  const sent = payload.subarray(open + 1, close);
  const offset = open - start + 1 + sentOffset(sent, fault.at);
  const { code, detail } = fault;
  if (kind === 'opaque') outcomes.push({ kind, frame, reason: { code, offset, detail }, bytes });
  else outcomes.push({ kind, frame, reason: { code, offset, detail }, bytes });
}

/** A decoded frame, its body refused perhaps, or why the stretch is no frame; from its flag on. */
function decodeStretch(draft: Draft, open: number, close: number): Decoded | Reason {
  const { payload } = draft;
  const sent = payload.subarray(open + 1, close);
  if (draft.nextEscape < open && draft.nextEscape !== none) {
    const found = payload.indexOf(escapeByte, open + 1);
    draft.nextEscape = found === -1 ? none : found;
  }
  const firstEscape = draft.nextEscape - open - 1;
  const hasEscapes = draft.nextEscape < close;
  const content = hasEscapes ? unescaped(sent, firstEscape) : sent;
  if ('code' in content) return reasonOf(content, 1 + content.at);
  const decoded = decodeContent(content);
  if (decoded.kind !== 'reject' || isBodyFault(decoded.fault.code)) return decoded;
  return reasonOf(decoded.fault, 1 + sentOffset(sent, decoded.fault.at));
}

/** There is no further 0x7D. */
const none = Number.MAX_SAFE_INTEGER;

function isBodyFault(code: RejectCode): boolean {
  return code === 'body_truncated' || code === 'body_length';
}

function reasonOf(
  { code, detail }: Pick<OuterFault, 'detail'> & { readonly code: RejectCode },
  offset: number,
): Reason {
  return { code, offset, detail };
}

function refuse(draft: Draft, refused: Refused, sharesFlag: boolean): void {
  const { refused: before } = draft;
  if (before?.isShort) {
    // The short one is lead-in bytes, and the reason is that of the longer one.
    const { start, reason } = refused;
    const offset = reason.offset + start - before.start;
    draft.refused = { ...refused, start: before.start, reason: { ...reason, offset } };
    return;
  }
  if (before !== null && sharesFlag) {
    before.end = refused.end;
    return;
  }
  settle(draft);
  draft.refused = refused;
}

/** The refused stretch ends here. */
function settle(draft: Draft): void {
  if (draft.refused === null) return;
  const { start, end, reason } = draft.refused;
  const bytes = draft.payload.subarray(start, end);
  draft.outcomes.push({ kind: 'reject', frame: null, reason, bytes });
  draft.refused = null;
}

/** What the last flag opens, or leaves behind. */
function takeTail(draft: Draft, open: number): void {
  const { payload, from, outcomes } = draft;
  const end = payload.length;
  const sharesFlag = from > open;
  const tailStart = sharesFlag ? open + 1 : from;
  if (open + 1 < end) {
    const reason: Reason = sharesFlag
      ? { code: 'frame_start', offset: 0, detail: 'flag 0x7E wanted, found another byte' }
      : { code: 'frame_truncated', offset: end - tailStart, detail: 'end flag 0x7E wanted' };
    refuse(draft, { start: tailStart, end, reason, isShort: false }, sharesFlag);
    settle(draft);
    return;
  }
  settle(draft);
  if (tailStart === end) return;
  const last = outcomes.pop();
  if (last === undefined) {
    outcomes.push(lone(payload, 'frame_truncated', 'a frame wanted, found flags alone'));
    return;
  }
  // Flags that pair with nothing go with the frame before them.
  const { byteOffset, length } = last.bytes;
  const start = byteOffset - payload.byteOffset;
  outcomes.push({ ...last, bytes: payload.subarray(start, start + length + (end - from)) });
}

function lone(bytes: Uint8Array, code: RejectCode, detail: string): Outcome<Jt808Frame> {
  return { kind: 'reject', frame: null, reason: { code, offset: 0, detail }, bytes };
}
