// What a device time is worth at each side of its bounds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { earliestEventAt, futureMs, judgeClock, staleMs } from '#shared/telemetry/clock.ts';

const receivedAt = Date.UTC(2026, 5, 15, 12);

function judge(epochMs: number | null) {
  return judgeClock({ raw: new Uint8Array(6), epochMs }, receivedAt);
}

test('lets the receive time stand in for an impossible time', () => {
  assert.deepEqual(judge(null), { eventTime: receivedAt, clockState: 'unusable' });
});

test('calls a time before 2015 in Beijing unusable, and the first second of it usable', () => {
  assert.equal(new Date(earliestEventAt).toISOString(), '2014-12-31T16:00:00.000Z');
  assert.deepEqual(judge(earliestEventAt - 1000), {
    eventTime: receivedAt,
    clockState: 'unusable',
  });
  assert.deepEqual(judge(earliestEventAt), { eventTime: earliestEventAt, clockState: 'stale' });
});

test('lets a clock run five minutes ahead, not a millisecond more', () => {
  assert.equal(futureMs, 300_000);
  const ahead = receivedAt + futureMs;
  assert.deepEqual(judge(ahead), { eventTime: ahead, clockState: 'ok' });
  assert.deepEqual(judge(ahead + 1), { eventTime: receivedAt, clockState: 'future' });
});

test('keeps a time more than eight days behind as event time and calls it stale', () => {
  assert.equal(staleMs, 691_200_000);
  const behind = receivedAt - staleMs;
  assert.deepEqual(judge(behind), { eventTime: behind, clockState: 'ok' });
  assert.deepEqual(judge(behind - 1), { eventTime: behind - 1, clockState: 'stale' });
});
