// Writes shared/frame/gb32960/decode-2016.generated.ts: literal reads at literal offsets, one
// bounds check per run of fixed fields and one per list, before anything is allocated.

import {
  type Element,
  type ItemLayout,
  type RecordList,
  sentinelFrom,
  type TextList,
  type ValueList,
} from '#shared/frame/gb32960/layout.ts';
import {
  bodies2016,
  customTypeMax,
  customTypeMin,
  items2016,
} from '#shared/frame/gb32960/layout-2016.ts';
import { fixedSizeOf } from '#shared/frame/gb32960/layout-size.ts';

/** Statements that read a sequence, the properties they yield, and where the sequence ends. */
interface Reading {
  readonly lines: readonly string[];
  readonly properties: readonly string[];
  readonly end: string;
}

/** The module as text, not formatted yet. */
export function frameDecoderSource(): string {
  const items = items2016.map(itemFunction);
  const bodies = bodies2016.map(({ kind, elements }) => bodyFunction(kind, elements));
  return [header(), itemSwitch(), ...items, customFunction, ...bodies, trailingFunction].join('\n');
}

function header(): string {
  const itemTypes = [...items2016.map(({ kind }) => itemTypeName(kind)), 'CustomItem', 'Item'];
  const types = [...bodies2016.map(({ kind }) => capitalized(kind)), ...itemTypes].sort();
  return `// Written by \`npm run generate\` from layout-2016.ts: edit that. Each function reads one
// part of a data unit between \`at\` and \`end\`, and answers null when the part does not fit.

import { readTime } from './device-time.ts';
import type { ${types.join(', ')} } from './frame.ts';
import { readText } from './text.ts';
`;
}

function itemSwitch(): string {
  const cases = items2016.map(
    ({ type, kind }) =>
      `case ${hex(type)}: return read${itemTypeName(kind)}(view, bytes, at, end);`,
  );
  return `/** \`at\` is the first byte after the type. Null also for a type without layout. */
export function readItem(type: number, ${parameters}): Item | null {
switch (type) {
${cases.join('\n')}
default:
if (type < ${hex(customTypeMin)} || type > ${hex(customTypeMax)}) return null;
return readCustomItem(type, view, bytes, at, end);
}
}
`;
}

const parameters = 'view: DataView, bytes: Uint8Array, at: number, end: number';

function itemFunction({ type, kind, elements }: ItemLayout): string {
  const { lines, properties, end } = readSequence(elements, 'at', `${itemTypeName(kind)}`);
  return `function read${itemTypeName(kind)}(${parameters}): ${itemTypeName(kind)} | null {
${lines.join('\n')}
return {
kind: '${kind}',
type: ${hex(type)},
bytes: bytes.subarray(at, ${end}),
${properties.join('\n')}
};
}
`;
}

const customFunction = `function readCustomItem(type: number, ${parameters}): CustomItem | null {
if (end - at < 2) return null;
const length = view.getUint16(at);
if (end - at - 2 < length) return null;
const dataEnd = at + 2 + length;
return {
kind: 'custom',
type,
bytes: bytes.subarray(at, dataEnd),
length,
data: bytes.subarray(at + 2, dataEnd),
};
}
`;

function bodyFunction(kind: string, elements: readonly Element[]): string {
  const typeName = capitalized(kind);
  const { lines, properties, end } = readSequence(elements, 'at', typeName);
  return `export function read${typeName}(${parameters}): ${typeName} | null {
${lines.join('\n')}
return {
kind: '${kind}',
${properties.join('\n')}
trailing: trailingOf(bytes, ${end}, end),
};
}
`;
}

const trailingFunction = `function trailingOf(
bytes: Uint8Array, at: number, end: number): Uint8Array | null {
return at === end ? null : bytes.subarray(at, end);
}
`;

/** `start` names the variable that holds the offset of the first byte. */
function readSequence(elements: readonly Element[], start: string, owner: string): Reading {
  const lines: string[] = [];
  const properties: string[] = [];
  const counts = new Set(elements.flatMap((element) => countsOf(element)));
  let base = start;
  let offset = 0;
  for (const [index, element] of elements.entries()) {
    if (isList(element)) {
      const list = readList(element, { elements, base: plus(base, offset), owner });
      lines.push(...list.lines);
      properties.push(...list.properties);
      base = list.end;
      offset = 0;
      continue;
    }
    if (element.kind === 'rest') {
      properties.push(`${element.name}: bytes.subarray(${plus(base, offset)}, end),`);
      return { lines, properties, end: 'end' };
    }
    if (offset === 0) lines.push(boundsCheck(base, runSize(elements, index)));
    const read = readFixed(element, plus(base, offset));
    if (counts.has(element.name)) lines.push(`const ${element.name} = ${read};`);
    properties.push(counts.has(element.name) ? `${element.name},` : `${element.name}: ${read},`);
    offset += fixedSizeOf(element);
  }
  return { lines, properties, end: plus(base, offset) };
}

interface ListContext {
  readonly elements: readonly Element[];
  readonly base: string;
  readonly owner: string;
}

function readList(list: ValueList | RecordList | TextList, context: ListContext): Reading {
  switch (list.kind) {
    case 'values':
      return readValues(list, context);
    case 'texts':
      return readTexts(list, context);
    case 'records':
      return list.entry.some(isList)
        ? readVariableRecords(list, context)
        : readFixedRecords(list, context);
  }
}

function readValues(list: ValueList, context: ListContext): Reading {
  const { name, element } = list;
  const lines = [
    ...listStart(list, `${element.size}`, context),
    `const ${name} = new Array<number>(${name}Length);`,
    `for (let index = 0; index < ${name}Length; index += 1) {`,
    `${name}[index] = ${readFixed(element, `${name}At + ${times('index', element.size)}`)};`,
    '}',
  ];
  return { lines, properties: [`${name},`], end: `${name}End` };
}

function readTexts(list: TextList, context: ListContext): Reading {
  const { name, sizeName } = list;
  const lines = [
    `const ${name}Size = ${entries(sizeName, context.elements)};`,
    ...listStart(list, `${name}Size`, context),
    `const ${name} = new Array<string>(${name}Size === 0 ? 0 : ${name}Length);`,
    `for (let index = 0; index < ${name}.length; index += 1) {`,
    `${name}[index] = readText(bytes, ${name}At + index * ${name}Size, ${name}Size);`,
    '}',
  ];
  return { lines, properties: [`${name},`], end: `${name}End` };
}

function readFixedRecords(list: RecordList, context: ListContext): Reading {
  const { name, entry } = list;
  const size = entry.reduce((sum, element) => sum + fixedSizeOf(element), 0);
  const { properties } = readSequence(entry, 'entryAt', context.owner);
  const lines = [
    ...listStart(list, `${size}`, context),
    `const ${name} = new Array<${context.owner}['${name}'][number]>(${name}Length);`,
    `for (let index = 0; index < ${name}Length; index += 1) {`,
    `const entryAt = ${name}At + ${times('index', size)};`,
    `${name}[index] = { ${properties.join('\n')} };`,
    '}',
  ];
  return { lines, properties: [`${name},`], end: `${name}End` };
}

/** Entries with lists of their own: each is checked before it is read. */
function readVariableRecords(list: RecordList, context: ListContext): Reading {
  const { name, countName, entry } = list;
  const reading = readSequence(entry, 'entryAt', context.owner);
  const lines = [
    `const ${name}: ${context.owner}['${name}'][number][] = [];`,
    `let ${name}End = ${context.base};`,
    `for (let left = ${entries(countName, context.elements)}; left > 0; left -= 1) {`,
    `const entryAt = ${name}End;`,
    ...reading.lines,
    `${name}.push({ ${reading.properties.join('\n')} });`,
    `${name}End = ${reading.end};`,
    '}',
  ];
  return { lines, properties: [`${name},`], end: `${name}End` };
}

/** How many, from where, to where; and that they are there. */
function listStart(
  list: ValueList | RecordList | TextList,
  size: string,
  { elements, base }: ListContext,
): readonly string[] {
  const { name, countName } = list;
  return [
    `const ${name}Length = ${entries(countName, elements)};`,
    `const ${name}At = ${base};`,
    `const ${name}End = ${name}At + ${times(`${name}Length`, size)};`,
    `if (${name}End > end) return null;`,
  ];
}

/** A sentinel as a count means that nothing follows. */
function entries(countName: string, elements: readonly Element[]): string {
  const field = elements.find(({ name }) => name === countName);
  if (field?.kind !== 'scalar') throw new Error(`no count named ${countName} in the layout table`);
  return `${countName} >= ${hex(sentinelFrom(field.size))} ? 0 : ${countName}`;
}

function readFixed(element: Element, at: string): string {
  switch (element.kind) {
    case 'time':
      return `readTime(bytes, ${at})`;
    case 'text':
      return `readText(bytes, ${at}, ${element.size})`;
    case 'scalar':
      return `view.getUint${8 * element.size}(${at})`;
    default:
      throw new Error(`${element.name} has no fixed size`);
  }
}

/** Bytes of the fixed elements from this one up to the next list. */
function runSize(elements: readonly Element[], from: number): number {
  const rest = elements.slice(from);
  const list = rest.findIndex(isList);
  const run = list === -1 ? rest : rest.slice(0, list);
  return run.reduce((sum, element) => sum + fixedSizeOf(element), 0);
}

function boundsCheck(base: string, size: number): string {
  return `if (end - ${base} < ${size}) return null;`;
}

function countsOf(element: Element): readonly string[] {
  if (element.kind === 'texts') return [element.countName, element.sizeName];
  return isList(element) ? [element.countName] : [];
}

function isList(element: Element): element is ValueList | RecordList | TextList {
  return element.kind === 'values' || element.kind === 'records' || element.kind === 'texts';
}

function plus(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

function times(index: string, size: number | string): string {
  return `${size}` === '1' ? index : `${index} * ${size}`;
}

function itemTypeName(kind: string): string {
  return `${capitalized(kind)}Item`;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
