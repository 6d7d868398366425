// A payload of the gateway as people and other programs read it: as the frame that it was.

import { type DescribedFrame, describeFrame } from '../gb32960/describe-frame.ts';
import type { Gb32960Frame } from '../gb32960/frame.ts';
import type { Outcome, Reason } from '../outcome.ts';
import { decodeMessage } from './decode-message.ts';

export interface DescribedMessage {
  readonly frames: readonly DescribedOutcome[];
  /** Always empty: a payload is one frame. */
  readonly skippedHex: readonly string[];
}

export interface DescribedOutcome {
  readonly outcome: Outcome<Gb32960Frame>['kind'];
  readonly reason: Reason | null;
  /** Null for a rejected frame. */
  readonly frame: DescribedFrame | null;
}

export function describeMessage(payload: Uint8Array): DescribedMessage {
  const frames = decodeMessage(payload).map(({ kind, reason, frame }) => ({
    outcome: kind,
    reason,
    frame: frame === null ? null : describeFrame(frame, reason),
  }));
  return { frames, skippedHex: [] };
}
