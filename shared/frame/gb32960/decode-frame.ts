// One intact frame of the 2016 edition to its outcome, by the order of checks that keeps foreign
// data units out: encryption first, then the response flag, then the command's layout.

import type { Outcome, Reason } from '../outcome.ts';
import {
  readControl,
  readItem,
  readLogin,
  readLogout,
  readParameterQuery,
  readPlatformLogin,
  readPlatformLogout,
} from './decode-2016.generated.ts';
import { readTime, timeSize } from './device-time.ts';
import type {
  Answer,
  Body,
  Empty,
  Gb32960Frame,
  Item,
  Opaque,
  Parameters,
  Report,
} from './frame.ts';
import { entriesOf } from './layout.ts';
import { bodies2016, customTypeMax, customTypeMin, items2016 } from './layout-2016.ts';
import { wantedSize } from './layout-size.ts';
import {
  clearText,
  commandFlag,
  commandOffset,
  dataOffset,
  encryptionOffset,
  idOffset,
  type Message,
  responseOffset,
} from './outer-frame.ts';
import { type ParameterFault, readParameters } from './read-parameters.ts';
import { readId } from './text.ts';

/** The data unit of one frame: `at` up to, not including, `end`. */
interface Unit {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Start of the frame. */
  readonly frameAt: number;
  readonly at: number;
  readonly end: number;
}

type Decoded =
  | { readonly kind: 'accept' | 'answer'; readonly body: Body; readonly reason: null }
  | { readonly kind: 'partial' | 'opaque'; readonly body: Body; readonly reason: Reason }
  | { readonly kind: 'reject'; readonly body: null; readonly reason: Reason };

/** The frame from `at` to `end`, whose start, length and check byte have been found right. */
export function decodeFrame(
  { bytes, view }: Message,
  at: number,
  end: number,
): Outcome<Gb32960Frame> {
  const unit: Unit = { bytes, view, frameAt: at, at: at + dataOffset, end: end - 1 };
  const command = bytes[at + commandOffset] as number;
  const response = bytes[at + responseOffset] as number;
  const encryption = bytes[at + encryptionOffset] as number;
  const whole = at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end);
  const decoded = decodeUnit(unit, { command, response, encryption });
  if (decoded.kind === 'reject') {
    return { kind: 'reject', frame: null, reason: decoded.reason, bytes: whole };
  }
  const frame: Gb32960Frame = {
    codec: 'gb32960-2016',
    command,
    response,
    vin: readId(bytes, at + idOffset),
    encryption,
    dataUnit: bytes.subarray(unit.at, unit.end),
    bcc: bytes[unit.end] as number,
    body: decoded.body,
  };
  // Two literals, because the kind decides whether there is a reason.
  return decoded.reason === null
    ? { kind: decoded.kind, frame, reason: null, bytes: whole }
    : { kind: decoded.kind, frame, reason: decoded.reason, bytes: whole };
}

interface Header {
  readonly command: number;
  readonly response: number;
  readonly encryption: number;
}

function decodeUnit(unit: Unit, { command, response, encryption }: Header): Decoded {
  if (encryption !== clearText) {
    const detail = `encryption byte 0x01 wanted, found ${hex(encryption)}`;
    return opaque(unit, { code: 'encrypted', offset: encryptionOffset, detail });
  }
  if (response !== commandFlag)
    return { kind: 'answer', body: answer(unit, command), reason: null };
  switch (command) {
    case 0x01:
      return fixed(unit, command, readLogin(unit.view, unit.bytes, unit.at, unit.end));
    case 0x02:
    case 0x03:
      return report(unit, command);
    case 0x04:
      return fixed(unit, command, readLogout(unit.view, unit.bytes, unit.at, unit.end));
    case 0x05:
      return fixed(unit, command, readPlatformLogin(unit.view, unit.bytes, unit.at, unit.end));
    case 0x06:
      return fixed(unit, command, readPlatformLogout(unit.view, unit.bytes, unit.at, unit.end));
    case 0x07:
      return { kind: 'accept', body: empty(unit, 'heartbeat'), reason: null };
    case 0x08:
      return { kind: 'accept', body: empty(unit, 'timeSync'), reason: null };
    case 0x80:
      return fixed(unit, command, readParameterQuery(unit.view, unit.bytes, unit.at, unit.end));
    case 0x81:
      return setting(unit);
    case 0x82:
      return fixed(unit, command, readControl(unit.view, unit.bytes, unit.at, unit.end));
    default: {
      const detail = `command with a layout wanted, found ${hex(command)}`;
      return opaque(unit, { code: 'command_unknown', offset: commandOffset, detail });
    }
  }
}

/** Clause 6.3.2 and annex B.3.3.2 differ in what follows the time; heartbeats have no time. */
function answer(unit: Unit, command: number): Answer | Parameters {
  const size = unit.end - unit.at;
  if (size < timeSize) return { kind: 'answer', time: null, rest: rest(unit, unit.at) };
  // Only the answer to a query carries values; one that tells an error has none.
  if (command === 0x80 && size > timeSize) return parameters(unit, 'parameterAnswer').body;
  const time = readTime(unit.bytes, unit.at);
  return { kind: 'answer', time, rest: rest(unit, unit.at + timeSize) };
}

/** What follows a parameter of unknown size cannot be told apart, so it is kept as bytes. */
function setting(unit: Unit): Decoded {
  const found = unit.end - unit.at;
  if (found <= timeSize) return truncated(unit, timeSize + 1);
  const { body, fault, faultAt } = parameters(unit, 'parameterSetting');
  if (fault === null) return { kind: 'accept', body, reason: null };
  return { kind: 'partial', body, reason: { ...fault, offset: faultAt - unit.frameAt } };
}

interface ParametersRead {
  readonly body: Parameters;
  readonly fault: ParameterFault | null;
  readonly faultAt: number;
}

/** The caller has checked that time and count are there. */
function parameters(unit: Unit, kind: Parameters['kind']): ParametersRead {
  const { bytes, at, end } = unit;
  const time = readTime(bytes, at);
  const count = bytes[at + timeSize] as number;
  const read = readParameters(bytes, {
    at: at + timeSize + 1,
    end,
    count: entriesOf(count, 1),
  });
  const left = rest(unit, read.end);
  const { params, fault } = read;
  const [remainder, trailing] = fault === null ? [null, left] : [left, null];
  const body: Parameters = { kind, time, count, params, remainder, trailing };
  return { body, fault, faultAt: read.end };
}

function empty(unit: Unit, kind: Empty['kind']): Empty {
  return { kind, trailing: rest(unit, unit.at) };
}

function opaque(unit: Unit, reason: Reason): Decoded {
  const body: Opaque = { kind: 'opaque', bytes: unit.bytes.subarray(unit.at, unit.end) };
  return { kind: 'opaque', body, reason };
}

function fixed(unit: Unit, command: number, body: Body | null): Decoded {
  if (body !== null) return { kind: 'accept', body, reason: null };
  const layout = bodies2016.find((candidate) => candidate.command === command);
  const wanted = layout === undefined ? 0 : wantedSize(layout.elements, unit.view, unit);
  return truncated(unit, wanted);
}

function report(unit: Unit, command: number): Decoded {
  const { bytes, view, end } = unit;
  if (end - unit.at < timeSize) return truncated(unit, timeSize);
  const time = readTime(bytes, unit.at);
  const items: Item[] = [];
  let at = unit.at + timeSize;
  while (at < end) {
    const item = readItem(bytes[at] as number, view, bytes, at + 1, end);
    if (item === null) break;
    items.push(item);
    at += 1 + item.bytes.length;
  }
  const isReissued = command === 0x03;
  const body: Report = { kind: 'report', isReissued, time, items, remainder: rest(unit, at) };
  if (at === end) return { kind: 'accept', body, reason: null };
  return { kind: 'partial', body, reason: itemFault(unit, at) };
}

/** Why no item could be read at `at`. */
function itemFault({ bytes, view, frameAt, end }: Unit, at: number): Reason {
  const type = bytes[at] as number;
  const offset = at - frameAt;
  const wanted = wantedItemSize(type, view, { at: at + 1, end });
  if (wanted === null) {
    return {
      code: 'item_unknown',
      offset,
      detail: `item with a layout wanted, found ${hex(type)}`,
    };
  }
  const left = end - at - 1;
  const detail = `item ${hex(type)} wants at least ${wanted} bytes, found ${left}`;
  return { code: 'item_truncated', offset, detail };
}

/** Null for a type without layout. */
function wantedItemSize(
  type: number,
  view: DataView,
  range: { readonly at: number; readonly end: number },
): number | null {
  if (type >= customTypeMin && type <= customTypeMax) {
    return range.end - range.at < 2 ? 2 : 2 + view.getUint16(range.at);
  }
  const layout = items2016.find((candidate) => candidate.type === type);
  return layout === undefined ? null : wantedSize(layout.elements, view, range);
}

function truncated(unit: Unit, wanted: number): Decoded {
  const found = unit.end - unit.at;
  const detail = `data unit of at least ${wanted} bytes wanted, found ${found}`;
  const reason: Reason = { code: 'body_truncated', offset: dataOffset + found, detail };
  return { kind: 'reject', body: null, reason };
}

/** What is left of the data unit from `at` on; null when nothing is. */
function rest({ bytes, end }: Unit, at: number): Uint8Array | null {
  return at === end ? null : bytes.subarray(at, end);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(2, '0').toUpperCase()}`;
}
