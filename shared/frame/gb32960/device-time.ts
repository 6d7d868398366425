// The six time bytes of GB/T 32960.3-2016 table 5: plain binary, Beijing time without daylight
// saving. Knows no clock.

import type { DeviceTime } from './frame.ts';

export const timeSize = 6;

const beijingOffsetMs = 8 * 60 * 60 * 1000;
const earliestAt = Date.UTC(2000, 0, 1) - beijingOffsetMs;
const latestAt = Date.UTC(2100, 0, 1) - beijingOffsetMs - 1;

/** The caller has checked that six bytes are there. */
export function readTime(bytes: Uint8Array, at: number): DeviceTime {
  return { raw: bytes.subarray(at, at + timeSize), epochMs: epochMsOf(bytes, at) };
}

/** Null when a part is outside its range. Days are checked against 31 only, as in table 5. */
export function epochMsOf(bytes: Uint8Array, at: number): number | null {
  const year = bytes[at] as number;
  const month = bytes[at + 1] as number;
  const day = bytes[at + 2] as number;
  const hour = bytes[at + 3] as number;
  const minute = bytes[at + 4] as number;
  const second = bytes[at + 5] as number;
  if (year > 99 || month < 1 || month > 12 || day < 1 || day > 31) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  return Date.UTC(2000 + year, month - 1, day, hour, minute, second) - beijingOffsetMs;
}

/** Device time of an instant, cut to whole seconds. Throws outside 2000..2099 in Beijing. */
export function deviceTimeOf(epochMs: number): DeviceTime {
  if (!(epochMs >= earliestAt && epochMs <= latestAt)) {
    throw new RangeError(`instant within the years 2000..2099 wanted, found ${epochMs}`);
  }
  const seconds = Math.floor(epochMs / 1000) * 1000;
  const local = new Date(seconds + beijingOffsetMs);
  const raw = Uint8Array.of(
    local.getUTCFullYear() - 2000,
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
  );
  return { raw, epochMs: seconds };
}
