// From envelopes to records: the same names, nothing lost, and marks instead of refusals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lifecycle, Telemetry } from '#shared/avro/types.generated.ts';
import { decodeMessage } from '#shared/frame/json/decode-message.ts';
import { buildEnvelope, type EnvelopeInput } from '#shared/frame/json/encode-envelope.ts';
import type { FrameContext, IdentityPolicy } from '#shared/telemetry/interpretation.ts';
import { interpret } from '#shared/telemetry/json.ts';
import { eventAt, receivedAt, vehicleId } from './sample-frames.ts';

const hashed: Buffer[] = [];

function contextOf(identity: IdentityPolicy = 'strict'): FrameContext {
  return {
    vehicleId,
    receivedAt,
    origin: { bridge: 'test', epoch: 1, sequence: 1 },
    identity,
    signatureState: 'absent',
    hash: (content) => {
      hashed.push(Buffer.from(content));
      return Buffer.alloc(8);
    },
  };
}

function interpreted(input: EnvelopeInput | string, identity?: IdentityPolicy) {
  const payload = typeof input === 'string' ? Buffer.from(input) : buildEnvelope(input);
  const [outcome] = decodeMessage(payload);
  assert.ok(outcome?.kind === 'accept', outcome?.reason?.detail ?? '');
  return interpret(outcome.frame, outcome.reason, contextOf(identity));
}

function telemetryOf(input: EnvelopeInput | string): Telemetry {
  const result = interpreted(input);
  assert.ok(result.kind === 'telemetry');
  return result.value;
}

function lifecycleOf(input: EnvelopeInput): Lifecycle {
  const result = interpreted(input);
  assert.ok(result.kind === 'lifecycle');
  return result.value;
}

test('puts values where every other codec puts them', () => {
  const value = telemetryOf({
    ts: eventAt,
    vehicle: { speedKmh: 50.5, socPercent: 67, gear: 'D', hasDriveForce: true, status: null },
    motors: [{ no: 1, torqueNm: 12.5 }],
    engine: { status: 'on' },
    extremes: { maxCellVoltageMv: 4000, maxCellVoltageCell: 7 },
    alarms: [{ maxLevel: 2, generalBits: ['soc_low'], ressFaults: ['P0A0F'] }],
    packs: [{ no: 2, cellVoltagesMv: [4000, null, 4001], temperaturesC: [25] }],
    signals: { 'cabin.temperature': 21.5, door: false, note: 'x', gone: null },
  });
  assert.partialDeepStrictEqual(value, {
    codec: 'json-1',
    eventTime: eventAt,
    clockState: 'ok',
    isReissued: false,
    fieldStates: [],
    vehicle: { speedKmh: 50.5, socPercent: 67, gear: 'D', hasDriveForce: true, isGearValid: true },
    motors: [{ no: 1, torqueNm: 12.5, speedRpm: null }],
    engine: { status: 'on', crankshaftSpeedRpm: null },
    extremes: { maxCellVoltageMv: 4000, maxCellVoltageCell: 7 },
    alarms: [{ maxLevel: 2, generalBits: ['soc_low'], ressFaults: ['P0A0F'] }],
    packs: [{ no: 2, cellVoltagesMv: [4000, null, 4001], temperaturesC: [25] }],
    signals: [
      { name: 'cabin.temperature', value: 21.5, text: null, flag: null, unit: null },
      { name: 'door', value: null, text: null, flag: false, unit: null },
      { name: 'note', value: null, text: 'x', flag: null, unit: null },
      { name: 'gone', value: null, text: null, flag: null, unit: null },
    ],
  });
});

test('marks what is out of range and keeps it', () => {
  const value = telemetryOf({
    ts: eventAt,
    vehicle: { speedKmh: 500.5, odometerKm: 1e300, brakePedalPercent: 102 },
    packs: [{ no: 1, cellVoltagesMv: [60001, 60001, 5, 1e12] }],
  });
  assert.equal(value.vehicle?.speedKmh, 500.5);
  assert.deepEqual(value.packs[0]?.cellVoltagesMv, [60001, 60001, 5, null]);
  assert.deepEqual(value.fieldStates, [
    { path: 'vehicle.speedKmh', state: 'out_of_range', raw: 500 },
    { path: 'vehicle.odometerKm', state: 'out_of_range', raw: Number.MAX_SAFE_INTEGER - 1 },
    { path: 'vehicle.brakePedalPercent', state: 'out_of_range', raw: 102 },
    { path: 'packs[0].cellVoltagesMv[0..1]', state: 'out_of_range', raw: 60001 },
    { path: 'packs[0].cellVoltagesMv[3]', state: 'out_of_range', raw: 1e12 },
  ]);
});

test('keeps a fraction exactly that a whole field cannot hold', () => {
  const value = telemetryOf({ ts: eventAt, vehicle: { socPercent: 55.5 } });
  assert.equal(value.vehicle?.socPercent, 56);
  assert.deepEqual(value.signals, [
    { name: 'vehicle.socPercent', value: 55.5, text: null, flag: null, unit: null },
  ]);
});

test('keeps an integer beyond 2^53 as its digits', () => {
  const digits = '12345678901234567890';
  const value = telemetryOf(
    `{"v":1,"ts":${eventAt},"vehicle":{"socPercent":${digits}},"signals":{"a":${digits}}}`,
  );
  assert.equal(value.vehicle?.socPercent, null);
  assert.deepEqual(
    value.signals.map(({ name, text }) => [name, text]),
    [
      ['a', digits],
      ['vehicle.socPercent', digits],
    ],
  );
});

test('says the datum of a position, and WGS-84 beside GCJ-02', () => {
  const at = { longitudeDeg: 116.397557, latitudeDeg: 39.908697 };
  const shifted = telemetryOf({ ts: eventAt, position: { ...at, datum: 'gcj02' } }).position;
  assert.partialDeepStrictEqual(shifted, { ...at, datum: 'gcj02', hasFix: true });
  assert.ok(Math.abs((shifted?.wgs84LongitudeDeg ?? 0) - 116.3913) < 1e-4);
  const plain = telemetryOf({ ts: eventAt, position: { ...at, datum: 'wgs84' } }).position;
  assert.partialDeepStrictEqual(plain, { ...at, datum: 'wgs84', wgs84LongitudeDeg: null });
  const beyond = { longitudeDeg: 200, latitudeDeg: 1, datum: 'gcj02' };
  assert.equal(telemetryOf({ ts: eventAt, position: beyond }).position?.wgs84LatitudeDeg, null);
});

test('reads times of all spellings and judges the others', () => {
  const rows: readonly (readonly [number | string, number, string])[] = [
    [eventAt, eventAt, 'ok'],
    [new Date(eventAt).toISOString(), eventAt, 'ok'],
    ['2026-06-15T11:59:59+08:00', eventAt, 'ok'],
    ['2026-06-15t03:59:59.5z', eventAt + 500, 'ok'],
    ['2026-06-15T03:59:59', receivedAt, 'unusable'],
    ['2026-02-30T03:59:59Z', receivedAt, 'unusable'],
    ['yesterday', receivedAt, 'unusable'],
    [Math.floor(eventAt / 1000), receivedAt, 'unusable'],
    [1e300, receivedAt, 'unusable'],
    [receivedAt + 600_000, receivedAt, 'future'],
  ];
  for (const [ts, eventTime, clockState] of rows) {
    assert.partialDeepStrictEqual(telemetryOf({ ts }), { eventTime, clockState }, `${ts}`);
  }
  const raw = telemetryOf({ ts: 'yesterday' }).deviceTimeRaw;
  assert.equal(raw?.toString(), 'yesterday');
});

test('makes a lifecycle record of every other message', () => {
  const login = lifecycleOf({
    ts: eventAt,
    type: 'login',
    serial: 7,
    iccid: '8986',
    signals: [
      { name: 'fw', value: '1.2' },
      { name: 'range', value: 400, unit: 'km' },
    ],
  });
  assert.partialDeepStrictEqual(login, { event: 'login', serial: 7, login: { iccid: '8986' } });
  assert.deepEqual(login.fields, [
    { path: 'fw', number: null, text: '1.2', bytes: null },
    { path: 'range', number: 400, text: null, bytes: null },
    { path: 'range.unit', number: null, text: 'km', bytes: null },
  ]);
  for (const type of ['logout', 'heartbeat', 'time_sync'] as const) {
    assert.equal(lifecycleOf({ ts: eventAt, type }).event, type);
  }
});

test('knows a message by its id, else by its bytes', () => {
  hashed.length = 0;
  interpreted({ id: 'm-1', ts: eventAt });
  interpreted({ ts: eventAt });
  assert.deepEqual(hashed.map(String), ['m-1', `{"v":1,"ts":${eventAt}}`]);
});

test('refuses another VIN where identity is strict, and notes it where it is recorded', () => {
  const envelope: EnvelopeInput = { ts: eventAt, vin: 'LTESTVN0000000002' };
  const refused = interpreted(envelope);
  assert.ok(refused.kind === 'rejection');
  assert.deepEqual([refused.reason.code, refused.reason.offset], ['identity_mismatch', 32]);
  const noted = interpreted(envelope, 'record');
  assert.ok(noted.kind === 'telemetry');
  assert.equal(noted.value.terminalId, 'LTESTVN0000000002');
  assert.equal(telemetryOf({ ts: eventAt, vin: vehicleId }).terminalId, null);
});

test('refuses a report of which nearly nothing fits', () => {
  const cellVoltagesMv = Array.from({ length: 5000 }, (_, at) => 70_000 + at);
  const refused = interpreted({ ts: eventAt, packs: [{ no: 1, cellVoltagesMv }] });
  assert.ok(refused.kind === 'rejection');
  assert.equal(refused.reason.code, 'record_refused');
});
