// Marks: which raw values become null or doubtful, and how they are told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alarm,
  custom,
  everyItem,
  fuelCell,
  interpretPayload,
  motor,
  motors,
  position,
  reportFrame,
  telemetryOf,
  vehicle,
  voltageSubsystem,
} from './sample-frames.ts';

test('tells not reported, abnormal, invalid and out of range apart', () => {
  const telemetry = telemetryOf([
    { ...vehicle, speed: 0xfffe, mileage: 0xffffffff, soc: 254, totalVoltage: 10_001, runMode: 9 },
  ]);
  assert.equal(telemetry.engine, null);
  assert.equal(telemetry.vehicle?.speedKmh, null);
  assert.equal(telemetry.vehicle?.odometerKm, null);
  assert.equal(telemetry.vehicle?.socPercent, null);
  assert.equal(telemetry.vehicle?.packVoltageV, 1000.1);
  assert.equal(telemetry.vehicle?.runMode, null);
  assert.deepEqual(telemetry.fieldStates, [
    { path: 'vehicle.runMode', state: 'out_of_range', raw: 9 },
    { path: 'vehicle.speedKmh', state: 'abnormal', raw: 0xfffe },
    { path: 'vehicle.odometerKm', state: 'invalid', raw: 0xffffffff },
    { path: 'vehicle.packVoltageV', state: 'out_of_range', raw: 10_001 },
    { path: 'vehicle.socPercent', state: 'abnormal', raw: 254 },
  ]);
});

test('reads the two highest coordinates as sentinels, others off the globe as they are', () => {
  const telemetry = telemetryOf([
    { ...position, status: 0b100, longitude: 0xffffffff, latitude: 90_000_001 },
  ]);
  assert.equal(telemetry.position?.longitudeDeg, null);
  assert.equal(telemetry.position?.latitudeDeg, 90.000001);
  assert.deepEqual(telemetry.fieldStates, [
    { path: 'position.longitudeDeg', state: 'invalid', raw: 0xffffffff },
    { path: 'position.latitudeDeg', state: 'out_of_range', raw: 90_000_001 },
  ]);
});

test('names the motor and the field of a mark', () => {
  const second = { ...motor, torque: 0xffff, status: 0, no: 254 };
  const telemetry = telemetryOf([{ ...motors, motors: [motor, second] }]);
  assert.equal(telemetry.motors[1]?.no, 254);
  assert.deepEqual(telemetry.fieldStates, [
    { path: 'motors[1].no', state: 'out_of_range', raw: 254 },
    { path: 'motors[1].status', state: 'out_of_range', raw: 0 },
    { path: 'motors[1].torqueNm', state: 'invalid', raw: 0xffff },
  ]);
});

test('folds runs of one state and raw value into a range', () => {
  const cellVoltages = [3980, 0xffff, 0xffff, 0xffff, 0xfffe, 0xffff, 60_001, 3981, 60_001];
  const subsystem = { ...voltageSubsystem, frameCellCount: cellVoltages.length, cellVoltages };
  const temps = [0, 250, 251, 254, 254];
  const telemetry = telemetryOf([
    { kind: 'voltages', subsystemCount: 1, subsystems: [subsystem] },
    { kind: 'temperatures', subsystemCount: 1, subsystems: [{ no: 1, probeCount: 5, temps }] },
  ]);
  assert.deepEqual(telemetry.packs[0]?.cellVoltagesMv, [
    ...[3980, null, null, null, null, null, 60_001, 3981, 60_001],
  ]);
  assert.deepEqual(telemetry.packs[0]?.temperaturesC, [-40, 210, 211, null, null]);
  assert.deepEqual(telemetry.fieldStates, [
    { path: 'packs[0].cellVoltagesMv[1..3]', state: 'invalid', raw: 0xffff },
    { path: 'packs[0].cellVoltagesMv[4]', state: 'abnormal', raw: 0xfffe },
    { path: 'packs[0].cellVoltagesMv[5]', state: 'invalid', raw: 0xffff },
    { path: 'packs[0].cellVoltagesMv[6]', state: 'out_of_range', raw: 60_001 },
    { path: 'packs[0].cellVoltagesMv[8]', state: 'out_of_range', raw: 60_001 },
    { path: 'packs[0].temperaturesC[2]', state: 'out_of_range', raw: 251 },
    { path: 'packs[0].temperaturesC[3..4]', state: 'abnormal', raw: 254 },
  ]);
});

test('needs one mark for an array of sentinels, however long', () => {
  const temps = new Array(60_000).fill(0xff);
  const telemetry = telemetryOf([
    { kind: 'temperatures', subsystemCount: 1, subsystems: [{ no: 1, probeCount: 60_000, temps }] },
  ]);
  assert.deepEqual(telemetry.fieldStates, [
    { path: 'packs[0].temperaturesC[0..59999]', state: 'invalid', raw: 0xff },
  ]);
});

test('marks a count that is a sentinel or out of range at the list that it drives', () => {
  const telemetry = telemetryOf([
    { kind: 'motors', count: 0xff, motors: [] },
    { ...fuelCell, probeCount: 0xfffe, probeTemps: [] },
    { ...alarm, engineFaultCount: 0xfe },
    {
      kind: 'voltages',
      subsystemCount: 1,
      subsystems: [{ ...voltageSubsystem, frameCellCount: 0xff, cellVoltages: [] }],
    },
    { kind: 'voltages', subsystemCount: 0, subsystems: [] },
    { kind: 'temperatures', subsystemCount: 0xfe, subsystems: [] },
    { kind: 'temperatures', subsystemCount: 1, subsystems: [{ no: 1, probeCount: 0, temps: [] }] },
  ]);
  assert.deepEqual(telemetry.fieldStates, [
    { path: 'motors', state: 'invalid', raw: 0xff },
    { path: 'fuelCell.probeTemperaturesC', state: 'abnormal', raw: 0xfffe },
    { path: 'alarms[0].engineFaults', state: 'abnormal', raw: 0xfe },
    { path: 'packs[0].cellVoltagesMv', state: 'invalid', raw: 0xff },
    { path: 'packs', state: 'out_of_range', raw: 0 },
    { path: 'packs[].temperaturesC', state: 'abnormal', raw: 0xfe },
    { path: 'packs[0].temperaturesC', state: 'out_of_range', raw: 0 },
  ]);
});

test('marks a custom item without content', () => {
  const empty = { ...custom, data: new Uint8Array() };
  assert.deepEqual(telemetryOf([custom, empty]).fieldStates, [
    { path: 'custom[1].bytes', state: 'out_of_range', raw: 0 },
  ]);
});

test('refuses a frame with more marks or alarms than an honest one can have', () => {
  const temps = Array.from({ length: 4097 }, (_, at) => (at % 2 === 0 ? 0xfe : 0xff));
  const marked = { no: 1, probeCount: temps.length, temps };
  const interpreted = interpretPayload(
    reportFrame([{ kind: 'temperatures', subsystemCount: 1, subsystems: [marked] }]),
  );
  assert.ok(interpreted.kind === 'rejection');
  assert.equal(interpreted.reason.code, 'record_refused');
  const fewer = { no: 1, probeCount: 4096, temps: temps.slice(1) };
  const kept = telemetryOf([{ kind: 'temperatures', subsystemCount: 1, subsystems: [fewer] }]);
  assert.equal(kept.fieldStates.length, 4096);
  const alarms = interpretPayload(reportFrame(new Array(257).fill(alarm)));
  assert.ok(alarms.kind === 'rejection');
  assert.equal(telemetryOf(new Array(256).fill(alarm)).alarms.length, 256);
});

test('reads a report with every item without a mark', () => {
  const telemetry = telemetryOf(everyItem);
  assert.deepEqual(telemetry.fieldStates, []);
  assert.equal(telemetry.isPartial, false);
});
