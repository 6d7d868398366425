// A decoded record as people read it: a line where it is, then its fields, a section a line.

import type { Decoded } from '#shared/avro/decoder.ts';
import type { ReadRecord } from '#shared/kafka/reader.ts';
import { hexOf, mask } from './plain-value.ts';
import { type Field, type FieldType, fieldsOf } from './schema-fields.ts';

/** Null: a tombstone. */
export function recordLines(record: ReadRecord, decoded: Decoded | null): readonly string[] {
  const { topic, partition, offset, key, timestamp } = record;
  const place = `${topic} ${partition}/${offset}`;
  const head = `${timeOf(timestamp)}  ${key?.toString() || '(no vehicle)'}  ${place}`;
  if (decoded === null) return [`${head}  tombstone: forgotten`];
  if (decoded.kind !== 'fault') {
    return [head, ...valueLines(fieldsOf(decoded.kind), decoded.value)];
  }
  const { code, detail } = decoded;
  const value = record.value ?? Buffer.alloc(0);
  return [`${head}  UNDECODABLE`, `  ${code}: ${detail}`, `  bytes ${shortHex(value)}`];
}

export function timeOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** Everything but the key, which the head has, and what is not there. */
export function valueLines(fields: readonly Field[], value: object): readonly string[] {
  const scalars = fields.filter(({ name, type }) => name !== 'vehicleId' && !isSection(type));
  const sections = fields.filter(({ type }) => isSection(type));
  return [
    ...wrap('', wordsOf(scalars, value)),
    ...sections.flatMap(({ name, type }) => {
      return sectionLines(name, type, (value as Valued)[name]);
    }),
  ];
}

type Valued = Readonly<Record<string, unknown>>;

function isSection(type: FieldType): boolean {
  return type.kind === 'record' || (type.kind === 'list' && type.items.kind === 'record');
}

function sectionLines(name: string, type: FieldType, value: unknown): readonly string[] {
  if (value === null || value === undefined) return [];
  if (type.kind === 'record') return wrap(name, wordsOf(type.fields, value));
  if (type.kind !== 'list') return [];
  const items = value as readonly unknown[];
  return items.flatMap((item, at) => sectionLines(`${name}[${at}]`, type.items, item));
}

/** `speedKmh 43.2`, one for each field that is there. */
export function recordWords(fields: readonly Field[], value: object): readonly string[] {
  return wordsOf(fields, value);
}

/** Fields of a record within it are named by their path. */
function wordsOf(fields: readonly Field[], value: unknown, path = ''): readonly string[] {
  return fields.flatMap(({ name, type, isSecret }) => {
    const inner = (value as Valued)[name];
    if (inner === null || inner === undefined || isEmpty(inner)) return [];
    if (isSecret) return [`${path}${name} ${mask}`];
    return fieldWords({ name: `${path}${name}`, type }, inner);
  });
}

function fieldWords({ name, type }: Pick<Field, 'name' | 'type'>, value: unknown): string[] {
  if (type.kind === 'record') {
    // A signal of the state: its value, and when it held, stand together.
    const text = signalText(type.fields, value);
    return text === null ? [...wordsOf(type.fields, value, `${name}.`)] : [`${name} ${text}`];
  }
  if (type.kind !== 'list' || type.items.kind !== 'record')
    return [`${name} ${textOf(type, value)}`];
  const { fields } = type.items;
  const items = value as readonly unknown[];
  return items.flatMap((item, at) => wordsOf(fields, item, `${name}[${at}].`));
}

/** Null for what is no signal. */
function signalText(fields: readonly Field[], value: unknown): string | null {
  const [first, second] = fields;
  const isSignal = fields.length === 2 && second?.name === 'eventTime';
  if (!isSignal || first === undefined || isSection(first.type)) return null;
  const { eventTime } = value as { readonly eventTime: number };
  return `${textOf(first.type, (value as Valued)[first.name])} (${timeOf(eventTime)})`;
}

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

/** A scalar, or a list of them. */
export function textOf(type: FieldType, value: unknown): string {
  if (type.kind === 'list') return listText(type.items, value as readonly unknown[]);
  if (value === null || value === undefined) return '-';
  if (type.kind === 'time') return timeOf(value as number);
  if (type.kind === 'bytes') return shortHex(value as Uint8Array);
  return String(value);
}

const itemsShownMax = 8;

/** Where it is long: how many there are, and the first of them. */
function listText(type: FieldType, items: readonly unknown[]): string {
  const shown = items.slice(0, itemsShownMax).map((item) => textOf(type, item));
  if (items.length <= itemsShownMax) return shown.join(',');
  return `${shown.join(',')},… (${items.length})`;
}

/** The header of a GB/T 32960 frame: more of it is for a machine, which `--json` is for. */
const bytesShownMax = 24;

function shortHex(bytes: Uint8Array): string {
  if (bytes.length <= bytesShownMax) return hexOf(bytes);
  return `${hexOf(bytes.subarray(0, bytesShownMax))}… (${bytes.length} bytes)`;
}

const lineLengthMax = 100;
const labelWidth = 11;

/** Indented; what does not fit on a line goes on below, beside the label. */
function wrap(label: string, words: readonly string[]): readonly string[] {
  const indent = label === '' ? '  ' : ' '.repeat(2 + labelWidth);
  const lines: string[] = [];
  let line = label === '' ? '  ' : `  ${label.padEnd(labelWidth - 1)} `;
  let isBegun = false;
  for (const word of words) {
    const isFull = isBegun && line.length + 2 + word.length > lineLengthMax;
    if (isFull) lines.push(line);
    if (isFull) line = indent + word;
    else line += isBegun ? `  ${word}` : word;
    isBegun = true;
  }
  return isBegun ? [...lines, line] : [];
}
