// Lag as people read it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LagFigures } from '#services/cli/lag-figures.ts';
import { drainText, type GroupLag, groupLines, rangesText } from '#services/cli/lag-lines.ts';

const none: LagFigures = {
  ...{ records: 0, seconds: 0, vehicles: 0, hasUnseen: false },
  drain: { kind: 'keeps_up' },
};
const some: LagFigures = {
  ...{ records: 800, seconds: 61.4, vehicles: 500, hasUnseen: true },
  drain: { kind: 'drained', inSeconds: 12 },
};

function groupLag(change: Partial<GroupLag> = {}): GroupLag {
  const base = { overtaken: 0, owner: 'state-a' };
  const quiet = { ...none, ...base, partition: 0, committed: 10, end: 10 };
  const behind = { ...some, ...base, partition: 1, committed: 200, end: 1_000 };
  const topic = 'vehicle.telemetry.v1';
  const partitions = { [topic]: [0, 1], 'vehicle.backfill.v1': [0, 1] };
  return {
    ...some,
    group: 'fleetwire-state',
    members: [{ memberId: 'm', clientId: 'state-a', host: '/10.0.0.3', partitions }],
    topics: [{ ...some, topic, partitions: [quiet, behind] }],
    ...change,
  };
}

test('shows who reads what, and only the partitions that are behind beside the sums', () => {
  assert.deepEqual(groupLines(groupLag()), [
    'fleetwire-state: 1 member',
    '  state-a at 10.0.0.3: partitions 0-1 of each topic',
    '  topic      partition  committed   end  records  seconds  vehicles  time to drain    read by',
    '  telemetry          1        200  1000      800       61    >= 500  drained in 12 s  state-a',
    '  telemetry      all 2                       800       61    >= 500  drained in 12 s',
    '  all                                        800       61    >= 500  drained in 12 s',
  ]);
});

test('a group without members is shouted', () => {
  const [first] = groupLines(groupLag({ members: [] }));
  assert.equal(first, 'fleetwire-state: NO MEMBERS, NOBODY READS: 800 records wait');
});

test('records that retention took before they were read are shouted', () => {
  const [topic] = groupLag().topics;
  const partitions = topic!.partitions.map((one) => ({ ...one, overtaken: 7 }));
  const lines = groupLines(groupLag({ topics: [{ ...topic!, partitions }] }));
  const last = '  LOST: retention deleted 7 records of telemetry 1 before they were read';
  assert.equal(lines.at(-1), last);
});

test('partition numbers are written as ranges', () => {
  assert.equal(rangesText([7, 0, 1, 2, 5, 4]), '0-2 4-5 7');
  assert.equal(rangesText([]), '');
});

test('each way to drain has its words', () => {
  assert.equal(drainText({ kind: 'grows', recordsPerSecond: 299.6 }), 'grows by 300/s');
  assert.equal(drainText({ kind: 'drained', inSeconds: 0.2 }), 'drained in 1 s');
  assert.equal(drainText({ kind: 'drained', inSeconds: 3_720 }), 'drained in 1 h 2 min');
  assert.equal(drainText({ kind: 'keeps_up' }), 'keeps up');
  assert.equal(drainText({ kind: 'standing' }), 'stands still');
});
