// A partition count that changes is told once, and never taken over.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PartitionCounts } from '#shared/kafka/partition-counts.ts';
import { captureLog } from '../runtime/captured-log.ts';

function fixture() {
  const { log, lines } = captureLog();
  const counts = new PartitionCounts(log);
  const look = (a: number, b: number) => {
    counts.look([
      { topic: 'a', partitionCount: a },
      { topic: 'b', partitionCount: b },
    ]);
  };
  const levels = () => lines.map(({ level }) => level);
  return { counts, look, lines, levels };
}

test('keeps the counts that it began with, and tells another one once', () => {
  const { counts, look, lines, levels } = fixture();
  look(12, 12);
  look(12, 18);
  look(12, 18);
  assert.deepEqual([counts.of('a'), counts.of('b'), counts.changedCount], [12, 12, 1]);
  assert.equal(counts.trouble, 'b has 18 partitions, 12 are in use');
  assert.deepEqual(levels(), ['error']);
  assert.equal(lines[0]?.['trouble'], counts.trouble);
});

test('a second topic is news; all as before is, too', () => {
  const { counts, look, levels } = fixture();
  look(12, 12);
  look(12, 18);
  look(18, 18);
  assert.equal(counts.changedCount, 2);
  look(12, 12);
  assert.deepEqual([counts.changedCount, counts.trouble], [0, null]);
  assert.deepEqual(levels(), ['error', 'error', 'info']);
});

test('a look that found nothing, and a topic that is gone, change nothing', () => {
  const { counts, look, levels } = fixture();
  look(12, 12);
  counts.look([]);
  look(12, 0);
  assert.equal(counts.trouble, null);
  look(12, 18);
  counts.look([]);
  look(12, 0);
  assert.equal(counts.changedCount, 1);
  assert.deepEqual(levels(), ['error']);
});
