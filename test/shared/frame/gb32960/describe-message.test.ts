// Which bytes of a payload are told as frames, and which as skipped.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { describeMessage } from '#shared/frame/gb32960/describe-message.ts';
import { buildFrame } from '#shared/frame/gb32960/encode-frame.ts';
import { fixedSeed, frameBytes } from './arbitrary-frames.ts';

const good = buildFrame({ command: 0x07, vin: 'FWTEST00000000001', body: { kind: 'heartbeat' } });
const bent = Buffer.from(good);
bent[bent.length - 1] = (bent.at(-1) as number) ^ 0xff;
const noise = Buffer.of(0x0d, 0x0a, 0x23);

test('tells frame after frame and skips nothing', () => {
  assert.deepEqual(told(good, good), { frames: ['accept', 'accept'], skippedHex: [] });
});

test('skips bytes that start no frame: before, between and after', () => {
  assert.deepEqual(told(noise, good, noise, good, noise), {
    frames: ['accept', 'accept'],
    skippedHex: ['0d0a23', '0d0a23', '0d0a23'],
  });
});

test('rejects a broken frame, and skips what lies between its end and the next good one', () => {
  assert.deepEqual(told(bent, good), { frames: ['frame_checksum', 'accept'], skippedHex: [] });
  assert.deepEqual(told(bent, noise, good, bent, bent), {
    frames: ['frame_checksum', 'accept', 'frame_checksum'],
    skippedHex: ['0d0a23', bent.toString('hex')],
  });
});

test('rejects a broken frame behind noise for its own fault', () => {
  assert.deepEqual(told(good, noise, Buffer.of(0), good.subarray(0, 20)), {
    frames: ['accept', 'frame_truncated'],
    skippedHex: ['0d0a2300'],
  });
  assert.deepEqual(told(Buffer.of(1), bent), { frames: ['frame_checksum'], skippedHex: ['01'] });
});

test('finds the fault of a refused stretch within it, also where its header reaches beyond', () => {
  const cut = good.subarray(0, 20);
  const [outcome] = decodeMessage(Buffer.concat([cut, good]));
  assert.equal(outcome?.bytes.length, 20);
  assert.deepEqual([outcome?.reason?.code, outcome?.reason?.offset], ['frame_truncated', 20]);
});

test('takes all up to the next good frame for the broken one where its length cannot be', () => {
  const endless = Buffer.from(good);
  endless.writeUInt16BE(0xffff, 22);
  assert.deepEqual(told(endless, noise, good), {
    frames: ['frame_length', 'accept'],
    skippedHex: [],
  });
  assert.deepEqual(told(good.subarray(0, 10), good), {
    frames: ['frame_truncated', 'accept'],
    skippedHex: [],
  });
});

test('rejects a payload without any frame as one', () => {
  assert.deepEqual(told(), { frames: ['frame_empty'], skippedHex: [] });
  assert.deepEqual(told(Buffer.from('text')), { frames: ['frame_start'], skippedHex: [] });
  assert.deepEqual(told(Buffer.of(0x23)), { frames: ['frame_start'], skippedHex: [] });
});

test('tells frames of both editions in one payload', () => {
  const other = Buffer.from(good).fill(0x24, 0, 2);
  const { frames } = describeMessage(Buffer.concat([other, good]));
  assert.deepEqual(
    frames.map(({ frame }) => frame?.protocol),
    ['gb32960-2025', 'gb32960-2016'],
  );
});

test('tells every frame that decodes as the decoder does, and no byte twice', () => {
  const pieces = fc.oneof(frameBytes, fc.constantFrom(good, bent, noise), fc.uint8Array());
  const payloads = fc.array(pieces, { maxLength: 6 }).map((parts) => Buffer.concat(parts));
  fc.assert(
    fc.property(payloads, (payload) => {
      const { frames, skippedHex } = describeMessage(payload);
      assert.ok(frames.length > 0);
      const outcomes = decodeMessage(payload).filter(({ kind }) => kind !== 'reject');
      const described = frames.filter(({ outcome }) => outcome !== 'reject');
      assert.deepEqual(
        described.map(({ outcome, reason, frame }) => [outcome, reason, frame?.bcc]),
        outcomes.map(({ kind, reason, frame }) => [kind, reason, frame?.bcc]),
      );
      const whole = described.reduce((sum, { frame }) => sum + 25 + (frame?.dataLength ?? 0), 0);
      const skipped = skippedHex.reduce((sum, { length }) => sum + length / 2, 0);
      const isAllTold = frames.every(({ outcome }) => outcome !== 'reject');
      if (isAllTold) assert.equal(whole + skipped, payload.length);
      else assert.ok(whole + skipped <= payload.length);
    }),
    { ...fixedSeed, numRuns: 500 },
  );
});

/** Outcomes, rejected frames by their code. */
function told(...parts: readonly Uint8Array[]): unknown {
  const { frames, skippedHex } = describeMessage(Buffer.concat(parts));
  const names = frames.map(({ outcome, reason }) =>
    outcome === 'reject' ? reason?.code : outcome,
  );
  return { frames: names, skippedHex };
}
