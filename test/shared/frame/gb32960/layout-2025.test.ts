// The layout table of 2025 against the sizes and bounds that the standard prints.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editionOf, editions } from '#shared/frame/gb32960/editions.ts';
import { type Element, type ScalarField, sentinelFrom } from '#shared/frame/gb32960/layout.ts';
import {
  alarmBitNames2025,
  bodies2025,
  commands2025,
  items2025,
} from '#shared/frame/gb32960/layout-2025.ts';
import { parameters2025 } from '#shared/frame/gb32960/layout-2025-parameters.ts';
import { fixedSizeOf } from '#shared/frame/gb32960/layout-size.ts';

test('has the body sizes of table 9, lists left out', () => {
  const sizes = items2025.map(({ type, elements }) => [type, sizeOf(elements)]);
  assert.deepEqual(sizes, [
    [0x01, 18],
    [0x02, 1],
    [0x03, 12],
    [0x04, 2],
    [0x05, 10],
    [0x06, 10],
    [0x07, 1],
    [0x08, 1],
    [0x30, 1],
    [0x31, 9],
    [0x32, 18],
  ]);
});

test('has the entry sizes of motors, levels, packs and stacks', () => {
  const entries = items2025.flatMap(({ kind, elements }) =>
    elements.flatMap((element) =>
      element.kind === 'records' ? [[kind, sizeOf(element.entry)]] : [],
    ),
  );
  assert.deepEqual(entries, [
    ['motors2025', 10],
    ['alarm2025', 2],
    ['cellVoltages', 7],
    ['packTemperatures', 3],
    ['stacks', 12],
  ]);
});

test('has the data unit sizes of tables 6, B.3, B.4 and 31, lists and keys left out', () => {
  const sizes = bodies2025.map(({ command, elements }) => [command, sizeOf(elements)]);
  assert.deepEqual(sizes, [
    [0x01, 29],
    [0x04, 8],
    [0x05, 41],
    [0x06, 8],
    [0x09, 39],
    [0x0a, 2],
    [0x0b, 13],
    [0x80, 7],
    [0x82, 7],
  ]);
});

test('keeps every valid range below the sentinels of its width', () => {
  for (const field of everyScalar()) {
    const highest = sentinelFrom(field.size) + 1;
    assert.ok(field.rawMin <= field.rawMax && field.rawMax <= highest, field.name);
    if (field.sentinels !== 'none') assert.ok(field.rawMax < highest - 1, field.name);
  }
});

test('names every value of an enumeration', () => {
  for (const { name, role, names, rawMin, rawMax } of everyScalar()) {
    assert.equal(role === 'enum', names !== null, name);
    const named = Object.keys(names ?? {}).map(Number);
    if (names !== null) assert.deepEqual([named[0], named.at(-1)], [rawMin, rawMax], name);
  }
});

test('computes the physical bounds that the standard prints', () => {
  const rows = [
    ['vehicle2025', 'speed', [0, 500]],
    ['vehicle2025', 'totalVoltage', [0, 6000]],
    ['vehicle2025', 'totalCurrent', [-3000, 3000]],
    ['motors2025', 'speed', [-32000, 33531]],
    ['motors2025', 'torque', [-20000, 20000]],
    ['fuelCellEngine', 'hydrogenMaxTemp', [-40, 210]],
    ['fuelCellEngine', 'hydrogenMaxConcentration', [0, 6]],
    ['fuelCellEngine', 'hydrogenMaxPressure', [0, 100]],
    ['fuelCellEngine', 'hydrogenMaxTempProbe', [1, 253]],
    ['fuelCellEngine', 'remainingHydrogen', [0, 100]],
    ['alarm2025', 'maxLevel', [0, 4]],
    ['alarm2025', 'ressFaultCount', [0, 253]],
    ['cellVoltages', 'packCount', [0, 50]],
    ['cellVoltages', 'no', [1, 50]],
    ['cellVoltages', 'current', [-3000, 3000]],
    ['packTemperatures', 'probeCount', [1, 65531]],
    ['stacks', 'hydrogenInletPressure', [-100, 400]],
    ['stacks', 'coolantProbeCount', [0, 65531]],
    ['superCapacitor', 'voltage', [0, 1000]],
    ['superCapacitor', 'current', [-3000, 3000]],
    ['superCapacitorExtremes', 'maxVoltage', [0, 60]],
    ['superCapacitorExtremes', 'minTempProbe', [1, 65531]],
  ] as const;
  for (const [kind, name, bounds] of rows) {
    assert.deepEqual(boundsOf(kind, name), bounds, `${kind}.${name}`);
  }
});

test('names 28 general alarms and every command once', () => {
  assert.equal(new Set(alarmBitNames2025).size, 28);
  assert.equal(alarmBitNames2025[23], 'ress_thermal_event');
  assert.equal(new Set(commands2025.map(({ command }) => command)).size, commands2025.length);
});

test('has parameters 0x02 and 0x03 of one byte', () => {
  const sizes = parameters2025.map(({ size }) => size);
  assert.deepEqual(sizes.slice(0, 4), [2, 1, 1, 1]);
});

test('tells each kind of item and body by one layout of each edition', () => {
  for (const { items, bodies } of editions) {
    for (const layouts of [items, bodies] as const) {
      const kinds = layouts.map(({ kind }) => kind);
      assert.equal(new Set(kinds).size, kinds.length);
    }
  }
});

test('finds the edition of a frame that a gateway sent as JSON', () => {
  assert.equal(editionOf('gb32960-2025-gateway').year, 2025);
  assert.equal(editionOf('gb32960-2016-gateway').year, 2016);
});

function sizeOf(elements: readonly Element[]): number {
  return elements.reduce((sum, element) => sum + fixedSizeOf(element), 0);
}

function boundsOf(kind: string, name: string): readonly number[] {
  const elements = items2025.find((item) => item.kind === kind)?.elements ?? [];
  const all = elements.flatMap((element) => ('entry' in element ? element.entry : [element]));
  const field = all.find((element) => element.name === name) as ScalarField;
  return [field.rawMin, field.rawMax].map((raw) => (raw + field.rawOffset) / field.divisor);
}

function everyScalar(): readonly ScalarField[] {
  const top = [...items2025, ...bodies2025].flatMap(({ elements }) => elements);
  const entries = top.flatMap((element) => ('entry' in element ? element.entry : []));
  return [...top, ...entries].flatMap((element) => {
    if (element.kind === 'values') return [element.element];
    return element.kind === 'scalar' ? [element] : [];
  });
}
