// Completeness against the vehicle's own period, as a person can count it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countReports, reportsMax } from '#services/state/completeness.ts';
import { bareReportAt, noEmit, processor, startAt, stateOf, timing } from './reports.ts';

const startS = startAt / 1000;
const every = (stepS: number, fromS: number, count: number) =>
  Array.from({ length: count }, (_, at) => fromS + at * stepS);
const stateAt = (seconds: readonly number[]) => stateOf(seconds.map((atS) => bareReportAt(atS)));

test('keeps the newest second, then distances', () => {
  assert.deepEqual(stateAt([30, 0, 10]).recentReportsS, [startS + 30, 20, 10]);
});

test('fewer than three reports have no period', () => {
  const { reportPeriodS, completenessRatio } = stateAt([0, 10]);
  assert.deepEqual([reportPeriodS, completenessRatio], [null, null]);
});

test('a gap counts the reports that its own period makes expected', () => {
  const state = stateAt([...every(10, 0, 3), ...every(10, 50, 2)]);
  assert.equal(state.reportPeriodS, 10);
  assert.equal(state.completenessRatio, 4 / 6, 'of 6 distances of 10 s, 2 are missing');
});

test('backfill fills the gap that a tunnel has left', () => {
  const gap = [30, 40].map((atS) => bareReportAt(atS, { isReissued: true }));
  const live = [...every(10, 0, 3), ...every(10, 50, 2)].map((atS) => bareReportAt(atS));
  for (const records of [
    [...live, ...gap],
    [...gap.toReversed(), ...live.toReversed()],
  ]) {
    const { completenessRatio, recentReportsS } = stateOf(records);
    assert.equal(completenessRatio, 1);
    assert.deepEqual(recentReportsS, [startS + 60, 10, 10, 10, 10, 10, 10]);
  }
});

test('a pause beyond the session gap is no loss, one of its length is', () => {
  assert.equal(stateAt([...every(10, 0, 5), ...every(10, 641, 5)]).completenessRatio, 1);
  assert.equal(stateAt([...every(10, 0, 5), ...every(10, 640, 5)]).completenessRatio, 9 / 68);
});

test('where every distance is a pause nothing is missing', () => {
  const state = stateAt(every(1_200, 0, 4));
  assert.deepEqual([state.reportPeriodS, state.completenessRatio], [1_200, 1]);
  assert.deepEqual(countReports(state, timing.sessionGapMs), {
    ...{ periodS: 1_200, expected: 0, received: 0 },
  });
});

test('a second report in a second, and a duplicate, change nothing', () => {
  const state = stateAt([0, 10, 20]);
  const before = structuredClone(state.recentReportsS);
  for (const atS of [20.9, 10, 0.2]) processor.apply(state, bareReportAt(atS), noEmit);
  assert.deepEqual(state.recentReportsS, before);
  assert.equal(state.completenessRatio, 1);
});

test('half a minute at 1 Hz in an alarm is neither loss nor gain', () => {
  const state = stateAt([...every(10, 0, 32), ...every(1, 311, 29), ...every(10, 350, 3)]);
  assert.equal(state.recentReportsS.length, reportsMax);
  assert.deepEqual([state.reportPeriodS, state.completenessRatio], [10, 1]);
});

test('the period follows a vehicle that is told to report at another one', () => {
  const state = stateAt([...every(10, 0, 40), ...every(30, 400, 33)]);
  assert.deepEqual([state.reportPeriodS, state.completenessRatio], [30, 1]);
});

test('at most the 64 latest count, whichever came first', () => {
  const seconds = every(10, 0, 100);
  const newest = stateAt(seconds);
  assert.equal(newest.recentReportsS.length, reportsMax);
  assert.deepEqual(stateAt(seconds.toReversed()).recentReportsS, newest.recentReportsS);
  assert.equal(processor.apply(newest, bareReportAt(5), noEmit), 'none', 'older than all of them');
});
