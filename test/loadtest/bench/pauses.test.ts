// How long vehicles stood still, from what was seen in Kafka.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pausesIn, type Wait, waitsOf } from '#loadtest/bench/pauses.ts';

const report = (vehicleId: string, eventTime: number, appendedAt: number) => {
  return { vehicleId, eventTime, appendedAt };
};

const state = (vehicleId: string, lastEventTime: number, appendedAt: number) => {
  return { vehicleId, lastEventTime, appendedAt };
};

test('a report waits for the first state that it is in, also when that one skips ahead', () => {
  const reports = [report('a', 1000, 1010), report('a', 2000, 2010), report('a', 3000, 3010)];
  const states = [state('a', 1000, 1050), state('a', 3000, 4000)];
  assert.deepEqual(
    waitsOf(reports, states).map(({ fromAt, untilAt }) => untilAt - fromAt),
    [40, 1990, 990],
  );
});

test('an older state written once more, or read early, changes no wait', () => {
  const reports = [report('a', 1000, 1010), report('a', 2000, 2010)];
  const states = [state('a', 2000, 2060), state('a', 1000, 9000), state('a', 1000, 1050)];
  assert.deepEqual(
    waitsOf(reports, states).map(({ untilAt }) => untilAt),
    [1050, 2060],
  );
});

test('a vehicle waits for its own state only, and for ever when there is none', () => {
  const reports = [report('a', 1000, 1010), report('b', 1000, 1010)];
  const waits = waitsOf(reports, [state('a', 5000, 1050)]);
  assert.deepEqual(
    waits.map(({ untilAt }) => untilAt),
    [1050, Number.POSITIVE_INFINITY],
  );
});

const wait = (vehicleId: string, fromAt: number, untilAt: number): Wait => {
  return { vehicleId, fromAt, untilAt };
};

test('each vehicle counts with its longest wait in the window', () => {
  const waits = [
    wait('a', 100, 150),
    wait('a', 200, 900),
    wait('b', 300, 310),
    wait('c', 300, 400),
  ];
  assert.deepEqual(pausesIn(waits, { fromAt: 0, untilAt: 1000 }), {
    vehicles: 3,
    p50Ms: 100,
    p99Ms: 700,
    longestMs: 700,
  });
});

test('a wait that began before the window counts whole, one that was over or came later does not', () => {
  const waits = [wait('a', 0, 99), wait('b', 50, 250), wait('c', 200, 900)];
  const { vehicles, longestMs } = pausesIn(waits, { fromAt: 100, untilAt: 200 });
  assert.deepEqual([vehicles, longestMs], [1, 200]);
});

test('a report that is in no state is a pause without an end', () => {
  const waits = [wait('a', 10, Number.POSITIVE_INFINITY)];
  assert.equal(pausesIn(waits, { fromAt: 0, untilAt: 100 }).longestMs, Number.POSITIVE_INFINITY);
});

test('a window in which nothing waited is a fault of the bench, not a pause of zero', () => {
  assert.throws(() => pausesIn([], { fromAt: 0, untilAt: 100 }), RangeError);
});
