// JT/T 808 messages that have a record of their own in a Lifecycle, and those that have fields.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lifecycle } from '#shared/avro/types.generated.ts';
import { basic, frameOf, interpretPayload, receivedAt, time } from './jt808-frames.ts';

function lifecycleOf(...args: Parameters<typeof frameOf>): Lifecycle {
  const [record] = interpretPayload(frameOf(...args));
  assert.ok(record?.kind === 'lifecycle', 'a lifecycle');
  return record.value;
}

const fieldsOf = ({ fields }: Lifecycle) =>
  fields.map(({ path, number, text, bytes }) => [path, number ?? text ?? bytes]);

test('a heartbeat has no body, no time and no identity of its content', () => {
  assert.partialDeepStrictEqual(lifecycleOf(0x0002, { kind: 'empty' }), {
    frameId: null,
    event: 'heartbeat',
    outcome: 'accept',
    command: 2,
    serial: 7,
    eventTime: receivedAt,
    clockState: 'absent',
    body: null,
    fields: [],
  });
});

test('a registration of 2011 says how it was read', () => {
  const body = {
    ...{ kind: 'register', form: '2011', province: 44, city: 303, manufacturer: '70111' },
    ...{ model: 'FW', terminalId: '1', plateColor: 1, plate: '粤B88888' },
  };
  const { register, codec, fields } = lifecycleOf(0x0100, body);
  assert.equal(codec, 'jt808-2013');
  assert.deepEqual(fields, []);
  assert.deepEqual(register, {
    provinceId: 44,
    cityId: 303,
    makerId: '70111',
    model: 'FW',
    deviceId: '1',
    plateColor: 1,
    plate: '粤B88888',
    form: '2011',
  });
});

test('an authentication of 2019 has its code, and both versions', () => {
  const body = { kind: 'auth', authCode: 'c', imei: '000000000000001', softwareVersion: 'v' };
  const { auth } = lifecycleOf(0x0102, body, { edition: '2019' });
  assert.deepEqual(auth, { code: 'c', imei: '000000000000001', softwareVersion: 'v' });
});

test('a driver has the time of the card', () => {
  const { driver, eventTime, deviceTimeRaw } = lifecycleOf(0x0702, {
    kind: 'driver',
    status: 2,
    time,
  });
  assert.deepEqual([eventTime, deviceTimeRaw], [time.epochMs, Buffer.from(time.raw)]);
  assert.partialDeepStrictEqual(driver, { status: 2, icResult: null, name: null });
});

test('CAN frames have their ids taken apart', () => {
  const frames = [
    { raw: 0xcafe_0001, data: Buffer.alloc(8, 1) },
    { raw: 0x2000_0123, data: Buffer.alloc(8, 2) },
  ];
  const body = { kind: 'can', count: 2, receiveTimeBcd: '1200000000', frames };
  const { canBatch, event } = lifecycleOf(0x0705, body);
  assert.equal(event, 'can_batch');
  assert.deepEqual(canBatch?.startTimeRaw, Buffer.from('1200000000', 'hex'));
  assert.deepEqual(canBatch?.frames, [
    { id: 0x0afe_0001, channel: 1, isExtended: true, isAveraged: false, data: Buffer.alloc(8, 1) },
    { id: 0x123, channel: 0, isExtended: false, isAveraged: true, data: Buffer.alloc(8, 2) },
  ]);
});

test('parameters are fields under their place in the list', () => {
  const params = [{ id: 0xf000, value: Buffer.of(1) }];
  const answer = lifecycleOf(0x0104, { kind: 'parameters', answerSeq: 3, count: 1, params });
  assert.equal(answer.parameterCount, 1);
  assert.deepEqual(fieldsOf(answer), [
    ['answerSeq', 3],
    ['count', 1],
    ['params[0].id', 0xf000],
    ['params[0].value', Buffer.of(1)],
  ]);
});

test('a picture has its place beside it, and its bytes', () => {
  const head = { mediaId: 3, mediaType: 0, format: 0, event: 1, channel: 2 };
  const media = lifecycleOf(0x0801, {
    kind: 'media',
    ...head,
    location: basic,
    data: Buffer.of(0xff, 0xd8),
  });
  assert.equal(media.eventTime, time.epochMs);
  const fields = new Map(media.fields.map((field) => [field.path, field]));
  assert.equal(fields.get('location.latitude')?.number, 31_230_416);
  assert.deepEqual(fields.get('data')?.bytes, Buffer.of(0xff, 0xd8));
});

test('what is kept as bytes says why, and a part where it belongs', () => {
  const bytes = Buffer.of(1, 2);
  const opaque = { kind: 'opaque', bytes };
  const rows = [
    [lifecycleOf(0xe001, opaque), { event: 'opaque', reason: 'command_unknown', partTotal: null }],
    [lifecycleOf(0x0200, opaque, { encryption: 1 }), { reason: 'encrypted', encryption: 1 }],
    [
      lifecycleOf(0x0801, opaque, { packet: { total: 26, index: 2 } }),
      { event: 'part', reason: 'part', partTotal: 26, partIndex: 2 },
    ],
  ] as const;
  for (const [lifecycle, wanted] of rows) {
    assert.partialDeepStrictEqual(lifecycle, { outcome: 'opaque', body: bytes, ...wanted });
  }
});

test('parts that are alike are not the same part', () => {
  const part = (index: number) =>
    lifecycleOf(
      0x0801,
      { kind: 'opaque', bytes: Buffer.alloc(9) },
      { packet: { total: 3, index }, serial: index },
    ).frameId;
  assert.notDeepEqual(part(1), part(2));
});

test('a text that is no GBK leaves its bytes behind', () => {
  const { auth, body } = lifecycleOf(0x0102, { kind: 'opaque', bytes: Buffer.of(0x41, 0xff) });
  assert.equal(auth?.code, 'A\ufffd');
  assert.deepEqual(body, Buffer.of(0x41, 0xff));
});

test('left-over bytes of a fixed body are kept', () => {
  const { trailing, fields } = lifecycleOf(0x0301, { kind: 'opaque', bytes: Buffer.of(4, 9) });
  assert.deepEqual(trailing, Buffer.of(9));
  assert.equal(fields[0]?.number, 4);
});
