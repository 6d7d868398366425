// Binary coded decimals: digits, and the time of a terminal (GMT+8). Knows no clock.

import type { DeviceTime } from './frame.ts';

export const timeSize = 6;

const beijingOffsetMs = 8 * 60 * 60 * 1000;
const earliestAt = Date.UTC(2000, 0, 1) - beijingOffsetMs;
const latestAt = Date.UTC(2100, 0, 1) - beijingOffsetMs - 1;

/** The caller has checked that six bytes are there. */
export function readTime(bytes: Uint8Array, at: number): DeviceTime {
  return { raw: bytes.subarray(at, at + timeSize), epochMs: epochMsOf(bytes, at) };
}

/** Null for a nibble above 9, and for a moment that no calendar has. */
export function epochMsOf(bytes: Uint8Array, at: number): number | null {
  const year = pairAt(bytes, at);
  const month = pairAt(bytes, at + 1);
  const day = pairAt(bytes, at + 2);
  const hour = pairAt(bytes, at + 3);
  const minute = pairAt(bytes, at + 4);
  const second = pairAt(bytes, at + 5);
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return null;
  return Date.UTC(2000 + year, month - 1, day, hour, minute, second) - beijingOffsetMs;
}

export function isBcd(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    if (pairAt(bytes, at) < 0) return false;
  }
  return true;
}

/** Device time of an instant, cut to whole seconds. Throws outside 2000..2099 in Beijing. */
export function deviceTimeOf(epochMs: number): DeviceTime {
  if (!(epochMs >= earliestAt && epochMs <= latestAt)) {
    throw new RangeError(`instant within the years 2000..2099 wanted, found ${epochMs}`);
  }
  const seconds = Math.floor(epochMs / 1000) * 1000;
  return { raw: pack(digitsOfInstant(seconds + beijingOffsetMs)), epochMs: seconds };
}

/** `YYMMDDhhmmss` of an instant, in UTC. */
export function digitsOfInstant(epochMs: number): string {
  return new Date(epochMs).toISOString().replaceAll(/\D/g, '').slice(2, 14);
}

/** Two digits a byte. Throws for anything but hex digits, of which there must be an even number. */
export function pack(digits: string): Uint8Array {
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) {
    throw new RangeError(`an even number of digits wanted, found ${JSON.stringify(digits)}`);
  }
  const packed = new Uint8Array(digits.length / 2);
  for (let at = 0; at < packed.length; at += 1) {
    packed[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  }
  return packed;
}

/** The digits of so many bytes, hex digits where they are none. */
export function unpack(bytes: Uint8Array, at: number, size: number): string {
  let digits = '';
  for (let index = at; index < at + size; index += 1) digits += pairs[bytes[index] as number];
  return digits;
}

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Two digits as a number; -1 when a nibble is no digit. */
function pairAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] as number;
  const low = byte & 0x0f;
  return byte > 0x99 || low > 9 ? -1 : (byte >>> 4) * 10 + low;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
