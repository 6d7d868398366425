// Reports become Telemetry: units, names, identity and what comes twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blankPosition } from '#shared/telemetry/blank-records.ts';
import {
  alarm,
  custom,
  engine,
  eventAt,
  extremes,
  fuelCell,
  motors,
  position,
  receivedAt,
  reportFrame,
  telemetryIn,
  telemetryOf,
  temperatureSubsystem,
  temperatures,
  vehicle,
  vehicleId,
  voltageSubsystem,
  voltages,
} from './sample-frames.ts';

test('says who, when and what a report is', () => {
  const telemetry = telemetryOf([vehicle]);
  assert.equal(telemetry.vehicleId, vehicleId);
  assert.equal(telemetry.terminalId, null);
  assert.equal(telemetry.codec, 'gb32960-2016');
  assert.equal(telemetry.isReissued, false);
  assert.equal(telemetry.eventTime, eventAt);
  assert.equal(telemetry.receivedTime, receivedAt);
  assert.equal(telemetry.clockState, 'ok');
  assert.equal(telemetry.deviceTimeRaw?.toString('hex'), '1a060f0b3b3b');
  assert.equal(telemetry.signatureState, 'absent');
  assert.deepEqual(telemetry.fieldStates, []);
  assert.equal(telemetryOf([vehicle], { command: 0x03 }).isReissued, true);
});

test('brings the vehicle item to units and names', () => {
  assert.deepEqual(telemetryOf([vehicle]).vehicle, {
    status: 'started',
    chargeStatus: 'not_charging',
    runMode: 'hybrid',
    speedKmh: 52.3,
    odometerKm: 123456.7,
    packVoltageV: 380.1,
    packCurrentA: 16.2,
    socPercent: 77,
    dcdcStatus: 'working',
    gear: 'D',
    hasDriveForce: true,
    hasBrakeForce: false,
    gearRaw: 0x2e,
    insulationResistanceKohm: 5000,
    acceleratorPedalPercent: 22,
    brakePedalPercent: 101,
    isGearValid: true,
  });
});

test('computes with integers, so that no digit is made up', () => {
  const soft = telemetryOf([{ ...vehicle, totalCurrent: 10022, speed: 3, mileage: 9999999 }]);
  assert.equal(soft.vehicle?.packCurrentA, 2.2);
  assert.equal(soft.vehicle?.speedKmh, 0.3);
  assert.equal(soft.vehicle?.odometerKm, 999999.9);
});

test('reads the gear byte as bits, also where it looks like a sentinel', () => {
  const gears = ['N', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', 'R', 'D', 'P'];
  gears.forEach((gear, raw) => {
    assert.equal(telemetryOf([{ ...vehicle, gear: raw }]).vehicle?.gear, gear);
  });
  const { vehicle: parked, fieldStates } = telemetryOf([{ ...vehicle, gear: 0xff }]);
  assert.deepEqual(
    [parked?.gear, parked?.hasDriveForce, parked?.hasBrakeForce, parked?.gearRaw],
    ['P', true, true, 0xff],
  );
  assert.deepEqual(fieldStates, []);
});

test('brings motors, fuel cell, engine and extremes to units', () => {
  const telemetry = telemetryOf([motors, fuelCell, engine, extremes]);
  assert.deepEqual(telemetry.motors[0], {
    no: 1,
    status: 'generating',
    controllerTemperatureC: 40,
    speedRpm: 3456,
    torqueNm: 12.3,
    temperatureC: 50,
    controllerVoltageV: 380,
    controllerCurrentA: -4,
  });
  assert.equal(telemetry.motors[1]?.torqueNm, -0.1);
  assert.deepEqual(telemetry.fuelCell, {
    voltageV: 300,
    currentA: 45,
    fuelConsumptionKgPer100Km: 1.23,
    probeTemperaturesC: [60, 61, 62],
    hydrogenMaxTemperatureC: 30,
    hydrogenMaxTemperatureProbe: 2,
    hydrogenMaxConcentrationMgPerKg: 77,
    hydrogenMaxConcentrationSensor: 1,
    hydrogenMaxPressureMpa: 35.1,
    hydrogenMaxPressureSensor: 3,
    hvDcdcStatus: 'disconnected',
    hydrogenMaxConcentrationPercent: null,
    remainingHydrogenPercent: null,
    hvDcdcTemperatureC: null,
  });
  assert.deepEqual(telemetry.engine, {
    status: 'on',
    crankshaftSpeedRpm: 2100,
    fuelConsumptionLPer100Km: 6.55,
  });
  assert.equal(telemetry.extremes?.maxCellVoltageMv, 3999);
  assert.equal(telemetry.extremes?.minTemperatureC, -5);
});

test('takes the hemisphere from the status, never a negative zero, and names no datum', () => {
  assert.deepEqual(telemetryOf([position]).position, {
    ...blankPosition,
    hasFix: true,
    longitudeDeg: -58.381592,
    latitudeDeg: -34.603722,
    datum: 'unknown',
    statusRaw: 6,
  });
  const zero = telemetryOf([{ ...position, status: 0b111, longitude: 0, latitude: 0 }]).position;
  assert.ok(Object.is(zero?.longitudeDeg, 0) && Object.is(zero?.latitudeDeg, 0));
  assert.equal(zero?.hasFix, false);
});

test('names alarm bits, bit 0 first, and gives fault codes as eight hex digits', () => {
  assert.deepEqual(telemetryOf([alarm]).alarms, [
    {
      maxLevel: 2,
      generalBits: ['temperature_difference', 'soc_low', 'ress_type_overcharge', 'reserved_bit_31'],
      generalRaw: 0x8004_0011,
      ressFaults: ['00000102'],
      motorFaults: ['DEADBEEF', '00000007'],
      engineFaults: [],
      otherFaults: ['FFFFFFFF'],
      generalLevels: [],
    },
  ]);
});

test('joins voltages and temperatures of one subsystem, in whatever order they come', () => {
  const hot = { ...temperatureSubsystem, no: 2, temps: [80, 81, 82, 83] };
  const shuffled = { ...temperatures, subsystems: [hot, temperatureSubsystem] };
  const { packs } = telemetryOf([shuffled, voltages]);
  assert.deepEqual(
    packs.map((pack) => [pack.no, pack.cellVoltagesMv.length, pack.temperaturesC[0]]),
    [
      [1, 5, 25],
      [2, 5, 40],
    ],
  );
  assert.equal(packs[0]?.firstCell, 201);
  assert.equal(packs[0]?.cellCount, 288);
});

test('keeps each piece of a subsystem, and temperatures that no voltages belong to', () => {
  const pieces = { ...voltages, subsystems: [voltageSubsystem, voltageSubsystem] };
  const third = { no: 7, probeCount: 1, temps: [50] };
  const again = { ...temperatureSubsystem, temps: [90, 91, 92, 93] };
  const { packs, fieldStates } = telemetryOf([
    pieces,
    { ...temperatures, subsystems: [temperatureSubsystem, third] },
    { ...temperatures, subsystems: [again, { ...again, temps: [1, 2, 3, 4] }] },
  ]);
  assert.deepEqual(
    packs.map((pack) => [pack.no, pack.voltageV, pack.temperaturesC[0]]),
    [
      [1, 380.1, 25],
      [1, 380.1, 50],
      [7, null, 10],
      [1, null, -39],
    ],
  );
  assert.deepEqual(fieldStates, []);
});

test('takes all motors and alarms, and keeps further copies of other items as bytes', () => {
  const telemetry = telemetryOf([
    ...[vehicle, position, motors, alarm, custom, engine, extremes, fuelCell],
    ...[{ ...vehicle, soc: 1 }, position, motors, alarm, engine, extremes, fuelCell],
  ]);
  assert.equal(telemetry.vehicle?.socPercent, 77);
  assert.equal(telemetry.motors.length, 4);
  assert.equal(telemetry.alarms.length, 2);
  assert.deepEqual(
    telemetry.custom.map((item) => item.type),
    [0x82, 0x01, 0x05, 0x04, 0x06, 0x03],
  );
  assert.equal(telemetry.custom[0]?.bytes.toString('hex'), '01020304');
  assert.equal(telemetry.custom[1]?.bytes.length, 20);
  assert.equal(telemetry.custom[1]?.bytes[13], 1);
});

test('keeps what was read before a break, the rest as bytes, and says why', () => {
  const remainder = Uint8Array.of(0x0a, 1, 2, 3);
  const telemetry = telemetryOf([vehicle], { remainder });
  assert.equal(telemetry.isPartial, true);
  assert.equal(telemetry.vehicle?.socPercent, 77);
  assert.equal(telemetry.remainder?.toString('hex'), '0a010203');
  assert.match(telemetry.partialReason ?? '', /^item_unknown: .*0x0A/);
  const whole = telemetryOf([vehicle]);
  assert.deepEqual([whole.isPartial, whole.partialReason, whole.remainder], [false, null, null]);
});

test('judges the clock of the report and keeps the time as sent', () => {
  const late = telemetryOf([vehicle], { at: receivedAt - 9 * 86_400_000 });
  assert.deepEqual([late.clockState, late.eventTime], ['stale', receivedAt - 9 * 86_400_000]);
  const early = telemetryOf([vehicle], { at: receivedAt + 301_000 });
  assert.deepEqual([early.clockState, early.eventTime], ['future', receivedAt]);
  const payload = reportFrame([vehicle]);
  payload[25] = 13;
  payload[payload.length - 1] = (payload.at(-1) as number) ^ 6 ^ 13;
  const month13 = telemetryIn(payload);
  assert.deepEqual([month13.clockState, month13.eventTime], ['unusable', receivedAt]);
  assert.equal(month13.deviceTimeRaw?.toString('hex'), '1a0d0f0b3b3b');
});
