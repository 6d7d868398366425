// What is stored comes back; what is not ours is told, never thrown.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameRing } from '#shared/stream/ring.ts';
import { decodeStored, encodeStored, recordOfStored } from '#shared/stream/stored-value.ts';

const bytesOf = (options: fc.IntArrayConstraints) =>
  fc.uint8Array(options).map((bytes) => Buffer.from(bytes));
const frameId = bytesOf({ minLength: 8, maxLength: 8 });
const record = bytesOf({ minLength: 1, maxLength: 200 });

test('ring and record come back as they were stored', () => {
  fc.assert(
    fc.property(fc.array(frameId, { maxLength: 40 }), record, (ids, value) => {
      const ring = new FrameRing(32);
      for (const id of ids) ring.add(id);
      const stored = encodeStored(ring, value);
      const found = decodeStored(stored, 32);
      assert.ok(found.kind === 'stored');
      assert.deepEqual(found.record, value);
      assert.deepEqual(recordOfStored(stored), value);
      assert.deepEqual(encodeStored(found.ring, found.record), stored);
    }),
    { seed: 53 },
  );
});

test('the layout is version, count, ids from the oldest on, record', () => {
  const ring = new FrameRing(2);
  for (const fill of [1, 2, 3]) ring.add(Buffer.alloc(8, fill));
  const stored = encodeStored(ring, Buffer.from('00000000072a', 'hex'));
  assert.equal(stored.toString('hex'), '010202020202020202020303030303030303' + '00000000072a');
});

test('a layout of another release is a fault that names both', () => {
  const found = decodeStored(Buffer.from('02000000', 'hex'), 32);
  assert.deepEqual(found, { kind: 'fault', detail: 'layout 2, want 1' });
});

test('any bytes are a stored value or a fault', () => {
  fc.assert(
    fc.property(bytesOf({ maxLength: 300 }), (bytes) => {
      const found = decodeStored(bytes, 32);
      assert.equal(recordOfStored(bytes) === null, found.kind === 'fault');
    }),
    { seed: 54, numRuns: 500 },
  );
});

test('a value that was cut short inside its head is a fault', () => {
  const ring = new FrameRing(4);
  ring.add(Buffer.alloc(8, 7));
  const stored = encodeStored(ring, Buffer.from([1]));
  for (let length = 0; length < stored.length; length++) {
    assert.equal(decodeStored(stored.subarray(0, length), 4).kind, 'fault', `${length} bytes`);
  }
});
