// Fields to bytes, one after the other as the layout table lists them. Throws where its caller is
// wrong: a number or text that does not fit, a count that differs from its list.

import type { Edition } from './editions.ts';
import type { DeviceTime, Signature } from './frame.ts';
import { type Element, entriesOf, type TextGroups, type TextList } from './layout.ts';
import { writeText } from './text.ts';

export interface Writer {
  readonly edition: Edition;
  readonly target: Buffer;
  at: number;
}

/** What the table names, by name. */
export type Source = Readonly<Record<string, unknown>>;

export function writeElements(writer: Writer, elements: readonly Element[], source: Source): void {
  for (const element of elements) writeElement(writer, element, { elements, source });
}

interface Surroundings {
  readonly elements: readonly Element[];
  readonly source: Source;
}

function writeElement(writer: Writer, element: Element, around: Surroundings): void {
  const { source } = around;
  const value = source[element.name];
  switch (element.kind) {
    case 'time':
      writeBytes(writer, (value as DeviceTime).raw);
      break;
    case 'text':
      writeText(writer.target, writer.at, element.size, value as string, element.pad);
      writer.at += element.size;
      break;
    case 'scalar':
      writeInteger(writer, element.size, value as number);
      break;
    case 'values':
      for (const number of listOf<number>(element, around)) {
        writeInteger(writer, element.element.size, number);
      }
      break;
    case 'records':
      for (const entry of listOf<Source>(element, around)) {
        writeElements(writer, element.entry, entry);
      }
      break;
    case 'texts':
      writeTexts(writer, element, around);
      break;
    case 'textGroups':
      writeTextGroups(writer, element, around);
      break;
    case 'bytes':
      writeLongBytes(writer, value as Uint8Array);
      break;
    case 'signature':
      writeSignature(writer, value as Signature);
      break;
    case 'rest':
      writeBytes(writer, value as Uint8Array);
      break;
  }
}

/** The list, after its length was found to be what its count announces. */
function listOf<T>(
  list: { readonly name: string; readonly countName: string },
  { elements, source }: Surroundings,
): readonly T[] {
  const values = source[list.name] as readonly T[];
  requireLength(list.name, values.length, announced(list.countName, elements, source));
  return values;
}

function writeTexts(writer: Writer, list: TextList, { elements, source }: Surroundings): void {
  const texts = source[list.name] as readonly string[];
  const size = announced(list.sizeName, elements, source);
  // n >= 1 with m = 0 is legal and common (table 6): then no codes are sent.
  const wanted = size === 0 ? 0 : announced(list.countName, elements, source);
  requireLength(list.name, texts.length, wanted);
  for (const text of texts) writeFixedText(writer, size, text);
}

function writeTextGroups(writer: Writer, list: TextGroups, { source }: Surroundings): void {
  const counts = source[list.countsName] as readonly number[];
  const groups = source[list.name] as readonly (readonly string[])[];
  requireLength(list.name, groups.length, counts.length);
  for (const [index, texts] of groups.entries()) {
    requireLength(`${list.name}[${index}]`, texts.length, entriesOf(counts[index] as number, 1));
    for (const text of texts) writeFixedText(writer, list.size, text);
  }
}

export function writeSignature(writer: Writer, { algorithm, r, s }: Signature): void {
  writeInteger(writer, 1, algorithm);
  writeLongBytes(writer, r);
  writeLongBytes(writer, s);
}

/** A WORD, then the bytes that it announces. */
function writeLongBytes(writer: Writer, bytes: Uint8Array): void {
  writeInteger(writer, 2, bytes.length);
  writeBytes(writer, bytes);
}

function announced(countName: string, elements: readonly Element[], source: Source): number {
  const field = elements.find(({ name }) => name === countName);
  if (field?.kind !== 'scalar') throw new Error(`no count named ${countName} in the layout table`);
  return entriesOf(source[countName] as number, field.size);
}

export function requireLength(name: string, found: number, wanted: number): void {
  if (found === wanted) return;
  throw new RangeError(`${name} of ${wanted} entries wanted by its count, found ${found}`);
}

export function writeFixedText(writer: Writer, size: number, text: string): void {
  writeText(writer.target, writer.at, size, text);
  writer.at += size;
}

export function writeInteger(writer: Writer, size: 1 | 2 | 4, value: number): void {
  writer.at = writer.target.writeUIntBE(value, writer.at, size);
}

export function writeBytes(writer: Writer, bytes: Uint8Array | null): void {
  if (bytes === null) return;
  writer.target.set(bytes, writer.at);
  writer.at += bytes.length;
}
