// How far behind: by what was read, never by the wall clock alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PartitionLag } from '#shared/stream/lag.ts';

const place = (next: number, appendedAt = 0) => ({ nextOffsets: [next], appendedAt: [appendedAt] });

test('has reached a look when everything stored by then is applied', () => {
  const lag = new PartitionLag(1);
  lag.look({ at: 1000, ends: [5] }, place(4));
  assert.equal(lag.reachedAt, null);
  lag.look({ at: 2000, ends: [9] }, place(5));
  assert.equal(lag.reachedAt, 1000);
  lag.look({ at: 3000, ends: [9] }, place(9));
  assert.equal(lag.reachedAt, 3000);
});

test('waits for all inputs', () => {
  const lag = new PartitionLag(2);
  const both = (first: number, second: number) => {
    return { nextOffsets: [first, second], appendedAt: [0, 0] };
  };
  lag.look({ at: 1000, ends: [5, 1] }, both(5, 0));
  assert.equal(lag.reachedAt, null);
  lag.look({ at: 2000, ends: [5, 1] }, both(5, 1));
  assert.equal(lag.reachedAt, 2000);
});

test('a partition that is always a little behind reaches the looks of before', () => {
  const lag = new PartitionLag(1);
  for (let round = 1; round <= 200; round += 1) {
    lag.look({ at: round * 1000, ends: [round * 10] }, place(round * 10 - 15));
  }
  assert.equal(lag.reachedAt, 198_000);
});

test('a partition far behind keeps its oldest looks, and not ever more', () => {
  const lag = new PartitionLag(1);
  for (let round = 1; round <= 500; round += 1) {
    lag.look({ at: round * 1000, ends: [round * 10] }, place(0));
  }
  lag.look({ at: 501_000, ends: [5010] }, place(15));
  assert.equal(lag.reachedAt, 1000);
  lag.look({ at: 502_000, ends: [5020] }, place(5020));
  assert.equal(lag.reachedAt, 502_000);
});

test('tells lag in records, and in seconds by the append time of the last one applied', () => {
  const lag = new PartitionLag(1);
  lag.look({ at: 60_000, ends: [100] }, place(40, 30_000));
  assert.deepEqual([lag.records, lag.seconds], [[60], [30]]);
  lag.look({ at: 61_000, ends: [100] }, place(100, 59_000));
  assert.deepEqual([lag.records, lag.seconds], [[0], [0]]);
});

test('a record after a long silence is as old as the look before it at most', () => {
  const lag = new PartitionLag(1);
  lag.look({ at: 3_600_000, ends: [1] }, place(1, 1000));
  lag.look({ at: 3_605_000, ends: [2] }, place(1, 1000));
  assert.deepEqual([lag.records, lag.seconds], [[1], [5]]);
});

test('places that went back are not reached any more', () => {
  const lag = new PartitionLag(1);
  lag.look({ at: 1000, ends: [5] }, place(5));
  lag.reset();
  assert.equal(lag.reachedAt, null);
  lag.look({ at: 2000, ends: [5] }, place(2));
  assert.equal(lag.reachedAt, null);
});

test('a new owner that has applied nothing is behind since its first look, at least', () => {
  const lag = new PartitionLag(1);
  lag.look({ at: 60_000, ends: [100] }, place(40));
  lag.look({ at: 65_000, ends: [120] }, place(40));
  assert.deepEqual([lag.records, lag.seconds], [[80], [5]]);
});
