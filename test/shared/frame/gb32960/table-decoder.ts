// The test oracle of the decoder: slow, simple, written a second time from the layout table and
// from the order of checks in GB/T 32960.3. Shares no code with the decoder but the table.

import type { Element, ScalarField } from '#shared/frame/gb32960/layout.ts';
import { bodies2016, items2016 } from '#shared/frame/gb32960/layout-2016.ts';
import { parameters2016 } from '#shared/frame/gb32960/layout-2016-parameters.ts';

/** What `plain` makes of an outcome, without the wording of the reason. */
export interface OracleOutcome {
  readonly kind: string;
  readonly code: string | null;
  readonly bytes: string;
  readonly body: unknown;
}

export function tableDecode(payload: Uint8Array): readonly OracleOutcome[] {
  if (payload.length === 0)
    return [{ kind: 'reject', code: 'frame_empty', bytes: hex([]), body: null }];
  const outcomes: OracleOutcome[] = [];
  let rest = [...payload];
  while (rest.length > 0) {
    const fault = faultOf(rest, 0x23);
    let size = rest.length;
    if (fault === null || faultOf(rest, 0x24) === null) size = 25 + wordAt(rest, 22);
    else size = nextGood(rest);
    const bytes = rest.slice(0, size);
    const { kind, code, body } =
      fault === null ? decodeOne(bytes) : { kind: 'reject', code: fault, body: null };
    outcomes.push({ kind, code, bytes: hex(bytes), body });
    rest = rest.slice(size);
  }
  return outcomes;
}

function nextGood(bytes: number[]): number {
  for (let at = 1; at < bytes.length; at += 1) {
    const rest = bytes.slice(at);
    if (faultOf(rest, 0x23) === null || faultOf(rest, 0x24) === null) return at;
  }
  return bytes.length;
}

function faultOf(bytes: number[], start: number): string | null {
  if (bytes[0] !== start || bytes[1] !== start) {
    return bytes[0] === 0x24 && bytes[1] === 0x24 ? 'frame_edition' : 'frame_start';
  }
  if (bytes.length < 25) return 'frame_truncated';
  const size = wordAt(bytes, 22);
  if (size > 65531) return 'frame_length';
  if (bytes.length < 25 + size) return 'frame_truncated';
  const bcc = bytes.slice(2, 24 + size).reduce((xor, byte) => xor ^ byte, 0);
  return bcc === bytes[24 + size] ? null : 'frame_checksum';
}

interface Decoded {
  readonly kind: string;
  readonly code: string | null;
  readonly body: unknown;
}

function decodeOne(frame: number[]): Decoded {
  const command = frame[2];
  const unit = frame.slice(24, -1);
  const opaque = { kind: 'opaque', bytes: hex(unit) };
  if (frame[21] !== 0x01) return { kind: 'opaque', code: 'encrypted', body: opaque };
  if (frame[3] !== 0xfe) {
    const isFull = command === 0x80 && unit.length > 6;
    const body = isFull ? parameters(unit, 'parameterAnswer').body : answer(unit);
    return { kind: 'answer', code: null, body };
  }
  if (command === 0x81) return setting(unit);
  if (command === 0x02 || command === 0x03) return report(unit, command === 0x03);
  if (command === 0x07 || command === 0x08) {
    const kind = command === 0x07 ? 'heartbeat' : 'timeSync';
    return { kind: 'accept', code: null, body: { kind, trailing: hexOrNull(unit) } };
  }
  const layout = bodies2016.find((candidate) => candidate.command === command);
  if (layout === undefined) return { kind: 'opaque', code: 'command_unknown', body: opaque };
  const cursor = { bytes: unit, at: 0 };
  const fields = readElements(layout.elements, cursor);
  if (fields === null) return { kind: 'reject', code: 'body_truncated', body: null };
  const trailing = hexOrNull(unit.slice(cursor.at));
  return { kind: 'accept', code: null, body: { kind: layout.kind, ...fields, trailing } };
}

function answer(unit: number[]): unknown {
  if (unit.length < 6) return { kind: 'answer', time: null, rest: hexOrNull(unit) };
  return { kind: 'answer', time: timeOf(unit), rest: hexOrNull(unit.slice(6)) };
}

function setting(unit: number[]): Decoded {
  if (unit.length < 7) return { kind: 'reject', code: 'body_truncated', body: null };
  const { code, body } = parameters(unit, 'parameterSetting');
  return { kind: code === null ? 'accept' : 'partial', code, body };
}

function parameters(unit: number[], kind: string): Omit<Decoded, 'kind'> {
  const count = unit[6] as number;
  const params: { id: number; value: unknown }[] = [];
  let rest = unit.slice(7);
  let code: string | null = null;
  for (let left = count >= 0xfe ? 0 : count; left > 0 && code === null; left -= 1) {
    const layout = parameters2016.find(({ id }) => id === rest[0]);
    const sizeOf = ({ id }: { id: number }) => id === layout?.sizeId;
    const size = layout?.size ?? params.findLast(sizeOf)?.value;
    const isKnown = layout !== undefined && typeof size === 'number';
    if (rest.length > 0 && !isKnown) code = 'item_unknown';
    else if (!isKnown || rest.length < 1 + size) code = 'item_truncated';
    else {
      const cursor = { bytes: rest, at: 1 };
      const value = layout.isText ? readText(cursor, size) : readInteger(cursor, size);
      params.push({ id: layout.id, value });
      rest = rest.slice(1 + size);
    }
  }
  const [remainder, trailing] = code === null ? [null, hexOrNull(rest)] : [hexOrNull(rest), null];
  return { code, body: { kind, time: timeOf(unit), count, params, remainder, trailing } };
}

function report(unit: number[], isReissued: boolean): Decoded {
  if (unit.length < 6) return { kind: 'reject', code: 'body_truncated', body: null };
  const items: unknown[] = [];
  let rest = unit.slice(6);
  let code: string | null = null;
  while (rest.length > 0 && code === null) {
    const item = readItem(rest);
    if (typeof item === 'string') {
      code = item;
    } else {
      items.push(item.fields);
      rest = rest.slice(item.size);
    }
  }
  const time = timeOf(unit);
  const body = { kind: 'report', isReissued, time, items, remainder: hexOrNull(rest) };
  return { kind: code === null ? 'accept' : 'partial', code, body };
}

/** The item with its size, type byte included, or why there is none. */
function readItem(bytes: number[]): { fields: unknown; size: number } | string {
  const type = bytes[0] as number;
  if (type >= 0x80 && type <= 0xfe) {
    const length = wordAt(bytes, 1);
    if (bytes.length < 3 || bytes.length < 3 + length) return 'item_truncated';
    const content = { bytes: hex(bytes.slice(1, 3 + length)), length };
    const data = hex(bytes.slice(3, 3 + length));
    return { fields: { kind: 'custom', type, ...content, data }, size: 3 + length };
  }
  const layout = items2016.find((candidate) => candidate.type === type);
  if (layout === undefined) return 'item_unknown';
  const cursor = { bytes, at: 1 };
  const fields = readElements(layout.elements, cursor);
  if (fields === null) return 'item_truncated';
  const body = hex(bytes.slice(1, cursor.at));
  return { fields: { kind: layout.kind, type, bytes: body, ...fields }, size: cursor.at };
}

interface Cursor {
  readonly bytes: number[];
  at: number;
}

type Fields = Record<string, unknown>;

/** Null when the bytes do not suffice. */
function readElements(elements: readonly Element[], cursor: Cursor): Fields | null {
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
      return readText(cursor, element.size);
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
    case 'rest':
      return hex(take(cursor, cursor.bytes.length - cursor.at) ?? []);
  }
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

function readInteger(cursor: Cursor, size: number): number | null {
  const bytes = take(cursor, size);
  return bytes === null ? null : bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function readText(cursor: Cursor, size: number): string | null {
  const bytes = take(cursor, size);
  return bytes === null ? null : Buffer.from(bytes).toString('latin1').replace(/\0+$/u, '');
}

function take(cursor: Cursor, size: number): number[] | null {
  if (cursor.bytes.length - cursor.at < size) return null;
  cursor.at += size;
  return cursor.bytes.slice(cursor.at - size, cursor.at);
}

function timeOf(bytes: number[]): unknown {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = bytes;
  const isPossible = year <= 99 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23;
  const epochMs =
    isPossible && minute <= 59 && second <= 59
      ? Date.UTC(2000 + year, month - 1, day, hour - 8, minute, second)
      : null;
  return { raw: hex(bytes.slice(0, 6)), epochMs };
}

function wordAt(bytes: number[], at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}

function hexOrNull(bytes: number[]): string | null {
  return bytes.length === 0 ? null : hex(bytes);
}

function hex(bytes: number[]): string {
  return `hex:${Buffer.from(bytes).toString('hex')}`;
}
