// One intact frame to its outcome, by the order of checks that keeps foreign data units out:
// encryption first, then the response flag, then the command's layout. The walk is one for both
// editions; the tables of the frame's own edition say what each byte is.

import type { Outcome, Reason } from '../outcome.ts';
import { type Decoded, hexByte, restOf, truncated, type Unit } from './data-unit.ts';
import * as reader2016 from './decode-2016.generated.ts';
import * as reader2025 from './decode-2025.generated.ts';
import { decodeReport } from './decode-report.ts';
import { readTime, timeSize } from './device-time.ts';
import { edition2016, edition2025 } from './editions.ts';
import type { Body, Empty, Gb32960Frame, Opaque } from './frame.ts';
import type { Parameters } from './frame-downlink.ts';
import { entriesOf } from './layout.ts';
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
  startByte2016,
} from './outer-frame.ts';
import { type ParameterFault, readParameters } from './read-parameters.ts';
import { readId } from './text.ts';

const activationAnswer = 0x0a;

/** The frame from `at` to `end`, whose start, length and check byte have been found right. */
export function decodeFrame(
  { bytes, view }: Message,
  at: number,
  end: number,
): Outcome<Gb32960Frame> {
  const edition = bytes[at] === startByte2016 ? edition2016 : edition2025;
  const unit: Unit = { edition, bytes, view, frameAt: at, at: at + dataOffset, end: end - 1 };
  const command = bytes[at + commandOffset] as number;
  const response = bytes[at + responseOffset] as number;
  const encryption = bytes[at + encryptionOffset] as number;
  const whole = at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end);
  const decoded = decodeUnit(unit, { command, response, encryption });
  if (decoded.kind === 'reject') {
    return { kind: 'reject', frame: null, reason: decoded.reason, bytes: whole };
  }
  const frame: Gb32960Frame = {
    codec: edition.codec,
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
    const detail = `encryption byte 0x01 wanted, found ${hexByte(encryption)}`;
    return opaque(unit, { code: 'encrypted', offset: encryptionOffset, detail });
  }
  if (response !== commandFlag)
    return { kind: 'answer', body: answer(unit, command), reason: null };
  switch (command) {
    case 0x02:
    case 0x03:
      return decodeReport(unit, command);
    case 0x07:
      return { kind: 'accept', body: empty(unit, 'heartbeat'), reason: null };
    case 0x08:
      return { kind: 'accept', body: empty(unit, 'timeSync'), reason: null };
    case 0x81:
      return setting(unit);
    default:
      return fixed(unit, command);
  }
}

/** A command whose data unit is a fixed sequence, or has no layout. */
function fixed(unit: Unit, command: number): Decoded {
  const body = bodyOf(unit, command);
  if (body !== null) return { kind: 'accept', body, reason: null };
  const layout = unit.edition.bodies.find((candidate) => candidate.command === command);
  if (layout !== undefined) return truncated(unit, wantedSize(layout.elements, unit.view, unit));
  const detail = `command with a layout wanted, found ${hexByte(command)}`;
  return opaque(unit, { code: 'command_unknown', offset: commandOffset, detail });
}

function bodyOf({ edition, view, bytes, at, end }: Unit, command: number): Body | null {
  const { readBody } = edition === edition2016 ? reader2016 : reader2025;
  return readBody(command, view, bytes, at, end);
}

/** Clause 6.3.2 and annex B.3.3.2 differ in what follows the time; heartbeats have no time. */
function answer(unit: Unit, command: number): Body {
  const size = unit.end - unit.at;
  // Table B.4 of 2025: the same layout whatever the flag. Too short for it, it is any answer.
  const activation = command === activationAnswer ? bodyOf(unit, command) : null;
  if (activation !== null) return activation;
  if (size < timeSize) return { kind: 'answer', time: null, rest: restOf(unit, unit.at) };
  // Only the answer to a query carries values; one that tells an error has none.
  if (command === 0x80 && size > timeSize) return parameters(unit, 'parameterAnswer').body;
  const time = readTime(unit.bytes, unit.at);
  return { kind: 'answer', time, rest: restOf(unit, unit.at + timeSize) };
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
    parameters: unit.edition.parameters,
  });
  const left = restOf(unit, read.end);
  const { params, fault } = read;
  const [remainder, trailing] = fault === null ? [null, left] : [left, null];
  const body: Parameters = { kind, time, count, params, remainder, trailing };
  return { body, fault, faultAt: read.end };
}

function empty(unit: Unit, kind: Empty['kind']): Empty {
  return { kind, trailing: restOf(unit, unit.at) };
}

function opaque(unit: Unit, reason: Reason): Decoded {
  const body: Opaque = { kind: 'opaque', bytes: unit.bytes.subarray(unit.at, unit.end) };
  return { kind: 'opaque', body, reason };
}
