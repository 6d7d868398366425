// The numbers of the bridge and of its zone in EMQX: hand-computed, and for any rates.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Answer } from '#services/cli/keda/answer.ts';
import { type BridgeInputs, planBridge } from '#services/cli/keda/plan-bridge.ts';
import { planEmqxZone, type ZoneInputs } from '#services/cli/keda/plan-emqx-zone.ts';

const fleet: BridgeInputs = {
  baseRate: 30_000,
  peakRate: 90_000,
  ratePerReplica: 51_000,
  startSeconds: 15,
};

const zone: ZoneInputs = {
  ...fleet,
  bridges: 2,
  connections: 4,
  latencyMs: 70,
  worstStallSeconds: 14.3,
  frameBytes: 300,
};

function answerOf(answers: readonly Answer[], key: string): string {
  return answers.find((one) => one.key === key)!.value;
}

function replicasOf(inputs: Partial<BridgeInputs>): readonly number[] {
  const { answers } = planBridge({ ...fleet, ...inputs });
  const keys = ['bridge.minReplicas', 'bridge.maxReplicas', 'bridge.fallbackReplicas'];
  return keys.map((key) => Number(answerOf(answers, key)));
}

test('a bridge is never alone, and one more than the peak takes may come', () => {
  // 30,000 / 35,700 = 0.8; 90,000 / 51,000 = 1.8.
  assert.deepEqual(replicasOf({}), [2, 3, 2]);
  assert.deepEqual(replicasOf({ baseRate: 1, peakRate: 1 }), [2, 3, 2]);
  // 300,000 / 35,700 = 8.4; 1,000,000 / 51,000 = 19.6.
  assert.deepEqual(replicasOf({ baseRate: 300_000, peakRate: 1_000_000 }), [9, 21, 20]);
  assert.deepEqual(replicasOf({ baseRate: 300_000, peakRate: 300_000 }), [9, 10, 9]);
});

test('bridges leave one by one, after ten minutes', () => {
  const { answers } = planBridge(fleet);
  const keys = ['scaleDownWindowSeconds', 'scaleDownPods', 'scaleDownPeriodSeconds'];
  assert.deepEqual(
    keys.map((key) => answerOf(answers, `bridge.${key}`)),
    ['600', '1', '120'],
  );
  assert.equal(answerOf(answers, 'bridge.saturationThreshold'), '0.6');
});

test('a peak below the base rate is refused', () => {
  const { faults } = planBridge({ ...fleet, peakRate: 29_999 });
  assert.deepEqual(
    faults.map(({ input }) => input),
    ['peakRate'],
  );
  assert.match(faults[0]!.text, /want at least the base rate, 30,000\/s, found 29,999\/s/);
});

function zoneOf(inputs: Partial<ZoneInputs>): string {
  const { answers } = planEmqxZone({ ...zone, ...inputs });
  const keys = ['bridge.windowFrames', 'emqx.queueFrames', 'emqx.maxHeapSize'];
  return [...keys, 'emqx.mailboxFrames'].map((key) => answerOf(answers, key)).join(' ');
}

test('window, queue and heap of a connection are as computed by hand', () => {
  // 1.1 x 90,000 / 8 = 12,375/s: x 0.07 x 2 = 1,732.5, below 4,000; x 28.6 - 2,000 = 351,925;
  // 364,000 x 2,300 bytes = 798.4 MB.
  assert.equal(zoneOf({}), '4000 360000 800MB 13000');
  // 550/s x 120 - 2,000 = 64,000; 68,000 x 2,300 bytes = 149.2 MB.
  const small = { peakRate: 2000, connections: 2, worstStallSeconds: 60 };
  assert.equal(zoneOf(small), '4000 64000 150MB 10000');
  // 24,750/s x 0.2 x 2 = 9,900; x 28.6 - 4,950 = 702,900; 719,900 x 2,300 = 1,579.1 MB.
  assert.equal(zoneOf({ connections: 2, latencyMs: 200 }), '9900 710000 1600MB 25000');
  // Nearly nothing: EMQX's own numbers.
  assert.equal(zoneOf({ peakRate: 1 }), '4000 1000 32MB 10000');
});

test('a queue also holds what the least bridges cannot take until another one is there', () => {
  // 210,000 - 2 x 51,000 = 108,000/s too many, for 30 + 30 + 15 s, over 8 connections,
  // of which the fullest gets 1.1 x as much: 1,113,750.
  assert.match(zoneOf({ peakRate: 210_000, worstStallSeconds: 0.25 }), /^4100 1200000 /);
});

test("what is in flight must fit into MQTT's window", () => {
  // 1.1 x 59,577 / 2 bridges x 2 s = 65,535.
  const slow = { connections: 1, latencyMs: 2000 };
  assert.deepEqual(planEmqxZone({ ...zone, ...slow, peakRate: 59_577 }).faults, []);
  const { faults } = planEmqxZone({ ...zone, ...slow });
  assert.deepEqual(
    faults.map(({ input }) => input),
    ['connections'],
  );
  assert.match(faults[0]!.text, /found 99,000 at 2000 ms; more connections or more bridges/);
});

test('for any fleet the queue outlasts twice the worst pause, and the heap holds it', () => {
  const anyZone = fc.record({
    peakRate: fc.integer({ min: 1, max: 1_000_000 }),
    bridges: fc.integer({ min: 2, max: 50 }),
    connections: fc.integer({ min: 1, max: 16 }),
    ratePerReplica: fc.integer({ min: 1, max: 100_000 }),
    startSeconds: fc.integer({ min: 0, max: 300 }),
    latencyMs: fc.integer({ min: 1, max: 10_000 }),
    worstStallSeconds: fc.integer({ min: 1, max: 600 }),
    frameBytes: fc.integer({ min: 1, max: 65_536 }),
  });
  fc.assert(
    fc.property(anyZone, (inputs) => {
      const { answers } = planEmqxZone(inputs);
      const window = Number(answerOf(answers, 'bridge.windowFrames'));
      const queue = Number(answerOf(answers, 'emqx.queueFrames'));
      const heapMb = Number(/^(\d+)MB$/.exec(answerOf(answers, 'emqx.maxHeapSize'))![1]);
      const rate = (1.1 * inputs.peakRate) / (inputs.bridges * inputs.connections);
      assert.ok(4000 <= window && window <= 65_535);
      assert.ok(window / 2 + queue >= rate * 2 * inputs.worstStallSeconds - 1);
      assert.ok(heapMb * 1024 * 1024 >= (window + queue) * inputs.frameBytes);
    }),
  );
});
