// What EMQX's gateway publishes, read as the standard says, where the gateway does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Explained } from '#shared/frame/explained.ts';
import { extraInputs } from '#shared/frame/jt808/encode-body.ts';
import type { Location } from '#shared/frame/jt808/frame.ts';
import { decodeMessage } from '#shared/frame/jt808-gateway/decode-message.ts';
import { describeMessage } from '#shared/frame/jt808-gateway/describe-message.ts';
import { explainMessage } from '#shared/frame/jt808-gateway/explain-message.ts';

const location = {
  ...{ alarm: 1, status: 3, latitude: 39_915_000, longitude: 116_404_000, altitude: 50 },
  ...{ speed: 605, direction: 90, time: '260615115959' },
};
const header2013 = { msg_id: 0x0200, encrypt: 0, len: 28, phone: '018876638972', msg_sn: 229 };

function payloadOf(body: object, header: object = {}): Buffer {
  return Buffer.from(JSON.stringify({ header: { ...header2013, ...header }, body }));
}

function decode(payload: Buffer) {
  const [outcome, ...more] = decodeMessage(payload);
  assert.ok(outcome !== undefined && more.length === 0);
  return outcome;
}

function itemsOf(extra: object): Readonly<Record<number, string>> {
  const { frame, reason } = decode(payloadOf({ ...location, extra }));
  assert.ok(frame?.body.kind === 'location', reason?.detail ?? '');
  const items = extraInputs(frame.body as Location);
  return Object.fromEntries(items.map(({ id, data }) => [id, Buffer.from(data).toString('hex')]));
}

test('reads a location and its edition', () => {
  const { frame } = decode(payloadOf(location));
  assert.partialDeepStrictEqual(frame, {
    codec: 'jt808-2013-gateway',
    phone: '018876638972',
    serial: 229,
    body: { kind: 'location', latitude: 39_915_000, speed: 605, extrasFault: null },
  });
  assert.ok(frame?.body.kind === 'location');
  assert.equal(frame.body.time.epochMs, Date.UTC(2026, 5, 15, 3, 59, 59));
  const later = decode(payloadOf(location, { proto_ver: 1, phone: '18876638972' })).frame;
  assert.partialDeepStrictEqual(later, {
    codec: 'jt808-2019-gateway',
    phone: '00000000018876638972',
    protocolVersion: 1,
  });
});

test('takes the carriage temperature for the two bytes that it was, not for their complement', () => {
  // 0x8014 is -20 degC in sign and magnitude; the gateway says -32748.
  assert.deepEqual(itemsOf({ carriage_temp: -32_748 }), { 6: '8014' });
  assert.deepEqual(itemsOf({ carriage_temp: 20 }), { 6: '0014' });
});

const dark = {
  ...{ low_beam: 0, high_beam: 0, right_turn: 0, left_turn: 0, brake: 0, reverse: 0, fog: 0 },
  ...{ side_marker: 0, horn: 0, air_conditioner: 0, neutral: 0, retarder: 0, abs: 0, heater: 0 },
  cluth: 0,
};

test('claims no lamp that the gateway read from the wrong end', () => {
  // Bits 31 and 17 of the item; bits 0 to 14, which the lamps are, were not handed on.
  assert.deepEqual(itemsOf({ signal: { ...dark, low_beam: 1, cluth: 1 } }), { 37: '8002' });
  assert.deepEqual(itemsOf({ io_status: { deep_sleep: 1, sleep: 0 } }), { 42: '80' });
});

test('reads every other item by its name, and those without one by their id', () => {
  const items = itemsOf({
    ...{ mileage: 10, fuel_meter: 2, speed: 3, alarm_id: 4, rssi: 31, gnss_sat_num: 9 },
    overspeed_alarm: { type: 0 },
    in_out_alarm: { type: 1, id: 7, direction: 1 },
    path_time_alarm: { id: 8, time: 60, result: 1 },
    analog: { ad0: 1, ad1: 2 },
    custome: { '225': 'AQI=' },
    '100': 'AwQ=',
  });
  assert.deepEqual(items, {
    ...{ 1: '0000000a', 2: '0002', 3: '0003', 4: '0004', 48: '1f', 49: '09', 17: '00' },
    ...{ 18: '010000000701', 19: '00000008003c01', 43: '00020001', 225: '0102', 100: '0304' },
  });
});

test('reads batches, CAN frames, registers, drivers and bytes', () => {
  const batch = { length: 2, type: 1, location: [location, { ...location, extra: { rssi: 1 } }] };
  assert.partialDeepStrictEqual(decode(payloadOf(batch, { msg_id: 0x0704 })).frame?.body, {
    kind: 'batch',
    dataType: 1,
    count: 2,
  });
  const frames = [
    { channel: 1, frame_type: 1, data_method: 0, id: 0x18fef100, data: 'AQIDBAUGBwg=' },
  ];
  const can = { length: 1, time: '1159590001', can_data: frames };
  assert.partialDeepStrictEqual(decode(payloadOf(can, { msg_id: 0x0705 })).frame?.body, {
    kind: 'can',
    frames: [{ raw: 0xd8fef100 }],
  });
  const register = {
    ...{ province: 11, city: 100, manufacturer: 'MAKER', model: 'M1\0\0', dev_id: 'D1' },
    ...{ color: 2, license_number: '京A12345' },
  };
  assert.partialDeepStrictEqual(decode(payloadOf(register, { msg_id: 0x0100 })).frame?.body, {
    kind: 'register',
    form: '2013',
    model: 'M1',
    plate: '京A12345',
  });
  const unknown = { unknown_id: true, data: 'AQID' };
  const opaque = decode(payloadOf(unknown, { msg_id: 0x0f01 }));
  assert.equal(opaque.reason?.code, 'command_unknown');
  assert.deepEqual([...(opaque.frame?.bodyBytes ?? [])], [1, 2, 3]);
});

test('reads halves of a byte above 9 as the gateway prints them', () => {
  const { frame } = decode(
    payloadOf({ ...location, time: '2606151159:?' }, { phone: '4>;6?;4:?=9>' }),
  );
  assert.equal(frame?.phone, '4eb6fb4afd9e');
  assert.ok(frame?.body.kind === 'location');
  assert.equal(Buffer.from(frame.body.time.raw).toString('hex'), '2606151159af');
});

test('reads an item 0xE0, which stands where the items above it have their object', () => {
  assert.deepEqual(itemsOf({ custome: 'AQI=' }), { 224: '0102' });
});

test('reads parameters: numbers of the size that their id has, texts, and bytes of other ids', () => {
  const params = [
    { id: 0x01, value: 60 },
    { id: 0x31, value: 500 },
    { id: 0x84, value: 2 },
    { id: 0x83, value: '京A1' },
    { id: 0xf001, value: 'AQI=' },
  ];
  const body = { seq: 7, length: 5, params };
  const { frame } = decode(payloadOf(body, { msg_id: 0x0104 }));
  assert.ok(frame?.body.kind === 'parameters');
  const values = frame.body.params.map(({ value }) => Buffer.from(value).toString('hex'));
  assert.deepEqual(values, ['0000003c', '01f4', '02', 'bea94131', '0102']);
});

test('keeps parts and encrypted bodies as bytes', () => {
  const part = decode(payloadOf(location, { frag_total: 3, frag_sn: 2 }));
  assert.equal(part.reason?.code, 'part');
  assert.partialDeepStrictEqual(part.frame, { packetTotal: 3, packetIndex: 2 });
  assert.equal(part.frame?.body.kind, 'part');
  const encrypted = decode(payloadOf(location, { encrypt: 1 }));
  assert.equal(encrypted.reason?.code, 'encrypted');
  assert.equal(encrypted.frame?.body.kind, 'opaque');
});

test('names the value that fits no frame', () => {
  const rows = [
    [payloadOf({ ...location, speed: 65_536 }), /^\/body\/speed: .* 0 to 65535 wanted/],
    [payloadOf({ ...location, time: '26' }), /^\/body\/time: 12 digits/],
    [payloadOf({ ...location, extra: [] }), /^\/body\/extra: an object/],
    [payloadOf({ ...location, extra: { tyre: 1 } }), /^\/body\/extra\/tyre/],
    [payloadOf({ ...location, extra: { '256': '' } }), /an id up to 255/],
    [payloadOf({ ...location, extra: { analog: { ad0: 1 } } }), /analog\/ad1: .* found none/],
    [payloadOf({ length: 2, type: 0, location: [location] }, { msg_id: 0x0704 }), /an array of 2/],
    [payloadOf({ code: '🚗' }, { msg_id: 0x0102 }), /^\/body\/code: a text in GBK/],
    [payloadOf(location, { phone: '123x' }), /^\/header\/phone/],
    [payloadOf(location, { msg_id: -1 }), /^\/header\/msg_id/],
    [payloadOf([] as object), /^\/body: an object/],
    [payloadOf({}, { msg_id: 0x0f00 }), /^\/body\/data: bytes in Base64 wanted, found none/],
    [Buffer.from('{}'), /^\/header: an object wanted, found none/],
  ] as const;
  for (const [payload, detail] of rows) {
    const { kind, reason } = decode(payload);
    assert.equal(kind, 'reject');
    assert.equal(reason?.code, 'json_schema');
    assert.match(reason?.detail ?? '', detail);
  }
});

test('is described and explained by the tables of the standard', () => {
  const payload = payloadOf({ ...location, direction: 400 });
  assert.partialDeepStrictEqual(describeMessage(payload).frames[0]?.frame, {
    protocol: 'jt808-2013-gateway',
    body: { speed: { raw: 605, value: 60.5 } },
  });
  const [entry] = explainMessage(payload);
  const fields = leaves(entry);
  const speed = fields.find(({ name }) => name === 'speed');
  assert.partialDeepStrictEqual(speed, { raw: '605', value: '60.5', unit: 'km/h', verdict: 'ok' });
  const direction = fields.find(({ name }) => name === 'direction');
  assert.partialDeepStrictEqual(direction, { verdict: 'out_of_range', expected: '0..359' });
  assert.equal(fields.at(-1)?.end, payload.length);
});

function leaves(part: Explained | undefined): readonly Explained[] {
  if (part === undefined || part.parts.length === 0) return part === undefined ? [] : [part];
  return part.parts.flatMap(leaves);
}

test('refuses values that no body of the wire has room for, and throws nothing', () => {
  const parameters = { seq: 3, length: 1, params: [{ id: 1, value: 'a'.repeat(600) }] };
  const { kind, reason } = decode(payloadOf(parameters, { msg_id: 0x0104 }));
  assert.equal(kind, 'reject');
  const wanted = /a body of the wire wanted: a number of 1 bytes wanted, found 450/;
  assert.match(reason?.detail ?? '', wanted);
});
