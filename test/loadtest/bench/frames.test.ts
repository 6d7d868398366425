// The frames that are measured: typical and repeatable.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typicalReports } from '#loadtest/bench/typical-report.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';

const plan = { count: 60, vehicles: 20, seed: 7, startAt: Date.UTC(2026, 0, 1) };

test('the typical report has about 300 bytes and decodes whole', () => {
  for (const { payload } of typicalReports(plan)) {
    assert.ok(payload.length > 250 && payload.length < 350);
    assert.deepEqual(
      decodeMessage(payload).map(({ kind }) => kind),
      ['accept'],
    );
  }
});

test('no two frames of a plan are equal, and the same plan gives the same frames', () => {
  const hex = typicalReports(plan).map(({ payload }) => payload.toString('hex'));
  assert.equal(new Set(hex).size, plan.count);
  assert.deepEqual(
    typicalReports(plan).map(({ payload }) => payload.toString('hex')),
    hex,
  );
});
