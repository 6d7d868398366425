// Writes of straight.ts what does not depend on units: how far an item reaches, and where in it
// each integer and each list is.

import {
  type Element,
  type ItemLayout,
  type RecordList,
  sentinelFrom,
  type TextList,
  type ValueList,
} from '#shared/frame/gb32960/layout.ts';
import { items2016 } from '#shared/frame/gb32960/layout-2016.ts';
import { fixedSizeOf } from '#shared/frame/gb32960/layout-size.ts';
import { capital } from './telemetry.ts';

export function itemEndSwitch(): string {
  const cases = items2016.map(
    ({ type, kind, elements }) => `case ${hex(type)}: return ${endOf(kind, elements)};`,
  );
  return `/** \`at\` is the first byte after the type. -1 also for a type without layout. */
export function endOfItem(type: number, source: DataView, at: number, end: number): number {
switch (type) {
${cases.join('\n')}
default: return -1;
}
}
`;
}

function endOf(kind: string, elements: readonly Element[]): string {
  if (isVariable(elements)) return `endOf${capital(kind)}(source, at, end)`;
  const size = runSize(elements, 0);
  return `end - at < ${size} ? -1 : at + ${size}`;
}

export function endFunctions({ kind, elements }: ItemLayout): string {
  if (!isVariable(elements)) return '';
  const ofItem = endFunction(capital(kind), elements);
  const records = elements.find((element) => element.kind === 'records');
  if (records === undefined) return ofItem;
  const ofEntry = isVariable(records.entry)
    ? endFunction(`${capital(kind)}Entry`, records.entry)
    : `export const ${kind}EntrySize = ${entrySize(records)};\n`;
  return `${ofItem}\n${ofEntry}`;
}

function endFunction(name: string, elements: readonly Element[]): string {
  const lines: string[] = [];
  let [base, offset] = ['at', 0];
  for (const [index, element] of elements.entries()) {
    if ('countName' in element) {
      const end = `${element.name}End`;
      lines.push(...listEnd(name, element, { elements, start: plus(base, offset), end }));
      [base, offset] = [end, 0];
      continue;
    }
    if (offset === 0) lines.push(`if (end - ${base} < ${runSize(elements, index)}) return -1;`);
    const read = `source.getUint${8 * fixedSizeOf(element)}(${plus(base, offset)})`;
    lines.push(`const ${element.name} = ${read};`);
    offset += fixedSizeOf(element);
  }
  lines.push(`return ${plus(base, offset)};`);
  const visibility = name.endsWith('Entry') ? 'export ' : '';
  return `${visibility}function endOf${name}(source: DataView, at: number, end: number): number {
${withoutUnused(lines).join('\n')}
}
`;
}

interface ListPlace {
  readonly elements: readonly Element[];
  readonly start: string;
  /** Name of the constant. */
  readonly end: string;
}

function listEnd(
  name: string,
  list: ValueList | RecordList | TextList,
  { elements, start, end }: ListPlace,
): readonly string[] {
  const count = entries(elements, list.countName);
  if (list.kind === 'records' && isVariable(list.entry)) {
    return [
      `let ${end} = ${start};`,
      `for (let left = ${count}; left > 0; left -= 1) {`,
      `${end} = endOf${name}Entry(source, ${end}, end);`,
      `if (${end} < 0) return -1;`,
      '}',
    ];
  }
  const size = entrySize(list);
  return [
    `const ${end} = ${start} + ${size === 1 ? '' : `${size} * `}(${count});`,
    `if (${end} > end) return -1;`,
  ];
}

/** A constant for each integer, and where each list is; in the order of the bytes. */
export function prelude(elements: readonly Element[]): readonly string[] {
  const lines: string[] = [];
  let [base, offset] = ['at', 0];
  for (const element of elements) {
    if (element.kind === 'scalar') {
      lines.push(
        `const ${element.name} = source.getUint${8 * element.size}(${plus(base, offset)});`,
      );
    }
    if ('countName' in element) {
      const { name } = element;
      lines.push(`const ${name}Length = ${entries(elements, element.countName)};`);
      lines.push(`const ${name}At = ${plus(base, offset)};`);
      const size = entrySize(element);
      lines.push(`const ${name}End = ${name}At + ${size === 1 ? '' : `${size} * `}${name}Length;`);
      [base, offset] = [`${name}End`, 0];
    } else offset += fixedSizeOf(element);
  }
  return lines;
}

/** Without the constants that nothing after them uses. */
export function withoutUnused(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const line of lines.toReversed()) {
    const name = /^const (\w+) =/u.exec(line)?.[1];
    const use = new RegExp(`\\b${name}\\b`, 'u');
    if (name === undefined || kept.some((later) => use.test(later))) kept.push(line);
  }
  return kept.reverse();
}

/** A sentinel as a count means that nothing follows. */
function entries(elements: readonly Element[], countName: string): string {
  const field = elements.find(({ name }) => name === countName);
  if (field?.kind !== 'scalar') throw new Error(`no count named ${countName} in the layout table`);
  return `${countName} >= ${hex(sentinelFrom(field.size))} ? 0 : ${countName}`;
}

function entrySize(element: ValueList | RecordList | TextList): number {
  if (element.kind === 'values') return element.element.size;
  if (element.kind === 'texts') throw new Error(`${element.name}: no item has texts`);
  return element.entry.reduce((sum, each) => sum + fixedSizeOf(each), 0);
}

function isVariable(entry: readonly Element[]): boolean {
  return entry.some((element) => 'countName' in element);
}

/** Bytes of the fixed elements from this one up to the next list. */
function runSize(elements: readonly Element[], from: number): number {
  let size = 0;
  for (const element of elements.slice(from)) {
    if ('countName' in element) break;
    size += fixedSizeOf(element);
  }
  return size;
}

function plus(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
