// GBK texts and BCD digits: what is read, what stands for what is none, and what cannot be written.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  deviceTimeOf,
  digitsOfInstant,
  epochMsOf,
  isBcd,
  pack,
  unpack,
} from '#shared/frame/jt808/bcd.ts';
import { encodeText, readText } from '#shared/frame/jt808/gbk.ts';

const read = (bytes: Uint8Array, padding?: 'zerosAndSpaces') =>
  readText(bytes, { at: 0, end: bytes.length }, padding);

test('reads GBK and strips 0x00 at both ends, spaces only on demand', () => {
  assert.equal(read(Buffer.from('00b2e241383838383838000000', 'hex')), '测A888888');
  const padded = Buffer.from(' BSJ \0 ');
  assert.equal(read(padded), ' BSJ \0 ');
  assert.equal(read(padded, 'zerosAndSpaces'), ' BSJ');
  assert.equal(read(Buffer.alloc(5)), '');
  assert.equal(read(Buffer.from('a'.repeat(200))), 'a'.repeat(200));
});

test('marks what is no GBK, and never throws', () => {
  assert.equal(read(Buffer.of(0x41, 0xff)), 'A\ufffd');
  for (let byte = 0; byte < 256; byte += 1) {
    assert.equal(typeof read(Buffer.of(byte, 0x30, byte)), 'string');
  }
});

test('writes what it reads, and refuses characters that GBK has not', () => {
  for (const text of ['张三', '沪A00001', '中华人民共和国道路运输从业人员从业资格证', '€']) {
    assert.equal(read(encodeText(text)), text);
  }
  assert.throws(() => encodeText('🚗'), /characters of GBK wanted/);
});

test('reads a time in GMT+8', () => {
  assert.equal(epochMsOf(pack('200721183000'), 0), Date.UTC(2020, 6, 21, 10, 30));
  const now = Date.UTC(2026, 1, 28, 23, 59, 59);
  assert.deepEqual(deviceTimeOf(now + 999), { raw: pack('260301075959'), epochMs: now });
  assert.equal(digitsOfInstant(now), '260228235959');
});

test('knows the days that a month has, and nibbles that are no digits', () => {
  const rows = [
    ['240229000000', true],
    ['260229000000', false],
    ['260431000000', false],
    ['261301000000', false],
    ['260100000000', false],
    ['260101240000', false],
    ['260101006000', false],
    ['26010100000a', false],
    ['a60101000000', false],
  ] as const;
  for (const [digits, isTime] of rows) {
    assert.equal(epochMsOf(pack(digits), 0) !== null, isTime, digits);
  }
  assert.deepEqual(
    [isBcd(pack('0099')), isBcd(pack('9a')), isBcd(pack('a9'))],
    [true, false, false],
  );
});

test('packs and unpacks hex digits too: some makers have them in the phone', () => {
  assert.equal(unpack(pack('4eb6fb4afd9e'), 0, 6), '4eb6fb4afd9e');
  assert.throws(() => pack('123'), /an even number of digits wanted/);
  assert.throws(() => pack('1x'), /digits wanted/);
  assert.throws(() => deviceTimeOf(Date.UTC(2100, 5, 1)), /2000\.\.2099/);
});
