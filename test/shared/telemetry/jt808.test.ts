// From JT/T 808 messages to records: which, how many, and what they say.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Lifecycle, Telemetry } from '#shared/avro/types.generated.ts';
import { deviceTimeOf } from '#shared/frame/jt808/bcd.ts';
import { bodyLayouts } from '#shared/frame/jt808/layout-bodies.ts';
import { messageNames } from '#shared/frame/jt808/message-ids.ts';
import { basic, frameOf, interpretPayload, receivedAt, time, vehicleId } from './jt808-frames.ts';

function telemetryOf(...args: Parameters<typeof interpretPayload>): Telemetry {
  const [record, ...others] = interpretPayload(...args);
  assert.ok(record?.kind === 'telemetry' && others.length === 0, 'one telemetry');
  return record.value;
}

function lifecycleOf(...args: Parameters<typeof interpretPayload>): Lifecycle {
  const [record, ...others] = interpretPayload(...args);
  assert.ok(record?.kind === 'lifecycle' && others.length === 0, 'one lifecycle');
  return record.value;
}

const item = (id: number, hex: string) => ({ id, data: Buffer.from(hex, 'hex') });
const located = (change: object = {}, header = {}) =>
  telemetryOf(frameOf(0x0200, { ...basic, ...change }, header));

test('a location meets other vehicles where it says the same', () => {
  const record = located({ extras: [item(1, '00000c53')] });
  assert.partialDeepStrictEqual(record, {
    vehicleId,
    terminalId: '13900000001',
    codec: 'jt808-2013',
    isReissued: false,
    eventTime: receivedAt - 1000,
    clockState: 'ok',
    deviceTimeRaw: Buffer.from(time.raw),
    fieldStates: [],
    vehicle: { speedKmh: 72.3, odometerKm: 315.5 },
    position: {
      hasFix: true,
      longitudeDeg: 121.473701,
      latitudeDeg: 31.230416,
      datum: 'wgs84',
      statusRaw: 0,
      altitudeM: 12,
      directionDeg: 90,
    },
    terminal: { messageId: 0x0200, serial: 7, load: 'empty', statusRaw: 0x0008_0003 },
  });
});

test('takes south and west from the status, and knows no negative zero', () => {
  const { position } = located({ status: 0x0e, longitude: 0 });
  assert.deepEqual([position?.latitudeDeg, position?.longitudeDeg], [-31.230416, 0]);
});

test('says so where coordinates or direction cannot be, and keeps the numbers', () => {
  const record = located({ latitude: 90_000_001, longitude: 180_000_001, direction: 360 });
  assert.deepEqual(record.fieldStates, [
    { path: 'position.longitudeDeg', state: 'out_of_range', raw: 180_000_001 },
    { path: 'position.latitudeDeg', state: 'out_of_range', raw: 90_000_001 },
    { path: 'position.directionDeg', state: 'out_of_range', raw: 360 },
  ]);
  assert.equal(record.position?.latitudeDeg, 90.000001);
});

test('names no datum for coordinates that a plug-in encrypted', () => {
  assert.equal(located({ status: 0x23 }).position?.datum, 'other');
});

test('names flags by the edition of the frame', () => {
  const flags = { alarm: 0x8000_8001, status: 0x0080_0343 };
  const old = located(flags).terminal;
  assert.deepEqual(old?.alarmBits, ['emergency', 'reserved_bit_15', 'illegal_door_open']);
  assert.deepEqual(old?.statusBits, ['acc_on', 'positioned', 'reserved_bit_6', 'reserved_bit_23']);
  const young = located(flags, { edition: '2019' }).terminal;
  assert.deepEqual(young?.alarmBits, ['emergency', 'illegal_driving', 'reserved_bit_31']);
  const wanted = ['acc_on', 'positioned', 'forward_collision', 'reserved_bit_23'];
  assert.deepEqual(young?.statusBits, wanted);
  assert.equal(young?.load, 'full');
});

test('gives every extra item its field', () => {
  const { vehicle, terminal } = located({
    extras: [
      ...[item(1, '0001e240'), item(2, '01c8'), item(3, '02d0'), item(4, '0007')],
      ...[item(5, '20'.repeat(30)), item(6, '8014'), item(0x11, '0200000009')],
      ...[item(0x12, '010000000a01'), item(0x13, '0000000b003c00'), item(0x14, '00000021')],
      ...[item(0x15, '80000001'), item(0x16, '00000002'), item(0x17, '1001')],
      ...[item(0x18, '000532'), item(0x25, '00004011'), item(0x2a, '0001')],
      ...[item(0x2b, '000a000b'), item(0x30, '1f'), item(0x31, '0e')],
    ],
  });
  assert.equal(vehicle?.odometerKm, 12345.6);
  assert.partialDeepStrictEqual(terminal, {
    fuelL: 45.6,
    recorderSpeedKmh: 72,
    alarmEventId: 7,
    tirePressuresRaw: Buffer.alloc(30, 0x20),
    carriageTemperatureC: -20,
    overspeed: { areaType: 2, areaId: 9 },
    areaCrossing: { areaType: 1, areaId: 10, direction: 'out' },
    sectionTime: { sectionId: 11, seconds: 60, result: 'too_short' },
    videoAlarmRaw: 0x21,
    videoLostRaw: 0x8000_0001,
    videoBlockedRaw: 2,
    storageFaultRaw: 0x1001,
    drivingBehaviourRaw: 5,
    fatigueDegree: 50,
    signalBits: ['low_beam', 'brake', 'clutch'],
    signalRaw: 0x4011,
    ioBits: ['deep_sleep'],
    ioRaw: 1,
    analog0: 11,
    analog1: 10,
    signalStrength: 31,
    satellites: 14,
    extrasError: null,
  });
  assert.deepEqual(terminal?.extras, []);
});

test('keeps as bytes what has no field: makers, other lengths, second copies, the broken one', () => {
  const extras = [item(0xeb, '0102'), item(1, '000001'), item(0x30, '01'), item(0x30, '02')];
  const { terminal } = located({ extras, rest: Buffer.from('e40501', 'hex') });
  assert.equal(terminal?.signalStrength, 1);
  assert.deepEqual(terminal?.extras, [
    { id: 0xeb, length: 2, bytes: Buffer.of(1, 2) },
    { id: 1, length: 3, bytes: Buffer.of(0, 0, 1) },
    { id: 0x30, length: 1, bytes: Buffer.of(2) },
    { id: 0xe4, length: 5, bytes: Buffer.of(1) },
  ]);
  assert.equal(terminal?.extrasError, 'item 0xE4 declares 5, 1 left');
});

test('judges the clock as that of any vehicle', () => {
  const states = [
    time,
    deviceTimeOf(receivedAt + 600_000),
    { raw: new Uint8Array(6), epochMs: null },
  ]
    .map((at) => located({ time: at }))
    .map(({ clockState }) => clockState);
  assert.deepEqual(states, ['ok', 'future', 'unusable']);
});

test('every location of a batch is its own record, with the identity of the report it repeats', () => {
  const items = [basic, { ...basic, speed: 0 }];
  const records = interpretPayload(
    frameOf(0x0704, { kind: 'batch', count: 2, dataType: 1, items }),
  );
  const values = records.map(({ kind, ...rest }) => {
    assert.equal(kind, 'telemetry');
    return (rest as { readonly value: Telemetry }).value;
  });
  assert.deepEqual(
    values.map(({ isReissued, vehicle, terminal }) => [
      isReissued,
      vehicle?.speedKmh,
      terminal?.messageId,
    ]),
    [
      [true, 72.3, 0x0704],
      [true, 0, 0x0704],
    ],
  );
  assert.deepEqual(values[0]?.frameId, located().frameId);
});

test('a live batch is live, and a kind that is neither is said', () => {
  const batch = (dataType: number) =>
    telemetryOf(frameOf(0x0704, { kind: 'batch', count: 1, dataType, items: [basic] }));
  assert.deepEqual([batch(0).isReissued, batch(0).fieldStates], [false, []]);
  assert.deepEqual(batch(2).fieldStates, [{ path: 'isReissued', state: 'out_of_range', raw: 2 }]);
});

test('an empty batch is a record too', () => {
  const body = { kind: 'batch', count: 0, dataType: 1, items: [] };
  const { event, fields } = lifecycleOf(frameOf(0x0704, body));
  assert.equal(event, 'location_batch');
  assert.deepEqual(
    fields.map(({ path, number }) => [path, number]),
    [
      ['count', 0],
      ['dataType', 1],
    ],
  );
});

test('a location that was asked for is a Telemetry, and the answer a Lifecycle', () => {
  for (const [id, event] of [
    [0x0201, 'location_answer'],
    [0x0500, 'vehicle_control_answer'],
  ] as const) {
    const body = { kind: 'locationAnswer', answerSeq: 3, location: basic };
    const [telemetry, lifecycle] = interpretPayload(frameOf(id, body));
    assert.ok(telemetry?.kind === 'telemetry' && lifecycle?.kind === 'lifecycle');
    assert.deepEqual(telemetry.value.frameId, located().frameId);
    assert.partialDeepStrictEqual(lifecycle.value, {
      event,
      eventTime: receivedAt - 1000,
      fields: [{ path: 'answerSeq', number: 3, text: null, bytes: null }],
    });
  }
});

test('a phone must be the vehicleId where that is all digits, unless the route only records it', () => {
  const payload = frameOf(0x0002, { kind: 'empty' });
  assert.equal(lifecycleOf(payload, { vehicleId: '13900000001' }).terminalId, null);
  assert.equal(lifecycleOf(payload, { vehicleId: '013900000001' }).terminalId, null);
  assert.equal(lifecycleOf(payload).terminalId, '13900000001');
  const [refused] = interpretPayload(payload, { vehicleId: '13900000002' });
  assert.ok(refused?.kind === 'rejection');
  assert.equal(refused.reason.code, 'identity_mismatch');
  const recorded = lifecycleOf(payload, { vehicleId: '13900000002', identity: 'record' });
  assert.equal(recorded.terminalId, '13900000001');
});

test('names no event that the schema does not name', () => {
  const schema = readFileSync(new URL('lifecycle.v1.avsc', schemas), 'utf8');
  const doc = /"name": "event".*"doc": "([^"]*)"/.exec(schema)?.[1] ?? '';
  const named = new Set(doc.match(/[a-z_]+/g));
  const laidOut = new Set(bodyLayouts.map(({ id }) => id));
  const events = messageNames.filter(({ id }) => laidOut.has(id) && id !== 0x0200);
  assert.deepEqual(
    events.map(({ name }) => name).filter((name) => !named.has(name)),
    [],
  );
});

const schemas = new URL('../../../shared/avro/schemas/', import.meta.url);
