// Promises of the decoder that hold for all bytes, not for chosen ones.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { buildFrame, encodeFrame } from '#shared/frame/gb32960/encode-frame.ts';
import { fixedSeed, frameBytes, frameInputs } from './arbitrary-frames.ts';
import { plain } from './plain.ts';
import { type OracleOutcome, tableDecode } from './table-decoder.ts';

test('decodes what was encoded to the same values, and encodes it to the same bytes', () => {
  fc.assert(
    fc.property(frameInputs, (input) => {
      const bytes = buildFrame(input);
      const [outcome, ...others] = decodeMessage(bytes);
      assert.equal(others.length, 0);
      assert.ok(outcome?.frame);
      const wanted = { response: 0xfe, encryption: 1, ...input };
      // The frame holds what was drawn, and views besides.
      assert.partialDeepStrictEqual(plain(outcome.frame), plain(wanted));
      assert.deepEqual(encodeFrame(outcome.frame), bytes);
    }),
    { ...fixedSeed, numRuns: 1000 },
  );
});

test('reads every frame as the table-driven decoder does', () => {
  fc.assert(
    fc.property(frameBytes, (bytes) => assertLikeOracle(bytes)),
    { ...fixedSeed, numRuns: 1000 },
  );
});

test('reads flipped, cut and concatenated frames as the table-driven decoder does', () => {
  fc.assert(
    fc.property(damagedMessages, (bytes) => assertLikeOracle(bytes)),
    { ...fixedSeed, numRuns: 1500 },
  );
});

test('survives any bytes and gives every byte to exactly one outcome', () => {
  const payloads = fc.oneof(fc.uint8Array({ maxLength: 300 }), headerLike, damagedMessages);
  fc.assert(
    fc.property(payloads, (payload) => {
      const outcomes = decodeMessage(payload);
      assert.ok(outcomes.length > 0);
      const joined = Buffer.concat(outcomes.map(({ bytes }) => bytes));
      assert.deepEqual(joined, Buffer.from(payload));
    }),
    { ...fixedSeed, numRuns: 3000 },
  );
});

test('survives any data unit in an intact frame', () => {
  const intact = fc
    .record({
      codec: fc.constantFrom('gb32960-2016' as const, 'gb32960-2025' as const),
      command: fc.integer({ min: 0, max: 0xff }),
      bytes: fc.uint8Array({ maxLength: 200 }),
    })
    .map(({ codec, command, bytes }) =>
      buildFrame({ codec, command, vin: 'FWTEST00000000001', body: { kind: 'opaque', bytes } }),
    );
  fc.assert(
    fc.property(intact, (bytes) => assertLikeOracle(bytes)),
    { ...fixedSeed, numRuns: 3000 },
  );
});

test('encodes back to its bytes whatever frame it found in damaged messages', () => {
  fc.assert(
    fc.property(damagedMessages, (payload) => {
      for (const { frame, bytes } of decodeMessage(payload)) {
        if (frame !== null) assert.deepEqual(encodeFrame(frame), Buffer.from(bytes));
      }
    }),
    { ...fixedSeed, numRuns: 1500 },
  );
});

test('does not change the payload', () => {
  fc.assert(
    fc.property(damagedMessages, (payload) => {
      const before = Buffer.from(payload);
      decodeMessage(payload);
      assert.deepEqual(Buffer.from(payload), before);
    }),
    { ...fixedSeed, numRuns: 300 },
  );
});

/** Starts of frames in all states, so that chance comes further than the first check. */
const headerLike = fc
  .array(fc.constantFrom(0x23, 0x24, 0x00, 0x01, 0x02, 0xfe), { maxLength: 120 })
  .map((bytes) => Uint8Array.from(bytes));

const damagedMessages: fc.Arbitrary<Uint8Array> = fc
  .record({
    frames: fc.array(frameBytes, { minLength: 1, maxLength: 3 }),
    between: fc.uint8Array({ maxLength: 4 }),
    flips: fc.array(fc.nat(), { maxLength: 2 }),
    cut: fc.option(fc.nat(), { nil: null }),
    isOtherEdition: fc.boolean(),
  })
  .map(({ frames, between, flips, cut, isOtherEdition }) => {
    const parts = frames.flatMap((frame) => [frame, between]);
    const whole = Buffer.concat(parts);
    // The start bytes are not under the check byte: an intact frame of the other edition.
    if (isOtherEdition) whole.fill(0x47 - (whole[0] as number), 0, 2);
    for (const flip of flips) {
      const bit = flip % (whole.length * 8);
      whole[bit >> 3] = (whole[bit >> 3] as number) ^ (1 << (bit & 7));
    }
    return cut === null ? whole : whole.subarray(0, cut % (whole.length + 1));
  });

function assertLikeOracle(payload: Uint8Array): void {
  const outcomes = decodeMessage(payload).map(
    ({ kind, reason, bytes, frame }): OracleOutcome => ({
      kind,
      code: reason?.code ?? null,
      bytes: plain(bytes) as string,
      body: plain(frame?.body ?? null),
    }),
  );
  assert.deepEqual(outcomes, tableDecode(payload));
}
