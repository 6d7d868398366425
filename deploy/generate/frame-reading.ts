// Code that reads a sequence of a layout table: literal reads at literal offsets, one bounds check
// per run of fixed fields and one per list, before anything is allocated.

import {
  type BytesField,
  type Element,
  type RecordList,
  type SignatureField,
  sentinelFrom,
  type TextGroups,
  type TextList,
  type ValueList,
} from '#shared/frame/gb32960/layout.ts';
import { fixedSizeOf } from '#shared/frame/gb32960/layout-size.ts';

/** Statements that read a sequence, the properties they yield, and where the sequence ends. */
interface Reading {
  readonly lines: readonly string[];
  readonly properties: readonly string[];
  readonly end: string;
}

/** `start` names the variable that holds the offset of the first byte. */
export function readSequence(elements: readonly Element[], start: string, owner: string): Reading {
  const lines: string[] = [];
  const properties: string[] = [];
  const counts = new Set(elements.flatMap((element) => countsOf(element)));
  let base = start;
  let offset = 0;
  for (const [index, element] of elements.entries()) {
    if (isVariable(element)) {
      const list = readVariable(element, { elements, base: plus(base, offset), owner });
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

function readVariable(list: Variable, context: ListContext): Reading {
  switch (list.kind) {
    case 'values':
      return readValues(list, context);
    case 'texts':
      return readTexts(list, context);
    case 'records':
      return list.entry.some(isVariable)
        ? readVariableRecords(list, context)
        : readFixedRecords(list, context);
    case 'textGroups':
      return readTextGroups(list, context);
    case 'bytes':
      return readBytes(list, context);
    case 'signature':
      return readSignatureOf(list, context);
  }
}

function readTextGroups({ name, countsName, size }: TextGroups, { base }: ListContext): Reading {
  const lines = [
    `const ${name}End = ${base} + groupsSize(${countsName}, ${size});`,
    `if (${name}End > end) return null;`,
  ];
  const property = `${name}: readGroups(bytes, ${base}, { counts: ${countsName}, size: ${size} }),`;
  return { lines, properties: [property], end: `${name}End` };
}

function readBytes({ name }: BytesField, { base }: ListContext): Reading {
  const lines = [
    `const ${name}At = ${base} + 2;`,
    `if (${name}At > end) return null;`,
    `const ${name}End = ${name}At + view.getUint16(${base});`,
    `if (${name}End > end) return null;`,
  ];
  const property = `${name}: bytes.subarray(${name}At, ${name}End),`;
  return { lines, properties: [property], end: `${name}End` };
}

function readSignatureOf({ name }: SignatureField, { base }: ListContext): Reading {
  const lines = [
    `const ${name} = readSignature(view, bytes, ${base}, end);`,
    `if (${name} === null) return null;`,
    `const ${name}End = ${base} + signatureSize(${name});`,
  ];
  return { lines, properties: [`${name},`], end: `${name}End` };
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
  list: CountedList,
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
      return element.pad === 0x00
        ? `readText(bytes, ${at}, ${element.size})`
        : `readPadded(bytes, ${at}, ${element.size}, ${hex(element.pad)})`;
    case 'scalar':
      return `view.getUint${8 * element.size}(${at})`;
    default:
      throw new Error(`${element.name} has no fixed size`);
  }
}

/** Bytes of the fixed elements from this one up to the next list. */
function runSize(elements: readonly Element[], from: number): number {
  const rest = elements.slice(from);
  const list = rest.findIndex(isVariable);
  const run = list === -1 ? rest : rest.slice(0, list);
  return run.reduce((sum, element) => sum + fixedSizeOf(element), 0);
}

function boundsCheck(base: string, size: number): string {
  return `if (end - ${base} < ${size}) return null;`;
}

function countsOf(element: Element): readonly string[] {
  if (element.kind === 'texts') return [element.countName, element.sizeName];
  return 'countName' in element ? [element.countName] : [];
}

type Variable = CountedList | TextGroups | BytesField | SignatureField;

/** A list whose count is a scalar before it. */
type CountedList = ValueList | RecordList | TextList;

/** Its size depends on the frame. */
function isVariable(element: Element): element is Variable {
  return !['time', 'text', 'scalar', 'rest'].includes(element.kind);
}

function plus(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

function times(index: string, size: number | string): string {
  return `${size}` === '1' ? index : `${index} * ${size}`;
}

export function hex(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
