// One context for all batches must write what a context of their own would.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { compressZstd, decompressZstd } from '#shared/kafka/zstd.ts';

const params = { [constants.ZSTD_c_compressionLevel]: 1 };

test('writes the bytes of a context of its own, whatever was compressed before', () => {
  const size = fc.oneof(fc.nat(300), fc.integer({ min: 60_000, max: 70_000 }), fc.nat(900_000));
  const input = fc.record({ size, isNoise: fc.boolean() });
  fc.assert(
    fc.property(input, ({ size, isNoise }) => {
      const bytes = isNoise ? randomBytes(size) : Buffer.alloc(size, `frame ${size % 97} `);
      const compressed = compressZstd(bytes);
      assert.ok(compressed.equals(zstdCompressSync(bytes, { params })));
      assert.ok(decompressZstd(compressed).equals(bytes));
    }),
    { seed: 32960, numRuns: 60 },
  );
});

test('what was compressed stays as it is when more is compressed', () => {
  const first = compressZstd(Buffer.from('the first batch'));
  const before = Buffer.from(first);
  compressZstd(randomBytes(200_000));
  assert.ok(first.equals(before));
});
