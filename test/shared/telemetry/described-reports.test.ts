// Reports whose values are known from elsewhere come to the same values here: the golden frames
// always, the shared vectors where they lie beside the checkout.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '#deploy/generate/files.ts';
import type { Telemetry } from '#shared/avro/types.generated.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { edition2016, edition2025 } from '#shared/frame/gb32960/editions.ts';
import { interpret } from '#shared/telemetry/gb32960.ts';
import { type Target, targets2016 } from '#shared/telemetry/names-2016.ts';
import { targets2025 } from '#shared/telemetry/names-2025.ts';
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
  readonly protocol: string;
  readonly data?: { readonly items?: readonly DescribedItem[] };
}

/** Kinds of items, and where their records are in a description; null for the item itself. */
const lists: Readonly<Record<string, string>> = {
  motors: 'motors',
  voltages: 'subsystems',
  motors2025: 'motors',
  cellVoltages: 'packs',
  stacks: 'stacks',
};

/** Records that two kinds of items share have no place of their own to be found by. */
const joined = ['temperatures', 'packTemperatures'];

const editionFolders = { 'gb32960-2016': 'gb32960', 'gb32960-2025': 'gb32960-2025' };

for (const [edition, folder] of Object.entries(editionFolders)) {
  const goldenPath = join(repositoryRoot, 'test', 'golden', folder, 'reports.json');
  for (const { name, hex, outcomes } of readJson<readonly Golden[]>(goldenPath)) {
    outcomes.forEach(({ frame }, at) => {
      if (frame?.data?.items === undefined) return;
      test(`golden report of ${edition}: ${name}, frame ${at}`, () => compare(hex, at, frame));
    });
  }
  const vectorsPath = join(repositoryRoot, '..', 'shared', 'vectors', `${edition}.json`);
  if (existsSync(vectorsPath)) {
    const vectors =
      readJson<readonly (Described & { expected: DescribedFrame | null })[]>(vectorsPath);
    vectors.forEach(({ ok, name, hex, expected }, index) => {
      if (ok !== true || expected?.data?.items === undefined) return;
      if (decodeMessage(Buffer.from(String(hex), 'hex'))[0]?.kind === 'answer') return;
      test(`${edition} ${index}: ${name}`, () => compare(String(hex), 0, expected));
    });
  }
}

function compare(hex: string, at: number, described: DescribedFrame): void {
  const telemetry = telemetryAt(hex, at);
  const items = described.data?.items ?? [];
  const wantedMarks: string[] = [];
  const seen: Record<string, number> = {};
  for (const item of items) {
    const target = targetOf(item, described.protocol);
    if (target === undefined) continue;
    const list = lists[target.item];
    const records = list === undefined ? [item] : (item[list] as readonly Described[]);
    for (const record of records) {
      const index = seen[item.name] ?? 0;
      seen[item.name] = index + 1;
      if (!target.path.includes('#') && index > 0) continue;
      const path = target.path.replace('#', `${index}`);
      wantedMarks.push(...compareRecord(telemetry, path, { record, target }));
    }
  }
  const fields = telemetry.fieldStates.map(({ path, state, raw }) => `${path} ${state} ${raw}`);
  for (const mark of wantedMarks) assert.ok(fields.includes(mark), `${mark} in ${fields.join()}`);
  compareLists(telemetry, items);
}

function targetOf({ type }: DescribedItem, protocol: string): Target | undefined {
  const edition = protocol === 'gb32960-2025' ? edition2025 : edition2016;
  const kind = edition.items.find((layout) => layout.type === type)?.kind ?? '';
  if (joined.includes(kind)) return undefined;
  return [...targets2016, ...targets2025].find((target) => target.item === kind);
}

/** Compares scaled fields and names; answers the marks that the description asks for. */
function compareRecord(
  telemetry: Telemetry,
  path: string,
  { record, target }: { readonly record: Described; readonly target: Target },
): readonly string[] {
  const found = at(telemetry, path) as Described;
  const marks: string[] = [];
  for (const [raw, described] of Object.entries(record)) {
    const name = target.names[raw];
    if (name === undefined || !isScaled(described)) continue;
    const wanted = wantedValue(described, { name, raw, target });
    assert.equal(found[name], wanted, `${path}.${name}`);
    if (described.state === undefined) continue;
    marks.push(`${path}.${name} ${described.state} ${described.raw}`);
  }
  return marks;
}

interface Wanted {
  readonly name: string;
  /** Of the layout. */
  readonly raw: string;
  readonly target: Target;
}

function wantedValue({ value }: Scaled, { name, raw, target }: Wanted): unknown {
  if (value === null) return target.otherwise?.[raw]?.replaceAll("'", '') ?? null;
  if (typeof value === 'string') return target.renamed?.[value] ?? value;
  return name.endsWith('Mv') ? Math.round(value * 1000) : value;
}

/** Arrays, bits, gears and codes, which descriptions give in other shapes. */
function compareLists(telemetry: Telemetry, items: readonly DescribedItem[]): void {
  const all = (name: string) => items.filter((item) => item.name === name);
  const subsystems = (name: string) =>
    all(name).flatMap((item) => (item['subsystems'] ?? item['packs']) as Described[]);
  subsystems('ressVoltage').forEach((subsystem, index) => {
    const raws = subsystem['cellVoltagesRaw'] as readonly number[];
    const wanted = raws.map((raw) => (raw >= 0xfffe ? null : raw));
    assert.deepEqual(telemetry.packs[index]?.cellVoltagesMv, wanted);
    assert.equal(telemetry.packs[index]?.firstCell, subsystem['frameStartCell'] ?? null);
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
    const levels = alarm?.generalLevels.map(({ bit, level }) => ({ bit, level }));
    assert.deepEqual(levels, item['generalAlarms'] ?? []);
  });
  const gear = all('vehicle')[0]?.['gear'] as Described | undefined;
  if (gear !== undefined) assert.equal(telemetry.vehicle?.gear, gear['gear']);
  if (gear !== undefined) assert.equal(telemetry.vehicle?.isGearValid, gear['valid'] ?? true);
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
