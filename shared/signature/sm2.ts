// SM2 signatures with SM3 over Z and the message (GB/T 32918.2, GM/T 0009: the signer's id is
// 1234567812345678). Not Node's own `verify('sm3', …)`: that is ECDSA on the same curve.

import { sm2 } from 'sm-crypto-v2';
import type { Signed } from './check.ts';
import { KeptLast } from './kept-last.ts';
import type { PublicKey } from './public-key.ts';

type Sm2Key = Extract<PublicKey, { readonly kind: 'sm2' }>;
type PreparedPoint = ReturnType<typeof sm2.precomputePublicKey>;

/** About 100 KiB each where prepared. */
const keysMax = 128;
/** Bits of a step: 4 ms to prepare, then 0.5 ms a check; wider ones cost more than they save. */
const windowBits = 4;
const integerBytes = 32;

/** A check takes 2.3 ms; a key that comes again is prepared, and its checks take 0.5 ms. */
export function createSm2Verify(): (key: Sm2Key, signed: Signed) => boolean {
  const used = new KeptLast<Sm2Key, string | PreparedPoint>(keysMax);
  return (key, { r, s, bytes }) => {
    const signature = hexOf(r, s);
    if (signature === null) return false;
    let point = used.get(key);
    if (point === undefined) used.set(key, key.point);
    if (typeof point === 'string') {
      point = sm2.precomputePublicKey(key.point, windowBits);
      used.set(key, point);
    }
    try {
      return sm2.doVerifySignature(bytes, signature, point ?? key.point, { hash: true });
    } catch {
      // R or S that is no number of the curve.
      return false;
    }
  };
}

/** R and S as 64 hex digits each; null where one is none: GB/T 32918.2 clause 7.1 refuses 0. */
function hexOf(r: Uint8Array, s: Uint8Array): string | null {
  const rHex = integerHex(r);
  const sHex = integerHex(s);
  return rHex === null || sHex === null ? null : rHex + sHex;
}

/** Some senders write integers as DER does: shorter, or with a zero in front. */
function integerHex(bytes: Uint8Array): string | null {
  if (bytes.length > integerBytes + 1) return null;
  const digits = Buffer.from(bytes).toString('hex').replace(/^0+/, '');
  if (digits.length === 0 || digits.length > 2 * integerBytes) return null;
  return digits.padStart(2 * integerBytes, '0');
}
