// How far behind a group is: counted from what it can still read, and judged by two looks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type LagMoment,
  lagOf,
  overtakenOf,
  type PartitionLook,
  type UnreadLook,
  type WatchedPartition,
} from '#services/cli/lag-figures.ts';

const nowAt = 1_000_000;
const moment: LagMoment = { nowAt, elapsedMs: 2_000, hasMembers: true };

interface Change {
  readonly before?: Partial<PartitionLook>;
  readonly now?: Partial<PartitionLook>;
  readonly unread?: Partial<UnreadLook> | undefined;
}

const quiet: PartitionLook = { topic: 't', partition: 0, committed: 100, low: 0, end: 100 };

function watched({ before, now, unread = {} }: Change): WatchedPartition {
  return {
    before: { ...quiet, ...before },
    now: { ...quiet, ...now },
    unread: { firstAt: null, keys: new Set(), isCutOff: false, ...unread },
  };
}

test('a group that has read everything keeps up', () => {
  assert.deepEqual(lagOf([watched({})], moment), {
    ...{ records: 0, seconds: 0, vehicles: 0, hasUnseen: false },
    drain: { kind: 'keeps_up' },
  });
});

test('what is read faster than it comes is drained at that pace', () => {
  const one = watched({
    before: { committed: 100, end: 1_200 },
    now: { committed: 500, end: 1_300 },
    unread: { firstAt: nowAt - 60_000 },
  });
  const { records, seconds, drain } = lagOf([one], moment);
  assert.deepEqual([records, seconds], [800, 60]);
  // 400 read and 100 stored in 2 s: 150 a second less.
  assert.deepEqual(drain, { kind: 'drained', inSeconds: 800 / 150 });
});

test('what comes faster than it is read grows', () => {
  const now = { committed: 100, end: 1_300 };
  const one = watched({ before: { end: 700 }, now, unread: { firstAt: nowAt - 9_000 } });
  assert.deepEqual(lagOf([one], moment).drain, { kind: 'grows', recordsPerSecond: 300 });
});

test('a group that commits now and then keeps up while what it has not read is young', () => {
  const before = { committed: 100, end: 300 };
  const now = { committed: 200, end: 500 };
  const one = watched({ before, now, unread: { firstAt: nowAt - 1_500 } });
  assert.deepEqual(lagOf([one], moment).drain, { kind: 'keeps_up' });
});

test('records that nobody reads stand still, and without members that is said', () => {
  const look = { committed: 90 };
  const one = watched({ before: look, now: look, unread: { firstAt: nowAt - 1_000 } });
  assert.deepEqual(lagOf([one], moment).drain, { kind: 'standing' });
  const abandoned = lagOf([one], { ...moment, hasMembers: false });
  assert.deepEqual(abandoned.drain, { kind: 'unread' });
});

test('a group that never committed has all that is kept before it', () => {
  const look = { committed: null, low: 40 };
  assert.equal(lagOf([watched({ before: look, now: look })], moment).records, 60);
});

test('what retention has deleted is no lag, but told', () => {
  const look = { committed: 10, low: 40, end: 100 };
  const one = watched({ before: look, now: look });
  assert.equal(lagOf([one], moment).records, 60);
  assert.equal(overtakenOf(one.now), 30);
});

test('a vehicle that waits in several partitions is one vehicle', () => {
  const keys = (...names: string[]) => ({ keys: new Set(names), firstAt: nowAt });
  const some = watched({ now: { end: 110 }, unread: keys('a', 'b') });
  const more = watched({ now: { end: 110 }, unread: { ...keys('b', 'c'), isCutOff: true } });
  const { vehicles, hasUnseen } = lagOf([some, more], moment);
  assert.deepEqual([vehicles, hasUnseen], [3, true]);
});

test('without a look at the records there is no age and no count of vehicles', () => {
  const one = { ...watched({ now: { end: 110 } }), unread: undefined };
  const { records, seconds, vehicles } = lagOf([one], moment);
  assert.deepEqual([records, seconds, vehicles], [10, null, null]);
});
