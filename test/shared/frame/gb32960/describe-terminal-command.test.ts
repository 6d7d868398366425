// What people read of the commands that a platform sends to a terminal.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { describeFrame } from '#shared/frame/gb32960/describe-frame.ts';
import { buildFrame } from '#shared/frame/gb32960/encode-frame.ts';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';

const timeHex = '1a05010c0506';
const time = '2026-05-01T12:05:06+08:00';

test('reads a setting, texts by the length that comes before them', () => {
  const hex = `04${'010bb8'}${'0403'}${'05612e62'}${'07322e312e30'}`;
  assert.deepEqual(described(0x81, hex), {
    time,
    count: 4,
    params: [
      { id: 1, value: 3000 },
      { id: 4, value: 3 },
      { id: 5, value: 'a.b' },
      { id: 7, value: '2.1.0' },
    ],
  });
});

test('stops at a parameter of unknown size and keeps the rest', () => {
  const params = [{ id: 0x10, value: 1 }];
  const wanted = { time, count: 3, params, unparsedHex: '80aabb' };
  assert.deepEqual(described(0x81, '03100180aabb'), wanted);
});

test('stops at a text whose length was not sent', () => {
  assert.deepEqual(described(0x81, '0105616263'), {
    time,
    count: 1,
    params: [],
    unparsedHex: '05616263',
  });
});

test('reads a query and its answer apart', () => {
  assert.deepEqual(described(0x80, '020102'), { time, count: 2, paramIds: [1, 2] });
  const answered = { time, count: 1, params: [{ id: 9, value: 60 }] };
  assert.deepEqual(described(0x80, '01093c', 0x01), answered);
});

test('leaves a query alone that is cut short', () => {
  assert.deepEqual(described(0x80, '0501'), { rawHex: `${timeHex}0501` });
});

test('reads a control command as an id and its arguments', () => {
  assert.deepEqual(described(0x82, '0601ff'), { time, commandId: 6, argsHex: '01ff' });
});

function described(command: number, hex: string, response = 0xfe): unknown {
  const bytes = Buffer.from(timeHex + hex, 'hex');
  const payload = buildFrame({ command, response, vin: 'FW', body: { kind: 'opaque', bytes } });
  return describeFrame(decodeMessage(payload)[0]?.frame as Gb32960Frame).data;
}
