// Signers of tests: keys made anew each time, and the PEM files of their public halves.

import { generateKeyPairSync, sign } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import type { Signed } from '#shared/signature/check.ts';

export interface Signer {
  /** Of its public key. */
  readonly pem: string;
  sign(bytes: Uint8Array): Signed;
}

export function rsaSigner(modulusLength = 2048): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const none = new Uint8Array(0);
  return {
    pem,
    sign: (bytes) => ({ algorithm: 2, r: sign('sha256', bytes, privateKey), s: none, bytes }),
  };
}

export function sm2Signer(): Signer {
  const { publicKey, privateKey } = sm2.generateKeyPairHex();
  return {
    pem: sm2Pem(publicKey),
    sign: (bytes) => {
      const hex = sm2.doSignature(bytes, privateKey, { hash: true, publicKey });
      const [r, s] = [hex.slice(0, 64), hex.slice(64)].map((part) => Buffer.from(part, 'hex'));
      return { algorithm: 1, r: r as Buffer, s: s as Buffer, bytes };
    },
  };
}

/** Of `04`, X and Y in hex: SubjectPublicKeyInfo, as OpenSSL writes it. */
export function sm2Pem(point: string): string {
  const spki = Buffer.from(`3059301306072a8648ce3d020106082a811ccf5501822d034200${point}`, 'hex');
  return pemOf('PUBLIC KEY', spki);
}

export function pemOf(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
