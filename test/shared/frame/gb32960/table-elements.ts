// The fields of the test oracle, read one after the other as the layout table lists them.

import type { Element, ScalarField } from '#shared/frame/gb32960/layout.ts';

export interface Cursor {
  readonly bytes: number[];
  at: number;
}

type Fields = Record<string, unknown>;

/** Null when the bytes do not suffice. */
export function readElements(elements: readonly Element[], cursor: Cursor): Fields | null {
  const fields: Fields = {};
  for (const element of elements) {
    const value = readElement(element, cursor, { elements, fields });
    if (value === null) return null;
    fields[element.name] = value;
  }
  return fields;
}

interface Around {
  readonly elements: readonly Element[];
  readonly fields: Fields;
}

function readElement(element: Element, cursor: Cursor, around: Around): unknown {
  switch (element.kind) {
    case 'time': {
      const bytes = take(cursor, 6);
      return bytes === null ? null : timeOf(bytes);
    }
    case 'text':
      return readText(cursor, element.size, element.pad);
    case 'scalar':
      return readInteger(cursor, element.size);
    case 'values':
      return repeat(countOf(element.countName, around), () =>
        readInteger(cursor, element.element.size),
      );
    case 'records':
      return repeat(countOf(element.countName, around), () => readElements(element.entry, cursor));
    case 'texts': {
      const size = countOf(element.sizeName, around);
      const count = size === 0 ? 0 : countOf(element.countName, around);
      return repeat(count, () => readText(cursor, size));
    }
    case 'textGroups':
      return readGroups(around.fields[element.countsName] as number[], () =>
        readText(cursor, element.size),
      );
    case 'bytes':
      return readLongBytes(cursor);
    case 'signature':
      return readSignature(cursor);
    case 'rest':
      return hex(take(cursor, cursor.bytes.length - cursor.at) ?? []);
  }
}

function readGroups(counts: readonly number[], read: () => unknown): unknown[] | null {
  const groups = counts.map((count) => repeat(count >= 0xfe ? 0 : count, read));
  return groups.includes(null) ? null : groups;
}

export function readSignature(cursor: Cursor): unknown {
  const algorithm = readInteger(cursor, 1);
  const r = algorithm === null ? null : readLongBytes(cursor);
  const s = r === null ? null : readLongBytes(cursor);
  return s === null ? null : { algorithm, r, s };
}

function readLongBytes(cursor: Cursor): string | null {
  const size = readInteger(cursor, 2);
  const bytes = size === null ? null : take(cursor, size);
  return bytes === null ? null : hex(bytes);
}

function repeat(count: number, read: () => unknown): unknown[] | null {
  const values: unknown[] = [];
  for (let left = count; left > 0; left -= 1) {
    const value = read();
    if (value === null) return null;
    values.push(value);
  }
  return values;
}

function countOf(name: string, { elements, fields }: Around): number {
  const field = elements.find((element) => element.name === name) as ScalarField;
  const count = fields[name] as number;
  return count >= 256 ** field.size - 2 ? 0 : count;
}

export function readInteger(cursor: Cursor, size: number): number | null {
  const bytes = take(cursor, size);
  return bytes === null ? null : bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

export function readText(cursor: Cursor, size: number, pad = 0x00): string | null {
  const bytes = take(cursor, size);
  if (bytes === null) return null;
  return Buffer.from(bytes.slice(0, bytes.findLastIndex((byte) => byte !== pad) + 1)).toString(
    'latin1',
  );
}

function take(cursor: Cursor, size: number): number[] | null {
  if (cursor.bytes.length - cursor.at < size) return null;
  cursor.at += size;
  return cursor.bytes.slice(cursor.at - size, cursor.at);
}

export function timeOf(bytes: number[]): unknown {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = bytes;
  const isPossible = year <= 99 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23;
  const epochMs =
    isPossible && minute <= 59 && second <= 59
      ? Date.UTC(2000 + year, month - 1, day, hour - 8, minute, second)
      : null;
  return { raw: hex(bytes.slice(0, 6)), epochMs };
}

export function wordAt(bytes: number[], at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}

export function hexOrNull(bytes: number[]): string | null {
  return bytes.length === 0 ? null : hex(bytes);
}

export function hex(bytes: number[]): string {
  return `hex:${Buffer.from(bytes).toString('hex')}`;
}
