// Signs reports of GB/T 32960.3-2025 as a car's chip would: RSA, PKCS#1 v1.5 with SHA-256, the
// whole signature in R. One key for all cars of a run; it is made at start and kept nowhere.

import { generateKeyPairSync, sign } from 'node:crypto';

export interface Signer {
  readonly publicKeyPem: string;
  /** Of the bytes from the first time byte up to the marker of the signature. */
  sign(bytes: Uint8Array): Buffer;
}

const keyBits = 2048;

export function createSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: keyBits });
  return {
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }),
    sign: (bytes) => sign('sha256', bytes, privateKey),
  };
}
