// The partition of a key must be the one that Java's client and kafkajs pick.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { murmur2, partitionOf } from '#shared/kafka/partitioner.ts';

const require = createRequire(import.meta.url);

test('hashes as Kafka for Java does', () => {
  // From org.apache.kafka.common.utils.UtilsTest.testMurmur2.
  const known: readonly [string, number][] = [
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ];
  for (const [key, hash] of known) assert.equal(murmur2(Buffer.from(key)), hash, key);
});

test('picks the same partition as kafkajs for 20,000 random keys', () => {
  const path = 'kafkajs/src/producer/partitioners/default/murmur2.js';
  const theirs = require(path) as (key: Buffer) => number;
  const key = fc.uint8Array({ maxLength: 39 });
  const count = fc.integer({ min: 1, max: 200 });
  fc.assert(
    fc.property(key, count, (bytes, partitions) => {
      const buffer = Buffer.from(bytes);
      const wanted = (theirs(buffer) & 0x7fffffff) % partitions;
      return partitionOf(buffer, partitions) === wanted;
    }),
    { numRuns: 20_000, seed: 32960 },
  );
});
