// What EMQX's gateway publishes, read as the standard says, where the gateway does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Explained } from '#shared/frame/explained.ts';
import type { Report } from '#shared/frame/gb32960/frame.ts';
import { decodeMessage } from '#shared/frame/gb32960-gateway/decode-message.ts';
import { describeMessage } from '#shared/frame/gb32960-gateway/describe-message.ts';
import { explainMessage } from '#shared/frame/gb32960-gateway/explain-message.ts';

const time = { Year: 26, Month: 6, Day: 15, Hour: 11, Minute: 59, Second: 59 };
const vehicle2016 = {
  ...{ Type: 'Vehicle', Status: 1, Charging: 3, Mode: 1, Speed: 2000, Mileage: 123456 },
  ...{ Voltage: 3876, Current: 15000, SOC: 67, DC: 1, Gear: 46, Resistance: 5000 },
  ...{ AcceleratorPedal: 31, BrakePedal: 0 },
};
const { AcceleratorPedal: _a, BrakePedal: _b, ...vehicle2025 } = vehicle2016;
const alarm2016 = {
  ...{ Type: 'Alarm', MaxAlarmLevel: 2, GeneralAlarmFlag: 16 },
  ...{ FaultChargeableDeviceNum: 2, FaultChargeableDeviceList: ['0A1B', '0x12345678'] },
  ...{ FaultDriveMotorNum: 0, FaultDriveMotorList: [], FaultEngineNum: 0, FaultEngineList: [] },
  ...{ FaultOthersNum: 0, FaultOthersList: [] },
};

function payloadOf(infos: readonly object[], change: object = {}): Buffer {
  const data = { Time: time, Infos: infos };
  const message = { Cmd: 2, Encrypt: 1, Vin: 'LTESTVN0000000001', Data: data, ...change };
  return Buffer.from(JSON.stringify(message));
}

function decode(payload: Buffer) {
  const [outcome, ...more] = decodeMessage(payload);
  assert.ok(outcome !== undefined && more.length === 0);
  return outcome;
}

function reportOf(payload: Buffer): Report {
  const { frame } = decode(payload);
  assert.ok(frame?.body.kind === 'report');
  return frame.body;
}

test('tells the edition by the shape of the entries, since offsets differ', () => {
  const rows = [
    [[vehicle2016], 'gb32960-2016-gateway'],
    [[vehicle2025], 'gb32960-2025-gateway'],
    [[{ Type: 'DriveMotor', Number: 0, Motors: [] }, vehicle2025], 'gb32960-2025-gateway'],
    [[{ Type: 'DriveMotor', Number: 0, Motors: [] }], 'gb32960-2016-gateway'],
    [[], 'gb32960-2016-gateway'],
    [[alarm2016], 'gb32960-2016-gateway'],
    [[{ Type: 'Engine', CrankshaftSpeed: 7 }], 'gb32960-2025-gateway'],
    [[{ Type: 'Location', Status: 0, Longitude: 1, Latitude: 2 }], 'gb32960-2016-gateway'],
  ] as const;
  for (const [infos, codec] of rows) assert.equal(decode(payloadOf(infos)).frame?.codec, codec);
});

test('refuses entries of both editions in one report', () => {
  const { reason } = decode(payloadOf([vehicle2025, alarm2016]));
  assert.equal(reason?.code, 'json_schema');
  assert.match(reason?.detail ?? '', /^\/Data\/Infos\/1: an entry of the 2025 edition/);
});

test('keeps the numbers raw', () => {
  const [item] = reportOf(payloadOf([vehicle2016])).items;
  assert.partialDeepStrictEqual(item, { kind: 'vehicle', speed: 2000, totalCurrent: 15000 });
});

test('reads fault codes of 4 hex digits as the 4 bytes that they are', () => {
  const [item] = reportOf(payloadOf([alarm2016])).items;
  assert.partialDeepStrictEqual(item, { kind: 'alarm', ressFaults: [0x0a1b, 0x12345678] });
});

test('keeps that there was a fault code which the gateway could not print', () => {
  const told = { ...alarm2016, FaultChargeableDeviceList: ['****', '0A1B'] };
  const [item] = reportOf(payloadOf([told])).items;
  assert.partialDeepStrictEqual(item, { kind: 'alarm', ressFaults: [0xffffffff, 0x0a1b] });
});

test('reads heartbeats and time syncs, should they come', () => {
  assert.equal(decode(payloadOf([], { Cmd: 7, Data: {} })).frame?.body.kind, 'heartbeat');
  assert.equal(decode(payloadOf([], { Cmd: 8, Data: {} })).frame?.body.kind, 'timeSync');
});

test('reads on in CustomData: custom items, known ones behind them, the signature', () => {
  const rest = Buffer.from('800002aabb0123ff0200021234000181', 'hex');
  // An engine item of 2025 (type 04) behind the custom item.
  rest.writeUInt8(0x04, 5);
  const bytes = Buffer.concat([
    rest.subarray(0, 5),
    Buffer.from('0400c8', 'hex'),
    rest.subarray(7),
  ]);
  const custom = { Type: 'CustomData', Data: bytes.toString('base64') };
  const report = reportOf(payloadOf([vehicle2025, custom]));
  assert.deepEqual(
    report.items.map(({ kind }) => kind),
    ['vehicle2025', 'custom', 'engine2025'],
  );
  assert.deepEqual(report.signature?.algorithm, 2);
  assert.equal(Buffer.from(report.signature?.r ?? []).toString('hex'), '1234');
});

test('stops in CustomData at a type without layout, and says where', () => {
  const custom = { Type: 'CustomData', Data: Buffer.from('0a0102', 'hex').toString('base64') };
  const payload = payloadOf([vehicle2016, custom]);
  const outcome = decode(payload);
  assert.ok(outcome.kind === 'partial');
  assert.equal(outcome.reason.code, 'item_unknown');
  assert.equal(payload.toString().slice(outcome.reason.offset).startsWith('"CgEC"'), true);
});

test('keeps the data unit of an encrypted frame as bytes, whatever the gateway read in it', () => {
  const outcome = decode(payloadOf([vehicle2016], { Encrypt: 3 }));
  assert.ok(outcome.kind === 'opaque');
  assert.equal(outcome.reason.code, 'encrypted');
  assert.equal(outcome.frame.dataUnit.length, 27);
});

test('takes what a car sends under the commands of the platform for answers', () => {
  const params = [{ '0x01': 5000 }, { '0x04': 3 }, { '0x05': 'a.b' }];
  const data = { Time: time, Total: 3, Params: params };
  const answer = decode(payloadOf([], { Cmd: 128, Data: data }));
  assert.equal(answer.kind, 'answer');
  assert.partialDeepStrictEqual(answer.frame?.body, {
    kind: 'parameterAnswer',
    params: [
      { id: 1, value: 5000 },
      { id: 4, value: 3 },
      { id: 5, value: 'a.b' },
    ],
  });
  assert.equal(decode(payloadOf([], { Cmd: 129, Data: { Time: time } })).kind, 'answer');
  const control = { Time: time, Command: 3 };
  assert.equal(decode(payloadOf([], { Cmd: 130, Data: control })).kind, 'answer');
});

test('keeps other commands as their bytes', () => {
  const outcome = decode(payloadOf([], { Cmd: 0xc0, Data: { Data: 'AQID' } }));
  assert.equal(outcome.kind, 'opaque');
  assert.deepEqual([...(outcome.frame?.dataUnit ?? [])], [1, 2, 3]);
});

test('names the value that fits no frame', () => {
  const rows = [
    [
      payloadOf([{ ...vehicle2016, Speed: 70_000 }]),
      /^\/Data\/Infos\/0\/Speed: .* 0 to 65535 wanted/,
    ],
    [payloadOf([{ ...vehicle2016, SOC: 1.5 }]), /^\/Data\/Infos\/0\/SOC/],
    [payloadOf([{ Type: 'Vehicle' }]), /^\/Data\/Infos\/0\/Status: .* found none/],
    [payloadOf([{ ...alarm2016, FaultEngineNum: 1 }]), /FaultEngineList: an array of 1, as/],
    [payloadOf([{ ...alarm2016, FaultEngineNum: 1, FaultEngineList: ['xyz'] }]), /List\/0: a code/],
    [payloadOf([{ Type: 'Tyre' }]), /Type: a type of the 2016 edition wanted, found "Tyre"/],
    [payloadOf([{ Type: 'CustomData', Data: '*' }]), /Base64/],
    [payloadOf([{ Type: 'CustomData', Data: '' }, vehicle2016]), /custom data at the end/],
    [payloadOf([], { Vin: 'x'.repeat(18) }), /^\/Vin/],
    [payloadOf([], { Cmd: 256 }), /^\/Cmd/],
    [payloadOf([], { Data: [] }), /^\/Data/],
    [payloadOf([], { Data: {} }), /^\/Data\/Time: a time of six numbers/],
    [payloadOf([], { Cmd: 1, Data: { Time: time, Seq: 1, ICCID: '8'.repeat(21) } }), /ICCID/],
    [payloadOf([], { Cmd: 0xc0, Data: {} }), /Base64/],
    [Buffer.from('[]'), /an object wanted/],
  ] as const;
  for (const [payload, detail] of rows) {
    const { kind, reason } = decode(payload);
    assert.equal(kind, 'reject');
    assert.equal(reason?.code, 'json_schema');
    assert.match(reason?.detail ?? '', detail);
  }
});

test('is described and explained by the tables of the standard', () => {
  const payload = payloadOf([vehicle2016]);
  assert.partialDeepStrictEqual(describeMessage(payload).frames[0]?.frame, {
    protocol: 'gb32960-2016-gateway',
    data: { items: [{ name: 'vehicle', speed: { raw: 2000, value: 200 } }] },
  });
  const [entry] = explainMessage(payload);
  const speed = leaves(entry).find(({ name }) => name === 'Speed');
  assert.partialDeepStrictEqual(speed, { raw: '2000', value: '200', unit: 'km/h', verdict: 'ok' });
  assert.equal(leaves(entry).at(-1)?.end, payload.length);
});

function leaves(part: Explained | undefined): readonly Explained[] {
  if (part === undefined || part.parts.length === 0) return part === undefined ? [] : [part];
  return part.parts.flatMap(leaves);
}
