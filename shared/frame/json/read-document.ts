// A payload that is one JSON document, checked on its bytes and then built: the way in for codecs
// whose JSON is not the envelope.

import type { Reason } from '../outcome.ts';
import { exactText } from './exact-text.ts';
import { withPointer } from './faults.ts';
import type { JsonLimits } from './limits.ts';
import { scanJson } from './scan.ts';

export type ReadDocument =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'fault'; readonly reason: Reason };

/** An integer beyond 2^53 - 1 is read as a text of its digits. Total. */
export function readDocument(payload: Uint8Array, limits: JsonLimits): ReadDocument {
  if (payload.length === 0) {
    const detail = 'a frame wanted, found no bytes';
    return { kind: 'fault', reason: { code: 'frame_empty', offset: 0, detail } };
  }
  const scanned = scanJson(payload, limits);
  const reason = scanned.kind === 'fault' ? scanned.reason : scanned.documents[0]?.fault;
  if (reason) return { kind: 'fault', reason: withPointer(payload, 0, reason) };
  if (scanned.kind === 'fault') return scanned;
  const wideIntegers = scanned.documents[0]?.wideIntegers ?? [];
  const text = exactText(payload, { at: 0, end: payload.length, wideIntegers });
  return { kind: 'value', value: JSON.parse(text) };
}
