// A client event of the broker as people and other programs read it.

import type { Outcome, Reason } from '../outcome.ts';
import { decodeMessage } from './decode-message.ts';
import type { PresenceFrame } from './frame.ts';

export interface DescribedMessage {
  readonly frames: readonly DescribedOutcome[];
  /** Always empty: a payload is one event. */
  readonly skippedHex: readonly string[];
}

export interface DescribedOutcome {
  readonly outcome: Outcome<PresenceFrame>['kind'];
  readonly reason: Reason | null;
  /** Null for a rejected frame. */
  readonly frame: object | null;
}

export function describeMessage(payload: Uint8Array): DescribedMessage {
  const frames = decodeMessage(payload).map(({ kind, reason, frame }) => ({
    outcome: kind,
    reason,
    frame: frame === null ? null : described(frame),
  }));
  return { frames, skippedHex: [] };
}

function described({ codec, bytes: _, others, ...said }: PresenceFrame): object {
  return { protocol: codec, data: { ...said, ...Object.fromEntries(others) } };
}
