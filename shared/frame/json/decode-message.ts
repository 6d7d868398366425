// An MQTT payload of JSON to frames: the one entrance to this codec. Total: any bytes are an
// answer. Bytes are checked before anything is built from them.

import type { Outcome, Reason } from '../outcome.ts';
import type { Envelope, JsonFrame } from './envelope.ts';
import { exactText, textOf } from './exact-text.ts';
import { faultOf, withPointer } from './faults.ts';
import { envelopeLimits } from './limits.ts';
import { type ScannedDocument, scanJson } from './scan.ts';
import { envelopeFault, foundName } from './schema.ts';

/** The version that this codec reads. */
export const envelopeVersion = 1;

/**
 * One frame, or one for each envelope of an array: a wrong one leaves its neighbours be. What is no
 * JSON, or breaks a limit, is one refused frame as a whole. Costs in proportion to the payload's
 * length. The brackets, commas and space around the envelopes of an array belong to none of them.
 */
export function decodeMessage(payload: Uint8Array): readonly Outcome<JsonFrame>[] {
  if (payload.length === 0) {
    return [refused(payload, { code: 'frame_empty', offset: 0, detail: emptyDetail })];
  }
  const scanned = scanJson(payload, envelopeLimits);
  if (scanned.kind === 'fault') return [refused(payload, withPointer(payload, 0, scanned.reason))];
  const { documents, isArray } = scanned;
  if (documents.length === 0) {
    const detail = 'at least one envelope wanted, found an empty array';
    return [refused(payload, { code: 'json_schema', offset: 0, detail })];
  }
  return documents.map((document) => {
    // Alone it owns the space around it, so that a payload and its frame are the same bytes.
    const bytes = isArray ? payload.subarray(document.at, document.end) : payload;
    return decodeDocument(bytes, { document, base: isArray ? document.at : 0 });
  });
}

const emptyDetail = 'a frame wanted, found no bytes';
interface Origin {
  readonly document: ScannedDocument;
  /** Of `bytes` in the payload. */
  readonly base: number;
}

function decodeDocument(bytes: Uint8Array, { document, base }: Origin): Outcome<JsonFrame> {
  if (document.fault !== null) {
    const { code, offset, detail } = document.fault;
    const at = document.at - base;
    return refused(bytes, withPointer(bytes, at, { code, offset: offset - base, detail }));
  }
  const text = textOf(bytes, 0, bytes.length);
  const value: unknown = JSON.parse(text);
  const version = versionFault(value);
  if (version !== null)
    return refused(bytes, faultOf(bytes, 'json_version', { pointer: '/v', detail: version }));
  const wrong = envelopeFault(value);
  if (wrong !== null) {
    return refused(bytes, faultOf(bytes, 'json_schema', wrong));
  }
  const wideIntegers = document.wideIntegers.map((offset) => offset - base);
  const range = { at: 0, end: bytes.length, wideIntegers };
  // Built a second time for the few that hold integers which a double would change.
  const exact = wideIntegers.length === 0 ? value : JSON.parse(exactText(bytes, range));
  const frame: JsonFrame = { codec: 'json-1', envelope: exact as Envelope, bytes };
  return { kind: 'accept', frame, reason: null, bytes };
}

/** Null also where the schema says better what is wrong. */
function versionFault(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'v')) return null;
  const version = (value as { readonly v: unknown }).v;
  if (version === envelopeVersion) return null;
  return `version ${envelopeVersion} of the envelope wanted, found ${foundName(version)}`;
}

function refused(bytes: Uint8Array, reason: Reason): Outcome<JsonFrame> {
  return { kind: 'reject', frame: null, reason, bytes };
}
