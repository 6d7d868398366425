// A payload of the gateway as people and other programs read it: as the frame that it was.

import { type DescribedMessage, describeFrame } from '../jt808/describe-message.ts';
import { decodeMessage } from './decode-message.ts';

export function describeMessage(payload: Uint8Array): DescribedMessage {
  const frames = decodeMessage(payload).map(({ kind, reason, frame }) => ({
    outcome: kind,
    reason,
    frame: frame === null ? null : { ...describeFrame(frame), protocol: frame.codec },
  }));
  return { frames, skippedHex: [] };
}
