// What people read of a frame: states, names and signs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { describeFrame } from '#shared/frame/gb32960/describe-frame.ts';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { buildFrame, type ItemInput } from '#shared/frame/gb32960/encode-frame.ts';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';

const time = deviceTimeOf(Date.UTC(2026, 4, 1, 4, 0, 0));

test('tells sentinels, range and value of every width apart', () => {
  const rows = [
    [{ speed: 2200 }, 'speed', { raw: 2200, value: 220 }],
    [{ speed: 2201 }, 'speed', { raw: 2201, value: 220.1, state: 'out_of_range' }],
    [{ speed: 0xfffe }, 'speed', { raw: 0xfffe, value: null, state: 'abnormal' }],
    [{ speed: 0xffff }, 'speed', { raw: 0xffff, value: null, state: 'invalid' }],
    [{ soc: 0xfe }, 'soc', { raw: 0xfe, value: null, state: 'abnormal' }],
    [{ soc: 101 }, 'soc', { raw: 101, value: 101, state: 'out_of_range' }],
    [{ mileage: 0xffffffff }, 'mileage', { raw: 0xffffffff, value: null, state: 'invalid' }],
    [{ totalCurrent: 9978 }, 'totalCurrent', { raw: 9978, value: -2.2 }],
    [{ runMode: 4 }, 'runMode', { raw: 4, value: null, state: 'out_of_range' }],
    [{ runMode: 0xff }, 'runMode', { raw: 0xff, value: null, state: 'invalid' }],
    [{ brakePedal: 101 }, 'brakePedal', { raw: 101, value: 101 }],
  ] as const;
  for (const [changed, name, wanted] of rows) {
    assert.partialDeepStrictEqual(describedItem({ ...vehicle, ...changed }), { [name]: wanted });
  }
});

test('reads the gear byte as bits, 0xFF included', () => {
  const gear = { raw: 0xff, gear: 'P', driveForce: true, brakeForce: true };
  assert.partialDeepStrictEqual(describedItem({ ...vehicle, gear: 0xff }), { gear });
});

test('takes the sign of coordinates from the status, and knows no negative zero', () => {
  const west = { kind: 'position', status: 0x06, longitude: 1_500_000, latitude: 0 } as const;
  assert.deepEqual(describedItem(west), {
    type: 5,
    name: 'position',
    status: { raw: 6, valid: true, south: true, west: true },
    longitude: { raw: 1_500_000, value: -1.5 },
    latitude: { raw: 0, value: 0 },
  });
});

test('names alarm bits and those that are reserved', () => {
  const set = ['temperature_difference', 'reserved_bit_19', 'reserved_bit_31'];
  assert.partialDeepStrictEqual(describedItem({ ...alarm, generalFlags: 0x80080001 }), {
    generalFlags: { raw: 0x80080001, set },
  });
});

test('keeps the parts of an impossible time', () => {
  const raw = Uint8Array.of(26, 13, 1, 0, 0, 0);
  const body = { kind: 'logout', time: { raw, epochMs: null }, seq: 1 } as const;
  const [outcome] = decodeMessage(buildFrame({ command: 0x04, vin: 'FW', body }));
  const rawTime = { rawTime: [26, 13, 1, 0, 0, 0], state: 'out_of_range' };
  assert.deepEqual(describeFrame(outcome?.frame as Gb32960Frame).data, { time: rawTime, seq: 1 });
});

test('shows what is left of a partial report, and why', () => {
  const remainder = Uint8Array.of(0x0a, 1, 2);
  const body = { kind: 'report', time, items: [], remainder } as const;
  const [outcome] = decodeMessage(buildFrame({ command: 0x02, vin: 'FW', body }));
  assert.ok(outcome?.kind === 'partial');
  assert.deepEqual(describeFrame(outcome.frame, outcome.reason).data, {
    time: '2026-05-01T12:00:00+08:00',
    items: [],
    unparsedHex: '0a0102',
    parseError: 'item with a layout wanted, found 0x0A',
  });
});

const vehicle = {
  kind: 'vehicle',
  vehicleStatus: 1,
  chargeStatus: 3,
  runMode: 1,
  speed: 0,
  mileage: 0,
  totalVoltage: 0,
  totalCurrent: 10000,
  soc: 50,
  dcdcStatus: 1,
  gear: 0,
  insulationResistance: 0,
  acceleratorPedal: 0,
  brakePedal: 0,
} as const;

const alarm = {
  kind: 'alarm',
  maxLevel: 0,
  generalFlags: 0,
  ressFaultCount: 0,
  ressFaults: [],
  motorFaultCount: 0,
  motorFaults: [],
  engineFaultCount: 0,
  engineFaults: [],
  otherFaultCount: 0,
  otherFaults: [],
} as const;

function describedItem(item: ItemInput): object {
  const body = { kind: 'report', time, items: [item] } as const;
  const [outcome] = decodeMessage(buildFrame({ command: 0x02, vin: 'FW', body }));
  const { data } = describeFrame(outcome?.frame as Gb32960Frame);
  return (data as unknown as { items: object[] }).items[0] as object;
}
