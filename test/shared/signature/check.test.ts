// Signatures as cars send them: what verifies, what does not, and what nobody can check.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSignatureCheck, type Signed } from '#shared/signature/check.ts';
import { readPublicKeys } from '#shared/signature/public-key.ts';
import { rsaSigner, type Signer, sm2Pem, sm2Signer } from './signers.ts';

const bytes = Buffer.from('1a050b1d0a2c01010301000100002710', 'hex');
const rsa = rsaSigner();
const sm2 = sm2Signer();

function checkWith(...pems: readonly string[]) {
  const keys = pems.flatMap((pem) => readPublicKeys(pem));
  const check = createSignatureCheck({ keysOf: () => keys });
  return (signed: Signed) => check(signed, 'FWSIGN00000000001');
}

const signers: readonly (readonly [string, Signer])[] = [
  ['RSA', rsa],
  ['SM2', sm2],
];

for (const [name, signer] of signers) {
  test(`${name}: what the key signed is valid, and not with one bit changed anywhere`, () => {
    const check = checkWith(signer.pem);
    const signed = signer.sign(bytes);
    assert.equal(check(signed), 'valid');
    for (const part of ['bytes', 'r', 's'] as const) {
      for (let at = 0; at < signed[part].length; at += Math.ceil(signed[part].length / 8)) {
        const changed = Buffer.from(signed[part]);
        changed[at] = (changed[at] as number) ^ (1 << (at % 8));
        assert.equal(check({ ...signed, [part]: changed }), 'invalid', `${part} at ${at}`);
      }
    }
  });

  test(`${name}: another key of the same kind makes it invalid, one of another kind leaves it unchecked`, () => {
    const signed = signer.sign(bytes);
    const [other, stranger] = name === 'RSA' ? [rsaSigner(), sm2] : [sm2Signer(), rsa];
    assert.equal(checkWith(other.pem)(signed), 'invalid');
    assert.equal(checkWith(stranger.pem)(signed), 'unchecked');
    assert.equal(checkWith()(signed), 'unchecked');
  });

  test(`${name}: while one key follows another, both verify`, () => {
    const next = name === 'RSA' ? rsaSigner() : sm2Signer();
    const check = checkWith(signer.pem + next.pem);
    assert.equal(check(signer.sign(bytes)), 'valid');
    assert.equal(check(next.sign(bytes)), 'valid');
  });
}

// GM/T 0003.5-2012 annex A.2: message, key and signature as printed there.
test('SM2: the example of the standard verifies', () => {
  const point =
    '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
    'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13';
  const signed = {
    algorithm: 1,
    r: Buffer.from('f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3', 'hex'),
    s: Buffer.from('b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa', 'hex'),
    bytes: Buffer.from('message digest'),
  };
  const check = checkWith(sm2Pem(point));
  // The third time the key is prepared: the same must come out.
  for (let time = 0; time < 3; time += 1) {
    assert.equal(check(signed), 'valid');
    assert.equal(check({ ...signed, bytes: Buffer.from('message digesT') }), 'invalid');
    assert.equal(check({ ...signed, r: signed.s, s: signed.r }), 'invalid');
  }
});

test('SM2: integers may be shorter or carry a zero in front, as DER writes them', () => {
  const check = checkWith(sm2.pem);
  for (let index = 0; index < 40; index += 1) {
    const signed = sm2.sign(Buffer.from([index]));
    const zero = Buffer.from([0]);
    const { r, s } = signed;
    assert.equal(check({ ...signed, r: Buffer.concat([zero, r]) }), 'valid');
    if (r[0] === 0) assert.equal(check({ ...signed, r: r.subarray(1) }), 'valid');
    assert.equal(check({ ...signed, s: Buffer.concat([zero, zero, s]) }), 'invalid');
  }
});

test('SM2: numbers that are none of the curve are invalid', () => {
  const check = checkWith(sm2.pem);
  const signed = sm2.sign(bytes);
  const order = 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123';
  for (const hex of ['00', '00'.repeat(32), order, 'ff'.repeat(32), 'ff'.repeat(33)]) {
    const number = Buffer.from(hex, 'hex');
    assert.equal(check({ ...signed, r: number }), 'invalid', `R ${hex}`);
    assert.equal(check({ ...signed, s: number }), 'invalid', `S ${hex}`);
  }
});

test('RSA: something in S, or an R of another length than the key, is invalid', () => {
  const check = checkWith(rsa.pem);
  const signed = rsa.sign(bytes);
  assert.equal(check({ ...signed, s: Buffer.from([1]) }), 'invalid');
  assert.equal(check({ ...signed, r: signed.r.subarray(1) }), 'invalid');
  assert.equal(check({ ...signed, r: Buffer.concat([signed.r, Buffer.alloc(1)]) }), 'invalid');
});

test('an empty block, ECC and algorithms that nobody has laid down are unchecked', () => {
  const check = checkWith(rsa.pem, sm2.pem);
  const none = new Uint8Array(0);
  for (const algorithm of [1, 2, 3]) {
    assert.equal(check({ algorithm, r: none, s: none, bytes }), 'unchecked');
  }
  for (const algorithm of [0, 3, 4, 255]) {
    assert.equal(check({ ...rsa.sign(bytes), algorithm }), 'unchecked');
  }
});

test('any bytes in R and S come to an answer', () => {
  const check = checkWith(rsa.pem, sm2.pem);
  const part = fc.uint8Array({ maxLength: 300 });
  const any = fc.record({ algorithm: fc.constantFrom(1, 2), r: part, s: part, bytes: part });
  fc.assert(
    fc.property(any, (signed) => {
      const isEmpty = signed.r.length + signed.s.length === 0;
      assert.equal(check(signed), isEmpty ? 'unchecked' : 'invalid');
    }),
    { seed: 2025, numRuns: 300 },
  );
});
