// The signed frames of the shared vectors, which lie beside the checkout, with the public key that
// lies beside them: all verify over the bytes that the standard says, and none with a bit changed.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { signatureOf, signedBytes } from '#shared/frame/gb32960/read-signature.ts';
import { createSignatureCheck, type Signed } from '#shared/signature/check.ts';
import { readPublicKeys } from '#shared/signature/public-key.ts';

const folder = new URL('../../../../shared/vectors/', import.meta.url);
const skip = existsSync(folder) ? false : 'the shared vectors are not beside the checkout';

interface Vector {
  readonly hex: string;
  readonly expected: { readonly command: number; readonly data: { readonly signature?: Parts } };
}

interface Parts {
  readonly algorithm: { readonly raw: number };
  readonly rHex: string;
  readonly sHex: string;
}

const keyFile = 'gb32960-2025-test-public-key.pem';

function readAll(): readonly Vector[] {
  return JSON.parse(textOf('gb32960-2025.json'));
}

function checker() {
  const keys = readPublicKeys(textOf(keyFile));
  const check = createSignatureCheck({ keysOf: () => keys });
  return (signed: Signed) => check(signed, 'any');
}

test('13 reports and an activation verify, and not with a bit changed', { skip }, () => {
  const check = checker();
  const found: Record<string, number> = {};
  for (const vector of readAll()) {
    const signed = signedOf(vector);
    if (signed === null) continue;
    const verdict = `${vector.expected.command} ${check(signed)}`;
    found[verdict] = (found[verdict] ?? 0) + 1;
    for (const at of [0, 6, signed.bytes.length - 1]) {
      const bytes = Buffer.from(signed.bytes);
      bytes[at] = (bytes[at] as number) ^ 0x10;
      assert.notEqual(check({ ...signed, bytes }), 'valid');
    }
  }
  // Three SM2 blocks are empty or filler, and there is no SM2 key.
  assert.deepEqual(found, { '2 valid': 13, '9 valid': 1, '2 unchecked': 2, '9 unchecked': 1 });
});

test('what a decoded frame says was signed verifies; a changed header does not matter', {
  skip,
}, () => {
  const check = checker();
  const found: Record<string, number> = {};
  for (const { hex } of readAll()) {
    const payload = Buffer.from(hex, 'hex');
    const verdict = verdictOf(check, payload);
    if (verdict === null) continue;
    found[verdict] = (found[verdict] ?? 0) + 1;
    // Another VIN, and the check byte that belongs to it.
    for (const at of [4, payload.length - 1]) payload[at] = (payload[at] as number) ^ 1;
    assert.equal(verdictOf(check, payload), verdict);
  }
  // Two of the 13 come to no signature: an item without a layout before it, a wrong check byte.
  assert.deepEqual(found, { '2 valid': 11, '9 valid': 1, '2 unchecked': 2, '9 unchecked': 1 });
});

/** Null for a frame without a signature, or none. */
function verdictOf(check: ReturnType<typeof checker>, payload: Buffer): string | null {
  const [outcome] = decodeMessage(payload);
  const signature = outcome?.frame ? signatureOf(outcome.frame.body) : null;
  if (!outcome?.frame || signature === null) return null;
  return `${outcome.frame.command} ${check({ ...signature, bytes: signedBytes(outcome.frame) })}`;
}

/**
 * By the place of R in the frame: before it stand algorithm and marker (none in an activation).
 * In one report an item without a layout hides the signature from a decoder, not from the key.
 */
function signedOf({ hex, expected }: Vector): Signed | null {
  const frame = Buffer.from(hex, 'hex');
  const { algorithm, rHex, sHex } = expected.data.signature ?? hiddenIn(frame);
  const [r, s] = [Buffer.from(rHex, 'hex'), Buffer.from(sHex, 'hex')];
  const head = Buffer.from([algorithm.raw, r.length >> 8, r.length & 0xff]);
  const marker = Buffer.from(expected.command === 0x09 ? [] : [0xff]);
  const end = frame.lastIndexOf(Buffer.concat([marker, head, r]));
  if (end < dataAt) return null;
  return { algorithm: algorithm.raw, r, s, bytes: frame.subarray(dataAt, end) };
}

/** R of 256 bytes, S of none, check byte: how the sender's RSA reports end. */
function hiddenIn(frame: Buffer): Parts {
  return { algorithm: { raw: 2 }, rHex: frame.subarray(-259, -3).toString('hex'), sHex: '' };
}

const dataAt = 24;

function textOf(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}
