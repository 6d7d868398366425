// Split messages: which message a part belongs to, and the whole of all parts. Parts of one message
// have consecutive serials, so that of the first one tells messages apart.

import type { Outcome } from '../outcome.ts';
import { decodeWhole } from './decode-frame.ts';
import { decodeMessage } from './decode-message.ts';
import type { Jt808Frame } from './frame.ts';

export interface PartPlace {
  /** Which message of the vehicle the part belongs to. */
  readonly message: string;
  readonly total: number;
  /** From 1 to total. */
  readonly index: number;
}

/** Null for a whole message, for an encrypted part, and for a part of none that can be whole. */
export function placeOf(frame: Jt808Frame): PartPlace | null {
  const { body, messageId, phone, packetTotal: total, packetIndex: index } = frame;
  if (body.kind !== 'part' || total === null || index === null) return null;
  if (index < 1 || index > total) return null;
  return { message: `${phone}/${messageId}/${firstSerialOf(frame)}/${total}`, total, index };
}

/** Of the first part of the message: serials wrap at 0xFFFF. */
export function firstSerialOf({ serial, packetIndex }: Jt808Frame): number {
  return packetIndex === null ? serial : (serial - packetIndex + 1) & 0xffff;
}

/**
 * The whole, from the bytes of all its parts as they were received, in their order. Refused bytes
 * are those of all parts, which decode as parts again.
 */
export function joinParts(parts: readonly Uint8Array[]): Outcome<Jt808Frame> {
  const frames = parts.flatMap((part) => {
    const [outcome] = decodeMessage(part);
    return outcome?.frame?.body.kind === 'part' ? [outcome.frame] : [];
  });
  const bytes = Buffer.concat(parts);
  const [first] = frames;
  if (first === undefined || frames.length < parts.length) {
    const detail = `${parts.length} parts wanted, found ${frames.length}`;
    const reason = { code: 'body_truncated', offset: 0, detail } as const;
    return { kind: 'reject', frame: null, reason, bytes };
  }
  return decodeWhole(first, Buffer.concat(frames.map(({ bodyBytes }) => bodyBytes)), bytes);
}
