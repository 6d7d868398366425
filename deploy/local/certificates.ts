// Certificates for the stack's TLS: an authority of our own and what it signs, made on the fly with
// Node alone. Short-lived, on elliptic curves, for loopback; nothing here is for production.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface Identity {
  /** Common name of the subject. */
  readonly name: string;
  readonly certPem: string;
  /** PKCS #8. */
  readonly keyPem: string;
}

export interface Authority {
  readonly certPem: string;
  /** Signs a certificate for 127.0.0.1 and localhost that will do for servers and clients. */
  issue(name: string): Identity;
}

export function createAuthority(name: string): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const issuer = { name, key: keys.privateKey };
  const certPem = certificate({ issuer, subject: name, publicKey: keys.publicKey, isCa: true });
  return {
    certPem,
    issue(subject) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      return {
        name: subject,
        certPem: certificate({ issuer, subject, publicKey, isCa: false }),
        keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

interface Wanted {
  readonly issuer: { readonly name: string; readonly key: KeyObject };
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly isCa: boolean;
}

const dayMs = 86_400_000;
// Positive, as RFC 5280 section 4.1.2.2 asks: the first bit stays clear.
const serialBytes = 15;

/**
 * RFC 5280 section 4.1: Certificate = SEQUENCE { tbsCertificate, signatureAlgorithm, signature },
 * TBSCertificate = SEQUENCE { [0] version, serialNumber, signature, issuer, validity, subject,
 *   subjectPublicKeyInfo, [3] extensions }
 */
function certificate({ issuer, subject, publicKey, isCa }: Wanted): string {
  const body = sequence(
    der(0xa0, integer(2)),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(serialBytes)])),
    ecdsaWithSha256,
    nameOf(issuer.name),
    sequence(utcTime(Date.now() - dayMs), utcTime(Date.now() + 30 * dayMs)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(isCa ? basicConstraints : subjectAltName)),
  );
  const signature = sign('sha256', body, issuer.key);
  const whole = sequence(body, ecdsaWithSha256, der(0x03, Buffer.concat([zero, signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

const zero = Buffer.from([0]);
// 1.2.840.10045.4.3.2, 2.5.4.3, 2.5.29.19 and 2.5.29.17.
const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'));
const commonName = objectId('550403');
const basicConstraints = sequence(
  objectId('551d13'),
  der(0x01, Buffer.from([0xff])),
  octets(sequence(der(0x01, Buffer.from([0xff])))),
);
// dNSName is [2], iPAddress [7].
const subjectAltName = sequence(
  objectId('551d11'),
  octets(sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])))),
);

function nameOf(name: string): Buffer {
  return sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))));
}

function utcTime(at: number): Buffer {
  const digits = new Date(at).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function integer(value: number): Buffer {
  return der(0x02, Buffer.from([value]));
}

function octets(content: Buffer): Buffer {
  return der(0x04, content);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

/** Tag, length, value; a length from 128 on is led by the count of its own bytes. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...long]), content]);
}
