// Reasons that name a value of JSON by its pointer and its byte.

import type { Reason, RejectCode } from '../outcome.ts';
import { placeAt, pointerAt } from './places.ts';

/** A fault of the value at a pointer, in a payload that is one document. */
export function faultOf(
  bytes: Uint8Array,
  code: RejectCode,
  { pointer, detail }: { readonly pointer: string; readonly detail: string },
): Reason {
  const place = placeAt(bytes, pointer, { at: 0, end: bytes.length });
  return { code, offset: place?.at ?? 0, detail: told(pointer, detail) };
}

/** The same reason with the pointer of its byte, in a document that begins at `at`. */
export function withPointer(bytes: Uint8Array, at: number, reason: Reason): Reason {
  const { code, offset, detail } = reason;
  return { code, offset, detail: told(pointerAt(bytes, at, offset), detail) };
}

/** Pointers of hostile keys may be long; the offset says the place all the same. */
const pointerLengthMax = 200;

function told(pointer: string, detail: string): string {
  if (pointer === '') return detail;
  const isLong = pointer.length > pointerLengthMax;
  return `${isLong ? `${pointer.slice(0, pointerLengthMax)}…` : pointer}: ${detail}`;
}
