// The ring is a list of the latest ids, however it is kept.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameRing, readRing } from '#shared/stream/ring.ts';

/** Few different ids, alike in one half, so that a ring meets the same id and its likes again. */
const frameId = fc
  .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 3 }))
  .map(([low, high]) => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(low, 0);
    bytes.writeUInt32LE(high * 0x5555_5555, 4);
    return bytes;
  });

const framesMax = fc.integer({ min: 1, max: 40 });

function ringOf(ids: readonly Buffer[], max: number): FrameRing {
  const ring = new FrameRing(max);
  for (const id of ids) ring.add(id);
  return ring;
}

/** As the list of what it holds, the oldest first. */
function listOf(ring: FrameRing): readonly string[] {
  const bytes = Buffer.alloc(ring.byteLength);
  assert.equal(ring.writeTo(bytes, 0), bytes.length);
  const ids = Array.from({ length: bytes[0]! }, (_, index) =>
    bytes.toString('hex', 1 + 8 * index, 9 + 8 * index),
  );
  assert.equal(ids.length, ring.count);
  return ids;
}

function lastOf(ids: readonly Buffer[], max: number): readonly string[] {
  return ids.slice(-max).map((id) => id.toString('hex'));
}

test('holds the last ids that were added, and no other', () => {
  fc.assert(
    fc.property(fc.array(frameId, { maxLength: 100 }), framesMax, frameId, (ids, max, probe) => {
      const ring = ringOf(ids, max);
      const wanted = lastOf(ids, max);
      assert.deepEqual(listOf(ring), wanted);
      assert.equal(ring.has(probe), wanted.includes(probe.toString('hex')));
    }),
    { seed: 51 },
  );
});

test('comes back from its bytes, also into a ring of another size, and goes on', () => {
  fc.assert(
    fc.property(
      fc.record({ ids: fc.array(frameId, { maxLength: 100 }), from: framesMax, to: framesMax }),
      fc.array(frameId, { maxLength: 10 }),
      ({ ids, from, to }, more) => {
        const bytes = Buffer.alloc(3 + ringOf(ids, from).byteLength);
        ringOf(ids, from).writeTo(bytes, 3);
        const ring = readRing(bytes, 3, to);
        assert.ok(ring);
        for (const id of more) ring.add(id);
        assert.deepEqual(listOf(ring), lastOf([...ids.slice(-from), ...more], to));
      },
    ),
    { seed: 52 },
  );
});

test('is not read from bytes that end too early', () => {
  const bytes = Buffer.alloc(17);
  ringOf([Buffer.alloc(8, 1), Buffer.alloc(8, 2)], 4).writeTo(bytes, 0);
  for (let length = 0; length < bytes.length; length++) {
    assert.equal(readRing(bytes.subarray(0, length), 0, 4), null, `${length} bytes`);
  }
});

test('an empty ring does not hold the id of zeros', () => {
  assert.equal(new FrameRing(4).has(Buffer.alloc(8)), false);
});

test('refuses a size that its count byte cannot tell', () => {
  assert.throws(() => new FrameRing(256), /want 1\.\.255, found 256/);
  assert.throws(() => new FrameRing(0), RangeError);
});
