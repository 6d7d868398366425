// The signed frames of the shared vectors, which lie beside the checkout, with the public key that
// lies beside them: all verify over the bytes that the standard says, and none with a bit changed.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
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

test('13 reports and an activation of the vectors verify, and not with a bit changed', {
  skip,
}, () => {
  const keys = readPublicKeys(textOf('gb32960-2025-test-public-key.pem'));
  const check = createSignatureCheck({ keysOf: () => keys });
  const vectors: readonly Vector[] = JSON.parse(textOf('gb32960-2025.json'));
  const found: Record<string, number> = {};
  for (const vector of vectors) {
    const signed = signedOf(vector);
    if (signed === null) continue;
    const { command } = vector.expected;
    const verdict = `${command} ${check(signed, 'any')}`;
    found[verdict] = (found[verdict] ?? 0) + 1;
    for (const at of [0, 6, signed.bytes.length - 1]) {
      const bytes = Buffer.from(signed.bytes);
      bytes[at] = (bytes[at] as number) ^ 0x10;
      assert.notEqual(check({ ...signed, bytes }, 'any'), 'valid');
    }
  }
  // Three SM2 blocks are empty or filler, and there is no SM2 key.
  assert.deepEqual(found, { '2 valid': 13, '9 valid': 1, '2 unchecked': 2, '9 unchecked': 1 });
});

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
