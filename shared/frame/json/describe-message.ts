// A payload of JSON as people and other programs read it: each envelope with its outcome.

import type { Outcome, Reason } from '../outcome.ts';
import { decodeMessage } from './decode-message.ts';
import type { Envelope, JsonFrame } from './envelope.ts';

export interface DescribedMessage {
  /** In the order of the bytes; never empty. */
  readonly frames: readonly DescribedOutcome[];
  /** Always empty: what is around envelopes is punctuation. */
  readonly skippedHex: readonly string[];
}

export interface DescribedOutcome {
  readonly outcome: Outcome<JsonFrame>['kind'];
  readonly reason: Reason | null;
  /** Null for a rejected frame. */
  readonly frame: { readonly protocol: string; readonly envelope: Envelope } | null;
}

export function describeMessage(payload: Uint8Array): DescribedMessage {
  const frames = decodeMessage(payload).map(({ kind, reason, frame }) => ({
    outcome: kind,
    reason,
    frame: frame === null ? null : { protocol: frame.codec, envelope: frame.envelope },
  }));
  return { frames, skippedHex: [] };
}
