// A payload as people and other programs read it: each frame with its outcome, and the bytes that
// belong to none. The same outcomes as those of the bridge, which refuses such bytes as well.

import type { Outcome, Reason } from '../outcome.ts';
import { decodeMessage } from './decode-message.ts';
import { type DescribedFrame, describeFrame } from './describe-frame.ts';
import type { Gb32960Frame } from './frame.ts';
import {
  faultOf,
  lengthOffset,
  type Message,
  nextStart,
  openMessage,
  overhead,
} from './outer-frame.ts';

export interface DescribedMessage {
  /** In the order of the bytes; never empty. */
  readonly frames: readonly DescribedOutcome[];
  /** Stretches of bytes that belong to no frame, in their order. */
  readonly skippedHex: readonly string[];
}

export interface DescribedOutcome {
  readonly outcome: Outcome<Gb32960Frame>['kind'];
  readonly reason: Reason | null;
  /** Null for a rejected frame. */
  readonly frame: DescribedFrame | null;
}

/**
 * Every byte of the payload is in exactly one frame or one skipped stretch. A refused stretch is
 * parted in three: bytes before its first two start bytes are skipped; there the broken frame
 * begins, as long as its header says, or all that is left where that does not fit the stretch; what
 * is left behind it was skipped in search of the next good frame. A payload without a frame and
 * without start bytes is one rejected frame.
 */
export function describeMessage(payload: Uint8Array): DescribedMessage {
  const draft: Draft = { message: openMessage(payload), frames: [], skippedHex: [] };
  const outcomes = decodeMessage(payload);
  let at = 0;
  for (const outcome of outcomes) {
    const end = at + outcome.bytes.length;
    if (outcome.kind !== 'reject') addFrame(draft, outcome);
    else addRefused(draft, outcome, { at, end, isAlone: outcomes.length === 1 });
    at = end;
  }
  return { frames: draft.frames, skippedHex: draft.skippedHex };
}

interface Draft {
  readonly message: Message;
  readonly frames: DescribedOutcome[];
  readonly skippedHex: string[];
}

type Refused = Extract<Outcome<Gb32960Frame>, { readonly kind: 'reject' }>;
type Read = Exclude<Outcome<Gb32960Frame>, Refused>;

function addFrame({ frames }: Draft, { kind, reason, frame }: Read): void {
  frames.push({ outcome: kind, reason, frame: describeFrame(frame, reason) });
}

interface Stretch {
  readonly at: number;
  readonly end: number;
  /** It is all that the payload holds. */
  readonly isAlone: boolean;
}

function addRefused(draft: Draft, { reason }: Refused, { at, end, isAlone }: Stretch): void {
  const startAt = nextStart(draft.message, at, end);
  if (startAt === end && isAlone) {
    draft.frames.push({ outcome: 'reject', reason, frame: null });
    return;
  }
  skip(draft, at, startAt);
  if (startAt === end) return;
  const fault = startAt === at ? reason : faultOf(draft.message, startAt, end);
  draft.frames.push({ outcome: 'reject', reason: fault, frame: null });
  skip(draft, brokenEnd(draft.message, startAt, end), end);
}

/** Where the broken frame at `at` ends, in a stretch that ends at `end`. */
function brokenEnd({ view }: Message, at: number, end: number): number {
  if (end - at < overhead) return end;
  const declared = at + overhead + view.getUint16(at + lengthOffset);
  return Math.min(declared, end);
}

function skip({ message, skippedHex }: Draft, from: number, to: number): void {
  if (from === to) return;
  const { buffer, byteOffset } = message.bytes;
  skippedHex.push(Buffer.from(buffer, byteOffset + from, to - from).toString('hex'));
}
