// The date of CAN frames that carry a time of day alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockOfCan } from '#shared/telemetry/jt808-can-clock.ts';

/** Beijing is 8 hours ahead of UTC. */
const beijing = (day: number, hour: number, minute = 0) => Date.UTC(2026, 4, day, hour - 8, minute);

test('takes the date of the receive time in Beijing', () => {
  const receivedAt = beijing(2, 7, 30);
  assert.deepEqual(clockOfCan('0729590000', receivedAt), {
    eventTime: beijing(2, 7, 29) + 59_000,
    clockState: 'ok',
  });
});

test('goes back over midnight, and ahead of it', () => {
  assert.equal(clockOfCan('2359000000', beijing(2, 0, 1)).eventTime, beijing(1, 23, 59));
  assert.equal(clockOfCan('0001000000', beijing(1, 23, 59)).eventTime, beijing(2, 0, 1));
  assert.equal(clockOfCan('0000000000', beijing(2, 0)).eventTime, beijing(2, 0));
});

test('lets the receive time stand in for a time that is none', () => {
  for (const digits of ['2400000000', '0060000000', '0000600000', '0a00000000']) {
    assert.deepEqual(clockOfCan(digits, 7), { eventTime: 7, clockState: 'unusable' });
  }
});
