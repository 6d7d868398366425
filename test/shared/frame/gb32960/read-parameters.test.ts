// The commands that a platform sends to a terminal, and what a terminal answers to them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { describeFrame } from '#shared/frame/gb32960/describe-frame.ts';
import { type BodyInput, buildFrame } from '#shared/frame/gb32960/encode-frame.ts';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';
import type { Outcome } from '#shared/frame/outcome.ts';

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
  const [outcome] = decoded(0x81, '0310018001aabb');
  assert.equal(outcome?.kind, 'partial');
  const detail = 'parameter 2 of 3 of a known size wanted, found id 0x80';
  assert.deepEqual(outcome?.reason, { code: 'item_unknown', offset: 24 + 9, detail });
  const params = [{ id: 0x10, value: 1 }];
  const wanted = { time, count: 3, params, unparsedHex: '8001aabb', parseError: detail };
  assert.deepEqual(described(0x81, '0310018001aabb'), wanted);
});

test('stops at a text whose length was not sent, or comes after it', () => {
  const parseError = 'parameter 1 of 2 of a known size wanted, found id 0x05';
  const wanted = { time, count: 2, params: [], unparsedHex: '056162630403', parseError };
  assert.deepEqual(described(0x81, '02056162630403'), wanted);
});

test('takes the length of a text from the nearest parameter before it', () => {
  const params = [
    { id: 4, value: 3 },
    { id: 4, value: 1 },
    { id: 0x0d, value: 2 },
    { id: 5, value: 'a' },
    { id: 0x0e, value: 'bc' },
  ];
  const wanted = { time, count: 5, params };
  assert.deepEqual(described(0x81, `05${'0403'}${'0401'}${'0d02'}${'0561'}${'0e6263'}`), wanted);
});

test('stops at a value that is cut short, and where a parameter is missing', () => {
  const cut = decoded(0x81, '020102030a00')[0];
  assert.deepEqual([cut?.kind, cut?.reason?.code], ['partial', 'item_truncated']);
  assert.equal(cut?.reason?.detail, 'parameter 2 of 2, id 0x0A, wants 2 bytes, found 1');
  const missing = decoded(0x81, '02010203')[0];
  assert.deepEqual([missing?.kind, missing?.reason?.code], ['partial', 'item_truncated']);
  assert.partialDeepStrictEqual(missing?.frame?.body, { params: [{ id: 1 }], remainder: null });
});

test('tells bytes behind the last parameter apart from what could not be read', () => {
  const params = [{ id: 9, value: 60 }];
  const wanted = { time, count: 1, params, trailingHex: '0a00' };
  assert.equal(decoded(0x81, '01093c0a00')[0]?.kind, 'accept');
  assert.deepEqual(described(0x81, '01093c0a00'), wanted);
});

test('reads a count that is a sentinel as none', () => {
  assert.deepEqual(described(0x81, 'fe'), { time, count: 0xfe, params: [] });
  assert.deepEqual(described(0x80, 'ff'), { time, count: 0xff, paramIds: [] });
});

test('reads a query and its answer apart', () => {
  assert.deepEqual(described(0x80, '020102'), { time, count: 2, paramIds: [1, 2] });
  const answered = { time, count: 1, params: [{ id: 9, value: 60 }] };
  assert.deepEqual(described(0x80, '01093c', 0x01), answered);
  assert.equal(decoded(0x80, '01093c', 0x01)[0]?.kind, 'answer');
});

test('takes an answer to a query that has no parameters as an ordinary one', () => {
  assert.deepEqual(described(0x80, '', 0x02), { time });
  assert.deepEqual(described(0x81, '01093c', 0x01), { time, restHex: '01093c' });
  assert.deepEqual(described(0x82, '02', 0x01), { time, restHex: '02' });
});

test('refuses a query with fewer ids than it counts, and bodies without their first byte', () => {
  const [outcome] = decoded(0x80, '0501');
  const detail = 'data unit of at least 12 bytes wanted, found 8';
  assert.deepEqual(outcome?.reason, { code: 'body_truncated', offset: 32, detail });
  for (const command of [0x80, 0x81, 0x82]) {
    assert.equal(decoded(command, '')[0]?.reason?.code, 'body_truncated');
  }
});

test('reads a control command as an id and its arguments', () => {
  assert.deepEqual(described(0x82, '0601ff'), { time, commandId: 6, argsHex: '01ff' });
  assert.deepEqual(described(0x82, '02'), { time, commandId: 2, argsHex: '' });
});

test('builds no setting with more parameters than it counts, and none of unknown size', () => {
  const sent = {
    kind: 'parameterSetting',
    time: deviceTime,
    params: [{ id: 9, value: 60 }],
  } as const;
  const build = (body: BodyInput) => () => buildFrame({ command: 0x81, vin: 'FW', body });
  assert.throws(build({ ...sent, count: 0 }), RangeError);
  assert.throws(build({ ...sent, count: 1, params: [{ id: 0x80, value: 1 }] }), RangeError);
  assert.throws(build({ ...sent, count: 1, params: [{ id: 5, value: 'a' }] }), RangeError);
  assert.throws(build({ ...sent, count: 1, params: [{ id: 9, value: 256 }] }), RangeError);
});

const deviceTime = { raw: Buffer.from(timeHex, 'hex'), epochMs: null };

function decoded(command: number, hex: string, response = 0xfe): readonly Outcome<Gb32960Frame>[] {
  const bytes = Buffer.from(timeHex + hex, 'hex');
  const body = { kind: 'opaque', bytes } as const;
  return decodeMessage(buildFrame({ command, response, vin: 'FW', body }));
}

function described(command: number, hex: string, response = 0xfe): unknown {
  const [outcome] = decoded(command, hex, response);
  return describeFrame(outcome?.frame as Gb32960Frame, outcome?.reason).data;
}
