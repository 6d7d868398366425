// A payload told byte by byte: no byte twice or not at all, and the place where it breaks.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { leavesOf } from '#shared/frame/explain-parts.ts';
import type { Explained } from '#shared/frame/explained.ts';
import { decodeMessage } from '#shared/frame/jt808/decode-message.ts';
import { buildFrame } from '#shared/frame/jt808/encode-frame.ts';
import { explainMessage } from '#shared/frame/jt808/explain-message.ts';
import { basic, frameOf } from '#test/shared/telemetry/jt808-frames.ts';
import { fixedSeed, frameBytes } from './arbitrary-frames.ts';

const folder = join(repositoryRoot, 'test', 'golden', 'jt808');
const golden = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as { hex: string }[])
  .map(({ hex }) => Buffer.from(hex, 'hex'));

function leaf(payload: Buffer, name: string): Explained {
  const found = [...leavesOf(explainMessage(payload))].find((each) => each.name === name);
  assert.ok(found !== undefined, `a leaf ${name}`);
  return found;
}

function broken(payload: Buffer): readonly Explained[] {
  return [...leavesOf(explainMessage(payload))].filter(({ verdict }) => verdict === 'broken');
}

/** Leaves follow one another, parts hold their own, and one entry tells one outcome. */
function checkRanges(payload: Buffer): void {
  const told = explainMessage(payload);
  assert.equal(told.length, decodeMessage(payload).length);
  let at = 0;
  for (const { at: from, end } of leavesOf(told)) {
    assert.equal(from, at, `a leaf at ${at} of ${payload.toString('hex')}`);
    at = end;
  }
  assert.equal(at, payload.length);
  const check = ({ parts, at: from, end }: Explained): void => {
    if (parts.length > 0) assert.deepEqual([parts[0]?.at, parts.at(-1)?.end], [from, end]);
    for (const part of parts) check(part);
  };
  for (const part of told) check(part);
}

test('every byte of every golden payload lies in exactly one leaf', () => {
  for (const payload of golden) checkRanges(payload);
});

test('every byte lies in exactly one leaf, whatever the bytes are', () => {
  const pieces = fc.oneof(
    frameBytes,
    fc.uint8Array({ maxLength: 20 }),
    fc.constantFrom(Buffer.of(0x7e), Buffer.of(0x7e, 0x7e), Buffer.of(0x7d)),
  );
  const payloads = fc
    .tuple(fc.array(pieces, { maxLength: 4 }), fc.nat(), fc.integer({ min: 0, max: 0xff }))
    .map(([parts, place, byte]) => {
      const bytes = Buffer.concat(parts);
      if (bytes.length > 0) bytes[place % bytes.length] = byte;
      return bytes;
    });
  fc.assert(fc.property(payloads, checkRanges), { ...fixedSeed, numRuns: 3000 });
});

test('a good frame has nothing broken in it, and a refused one has', () => {
  for (const payload of golden) {
    const outcomes = decodeMessage(payload);
    const told = explainMessage(payload);
    for (const [at, { kind, frame }] of outcomes.entries()) {
      const leaves = [...leavesOf([told[at] as Explained])];
      const hasBroken = leaves.some(({ verdict }) => verdict === 'broken');
      const isCut = frame?.body.kind === 'location' && frame.body.extrasFault !== null;
      assert.equal(hasBroken, kind === 'reject' || isCut, payload.toString('hex'));
    }
  }
});

test('tells a field by its name, raw, value, unit and clause', () => {
  const payload = frameOf(0x0200, { ...basic, status: 0x0f, extras: [] });
  assert.partialDeepStrictEqual(leaf(payload, 'speed'), {
    at: 31,
    end: 33,
    raw: '723',
    value: '72.3',
    unit: 'km/h',
    verdict: 'ok',
    clause: 'JT/T 808-2013 8.18',
  });
  assert.equal(leaf(payload, 'latitude').value, '-31.230416');
  assert.equal(leaf(payload, 'status').value, 'acc_on, positioned, south, west, load empty');
  assert.equal(leaf(payload, 'phone').value, '13900000001');
});

test('tells places as they were sent: an escaped byte is two', () => {
  const payload = frameOf(0x0200, { ...basic, latitude: 0x017e7d02 });
  const told = leaf(payload, 'latitude');
  assert.deepEqual([told.at, told.end, told.raw], [21, 27, `${0x017e7d02}`]);
  assert.match(told.meaning, /Sent with an escape\.$/);
  assert.equal(leaf(payload, 'speed').at, 33);
});

test('marks a flipped bit at the check byte, and says which one was wanted', () => {
  const payload = frameOf(0x0002, { kind: 'empty' });
  payload[6] = 0x02;
  const [check, ...others] = broken(payload);
  assert.equal(others.length, 0);
  assert.equal(check?.name, 'checksum');
  assert.match(check?.expected ?? '', /^0x\w\w, the XOR/);
});

test('marks the length that does not fit, the header cut short and the missing flag', () => {
  const cut = Buffer.from('7e0002000101390000000100073d7e', 'hex');
  assert.match(broken(cut)[0]?.expected ?? '', /bits 0 to 9 say 1, and a body of 0 bytes/);
  const short = Buffer.from('7e01017e', 'hex');
  assert.match(broken(short)[0]?.expected ?? '', /a header of 12 bytes, found 1/);
  const open = frameOf(0x0002, { kind: 'empty' }).subarray(0, -1);
  assert.equal(broken(open).at(-1)?.name, 'end');
});

test('marks a 7D that escapes nothing', () => {
  const payload = Buffer.from('7e0002000000000000067900007d7e', 'hex');
  const [check] = broken(payload);
  assert.deepEqual([check?.name, check?.at, check?.end], ['checksum', 13, 14]);
  assert.match(check?.expected ?? '', /7d 01 or 7d 02/);
});

test('marks where a body ends too early or too late, and what a count promised', () => {
  const raw = (id: number, hex: string) =>
    frameOf(id, { kind: 'opaque', bytes: Buffer.from(hex, 'hex') });
  const [speed] = broken(raw(0x0200, '00'.repeat(19)));
  assert.deepEqual([speed?.name, speed?.expected], ['speed', '2 bytes, found 1']);
  const [rest] = broken(raw(0x0002, '01'));
  assert.deepEqual([rest?.name, rest?.expected], ['trailing', 'an empty body']);
  const [entry] = broken(raw(0x8003, '0001020001'));
  assert.equal(entry?.name, 'ids[1]');
  assert.match(entry?.expected ?? '', /since count is 2, found 0/);
  const [item] = broken(raw(0x0704, '000100001d'.concat('00'.repeat(28))));
  assert.match(item?.expected ?? '', /a length of 28 to 28, it says 29/);
});

test('marks an extra item that declares more than is left, in a frame that stands', () => {
  const payload = frameOf(0x0200, { ...basic, rest: Buffer.of(0xe4, 5, 1) });
  const [item] = broken(payload);
  assert.deepEqual([item?.name, item?.expected], ['item 0xE4', '5 bytes, found 1']);
  assert.equal(explainMessage(payload)[0]?.verdict, 'ok');
});

test('tells what is kept as bytes, and why', () => {
  const bytes = Buffer.of(1, 2);
  const rows = [
    [frameOf(0xe001, { kind: 'opaque', bytes }), /a message id with a layout/],
    [frameOf(0x0200, { kind: 'opaque', bytes }, { encryption: 1 }), /encryption bits 000/],
    [
      buildFrame({
        messageId: 0x0801,
        phone: '1',
        serial: 1,
        packet: { total: 2, index: 1 },
        body: { kind: 'part', bytes },
      }),
      /all parts of the message/,
    ],
  ] as const;
  for (const [payload, wanted] of rows) {
    const told = leaf(payload, 'body');
    assert.equal(told.verdict, 'opaque');
    assert.match(told.expected ?? '', wanted);
  }
});
