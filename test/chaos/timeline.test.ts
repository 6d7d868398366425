// Pauses and recoveries, told from what was seen ten times a second.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Look, longestPauseMs, longestRecoveryMs, Timeline } from './timeline.ts';

/** Ten messages are sent at each look; `isAcking` says whether bridges keep up at that time. */
function looksOf(seconds: number, isAcking: (at: number) => boolean): Look[] {
  let ackedCount = 0;
  return Array.from({ length: seconds * 10 }, (_, index) => {
    const [at, sentCount] = [index * 100, index * 10];
    if (isAcking(at)) ackedCount = sentCount;
    return { at, sentCount, ackedCount };
  });
}

test('a pause is a time without a PUBACK while messages wait', () => {
  const stopped = looksOf(10, (at) => at < 2_000 || at >= 5_000);
  assert.equal(longestPauseMs(stopped), 3_000);
  const still = Array.from({ length: 50 }, (_, i) => ({
    at: i * 100,
    sentCount: 7,
    ackedCount: 7,
  }));
  assert.equal(longestPauseMs(still), 0, 'nobody waits');
});

function timelineOf(looks: readonly Look[], times: readonly (readonly [number, number])[]) {
  const timeline = new Timeline();
  timeline.looks.push(...looks);
  for (const [at, untilAt] of times) {
    timeline.begins({ name: 'F', what: 'it', excuses: {}, at }).untilAt = untilAt;
  }
  return timeline;
}

test('recovery is the time from the heal until the rate is back', () => {
  const looks = looksOf(12, (at) => at < 2_000 || at >= 6_500);
  assert.equal(longestRecoveryMs(timelineOf(looks, [[2_000, 5_000]])), 500);
});

test('a recovery that another fault cuts short, or goes on under, does not count', () => {
  const looks = looksOf(14, (at) => at < 2_000 || at >= 10_500);
  const during = timelineOf(looks, [
    [2_000, 5_000],
    [3_000, 8_900],
  ]);
  assert.equal(longestRecoveryMs(during), 600);
  const cutShort = timelineOf(looks, [
    [2_000, 5_000],
    [5_200, 8_900],
  ]);
  assert.equal(longestRecoveryMs(cutShort), 600);
});
