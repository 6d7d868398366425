// The time of a batch of CAN frames: hours, minutes, seconds and four more digits, without a date.
// The date is that of the receive time in Beijing, or the day beside it where midnight is between.

import type { EventClock } from './clock.ts';

const dayMs = 24 * 60 * 60 * 1000;
const beijingOffsetMs = 8 * 60 * 60 * 1000;

/** The moment of this time of day that is nearest to the receive time. */
export function clockOfCan(digits: string, receivedAt: number): EventClock {
  const [hour = 99, minute = 99, second = 99] = [0, 2, 4].map((at) => pairAt(digits, at));
  if (hour > 23 || minute > 59 || second > 59) {
    return { eventTime: receivedAt, clockState: 'unusable' };
  }
  const midnight = Math.floor((receivedAt + beijingOffsetMs) / dayMs) * dayMs - beijingOffsetMs;
  // The last four digits have no clear unit in the standard: they are in the raw bytes alone.
  const at = midnight + ((hour * 60 + minute) * 60 + second) * 1000;
  if (at > receivedAt + dayMs / 2) return { eventTime: at - dayMs, clockState: 'ok' };
  if (at < receivedAt - dayMs / 2) return { eventTime: at + dayMs, clockState: 'ok' };
  return { eventTime: at, clockState: 'ok' };
}

/** 99 for what is no pair of decimal digits. */
function pairAt(digits: string, at: number): number {
  const pair = digits.slice(at, at + 2);
  return /^\d\d$/.test(pair) ? Number(pair) : 99;
}
