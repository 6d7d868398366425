// Which message a part belongs to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/jt808/decode-message.ts';
import { buildParts, type FrameInput } from '#shared/frame/jt808/encode-frame.ts';
import type { Jt808Frame } from '#shared/frame/jt808/frame.ts';
import { joinParts, placeOf } from '#shared/frame/jt808/parts.ts';
import { frameOf } from '#test/shared/telemetry/jt808-frames.ts';

const picture = Buffer.alloc(50, 0xff);
const input: FrameInput = {
  messageId: 0x0801,
  phone: '13900000001',
  serial: 0xffff,
  body: { kind: 'opaque', bytes: picture },
};

function decoded(payload: Buffer): Jt808Frame {
  const [outcome] = decodeMessage(payload);
  assert.ok(outcome !== undefined && outcome.frame !== null);
  return outcome.frame;
}

function placesOf(change: Partial<FrameInput> = {}) {
  return buildParts({ ...input, ...change }, 20).map((part) => placeOf(decoded(part)));
}

test('parts of one message have one name, over the end of the serials too', () => {
  const places = placesOf();
  assert.deepEqual(
    places.map((place) => [place?.total, place?.index]),
    [
      [3, 1],
      [3, 2],
      [3, 3],
    ],
  );
  assert.equal(new Set(places.map((place) => place?.message)).size, 1);
});

test('messages of another phone, id, serial or length have another name', () => {
  const changes: readonly Partial<FrameInput>[] = [
    {},
    { phone: '13900000002' },
    { messageId: 0x0900 },
    { serial: 3 },
    { body: { kind: 'opaque', bytes: Buffer.alloc(30) } },
  ];
  const names = changes.map((change) => placesOf(change)[0]?.message);
  assert.equal(new Set(names).size, names.length);
});

test('a whole message, an encrypted part and a part of none have no place', () => {
  const part = { kind: 'opaque', bytes: picture };
  const rows = [
    frameOf(0x0002, { kind: 'empty' }),
    frameOf(0x0801, part, { encryption: 1, packet: { total: 2, index: 1 } }),
    frameOf(0x0801, part, { packet: { total: 2, index: 0 } }),
    frameOf(0x0801, part, { packet: { total: 2, index: 3 } }),
    frameOf(0x0801, part, { packet: { total: 0, index: 1 } }),
  ];
  for (const row of rows) assert.equal(placeOf(decoded(row)), null);
});

test('a whole whose body is refused is refused with the bytes of all parts', () => {
  const parts = buildParts({ ...input, messageId: 0x0704 }, 20);
  const whole = joinParts(parts);
  assert.deepEqual([whole.kind, whole.reason?.code], ['reject', 'body_length']);
  assert.deepEqual(whole.bytes, Buffer.concat(parts));
  assert.equal(decodeMessage(whole.bytes).length, 3);
});

test('a whole without layout is kept as bytes', () => {
  const whole = joinParts(buildParts({ ...input, messageId: 0xe001 }, 20));
  assert.deepEqual([whole.kind, whole.reason?.code], ['opaque', 'command_unknown']);
  assert.deepEqual(Buffer.from(whole.frame?.bodyBytes ?? []), picture);
});
