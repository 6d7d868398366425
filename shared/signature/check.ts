// The check of a signed frame (GB/T 32960.3-2025 tables 7 and 8): which key, which scheme, does it
// verify. Knows no policy: what an answer means for the frame is decided where frames are taken in.

import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { KeptLast } from './kept-last.ts';
import type { PublicKey } from './public-key.ts';
import { createSm2Verify } from './sm2.ts';

/** What of a frame is signed, and by what. Views of the payload will do. */
export interface Signed {
  /** Table 8: 1 SM2, 2 RSA, 3 ECC. */
  readonly algorithm: number;
  readonly r: Uint8Array;
  readonly s: Uint8Array;
  /** From the first time byte up to, not including, the marker; of an activation up to its VIN. */
  readonly bytes: Uint8Array;
}

/**
 * - `valid`: one of the vehicle's keys verifies it.
 * - `invalid`: there are keys of its algorithm for this vehicle, and none verifies it.
 * - `unchecked`: no such key, an algorithm that nobody has laid down (ECC, unknown ones), or an
 *   empty block (R and S of no length), as some senders put where they do not sign.
 */
export type SignatureVerdict = 'valid' | 'invalid' | 'unchecked';

/**
 * Total: no bytes make it throw. RSA costs 20 µs; SM2 0.5 ms where a key comes again, else 2 ms.
 */
export type CheckSignature = (signed: Signed, vehicleId: string) => SignatureVerdict;

export interface SignatureKeys {
  /** Of a vehicle; empty where there are none. */
  keysOf(vehicleId: string): readonly PublicKey[];
}

/**
 * A key that a frame brings along (an activation does) is never used: it would prove that the
 * sender has the key's other half, not who the sender is.
 */
export function createSignatureCheck(keys: SignatureKeys): CheckSignature {
  const verifyRsa = createRsaVerify();
  const verifySm2 = createSm2Verify();
  return (signed, vehicleId) => {
    const kind = kindOf(signed);
    if (kind === null) return 'unchecked';
    let verdict: SignatureVerdict = 'unchecked';
    for (const key of keys.keysOf(vehicleId)) {
      if (key.kind !== kind) continue;
      const isValid = key.kind === 'rsa' ? verifyRsa(key, signed) : verifySm2(key, signed);
      if (isValid) return 'valid';
      verdict = 'invalid';
    }
    return verdict;
  };
}

/** Null where there is nothing to check, or no scheme that is known. */
function kindOf({ algorithm, r, s }: Signed): PublicKey['kind'] | null {
  if (r.length === 0 && s.length === 0) return null;
  if (algorithm === 1) return 'sm2';
  return algorithm === 2 ? 'rsa' : null;
}

type RsaKey = Extract<PublicKey, { readonly kind: 'rsa' }>;

/** 2 KiB each. */
const rsaKeysMax = 4096;

/**
 * PKCS#1 v1.5 with SHA-256, the whole signature in R. The standard names neither padding nor hash;
 * these are what senders use.
 */
function createRsaVerify(): (key: RsaKey, signed: Signed) => boolean {
  const parsed = new KeptLast<RsaKey, KeyObject>(rsaKeysMax);
  return (key, { r, s, bytes }) => {
    if (s.length > 0) return false;
    let object = parsed.get(key);
    if (object === undefined) {
      object = createPublicKey({ key: key.spki, format: 'der', type: 'spki' });
      parsed.set(key, object);
    }
    return verify('sha256', bytes, object, r);
  };
}
