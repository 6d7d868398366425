// The latest value of each signal: what replaces what, and what a change is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entriesMax } from '#services/state/lists.ts';
import { listNames, sectionNames, signalTables } from '#services/state/signals.ts';
import { ownSchemas } from '#shared/avro/schemas.ts';
import type { Telemetry } from '#shared/avro/types.generated.ts';
import { blankVehicle } from '#shared/telemetry/blank-records.ts';
import { sampleTelemetry } from '#test/shared/avro/sample-records.ts';
import { bareReportAt, noEmit, processor, reportAt, startAt, stateOf } from './reports.ts';

const sample = sampleTelemetry();
const vehicle = (change: Partial<NonNullable<Telemetry['vehicle']>>) => {
  return { vehicle: { ...sample.vehicle!, ...change } };
};

test('each signal holds its latest value and when it held', () => {
  const state = stateOf([reportAt(10), bareReportAt(20, vehicle({ speedKmh: 50.5 }))]);
  assert.deepEqual(state.vehicle?.speedKmh, { value: 50.5, eventTime: startAt + 20_000 });
  assert.deepEqual(state.vehicle?.gear, { value: 'D', eventTime: startAt + 20_000 });
  assert.equal(state.motors[0]?.speedRpm?.eventTime, startAt + 10_000);
  assert.equal(state.extremes?.maxCellVoltageMv?.value, 3_791);
});

test('a JT/T 808 location holds place, speed and distance, and says nothing of a gear', () => {
  const moved = { ...blankVehicle, speedKmh: 61.5, odometerKm: 12_000.1 };
  const position = { ...sample.position!, altitudeM: 12, directionDeg: 270 };
  const location = { codec: 'jt808-2019', position, vehicle: moved };
  const state = stateOf([bareReportAt(10, location)]);
  const eventTime = startAt + 10_000;
  assert.equal(state.codec, 'jt808-2019');
  assert.equal(state.lastEventTime, eventTime);
  assert.equal(state.lastFix?.directionDeg, 270);
  assert.deepEqual(state.vehicle?.speedKmh, { value: 61.5, eventTime });
  assert.deepEqual(state.vehicle?.odometerKm, { value: 12_000.1, eventTime });
  const others = Object.entries(state.vehicle ?? {}).filter(
    ([name]) => name !== 'speedKmh' && name !== 'odometerKm',
  );
  assert.ok(others.length > 10 && others.every(([, signal]) => signal === null));
  // A location never takes back what a gear byte said.
  const after = stateOf([reportAt(5), bareReportAt(10, location)]);
  assert.deepEqual(after.vehicle?.gearRaw, stateOf([reportAt(5)]).vehicle?.gearRaw);
});

test('late data never overwrites newer', () => {
  const newer = stateOf([reportAt(20, { codec: 'newer' })]);
  const late = reportAt(10, { ...vehicle({ speedKmh: 1, gear: 'R' }), codec: 'older' });
  const after = stateOf([reportAt(20, { codec: 'newer' }), late]);
  assert.deepEqual(after.vehicle, newer.vehicle);
  assert.equal(after.codec, 'newer');
  assert.equal(after.lastEventTime, startAt + 20_000);
});

test('late data fills what nobody has reported yet', () => {
  const state = stateOf([
    bareReportAt(20, vehicle({ gear: null })),
    bareReportAt(10, vehicle({ gear: 'N' })),
  ]);
  assert.deepEqual(state.vehicle?.gear, { value: 'N', eventTime: startAt + 10_000 });
});

test('null and an empty list say nothing: what was known stays, with its own time', () => {
  const state = stateOf([
    reportAt(10),
    reportAt(20, {
      ...vehicle({ speedKmh: null }),
      packs: [{ ...sample.packs[0]!, cellVoltagesMv: [] }],
    }),
  ]);
  assert.deepEqual(state.vehicle?.speedKmh, { value: 72.4, eventTime: startAt + 10_000 });
  assert.equal(state.packs[0]?.cellVoltagesMv?.values.length, 96);
  assert.equal(state.packs[0]?.cellVoltagesMv?.eventTime, startAt + 10_000);
  assert.equal(state.packs[0]?.temperaturesC?.eventTime, startAt + 20_000);
});

test('at one event time the later live report wins, and a reissued one never over a live one', () => {
  const [first, second] = [10, 20].map((speedKmh) => bareReportAt(5, vehicle({ speedKmh })));
  const [third, fourth] = [30, 40].map((speedKmh) =>
    bareReportAt(5, { ...vehicle({ speedKmh }), isReissued: true }),
  );
  const speedOf = (...records: (typeof first)[]) =>
    stateOf(records.map((record) => record!)).vehicle?.speedKmh?.value;
  assert.equal(speedOf(first, second), 20);
  assert.equal(speedOf(first, second, third, fourth), 20);
  assert.equal(speedOf(third, first, fourth, second), 20);
  assert.equal(speedOf(third, fourth), 30);
});

test('a position is one unit, and the last fix stays while there is none', () => {
  const lost = { ...sample.position!, hasFix: false, longitudeDeg: 0, statusRaw: 1 };
  const state = stateOf([reportAt(10), reportAt(20, { position: lost })]);
  assert.deepEqual(state.position, { ...lost, eventTime: startAt + 20_000 });
  assert.deepEqual(state.lastFix, { ...sample.position, eventTime: startAt + 10_000 });
});

test('alarms are one unit: those of the latest report that had any', () => {
  const alarm = { ...sample.alarms[0]!, maxLevel: 2, generalBits: ['soc_low'] };
  const state = stateOf([
    bareReportAt(10, { alarms: [alarm, alarm] }),
    bareReportAt(20),
    bareReportAt(5, { alarms: sample.alarms }),
  ]);
  assert.deepEqual(state.alarms, { items: [alarm, alarm], eventTime: startAt + 10_000 });
});

test('motors are kept by number, packs by number and first cell, in that order', () => {
  const motors = [3, 1, 2].map((no) => ({ ...sample.motors[0]!, no }));
  const pieces: [number, number | null][] = [
    [2, 1],
    [1, 97],
    [1, null],
    [1, 1],
  ];
  const packs = pieces.map(([no, firstCell]) => ({ ...sample.packs[0]!, no, firstCell }));
  const state = stateOf([
    bareReportAt(10, { motors, packs }),
    bareReportAt(20, { motors: [{ ...motors[1]!, speedRpm: 7 }] }),
  ]);
  assert.deepEqual(
    state.motors.map(({ no, speedRpm }) => [no, speedRpm?.value]),
    [
      [1, 7],
      [2, 5_230],
      [3, 5_230],
    ],
  );
  assert.deepEqual(
    state.packs.map(({ no, firstCell }) => [no, firstCell]),
    [
      [1, null],
      [1, 1],
      [1, 97],
      [2, 1],
    ],
  );
});

test('of more motors than are kept the lowest numbers stay, whichever came first', () => {
  const motors = Array.from({ length: 300 }, (_, no) => ({ ...sample.motors[0]!, no }));
  const wanted = Array.from({ length: entriesMax }, (_, no) => no);
  for (const sent of [motors, motors.toReversed()]) {
    const state = stateOf([bareReportAt(10, { motors: sent }), bareReportAt(20, { motors: sent })]);
    assert.deepEqual(
      state.motors.map(({ no }) => no),
      wanted,
    );
  }
});

test('a change is loud for a value, quiet for a time alone, and none for nothing', () => {
  const state = stateOf([reportAt(10)]);
  const apply = (record: ReturnType<typeof reportAt>) => processor.apply(state, record, noEmit);
  const cells = [...sample.packs[0]!.cellVoltagesMv];
  assert.equal(apply(reportAt(10)), 'none', 'the same again');
  assert.equal(apply(reportAt(20)), 'quiet', 'the same values later');
  assert.equal(apply(reportAt(30, vehicle({ speedKmh: 1 }))), 'loud', 'a number');
  assert.equal(apply(reportAt(5, vehicle({ speedKmh: 2 }))), 'quiet', 'late data: a report more');
  cells[95] = 4_000;
  const packs = [{ ...sample.packs[0]!, cellVoltagesMv: cells }];
  assert.equal(apply(reportAt(40, { ...vehicle({ speedKmh: 1 }), packs })), 'loud', 'one cell');
  const equal = [{ ...packs[0]!, cellVoltagesMv: [...cells] }];
  const last = { ...vehicle({ speedKmh: 1 }), packs: equal };
  assert.equal(apply(reportAt(50, last)), 'quiet', 'an equal list');
  const motors = [...sample.motors, { ...sample.motors[0]!, no: 2 }];
  assert.equal(apply(reportAt(60, { ...last, motors })), 'loud', 'a motor appears');
  const position = { ...sample.position!, latitudeDeg: 31.3 };
  assert.equal(apply(reportAt(70, { ...last, motors, position })), 'loud', 'it has moved');
  const alarms = [{ ...sample.alarms[0]!, ressFaults: ['00000001'] }];
  assert.equal(apply(reportAt(80, { ...last, motors, position, alarms })), 'loud', 'an alarm');
});

/** Not signals: what names an entry of a list. */
const keyNames: Readonly<Record<string, readonly string[]>> = {
  motors: ['no'],
  packs: ['no', 'firstCell'],
};

for (const section of [...sectionNames, ...listNames]) {
  test(`every signal of Telemetry.${section} has its place in the state, and no other`, () => {
    const telemetry = JSON.parse(ownSchemas['telemetry.v1'].text) as Schema;
    const field = telemetry.fields.find(({ name }) => name === section)!;
    const record = Array.isArray(field.type) ? field.type[1] : field.type.items;
    const names = (record as Schema).fields.map(({ name }) => name);
    const { scalars, lists, empty } = signalTables[section];
    assert.deepEqual(
      [...scalars, ...lists, ...(keyNames[section] ?? [])].sort(),
      names.sort(),
      'a signal that is added to Telemetry belongs into VehicleState too',
    );
    assert.deepEqual(Object.keys(empty).sort(), [...scalars, ...lists].sort());
  });
}

test('every section of Telemetry has its place in the state', () => {
  const isSection = ({ type }: SchemaField) => JSON.stringify(type).includes('"fields"');
  const notState = [
    ...['origin', 'frameId', 'fieldStates', 'custom', 'signature'],
    // Rare, or worth their bytes only in the report itself.
    ...['stacks', 'superCapacitor', 'superCapacitorExtremes', 'terminal', 'signals'],
  ];
  const telemetry = JSON.parse(ownSchemas['telemetry.v1'].text) as Schema;
  const sections = telemetry.fields.filter(isSection).map(({ name }) => name);
  assert.deepEqual(
    sections.filter((name) => !notState.includes(name)).sort(),
    ['position', 'alarms', ...sectionNames, ...listNames].sort(),
  );
});

interface SchemaField {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: any node of an Avro schema.
  readonly type: any;
}

interface Schema {
  readonly fields: readonly SchemaField[];
}
