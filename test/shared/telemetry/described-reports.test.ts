// Reports whose values are known from elsewhere come to the same values here: the golden frames
// always, the shared vectors where they lie beside the checkout.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '#deploy/generate/files.ts';
import type { Telemetry } from '#shared/avro/types.generated.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { interpret } from '#shared/telemetry/gb32960.ts';
import { targets2016 } from '#shared/telemetry/names-2016.ts';
import { contextOf } from '#test/shared/telemetry/sample-frames.ts';
import { receivedAt } from './sample-frames.ts';

interface Scaled {
  readonly raw: number;
  readonly value: number | string | null;
  readonly state?: string;
}

type Described = Readonly<Record<string, unknown>>;

interface DescribedItem extends Described {
  readonly type: number;
  readonly name: string;
}

interface Golden {
  readonly name: string;
  readonly hex: string;
  readonly outcomes: readonly { readonly frame: DescribedFrame | null }[];
}

interface DescribedFrame {
  readonly data?: { readonly items?: readonly DescribedItem[] };
}

/** Item names of descriptions, and where their records are in a Telemetry. */
const places: Readonly<Record<string, { readonly item: string; readonly list?: string }>> = {
  vehicle: { item: 'vehicle' },
  driveMotor: { item: 'motors', list: 'motors' },
  fuelCell: { item: 'fuelCell' },
  engine: { item: 'engine' },
  position: { item: 'position' },
  extremes: { item: 'extremes' },
  alarm: { item: 'alarm' },
  ressVoltage: { item: 'voltages', list: 'subsystems' },
};

const goldenPath = join(repositoryRoot, 'test', 'golden', 'gb32960', 'reports.json');
const vectorsPath = join(repositoryRoot, '..', 'shared', 'vectors', 'gb32960-2016.json');

const golden = readJson<readonly Golden[]>(goldenPath);
for (const { name, hex, outcomes } of golden) {
  outcomes.forEach(({ frame }, at) => {
    if (frame?.data?.items === undefined) return;
    test(`golden report: ${name}, frame ${at}`, () => compare(hex, at, frame));
  });
}

if (existsSync(vectorsPath)) {
  const vectors =
    readJson<readonly (Described & { expected: DescribedFrame | null })[]>(vectorsPath);
  vectors.forEach(({ ok, name, hex, expected }, index) => {
    if (ok !== true || expected?.data?.items === undefined) return;
    if (decodeMessage(Buffer.from(String(hex), 'hex'))[0]?.kind === 'answer') return;
    test(`shared vector ${index}: ${name}`, () => compare(String(hex), 0, expected));
  });
}

function compare(hex: string, at: number, described: DescribedFrame): void {
  const telemetry = telemetryAt(hex, at);
  const items = described.data?.items ?? [];
  const wantedMarks: string[] = [];
  const seen: Record<string, number> = {};
  for (const item of items) {
    const place = places[item.name];
    const target = targets2016.find((each) => each.item === place?.item);
    if (place === undefined || target === undefined) continue;
    const records = place.list === undefined ? [item] : (item[place.list] as readonly Described[]);
    for (const record of records) {
      const index = seen[item.name] ?? 0;
      seen[item.name] = index + 1;
      if (!target.path.includes('#') && index > 0) continue;
      const path = target.path.replace('#', `${index}`);
      wantedMarks.push(...compareRecord(telemetry, path, { record, names: target.names }));
    }
  }
  const fields = telemetry.fieldStates.map(({ path, state, raw }) => `${path} ${state} ${raw}`);
  for (const mark of wantedMarks) assert.ok(fields.includes(mark), `${mark} in ${fields.join()}`);
  compareLists(telemetry, items);
}

/** Compares scaled fields and names; answers the marks that the description asks for. */
function compareRecord(
  telemetry: Telemetry,
  path: string,
  {
    record,
    names,
  }: { readonly record: Described; readonly names: Readonly<Record<string, string>> },
): readonly string[] {
  const found = at(telemetry, path) as Described;
  const marks: string[] = [];
  for (const [raw, described] of Object.entries(record)) {
    const name = names[raw];
    if (name === undefined || !isScaled(described)) continue;
    const factor = name.endsWith('Mv') && described.value !== null ? 1000 : 1;
    const wanted = factor === 1 ? described.value : Math.round(Number(described.value) * factor);
    assert.equal(found[name], wanted, `${path}.${name}`);
    if (described.state === undefined) continue;
    marks.push(`${path}.${name} ${described.state} ${described.raw}`);
  }
  return marks;
}

/** Arrays, bits, gears and codes, which descriptions give in other shapes. */
function compareLists(telemetry: Telemetry, items: readonly DescribedItem[]): void {
  const all = (name: string) => items.filter((item) => item.name === name);
  const subsystems = (name: string) =>
    all(name).flatMap((item) => item['subsystems'] as Described[]);
  subsystems('ressVoltage').forEach((subsystem, index) => {
    const raws = subsystem['cellVoltagesRaw'] as readonly number[];
    const wanted = raws.map((raw) => (raw >= 0xfffe ? null : raw));
    assert.deepEqual(telemetry.packs[index]?.cellVoltagesMv, wanted);
    assert.equal(telemetry.packs[index]?.firstCell, subsystem['frameStartCell']);
  });
  for (const subsystem of subsystems('ressTemperature')) {
    const raws = subsystem['tempsRaw'] as readonly number[];
    const wanted = JSON.stringify(raws.map((raw) => (raw >= 0xfe ? null : raw - 40)));
    const packs = telemetry.packs.filter((pack) => pack.no === subsystem['no']);
    assert.ok(packs.some((pack) => JSON.stringify(pack.temperaturesC) === wanted));
  }
  all('alarm').forEach((item, index) => {
    const alarm = telemetry.alarms[index];
    assert.deepEqual(alarm?.generalBits, (item['generalFlags'] as Described)['set']);
    for (const list of ['ressFaults', 'motorFaults', 'engineFaults', 'otherFaults'] as const) {
      assert.deepEqual(alarm?.[list], item[list]);
    }
  });
  const gear = all('vehicle')[0]?.['gear'] as Described | undefined;
  if (gear !== undefined) assert.equal(telemetry.vehicle?.gear, gear['gear']);
  const custom = all('custom').map((item) => [item.type, item['dataHex']]);
  const kept = telemetry.custom.filter(({ type }) => type >= 0x80);
  assert.deepEqual(
    kept.map(({ type, bytes }) => [type, bytes.toString('hex')]),
    custom,
  );
}

function telemetryAt(hex: string, index: number): Telemetry {
  const outcome = decodeMessage(Buffer.from(hex, 'hex'))[index];
  assert.ok(outcome !== undefined && outcome.kind !== 'reject');
  const context = contextOf({ vehicleId: outcome.frame.vin, receivedAt });
  const interpreted = interpret(outcome.frame, outcome.reason, context);
  assert.ok(interpreted.kind === 'telemetry');
  return interpreted.value;
}

function at(telemetry: Telemetry, path: string): unknown {
  let value: unknown = telemetry;
  for (const key of path.match(/\w+/g) ?? []) value = (value as Described)[key];
  return value;
}

function isScaled(described: unknown): described is Scaled {
  return typeof described === 'object' && described !== null && 'value' in described;
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
