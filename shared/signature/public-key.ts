// Public keys as they lie in PEM files: RSA and SM2, plain or in a certificate.

import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';

/** Small on purpose: a folder may hold one per car. What checking needs is made from it. */
export type PublicKey =
  | { readonly kind: 'rsa' /** SubjectPublicKeyInfo, DER. */; readonly spki: Buffer }
  | { readonly kind: 'sm2' /** `04`, X and Y in hex. */; readonly point: string };

/** Several keys live side by side while one follows another, or for two algorithms. */
const keysPerFileMax = 4;
/** Below, an RSA key is broken; above, a check costs ever more. */
const rsaBitsMin = 2048;
const rsaBitsMax = 4096;

/** SubjectPublicKeyInfo of an uncompressed point on the SM2 curve, up to the point. */
const sm2Prefix = '3059301306072a8648ce3d020106082a811ccf5501822d034200';

const block = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** All keys of a PEM file. Throws KeyFault, which says what was wanted. */
export function readPublicKeys(pem: string): readonly PublicKey[] {
  const blocks = [...pem.matchAll(block)];
  if (blocks.length === 0) {
    throw new KeyFault(`${wanted}, found no PEM block`);
  }
  if (blocks.length > keysPerFileMax) {
    throw new KeyFault(`want at most ${keysPerFileMax} keys in a file, found ${blocks.length}`);
  }
  return blocks.map(([text, label]) => readBlock(text, label as string));
}

export class KeyFault extends Error {}

const wanted = 'want a PUBLIC KEY or CERTIFICATE block of RSA or SM2';

function readBlock(text: string, label: string): PublicKey {
  // A private key would do to check with; that it lies here is a leak that somebody must hear of.
  if (label.includes('PRIVATE KEY')) throw new KeyFault(`${wanted}, found a private key`);
  if (label !== 'PUBLIC KEY' && label !== 'CERTIFICATE') {
    throw new KeyFault(`${wanted}, found ${label}`);
  }
  const key = parsed(text, label);
  if (key.asymmetricKeyType === 'rsa') return rsaKey(key);
  const spki = exported(key).toString('hex');
  if (spki.startsWith(sm2Prefix)) return sm2Key(spki.slice(sm2Prefix.length));
  const type = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? 'another kind';
  throw new KeyFault(`want an RSA key or an uncompressed point of SM2, found ${type}`);
}

function parsed(text: string, label: string): KeyObject {
  try {
    return label === 'CERTIFICATE' ? new X509Certificate(text).publicKey : createPublicKey(text);
  } catch (error) {
    throw new KeyFault(`${wanted}, found one that cannot be read`, { cause: error });
  }
}

function rsaKey(key: KeyObject): PublicKey {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < rsaBitsMin || bits > rsaBitsMax) {
    throw new KeyFault(`want RSA of ${rsaBitsMin} to ${rsaBitsMax} bits, found ${bits}`);
  }
  return { kind: 'rsa', spki: exported(key) };
}

function sm2Key(point: string): PublicKey {
  if (!isOnCurve(point)) throw new KeyFault('want a point on the SM2 curve, found another');
  return { kind: 'sm2', point };
}

/** The library throws for some points that are none, and says false for others. */
function isOnCurve(point: string): boolean {
  try {
    return sm2.verifyPublicKey(point);
  } catch {
    return false;
  }
}

function exported(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}
