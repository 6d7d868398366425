// A reading as a loop gives out everything in order, and its failure at the end.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Reading, recordsOf } from '#services/cli/records-of.ts';
import type { ReadRecord } from '#shared/kafka/reader.ts';

function recordAt(offset: number): ReadRecord {
  return { topic: 't', partition: 0, offset, timestamp: 0, key: null, value: null };
}

async function offsetsOf(read: Reading, taken: number[] = []): Promise<readonly number[]> {
  for await (const { offset } of recordsOf(read)) taken.push(offset);
  return taken;
}

test('gives out what is read in one go and what is read later, then ends', async () => {
  const offsets = await offsetsOf(async (onRecord) => {
    for (const offset of [1, 2]) onRecord(recordAt(offset));
    await new Promise((resolve) => setImmediate(resolve));
    onRecord(recordAt(3));
  });
  assert.deepEqual(offsets, [1, 2, 3]);
});

test('ends for a reading without records', async () => {
  assert.deepEqual(await offsetsOf(async () => {}), []);
});

test('rejects as the reading does, after what was read before', async () => {
  const taken: number[] = [];
  const reading: Reading = async (onRecord) => {
    onRecord(recordAt(1));
    throw new Error('Kafka is gone');
  };
  await assert.rejects(offsetsOf(reading, taken), /Kafka is gone/);
  assert.deepEqual(taken, [1]);
});
