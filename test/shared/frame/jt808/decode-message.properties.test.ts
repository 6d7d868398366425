// Promises of the decoder that hold for all bytes, not for chosen ones.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeMessage } from '#shared/frame/jt808/decode-message.ts';
import { describeMessage } from '#shared/frame/jt808/describe-message.ts';
import { extraInputs } from '#shared/frame/jt808/encode-body.ts';
import { buildFrame, buildParts, encodeFrame } from '#shared/frame/jt808/encode-frame.ts';
import type { Location } from '#shared/frame/jt808/frame.ts';
import { joinParts } from '#shared/frame/jt808/parts.ts';
import { plain } from '#test/shared/frame/gb32960/plain.ts';
import { fixedSeed, frameBytes, frameInputs } from './arbitrary-frames.ts';

test('decodes what was encoded to the same values, and encodes it to the same bytes', () => {
  fc.assert(
    fc.property(frameInputs, (input) => {
      const bytes = buildFrame(input);
      const [outcome, ...others] = decodeMessage(bytes);
      assert.equal(others.length, 0);
      assert.ok(outcome?.kind === 'accept', outcome?.reason?.detail ?? '');
      const { messageId, edition, phone, serial, body } = input;
      const wanted = { codec: `jt808-${edition}`, messageId, serial };
      assert.partialDeepStrictEqual(outcome.frame, wanted);
      assert.equal(outcome.frame.phone, phone.padStart(edition === '2019' ? 20 : 12, '0'));
      assert.partialDeepStrictEqual(plain(withItems(outcome.frame.body)), plain(body));
      assert.deepEqual(encodeFrame(outcome.frame), bytes);
    }),
    { ...fixedSeed, numRuns: 3000 },
  );
});

test('joins the parts of any message to the message', () => {
  const cuts = fc.integer({ min: 1, max: 30 });
  fc.assert(
    fc.property(frameInputs, cuts, (input, partBytes) => {
      const parts = buildParts(input, partBytes);
      if (parts.length === 1) return;
      const [whole] = decodeMessage(buildFrame(input));
      const joined = joinParts(parts);
      assert.equal(joined.kind, 'accept');
      assert.deepEqual(plain(joined.frame?.body), plain(whole?.frame?.body));
    }),
    { ...fixedSeed, numRuns: 300 },
  );
});

const pieces = fc.oneof(
  frameBytes,
  fc.constantFrom(Buffer.of(0x7e), Buffer.of(0x7e, 0x7e), Buffer.of(0x7d), Buffer.of(0x0d, 0x0a)),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
);

const damaged = fc
  .tuple(fc.array(pieces, { maxLength: 6 }), fc.nat(), fc.integer({ min: 0, max: 7 }), fc.boolean())
  .map(([parts, at, bit, isCut]) => {
    const bytes = Buffer.concat(parts);
    if (bytes.length === 0) return bytes;
    const place = at % bytes.length;
    bytes[place] = (bytes[place] as number) ^ (1 << bit);
    return isCut ? bytes.subarray(0, place) : bytes;
  });

test('survives any bytes, and leaves no byte of them out', () => {
  const payloads = fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged);
  fc.assert(
    fc.property(payloads, (payload) => {
      const outcomes = decodeMessage(payload);
      assert.ok(outcomes.length > 0);
      let end = 0;
      for (const { bytes, reason } of outcomes) {
        const start = bytes.byteOffset - payload.byteOffset;
        // Two frames may share the flag between them.
        assert.ok(start === end || (start === end - 1 && payload[start] === 0x7e));
        end = start + bytes.length;
        assert.ok(reason === null || (reason.offset >= 0 && reason.offset <= bytes.length));
      }
      assert.equal(end, payload.length);
    }),
    { ...fixedSeed, numRuns: 3000 },
  );
});

test('refused bytes are refused alone for the same reason', () => {
  fc.assert(
    fc.property(damaged, (payload) => {
      for (const { kind, bytes, reason } of decodeMessage(payload)) {
        if (kind !== 'reject' || reason.code === 'frame_start') continue;
        const [again, ...others] = decodeMessage(bytes);
        assert.deepEqual([again?.kind, again?.reason, others.length], [kind, reason, 0]);
      }
    }),
    { ...fixedSeed, numRuns: 2000 },
  );
});

test('describes any bytes by the outcomes of the decoder', () => {
  fc.assert(
    fc.property(damaged, (payload) => {
      const { frames } = describeMessage(payload);
      assert.deepEqual(
        frames.map(({ outcome, reason }) => [outcome, reason]),
        decodeMessage(payload).map(({ kind, reason }) => [kind, reason]),
      );
      assert.ok(JSON.stringify(frames).length > 0);
    }),
    { ...fixedSeed, numRuns: 500 },
  );
});

/** Locations with their items as data, as they were drawn. */
function withItems(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withItems);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if ('kind' in value && value.kind === 'location') {
    return { ...value, extras: extraInputs(value as Location) };
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withItems(inner)]));
}
