// Writes shared/telemetry/gb32960-….generated.ts: raw integers to units, from the layout tables.
// The normal case of a field is one comparison and one division; all else is a call.

import type { Edition } from '#shared/frame/gb32960/editions.ts';
import {
  type Element,
  type ScalarField,
  sentinelFrom,
  type ValueList,
} from '#shared/frame/gb32960/layout.ts';
import {
  brakeForceMask,
  driveForceMask,
  gearInvalidMask,
  gearMask,
  gearNames,
  noFixMask,
} from '#shared/frame/gb32960/layout-2016.ts';
import { itemCountPaths2016, type Target, targets2016 } from '#shared/telemetry/names-2016.ts';
import { itemCountPaths2025, targets2025 } from '#shared/telemetry/names-2025.ts';
import { elementsOf, hasLevels, isLevels, layoutOf } from './telemetry-layout.ts';
import { schemaFields } from './telemetry-schema.ts';

/** Which field becomes which, by edition. */
const names = {
  2016: { targets: targets2016, itemCountPaths: itemCountPaths2016 },
  2025: { targets: targets2025, itemCountPaths: itemCountPaths2025 },
};

/** The module of an edition as text, not formatted yet. */
export function telemetrySource(edition: Edition): string {
  const { targets, itemCountPaths } = names[edition.year];
  const parts = [
    header(edition, targets),
    tables(edition, targets),
    ...targets.map((target) => recordFunction(target)),
    ...Object.entries(itemCountPaths).map(([item, path]) => itemCountFunction(item, path)),
  ];
  return parts.join('\n');
}

function header({ year }: Edition, targets: readonly Target[]): string {
  const records = unique(targets.map((target) => target.record));
  const sources = unique(targets.map((target) => target.source));
  const aliases = records.map((name) => `${name} as ${name}Record`);
  const file = year === 2016 ? 'frame' : `frame-${year}`;
  const imports = [
    `import { type Marks, ${markers.join(', ')} } from './field-states.ts';`,
    ...(targets.some(hasLevels) ? [`import { generalLevels } from './general-levels.ts';`] : []),
    `import { bitNames, faultCodes, scaleList } from './scale.ts';`,
  ];
  return `// Written by \`npm run generate\` from shared/frame/gb32960/layout-${year}.ts and
// shared/telemetry/names-${year}.ts: edit those. Raw integers of a report to values in units.

import type { ${aliases.join(', ')} } from '../avro/types.generated.ts';
import type { ${sources.join(', ')} } from '../frame/gb32960/${file}.ts';
${imports.join('\n')}
`;
}

const markers = ['markByte', 'markDword', 'markPlain', 'markRuns', 'markWord'];

function tables({ alarmBitNames }: Edition, targets: readonly Target[]): string {
  const lines = [
    `const alarmBitNames = ${JSON.stringify(alarmBitNames)};`,
    `const gearNames = ${JSON.stringify(gearNames)};`,
  ];
  for (const target of targets) {
    for (const element of elementsOf(target)) {
      if (element.kind === 'scalar' && element.names !== null) {
        lines.push(`const ${enumTable(target, element)} = [${enumNames(target, element)}];`);
      }
      if (element.kind === 'values' && !isCodes(element)) {
        lines.push(`const ${scalingTable(target, element)} = ${scaling(target, element)};`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/** By raw value, those that the record names otherwise under its own name. */
function enumNames({ renamed }: Target, { names, rawMax }: ScalarField): string {
  const byRaw = [...Array(rawMax + 1).keys()].map((raw) => names?.[raw]);
  return byRaw
    .map((name) => (name === undefined ? 'null' : `'${renamed?.[name] ?? name}'`))
    .join(', ');
}

function recordFunction(target: Target): string {
  const { functionName, source, record } = target;
  const at = target.path.includes('#') ? 'at: number, ' : '';
  const elements = elementsOf(target);
  const hasCodes = elements.some((element) => isCodes(element));
  const counts = hasCodes ? elements.flatMap((element) => countMark(target, element)) : [];
  const lists = elements.flatMap((element) => listFunction(target, element));
  return `export function ${functionName}(
  source: ${source}, ${at}marks: Marks): ${record}Record {
${counts.join('\n')}
return { ${recordFields(target).join(',\n')} };
}
${lists.join('\n')}`;
}

/** In the order of the schema, which encodes fastest; exactly its fields. */
function recordFields(target: Target): readonly string[] {
  const values = new Map(Object.entries(target.unset));
  for (const element of elementsOf(target)) {
    for (const [name, value] of fieldsOf(target, element)) values.set(name, value);
  }
  const names = schemaFields(target.record).map((field) => field.name);
  const strange = [...values.keys()].filter((name) => !names.includes(name));
  if (strange.length > 0) throw new Error(`${target.record} has no field ${strange.join(', ')}`);
  return names.map((name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`${target.functionName} leaves ${name} out`);
    return `${name}: ${value}`;
  });
}

type Field = readonly [name: string, value: string];

function fieldsOf(target: Target, element: Element): readonly Field[] {
  if (element.kind === 'values') return [[nameOf(target, element.name), list(target, element)]];
  if (isLevels(element)) {
    return [[nameOf(target, element.name), `generalLevels(source.${element.name}, at, marks)`]];
  }
  if (element.kind !== 'scalar' || element.role === 'count') return [];
  const name = nameOf(target, element.name);
  const raw = `source.${element.name}`;
  switch (element.role) {
    case 'enum': {
      const value = `${enumTable(target, element)}[${raw}] ?? ${mark(target, element, 'null')}`;
      const otherwise = target.otherwise?.[element.name];
      return [[name, otherwise === undefined ? value : `${value} ?? ${otherwise}`]];
    }
    case 'gear':
      return gearFields(raw);
    case 'gearOrInvalid':
      return [...gearFields(raw), ['isGearValid', `(${raw} & ${gearInvalidMask}) === 0`]];
    case 'positionStatus':
      return [
        ['hasFix', `(${raw} & ${noFixMask}) === 0`],
        [name, raw],
      ];
    case 'flags':
      return [
        [`${name}Bits`, `bitNames(${raw}, alarmBitNames)`],
        [`${name}Raw`, raw],
      ];
    default:
      return [[name, number(target, element)]];
  }
}

function gearFields(raw: string): readonly Field[] {
  return [
    ['gear', `gearNames[${raw} & ${gearMask}] as string`],
    ['hasDriveForce', `(${raw} & ${driveForceMask}) !== 0`],
    ['hasBrakeForce', `(${raw} & ${brakeForceMask}) !== 0`],
    ['gearRaw', raw],
  ];
}

/** The value where the raw integer is valid, else what the mark makes of it. */
export function number(target: Target, element: ScalarField): string {
  const value = physicalOf(target, element);
  const bad = outOfRange(element);
  return bad === '' ? value : `${bad} ? ${mark(target, element, value)} : ${value}`;
}

export function physicalOf(target: Target, element: ScalarField): string {
  const divisor = divisorOf(element, nameOf(target, element.name));
  const raw = `source.${element.name}`;
  // The wire carries a magnitude; `0 - 0` is 0, where `-0` would be a second zero.
  const signed =
    element.signBit === null
      ? raw
      : `((source.status & ${2 ** element.signBit}) === 0 ? ${raw} : 0 - ${raw})`;
  const moved = element.rawOffset === 0 ? signed : `(${signed} - ${-element.rawOffset})`;
  return divisor === 1 ? moved : `${moved} / ${divisor}`;
}

/** Cell voltages are 0.001 V on the wire and integers in mV in the record. */
function divisorOf(element: ScalarField, name: string): number {
  return name.endsWith('Mv') && element.unit === 'V' ? element.divisor / 1000 : element.divisor;
}

export function outOfRange(element: ScalarField): string {
  const raw = `source.${element.name}`;
  const tests = [];
  if (element.rawMin > 0) tests.push(`${raw} < ${element.rawMin}`);
  if (element.rawMax < 256 ** element.size - 1) tests.push(`${raw} > ${element.rawMax}`);
  return tests.join(' || ');
}

export function mark(target: Target, element: ScalarField, value: string): string {
  const byWidth = { 1: 'markByte', 2: 'markWord', 4: 'markDword' };
  const marker = element.sentinels === 'none' ? 'markPlain' : byWidth[element.size];
  const path = pathOf(target, nameOf(target, element.name));
  return `${marker}(marks, ${path}, source.${element.name}, ${value})`;
}

export function countMark(target: Target, element: Element): readonly string[] {
  if (element.kind !== 'scalar' || element.role !== 'count') return [];
  return [`if (${outOfRange(element)}) ${mark(target, element, 'null')};`];
}

function list(target: Target, element: ValueList): string {
  if (isCodes(element)) return `faultCodes(source.${element.name})`;
  const at = target.path.includes('#') ? 'at, ' : '';
  return `${listFunctionName(target, element.name)}(source, ${at}marks)`;
}

/** A function of its own: temperatures also join a pack that another item made. */
function listFunction(target: Target, element: Element): readonly string[] {
  if (element.kind !== 'values' || isCodes(element)) return [];
  const at = target.path.includes('#') ? 'at: number, ' : '';
  const table = scalingTable(target, element);
  const path = pathOf(target, nameOf(target, element.name));
  const own = elementsOf(target).filter((other) => other.name === element.countName);
  const counts = own.flatMap((count) => countMark(target, count));
  return [
    `
export function ${listFunctionName(target, element.name)}(
  source: ${target.source}, ${at}marks: Marks): (number | null)[] {
${counts.join('\n')}
const raws = source.${element.name};
const values: (number | null)[] = new Array(raws.length);
if (scaleList(raws, ${table}, values)) markRuns(marks, ${path}, raws, ${table});
return values;
}`,
  ];
}

export function isCodes(element: Element): boolean {
  return element.kind === 'values' && element.element.role === 'code';
}

function itemCountFunction(item: string, path: string): string {
  const count = layoutOf(item).find((element) => element.kind === 'scalar');
  if (count?.kind !== 'scalar') throw new Error(`item ${item} has no count`);
  const bad = outOfRange(count).replaceAll(`source.${count.name}`, 'count');
  return `export function mark${capital(item)}Count(count: number, marks: Marks): void {
if (${bad}) markByte(marks, '${path}', count, null);
}`;
}

function scaling(target: Target, { name, element }: ValueList): string {
  if (divisorOf(element, nameOf(target, name)) !== 1) throw new Error(`${name}: no whole unit`);
  const { rawMax, rawOffset, size } = element;
  return `{ rawMax: ${rawMax}, rawOffset: ${rawOffset}, abnormal: ${sentinelFrom(size)} }`;
}

export function nameOf(target: Target, name: string): string {
  const found = target.names[name];
  if (found === undefined) throw new Error(`${target.functionName} has no name for ${name}`);
  return found;
}

export function pathOf(target: Target, name: string): string {
  const path = `${target.path}.${name}`;
  return path.includes('#') ? `\`${path.replace('#', '$' + '{at}')}\`` : `'${path}'`;
}

export function enumTable(target: Target, element: ScalarField): string {
  return `${target.item}${capital(element.name)}Names`;
}

function scalingTable(target: Target, element: ValueList): string {
  return `${target.item}${capital(element.name)}Scaling`;
}

export function listFunctionName(target: Target, name: string): string {
  const record = target.record.charAt(0).toLowerCase() + target.record.slice(1);
  return `${record}${capital(nameOf(target, name))}`;
}

export function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
