// The signature that ends a report or an activation of GB/T 32960.3-2025 (table 8).
//
//   signature = algorithm(1) rLength(2) r(rLength) sLength(2) s(sLength)

import type { Body, Gb32960Frame, Signature } from './frame.ts';

/** Null where it does not fit between `at` and `end`. Both lengths may be 0. */
export function readSignature(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): Signature | null {
  if (end - at < 3) return null;
  const rAt = at + 3;
  const rEnd = rAt + view.getUint16(at + 1);
  if (end - rEnd < 2) return null;
  const sAt = rEnd + 2;
  const sEnd = sAt + view.getUint16(rEnd);
  if (sEnd > end) return null;
  return {
    algorithm: bytes[at] as number,
    r: bytes.subarray(rAt, rEnd),
    s: bytes.subarray(sAt, sEnd),
  };
}

export function signatureSize({ r, s }: Signature): number {
  return 5 + r.length + s.length;
}

/** Bytes that a signature from `at` on needs, as far as its lengths can be read. */
export function wantedSignatureSize(
  view: DataView,
  { at, end }: { readonly at: number; readonly end: number },
): number {
  if (end - at < 3) return 5;
  const rEnd = at + 3 + view.getUint16(at + 1);
  const sLength = end - rEnd < 2 ? 0 : view.getUint16(rEnd);
  return rEnd - at + 2 + sLength;
}

/** Null where the frame carries none. */
export function signatureOf(body: Body): Signature | null {
  return body.kind === 'report' || body.kind === 'activation' ? body.signature : null;
}

/**
 * The bytes over which the signature of a frame is made: its data unit from the first time byte up
 * to the marker 0xFF, which an activation does not have. Header and check byte are not signed. All
 * of the data unit where there is no signature.
 */
export function signedBytes({ body, dataUnit }: Gb32960Frame): Uint8Array {
  if (body.kind !== 'report' && body.kind !== 'activation') return dataUnit;
  const { kind, signature, trailing } = body;
  if (signature === null) return dataUnit;
  const markerSize = kind === 'report' ? 1 : 0;
  const tailSize = markerSize + signatureSize(signature) + (trailing?.length ?? 0);
  return dataUnit.subarray(0, dataUnit.length - tailSize);
}
