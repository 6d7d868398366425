// Six bytes of Beijing time and the instant they stand for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceTimeOf, epochMsOf } from '#shared/frame/gb32960/device-time.ts';

test('reads Beijing time, eight hours before UTC', () => {
  const bytes = Uint8Array.of(25, 10, 27, 20, 2, 2);
  assert.equal(epochMsOf(bytes, 0), Date.UTC(2025, 9, 27, 12, 2, 2));
});

test('checks days against 31 only, as table 5 does', () => {
  assert.equal(epochMsOf(Uint8Array.of(26, 2, 31, 0, 0, 0), 0), Date.UTC(2026, 2, 2, 16));
});

test('is unusable when any part is outside its range', () => {
  const good = [26, 5, 1, 12, 30, 30];
  for (const [index, part] of [
    [0, 100],
    [1, 0],
    [1, 13],
    [2, 0],
    [2, 32],
    [3, 24],
    [4, 60],
    [5, 60],
  ] as const) {
    assert.equal(epochMsOf(Uint8Array.from(good.with(index, part)), 0), null);
  }
});

test('writes an instant so that it reads back in whole seconds', () => {
  for (const epochMs of [Date.UTC(1999, 11, 31, 16), 1_777_600_000_500, Date.UTC(2099, 11, 31)]) {
    const { raw, epochMs: written } = deviceTimeOf(epochMs);
    assert.equal(epochMsOf(raw, 0), Math.floor(epochMs / 1000) * 1000);
    assert.equal(written, epochMsOf(raw, 0));
  }
});

test('refuses instants outside the century that two digits can hold', () => {
  assert.throws(() => deviceTimeOf(0), RangeError);
  assert.throws(() => deviceTimeOf(Date.UTC(2099, 11, 31, 16)), RangeError);
  assert.throws(() => deviceTimeOf(Number.NaN), RangeError);
});
