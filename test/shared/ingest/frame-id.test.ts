// The identity that makes duplicates recognisable, against published values of XXH64.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFrameHash, framePrefix } from '#shared/ingest/frame-id.ts';

const hashFrame = await createFrameHash();

test('is XXH64 with seed 0, big-endian', () => {
  // Reference values of the xxHash specification's own tool: empty input and "abc".
  assert.equal(hashFrame(new Uint8Array(), new Uint8Array()).toString('hex'), 'ef46db3751d8e999');
  assert.equal(hashFrame(Buffer.from('a'), Buffer.from('bc')).toString('hex'), '44bc2cf5ad770999');
});

test('is over vehicleId, 0x00, family, 0x00 and the content, however they are cut', () => {
  const prefix = framePrefix('V1', 'gb32960');
  assert.equal(prefix.toString('latin1'), 'V1\0gb32960\0');
  const content = Buffer.from([1, 2, 3]);
  const whole = Buffer.concat([prefix, content]);
  assert.deepEqual(hashFrame(prefix, content), hashFrame(new Uint8Array(), whole));
});

test('tells vehicles apart that send the same bytes', () => {
  const content = Buffer.from([1, 2, 3]);
  const first = hashFrame(framePrefix('V1', 'gb32960'), content);
  const second = hashFrame(framePrefix('V2', 'gb32960'), content);
  assert.notDeepEqual(first, second);
});

test('gives content of any size the same id in one piece or in several', () => {
  const content = Buffer.alloc(300_000, 'fleet');
  const prefix = framePrefix('V1', 'gb32960');
  const head = content.subarray(0, 250_000);
  const moved = hashFrame(Buffer.concat([prefix, head]), content.subarray(250_000));
  assert.deepEqual(hashFrame(prefix, content), moved);
});

test('hands out ids that later frames do not change', () => {
  const first = hashFrame(Buffer.from('a'), Buffer.from('b'));
  const copy = Buffer.from(first);
  hashFrame(Buffer.from('c'), Buffer.from('d'));
  assert.deepEqual(first, copy);
});
