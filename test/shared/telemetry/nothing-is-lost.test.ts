// Nothing decoded is lost on the way: whatever bit of a report changes, its Telemetry changes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { ItemInput } from '#shared/frame/gb32960/encode-frame.ts';
import {
  alarm,
  custom,
  everyItem,
  interpretPayload,
  motors,
  reportFrame,
  temperatures,
  vehicle,
  voltages,
} from './sample-frames.ts';
import { everyItem2025, packTemperatures, signature } from './sample-frames-2025.ts';

const dataUnitAt = 24;

/** The frame with one bit changed and its check byte made right again. */
function withFlippedBit(frame: Buffer, bit: number): Buffer {
  const changed = Buffer.from(frame);
  const mask = 1 << (bit & 7);
  changed[bit >> 3] = (changed[bit >> 3] as number) ^ mask;
  changed[changed.length - 1] = (changed.at(-1) as number) ^ mask;
  return changed;
}

/** Bits of the data unit whose change cannot be told from what the frame becomes. */
function lostBits(frame: Buffer): readonly number[] {
  const before = interpretPayload(frame);
  const lost: number[] = [];
  for (let bit = dataUnitAt * 8; bit < (frame.length - 1) * 8; bit += 1) {
    const after = interpretPayload(withFlippedBit(frame, bit));
    if (isDeepStrictEqual(before, after)) lost.push(bit);
  }
  return lost;
}

for (const item of [...everyItem, ...everyItem2025]) {
  test(`shows every bit of a ${item.kind} item in the Telemetry`, () => {
    assert.deepEqual(lostBits(reportFrame([item])), []);
  });
}

test('shows every bit of a report with all items at once, and of its signature', () => {
  assert.deepEqual(lostBits(reportFrame(everyItem)), []);
  const signed = reportFrame(everyItem2025, { signature, trailing: Uint8Array.of(1, 2) });
  assert.deepEqual(lostBits(signed), []);
});

test('shows every bit of items that come twice, and of what follows a break', () => {
  const twice: readonly ItemInput[] = [...everyItem, temperatures, ...everyItem];
  assert.deepEqual(lostBits(reportFrame(twice, { remainder: Uint8Array.of(0x7f, 1, 2) })), []);
  const twice2025 = [...everyItem2025, packTemperatures, ...everyItem2025];
  assert.deepEqual(lostBits(reportFrame(twice2025, { signature })), []);
});

test('shows every bit of items whose fields are all sentinels', () => {
  for (const fill of [0xff, 0xfe, 0x00]) {
    for (const [type, length] of [
      ...[[0x01, 20] as const, [0x04, 5] as const, [0x05, 9] as const, [0x06, 14] as const],
      ...[[0x02, 1] as const, [0x08, 1] as const, [0x09, 1] as const],
    ]) {
      const remainder = Buffer.concat([Uint8Array.of(type), Buffer.alloc(length, fill)]);
      assert.deepEqual(lostBits(reportFrame([], { remainder })), [], `type ${type}, fill ${fill}`);
    }
  }
});

test('tells any two reports apart that differ in a bit', () => {
  const some = { minLength: 1, maxLength: 8 };
  const items = fc.oneof(
    fc.array(fc.constantFrom(...everyItem, motors, alarm, voltages, vehicle, custom), some),
    fc.array(fc.constantFrom(...everyItem2025, custom), some),
  );
  const frames = fc
    .tuple(items, fc.uint8Array({ maxLength: 40 }))
    .map(([chosen, remainder]) => reportFrame(chosen, { remainder }));
  fc.assert(
    fc.property(frames, fc.nat(), (frame, choice) => {
      const bits = (frame.length - 1 - dataUnitAt) * 8;
      const changed = withFlippedBit(frame, dataUnitAt * 8 + (choice % bits));
      assert.ok(!isDeepStrictEqual(interpretPayload(frame), interpretPayload(changed)));
    }),
    { seed: 20260615, numRuns: 500 },
  );
});
