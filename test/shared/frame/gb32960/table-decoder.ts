// The test oracle of the decoder: slow, simple, written a second time from the layout table and
// from the order of checks in GB/T 32960.3. Shares no code with the decoder but the table.

import { type Edition, edition2016, edition2025 } from '#shared/frame/gb32960/editions.ts';
import type { BodyLayout } from '#shared/frame/gb32960/layout.ts';
import {
  hex,
  hexOrNull,
  readElements,
  readInteger,
  readSignature,
  readText,
  timeOf,
  wordAt,
} from './table-elements.ts';

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
    const fault = faultOf(rest);
    const size = fault === null ? 25 + wordAt(rest, 22) : nextGood(rest);
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
    if (faultOf(bytes.slice(at)) === null) return at;
  }
  return bytes.length;
}

function faultOf(bytes: number[]): string | null {
  const isStart = bytes[0] === 0x23 || bytes[0] === 0x24;
  if (!isStart || bytes[1] !== bytes[0]) return 'frame_start';
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
  const edition = frame[0] === 0x23 ? edition2016 : edition2025;
  const command = frame[2];
  const unit = frame.slice(24, -1);
  const opaque = { kind: 'opaque', bytes: hex(unit) };
  if (frame[21] !== 0x01) return { kind: 'opaque', code: 'encrypted', body: opaque };
  if (frame[3] !== 0xfe) {
    return { kind: 'answer', code: null, body: answerOf(unit, command, edition) };
  }
  if (command === 0x81) return setting(unit, edition);
  if (command === 0x02 || command === 0x03)
    return report(unit, { isReissued: command === 0x03, edition });
  if (command === 0x07 || command === 0x08) {
    const kind = command === 0x07 ? 'heartbeat' : 'timeSync';
    return { kind: 'accept', code: null, body: { kind, trailing: hexOrNull(unit) } };
  }
  const layout = edition.bodies.find((candidate) => candidate.command === command);
  if (layout === undefined) return { kind: 'opaque', code: 'command_unknown', body: opaque };
  const body = fixed(unit, layout);
  if (body === null) return { kind: 'reject', code: 'body_truncated', body: null };
  return { kind: 'accept', code: null, body };
}

function fixed(unit: number[], { kind, elements }: BodyLayout): unknown {
  const cursor = { bytes: unit, at: 0 };
  const fields = readElements(elements, cursor);
  return fields === null ? null : { kind, ...fields, trailing: hexOrNull(unit.slice(cursor.at)) };
}

function answerOf(unit: number[], command: number | undefined, edition: Edition): unknown {
  if (command === 0x80 && unit.length > 6) return parameters(unit, 'parameterAnswer', edition).body;
  const layout = edition.bodies.find(({ kind }) => kind === 'activationAnswer');
  const body = command === 0x0a && layout !== undefined ? fixed(unit, layout) : null;
  return body ?? answer(unit);
}

function answer(unit: number[]): unknown {
  if (unit.length < 6) return { kind: 'answer', time: null, rest: hexOrNull(unit) };
  return { kind: 'answer', time: timeOf(unit), rest: hexOrNull(unit.slice(6)) };
}

function setting(unit: number[], edition: Edition): Decoded {
  if (unit.length < 7) return { kind: 'reject', code: 'body_truncated', body: null };
  const { code, body } = parameters(unit, 'parameterSetting', edition);
  return { kind: code === null ? 'accept' : 'partial', code, body };
}

function parameters(unit: number[], kind: string, edition: Edition): Omit<Decoded, 'kind'> {
  const count = unit[6] as number;
  const params: { id: number; value: unknown }[] = [];
  let rest = unit.slice(7);
  let code: string | null = null;
  for (let left = count >= 0xfe ? 0 : count; left > 0 && code === null; left -= 1) {
    const layout = edition.parameters.find(({ id }) => id === rest[0]);
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

interface Kind {
  readonly isReissued: boolean;
  readonly edition: Edition;
}

function report(unit: number[], { isReissued, edition }: Kind): Decoded {
  if (unit.length < 6) return { kind: 'reject', code: 'body_truncated', body: null };
  const items: unknown[] = [];
  let rest = unit.slice(6);
  let code: string | null = null;
  let signature: unknown = null;
  while (rest.length > 0 && code === null && signature === null) {
    if (edition.year === 2025 && rest[0] === 0xff) {
      const cursor = { bytes: rest, at: 1 };
      signature = readSignature(cursor);
      if (signature === null) code = 'item_truncated';
      else rest = rest.slice(cursor.at);
      continue;
    }
    const item = readItem(rest, edition);
    if (typeof item === 'string') {
      code = item;
    } else {
      items.push(item.fields);
      rest = rest.slice(item.size);
    }
  }
  const time = timeOf(unit);
  const left = hexOrNull(rest);
  const [remainder, trailing] = code === null ? [null, left] : [left, null];
  const body = { kind: 'report', isReissued, time, items, remainder, signature, trailing };
  return { kind: code === null ? 'accept' : 'partial', code, body };
}

/** The item with its size, type byte included, or why there is none. */
function readItem(bytes: number[], edition: Edition): { fields: unknown; size: number } | string {
  const type = bytes[0] as number;
  if (type >= 0x80 && type <= 0xfe) {
    const length = wordAt(bytes, 1);
    if (bytes.length < 3 || bytes.length < 3 + length) return 'item_truncated';
    const content = { bytes: hex(bytes.slice(1, 3 + length)), length };
    const data = hex(bytes.slice(3, 3 + length));
    return { fields: { kind: 'custom', type, ...content, data }, size: 3 + length };
  }
  const layout = edition.items.find((candidate) => candidate.type === type);
  if (layout === undefined) return 'item_unknown';
  const cursor = { bytes, at: 1 };
  const fields = readElements(layout.elements, cursor);
  if (fields === null) return 'item_truncated';
  const body = hex(bytes.slice(1, cursor.at));
  return { fields: { kind: layout.kind, type, bytes: body, ...fields }, size: cursor.at };
}
