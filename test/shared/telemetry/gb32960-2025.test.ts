// What a report of the 2025 edition means: its own ranges, units and fields.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { interpret } from '#shared/telemetry/gb32960.ts';
import type { FrameContext } from '#shared/telemetry/interpretation.ts';
import { contextOf, reportFrame, telemetryIn, telemetryOf } from './sample-frames.ts';
import {
  alarm2025,
  cellVoltages,
  cellVoltagesPack,
  engine2025,
  everyItem2025,
  fuelCellEngine,
  motors2025,
  packTemperatures,
  position2025,
  signature,
  stacks,
  superCapacitor,
  superCapacitorExtremes,
  temperaturesPack,
  vehicle2025,
} from './sample-frames-2025.ts';

const codec = 'gb32960-2025';

test('names its edition, and marks nothing of a healthy report', () => {
  const { codec: found, fieldStates, isPartial, custom } = telemetryOf(everyItem2025);
  assert.deepEqual([found, fieldStates, isPartial, custom], [codec, [], false, []]);
});

test('gives a vehicle the offsets of 2025, and no pedals', () => {
  const { vehicle } = telemetryOf([vehicle2025]);
  assert.partialDeepStrictEqual(vehicle, {
    speedKmh: 312.3,
    packVoltageV: 1380.1,
    packCurrentA: 16.2,
    gear: 'D',
    isGearValid: true,
    acceleratorPedalPercent: null,
    brakePedalPercent: null,
  });
  const doubtful = telemetryOf([{ ...vehicle2025, gear: 0x8f }]).vehicle;
  assert.partialDeepStrictEqual(doubtful, { gear: 'P', isGearValid: false, gearRaw: 0x8f });
});

test('marks by the ranges of 2025, where those of 2016 are narrower or wider', () => {
  const fast = telemetryOf([{ ...vehicle2025, speed: 5000, totalVoltage: 60_000 }]);
  assert.deepEqual(fast.fieldStates, []);
  const beyond = telemetryOf([{ ...vehicle2025, speed: 5001 }]);
  assert.equal(beyond.vehicle?.speedKmh, 500.1);
  assert.deepEqual(beyond.fieldStates, [
    { path: 'vehicle.speedKmh', state: 'out_of_range', raw: 5001 },
  ]);
  const packs = [{ ...cellVoltagesPack, no: 51 }];
  const fiftyOne = telemetryOf([{ ...cellVoltages, packCount: 1, packs }]);
  assert.deepEqual(fiftyOne.fieldStates, [{ path: 'packs[0].no', state: 'out_of_range', raw: 51 }]);
});

test('reads motors with a torque of four bytes, and tells voltage and current of none', () => {
  const [first, second] = telemetryOf([motors2025]).motors;
  assert.partialDeepStrictEqual(first, { speedRpm: 4500, torqueNm: 123.4, temperatureC: 50 });
  assert.deepEqual([second?.torqueNm, second?.controllerVoltageV], [-0.1, null]);
});

test('reads the hydrogen system, the engine and the stacks of a fuel cell', () => {
  const telemetry = telemetryOf([fuelCellEngine, engine2025, stacks]);
  assert.partialDeepStrictEqual(telemetry.fuelCell, {
    hydrogenMaxTemperatureC: 65,
    hydrogenMaxConcentrationPercent: 0.125,
    hydrogenMaxConcentrationMgPerKg: null,
    hydrogenMaxPressureMpa: 35.1,
    remainingHydrogenPercent: 64,
    hvDcdcTemperatureC: 52,
    voltageV: null,
  });
  assert.partialDeepStrictEqual(telemetry.engine, { status: null, crankshaftSpeedRpm: 2100 });
  assert.deepEqual(telemetry.stacks, [
    {
      no: 1,
      voltageV: 250,
      currentA: 120,
      hydrogenInletPressureKpa: 110,
      airInletPressureKpa: -5,
      airInletTemperatureC: 55,
      coolantTemperaturesC: [70, 72],
    },
  ]);
});

test('reads the super capacitor and its extremes', () => {
  const telemetry = telemetryOf([superCapacitor, superCapacitorExtremes]);
  assert.deepEqual(telemetry.superCapacitor, {
    no: 1,
    voltageV: 48,
    currentA: -5,
    cellCount: 3,
    cellVoltagesMv: [2700, 2701, 2699],
    temperaturesC: [35, 36],
  });
  assert.partialDeepStrictEqual(telemetry.superCapacitorExtremes, {
    maxVoltageMv: 2701,
    maxTemperatureProbe: 2,
    minTemperatureC: 35,
  });
});

test('says the datum of a position, and has WGS-84 beside GCJ-02', () => {
  const { position } = telemetryOf([position2025]);
  assert.equal(position?.datum, 'gcj02');
  assert.equal(position?.longitudeDeg, 116.397557);
  assert.ok(Math.abs((position?.wgs84LongitudeDeg ?? 0) - 116.3913) < 1e-4);
  const wgs84 = telemetryOf([{ ...position2025, coordinateSystem: 1 }]).position;
  assert.deepEqual([wgs84?.datum, wgs84?.wgs84LongitudeDeg], ['wgs84', null]);
});

test('marks a coordinate system that nobody knows', () => {
  for (const [raw, state] of [
    [0, 'out_of_range'],
    [0xfe, 'abnormal'],
    [0xff, 'invalid'],
  ] as const) {
    const { position, fieldStates } = telemetryOf([{ ...position2025, coordinateSystem: raw }]);
    assert.equal(position?.datum, 'unknown');
    assert.deepEqual(fieldStates, [{ path: 'position.datum', state, raw }]);
  }
});

test('names the level of each general alarm, reserved ones too', () => {
  const generalAlarms = [
    { bit: 23, level: 4 },
    { bit: 28, level: 9 },
  ];
  const { alarms, fieldStates } = telemetryOf([{ ...alarm2025, generalAlarms }]);
  assert.deepEqual(alarms[0]?.generalLevels, [
    { bit: 23, name: 'ress_thermal_event', level: 4 },
    { bit: 28, name: 'reserved_bit_28', level: 9 },
  ]);
  assert.deepEqual(fieldStates, [
    { path: 'alarms[0].generalLevels[1].bit', state: 'out_of_range', raw: 28 },
    { path: 'alarms[0].generalLevels[1].level', state: 'out_of_range', raw: 9 },
  ]);
  assert.deepEqual(alarms[0]?.generalBits.slice(-3), [
    'motor_overspeed',
    'ress_thermal_event',
    'reserved_bit_31',
  ]);
});

test('joins voltages and temperatures of a pack by its number', () => {
  const other = { ...temperaturesPack, no: 9, probeCount: 1, temps: [40] };
  const subsystems = [temperaturesPack, other];
  const { packs } = telemetryOf([{ ...packTemperatures, subsystems }, cellVoltages]);
  assert.deepEqual(
    packs.map(({ no, cellCount, firstCell, temperaturesC }) => [
      no,
      cellCount,
      firstCell,
      temperaturesC.length,
    ]),
    [
      [1, 5, null, 4],
      [2, 5, null, 0],
      [9, null, null, 1],
    ],
  );
});

test('counts no cells where the count is a sentinel, and says so', () => {
  const packs = [{ ...cellVoltagesPack, cellCount: 0xfffe, cellVoltages: [] }];
  const telemetry = telemetryOf([{ ...cellVoltages, packCount: 1, packs }]);
  assert.deepEqual([telemetry.packs[0]?.cellCount, telemetry.packs[0]?.cellVoltagesMv], [null, []]);
  assert.deepEqual(telemetry.fieldStates, [
    { path: 'packs[0].cellCount', state: 'abnormal', raw: 0xfffe },
  ]);
});

test('keeps a second copy of an item that the record holds once as bytes', () => {
  const twice = [superCapacitor, superCapacitorExtremes, vehicle2025, position2025];
  const { custom } = telemetryOf([...twice, ...twice]);
  assert.deepEqual(
    custom.map(({ type, bytes }) => [type, bytes.length]),
    [
      [0x31, 17],
      [0x32, 18],
      [0x01, 18],
      [0x05, 10],
    ],
  );
});

test('carries the signature, its state, and what trails it', () => {
  const payload = reportFrame([engine2025], { signature, trailing: Uint8Array.of(0x82) });
  const telemetry = telemetryIn(payload);
  assert.equal(telemetry.signatureState, 'unchecked');
  assert.equal(telemetry.signature?.algorithm, 'SM2');
  assert.equal(telemetry.trailing?.toString('hex'), '82');
  assert.equal(interpreted(payload, { signatureState: 'valid' }).signatureState, 'valid');
  const unknown = reportFrame([engine2025], { signature: { ...signature, algorithm: 9 } });
  assert.equal(telemetryIn(unknown).signature?.algorithm, 'unknown_9');
  const unsigned = telemetryIn(reportFrame([engine2025]));
  assert.deepEqual([unsigned.signatureState, unsigned.signature], ['absent', null]);
});

test('has one frameId whether a report is signed, signed anew or not at all', () => {
  const hashed: string[] = [];
  const hash = (...parts: readonly (Uint8Array | undefined)[]) => {
    hashed.push(Buffer.concat(parts.filter((part) => part !== undefined)).toString('hex'));
    return Buffer.alloc(8);
  };
  const other = { ...signature, r: Uint8Array.of(1) };
  for (const choice of [{ codec }, { signature }, { signature: other }] as const) {
    interpreted(reportFrame([engine2025], choice), { hash });
  }
  assert.equal(new Set(hashed).size, 1);
  interpreted(reportFrame([engine2025], { signature, trailing: Uint8Array.of(1) }), { hash });
  assert.equal(new Set(hashed).size, 2);
});

function interpreted(payload: Uint8Array, change: Partial<FrameContext>) {
  const [outcome] = decodeMessage(payload);
  assert.ok(outcome !== undefined && outcome.kind !== 'reject');
  const result = interpret(outcome.frame, outcome.reason, contextOf(change));
  assert.ok(result.kind === 'telemetry');
  return result.value;
}
