// Writes shared/telemetry/gb32960-2016.generated.ts: raw integers to units, from the layout table.
// The normal case of a field is one comparison and one division; all else is a call.

import {
  type Element,
  type ScalarField,
  sentinelFrom,
  type ValueList,
} from '#shared/frame/gb32960/layout.ts';
import {
  alarmBitNames2016,
  brakeForceMask,
  driveForceMask,
  gearMask,
  gearNames,
  items2016,
  noFixMask,
} from '#shared/frame/gb32960/layout-2016.ts';
import { itemCountPaths2016, type Target, targets2016 } from '#shared/telemetry/names-2016.ts';
import { type AvscField, type AvscNode, type AvscType, readAvsc } from './avro-types.ts';

/** The module as text, not formatted yet. */
export function telemetrySource(): string {
  const counts = Object.entries(itemCountPaths2016);
  const parts = [
    header(),
    tables(),
    ...targets2016.map((target) => recordFunction(target)),
    ...counts.map(([item, path]) => itemCountFunction(item, path)),
  ];
  return parts.join('\n');
}

function header(): string {
  const records = unique(targets2016.map((target) => target.record));
  const sources = unique(targets2016.map((target) => target.source));
  const aliases = records.map((name) => `${name} as ${name}Record`);
  return `// Written by \`npm run generate\` from shared/frame/gb32960/layout-2016.ts and
// shared/telemetry/names-2016.ts: edit those. Raw integers of a report to values in units.

import type { ${aliases.join(', ')} } from '../avro/types.generated.ts';
import type { ${sources.join(', ')} } from '../frame/gb32960/frame.ts';
import { type Marks, markByte, markDword, markPlain, markRuns, markWord } from './field-states.ts';
import { bitNames, faultCodes, scaleList } from './scale.ts';
`;
}

function tables(): string {
  const lines = [
    `const alarmBitNames = ${JSON.stringify(alarmBitNames2016)};`,
    `const gearNames = ${JSON.stringify(gearNames)};`,
  ];
  for (const target of targets2016) {
    for (const element of elementsOf(target)) {
      if (element.kind === 'scalar' && element.names !== null) {
        const names = [...Array(element.rawMax + 1).keys()].map((raw) => element.names?.[raw]);
        const list = names.map((name) => (name === undefined ? 'null' : `'${name}'`)).join(', ');
        lines.push(`const ${enumTable(target, element)} = [${list}];`);
      }
      if (element.kind === 'values' && !isCodes(element)) {
        lines.push(`const ${scalingTable(target, element)} = ${scaling(target, element)};`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
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
  if (element.kind !== 'scalar' || element.role === 'count') return [];
  const name = nameOf(target, element.name);
  const raw = `source.${element.name}`;
  switch (element.role) {
    case 'enum':
      return [[name, `${enumTable(target, element)}[${raw}] ?? ${mark(target, element, 'null')}`]];
    case 'gear':
      return [
        ['gear', `gearNames[${raw} & ${gearMask}] as string`],
        ['hasDriveForce', `(${raw} & ${driveForceMask}) !== 0`],
        ['hasBrakeForce', `(${raw} & ${brakeForceMask}) !== 0`],
        ['gearRaw', raw],
      ];
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

/** The fields of a record of the Telemetry schema, in its order. */
export function schemaFields(record: string): readonly AvscField[] {
  const found = findRecord(readAvsc('telemetry.v1'), record);
  if (found?.fields === undefined) throw new Error(`the Telemetry schema has no ${record}`);
  return found.fields;
}

function findRecord(type: AvscType | undefined, record: string): AvscNode | null {
  if (type === undefined || typeof type === 'string') return null;
  if (!('type' in type)) return firstRecord(type, record);
  if (type.name === record) return type;
  const inner = [type.items, type.type, ...(type.fields ?? []).map((field) => field.type)];
  return firstRecord(inner, record);
}

function firstRecord(types: readonly (AvscType | undefined)[], record: string): AvscNode | null {
  for (const type of types) {
    const found = findRecord(type, record);
    if (found !== null) return found;
  }
  return null;
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
  const counts = elementsOf(target).flatMap((other) => countMark(target, other));
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

/** The elements of the record: those of the item, or of the entries of its list. */
export function elementsOf(target: Target): readonly Element[] {
  const elements = layoutOf(target.item);
  const records = elements.find((element) => element.kind === 'records');
  return records === undefined ? elements : records.entry;
}

export function layoutOf(kind: string): readonly Element[] {
  const layout = items2016.find((item) => item.kind === kind);
  if (layout === undefined) throw new Error(`no layout of kind ${kind}`);
  return layout.elements;
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
