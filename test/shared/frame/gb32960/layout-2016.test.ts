// The layout table against the sizes and bounds that the standard prints.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Element, type ScalarField, sentinelFrom } from '#shared/frame/gb32960/layout.ts';
import {
  alarmBitNames2016,
  bodies2016,
  commands2016,
  gearNames,
  items2016,
} from '#shared/frame/gb32960/layout-2016.ts';
import {
  controlNames2016,
  parameterLayout,
  parameters2016,
} from '#shared/frame/gb32960/layout-2016-parameters.ts';
import { fixedSizeOf } from '#shared/frame/gb32960/layout-size.ts';

test('has the body sizes of tables 8 and B.3, lists left out', () => {
  const sizes = items2016.map(({ type, elements }) => [type, sizeOf(elements)]);
  assert.deepEqual(sizes, [
    [0x01, 20],
    [0x02, 1],
    [0x03, 18],
    [0x04, 5],
    [0x05, 9],
    [0x06, 14],
    [0x07, 9],
    [0x08, 1],
    [0x09, 1],
  ]);
});

test('has the entry sizes of motors and energy storage subsystems', () => {
  const entries = items2016.flatMap(({ kind, elements }) =>
    elements.flatMap((element) =>
      element.kind === 'records' ? [[kind, sizeOf(element.entry)]] : [],
    ),
  );
  assert.deepEqual(entries, [
    ['motors', 12],
    ['voltages', 10],
    ['temperatures', 3],
  ]);
});

test('has the data unit sizes of tables 6, 20 to 22 and B.9 to B.17, lists left out', () => {
  const sizes = bodies2016.map(({ command, elements }) => [command, sizeOf(elements)]);
  assert.deepEqual(sizes, [
    [0x01, 30],
    [0x04, 8],
    [0x05, 41],
    [0x06, 8],
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

test('scales by integers, and names every value of an enumeration', () => {
  for (const { name, rawOffset, divisor, role, names, rawMin, rawMax } of everyScalar()) {
    assert.ok(Number.isInteger(rawOffset) && Number.isInteger(divisor) && divisor > 0, name);
    assert.equal(role === 'enum', names !== null, name);
    const named = Object.keys(names ?? {}).map(Number);
    if (names !== null) assert.deepEqual([named[0], named.at(-1)], [rawMin, rawMax], name);
  }
});

test('has a count or size before every list that names it', () => {
  for (const elements of everySequence()) {
    const seen = new Set<string>();
    for (const element of elements) {
      if ('countName' in element) assert.ok(seen.has(element.countName), element.name);
      if ('sizeName' in element) assert.ok(seen.has(element.sizeName), element.name);
      assert.ok(!seen.has(element.name), `${element.name} occurs twice`);
      seen.add(element.name);
    }
  }
});

test('computes the physical bounds that the standard prints', () => {
  assert.deepEqual(boundsOf('vehicle', 'totalCurrent'), [-1000, 1000]);
  assert.deepEqual(boundsOf('vehicle', 'speed'), [0, 220]);
  assert.deepEqual(boundsOf('fuelCell', 'hydrogenMaxTemp'), [-40, 200]);
  assert.deepEqual(boundsOf('extremes', 'maxCellVoltage'), [0, 15]);
  assert.deepEqual(boundsOf('position', 'longitude'), [0, 180]);
  assert.deepEqual(boundsOf('engine', 'fuelConsumption'), [0, 600]);
});

test('names 19 general alarms, 16 gears and every command once', () => {
  assert.equal(new Set(alarmBitNames2016).size, 19);
  assert.equal(new Set(gearNames).size, 16);
  assert.equal(new Set(commands2016.map(({ command }) => command)).size, commands2016.length);
});

test('names every parameter and control command once, parameters in order of their ids', () => {
  const ids = parameters2016.map(({ id }) => id);
  assert.deepEqual(
    ids,
    Array.from({ length: 16 }, (_, at) => at + 1),
  );
  assert.equal(new Set(parameters2016.map(({ name }) => name)).size, 16);
  assert.equal(new Set(Object.values(controlNames2016)).size, 7);
  for (const { id, size, sizeId } of parameters2016) {
    assert.equal(size === null, sizeId !== null, `${id}`);
    assert.equal(parameterLayout(parameters2016, id)?.id, id);
  }
  for (const id of [0x00, 0x11, 0x80, 0xff])
    assert.equal(parameterLayout(parameters2016, id), null);
});

function sizeOf(elements: readonly Element[]): number {
  return elements.reduce((sum, element) => sum + fixedSizeOf(element), 0);
}

function boundsOf(kind: string, name: string): readonly number[] {
  const elements = items2016.find((item) => item.kind === kind)?.elements ?? [];
  const field = elements.find((element) => element.name === name) as ScalarField;
  return [field.rawMin, field.rawMax].map((raw) => (raw + field.rawOffset) / field.divisor);
}

function everySequence(): readonly (readonly Element[])[] {
  const top = [...items2016, ...bodies2016].map(({ elements }) => elements);
  const entries = top.flat().flatMap((element) => ('entry' in element ? [element.entry] : []));
  return [...top, ...entries];
}

function everyScalar(): readonly ScalarField[] {
  return everySequence()
    .flat()
    .flatMap((element) => {
      if (element.kind === 'values') return [element.element];
      return element.kind === 'scalar' ? [element] : [];
    });
}
