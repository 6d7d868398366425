// What a vehicle's clock is worth, given when the frame was received. Reads no clock of its own.

import type { DeviceTime } from '../frame/gb32960/frame.ts';

export interface EventClock {
  /** Epoch ms: the vehicle's time, or the receive time where that cannot be used. */
  readonly eventTime: number;
  readonly clockState: ClockState;
}

export type ClockState = 'ok' | 'unusable' | 'future' | 'stale';

/** 2015-01-01 in Beijing, the zone of the device time: no terminal of this standard is older. */
export const earliestEventAt = Date.UTC(2014, 11, 31, 16);

/** A clock may run this far ahead before it counts as wrong. */
export const futureMs = 5 * 60 * 1000;

/** Reissues cover 7 days at most (GB/T 32960.3-2025 annex B); one day of grace. */
export const staleMs = 8 * 24 * 60 * 60 * 1000;

/** Judges a device time. Both bounds belong to `ok`. */
export function judgeClock(time: DeviceTime, receivedAt: number): EventClock {
  return judgeEpoch(time.epochMs, receivedAt);
}

/** Null: the device time is none. */
export function judgeEpoch(epochMs: number | null, receivedAt: number): EventClock {
  if (epochMs === null || epochMs < earliestEventAt) {
    return { eventTime: receivedAt, clockState: 'unusable' };
  }
  if (epochMs > receivedAt + futureMs) return { eventTime: receivedAt, clockState: 'future' };
  if (epochMs < receivedAt - staleMs) return { eventTime: epochMs, clockState: 'stale' };
  return { eventTime: epochMs, clockState: 'ok' };
}
