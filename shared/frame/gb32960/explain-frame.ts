// One frame told byte by byte: header, data unit, check byte. Walks what is there, also where the
// frame is refused: what the bytes would say is what shows where they went wrong.

import { explained, hexByte, hexBytes } from '../explain-parts.ts';
import type { Explained } from '../explained.ts';
import { vinFault } from '../vin.ts';
import { timeSize } from './device-time.ts';
import { type Edition, edition2016, editions } from './editions.ts';
import { explainParameters } from './explain-parameters.ts';
import { explainReport } from './explain-report.ts';
import { addBytes, openWalk, type Unit, type Walk, walkElements } from './explain-unit.ts';
import {
  checkByteOf,
  clearText,
  commandFlag,
  commandOffset,
  dataOffset,
  dataUnitMax,
  encryptionOffset,
  idOffset,
  idSize,
  lengthOffset,
  type Message,
  overhead,
  responseOffset,
} from './outer-frame.ts';
import { readId } from './text.ts';

/** The stretch from `at` to `end` that is, or would be, one frame. */
export function explainFrame(message: Message, at: number, end: number): readonly Explained[] {
  const edition = editions.find(({ startByte }) => startByte === message.bytes[at]) ?? edition2016;
  const standard = `GB/T 32960.3-${edition.year}`;
  const frame: Frame = { message, at, end, edition, standard };
  const header = explainHeader(frame);
  if (end - at < dataOffset) return header;
  const declared = message.view.getUint16(at + lengthOffset);
  const isWhole = declared <= dataUnitMax && declared + overhead <= end - at;
  const unitEnd = isWhole ? at + dataOffset + declared : end;
  const unit = explainDataUnit(frame, unitEnd);
  if (isWhole) return [...header, ...unit, explainCheckByte(frame, unitEnd)];
  return [...header, ...unit, missingEnd(frame, declared)];
}

interface Frame {
  readonly message: Message;
  readonly at: number;
  readonly end: number;
  readonly edition: Edition;
  readonly standard: string;
}

interface HeaderField {
  readonly name: string;
  readonly from: number;
  readonly size: number;
  tell(frame: Frame, at: number): Partial<Explained>;
}

const header: readonly HeaderField[] = [
  { name: 'start', from: 0, size: 2, tell: tellStart },
  { name: 'command', from: commandOffset, size: 1, tell: tellCommand },
  { name: 'response', from: responseOffset, size: 1, tell: tellResponse },
  { name: 'vin', from: idOffset, size: idSize, tell: tellId },
  { name: 'encryption', from: encryptionOffset, size: 1, tell: tellEncryption },
  { name: 'dataLength', from: lengthOffset, size: 2, tell: tellLength },
];

/** As many fields as there are; the one that is cut short says so. */
function explainHeader(frame: Frame): Explained[] {
  const parts: Explained[] = [];
  for (const { name, from, size, tell } of header) {
    const at = frame.at + from;
    if (at + size > frame.end) {
      const left = frame.end - at;
      const clause = `${frame.standard} table 2`;
      const expected = `${size} bytes, found ${left}; a frame has at least 25`;
      parts.push(explained({ name, at, end: frame.end, verdict: 'broken', clause, expected }));
      return parts;
    }
    const clause = `${frame.standard} table 2`;
    parts.push(explained({ name, at, end: at + size, clause, ...tell(frame, at) }));
  }
  return parts;
}

function tellStart({ message, edition, standard }: Frame, at: number): Partial<Explained> {
  const raw = hexBytes(message.bytes.subarray(at, at + 2));
  const wanted = hexBytes(Uint8Array.of(edition.startByte, edition.startByte));
  if (raw === wanted) return { raw, value: `${edition.year} edition` };
  const expected = `23 23 (2016 edition) or 24 24 (2025 edition)`;
  return { raw, verdict: 'broken', expected, clause: `${standard} table 2` };
}

function tellCommand({ message, edition, standard }: Frame, at: number): Partial<Explained> {
  const raw = message.bytes[at] as number;
  const known = edition.commands.find(({ command }) => command === raw);
  const told = { raw: `${raw}`, clause: `${standard} ${known?.clause ?? 'tables 3 and B.2'}` };
  if (known !== undefined) return { ...told, value: known.name, meaning: known.meaning };
  const expected = edition.commands.map(({ command, name }) => `${hexByte(command)} ${name}`);
  return { ...told, verdict: 'opaque', expected: expected.join(', ') };
}

/** Table 4; flags from 4 on are of the 2025 edition. */
const responses: Readonly<Record<number, string>> = {
  1: 'success',
  2: 'error',
  3: 'VIN repeated',
  4: 'VIN unknown',
  5: 'signature wrong',
  6: 'structure wrong',
  7: 'decryption failed',
  254: 'a command, no answer',
};

function tellResponse({ message, edition, standard }: Frame, at: number): Partial<Explained> {
  const raw = message.bytes[at] as number;
  const isKnown = edition.year === 2025 || raw <= 3 || raw === commandFlag;
  const value = isKnown ? (responses[raw] ?? null) : null;
  const told = { raw: `${raw}`, value, clause: `${standard} table 4` };
  if (value !== null) return { ...told, meaning: 'Response flag.' };
  const most = edition.year === 2025 ? 7 : 3;
  return { ...told, verdict: 'out_of_range', expected: `1..${most}, or 254 in a command` };
}

function tellId({ message }: Frame, at: number): Partial<Explained> {
  const id = readId(message.bytes, at);
  // Other ids than VINs are allowed; only what has the length of a VIN is judged as one.
  const fault = id.length === idSize ? vinFault(id) : null;
  const meaning = fault === null ? 'Identity: the VIN.' : `As a VIN not right: ${fault}.`;
  return { raw: id, value: id, meaning };
}

/** 4 and 5 are of the 2025 edition. */
const encryptions: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'RSA',
  3: 'AES',
  4: 'SM2',
  5: 'SM4',
  254: 'abnormal',
  255: 'invalid',
};

function tellEncryption({ message, edition }: Frame, at: number): Partial<Explained> {
  const raw = message.bytes[at] as number;
  const isKnown = edition.year === 2025 || (raw !== 4 && raw !== 5);
  const value = isKnown ? (encryptions[raw] ?? null) : null;
  if (raw === clearText) return { raw: `${raw}`, value };
  const expected = '1, not encrypted: all else is kept as bytes';
  return { raw: `${raw}`, value, verdict: 'opaque', expected };
}

function tellLength({ message, at: start, end }: Frame, at: number): Partial<Explained> {
  const raw = message.view.getUint16(at);
  const told = { raw: `${raw}`, value: `${raw}`, unit: 'bytes', meaning: 'Of the data unit.' };
  const most = Math.max(0, end - start - overhead);
  if (raw <= most) return told;
  const found = raw > dataUnitMax ? `at most ${dataUnitMax}` : `at most ${most}: no more is there`;
  return { ...told, verdict: 'broken', expected: found };
}

function explainDataUnit(frame: Frame, end: number): readonly Explained[] {
  const { message, at: start, edition, standard } = frame;
  const { bytes, view } = message;
  const clause = `${standard} table 2`;
  const unit: Unit = { bytes, view, end, edition, standard, clause };
  const walk = openWalk(start + dataOffset);
  if (bytes[start + encryptionOffset] !== clearText) {
    addBytes(unit, walk, { name: 'dataUnit', meaning: 'Encrypted: kept as bytes.' }, end - walk.at);
    return walk.parts;
  }
  const command = bytes[start + commandOffset] as number;
  if (bytes[start + responseOffset] === commandFlag) walkCommand(unit, walk, command);
  else walkAnswer(unit, walk, command);
  addTrailing(unit, walk);
  return walk.parts;
}

function walkCommand(unit: Unit, walk: Walk, command: number) {
  switch (command) {
    case 0x02:
    case 0x03:
      return explainReport(unit, walk);
    case 0x07:
    case 0x08:
      return;
    case 0x81:
      return explainParameters(unit, walk);
    default: {
      const layout = unit.edition.bodies.find((body) => body.command === command);
      if (layout !== undefined) {
        return walkElements(withClause(unit, layout.clause), walk, layout.elements);
      }
      const meaning = 'Data unit of a command without layout: kept as bytes.';
      return addBytes(unit, walk, { name: 'dataUnit', meaning }, unit.end - walk.at);
    }
  }
}

/** Rule A keeps the time alone, rule B more; the answer to a query carries parameters. */
function walkAnswer(unit: Unit, walk: Walk, command: number) {
  const activation = unit.edition.bodies.find((body) => body.command === command);
  if (command === 0x0a && activation !== undefined) {
    return walkElements(withClause(unit, activation.clause), walk, activation.elements);
  }
  const size = unit.end - walk.at;
  if (command === 0x80 && size > timeSize) return explainParameters(unit, walk);
  const rule = withClause(unit, 'clause 6.3.2');
  if (size >= timeSize) {
    walkElements(rule, walk, [{ kind: 'time', name: 'time', meaning: 'Time of the answer.' }]);
  }
  const meaning = 'Kept of the command: nothing is read of it in an answer.';
  addBytes(rule, walk, { name: 'rest', meaning }, unit.end - walk.at);
}

function withClause(unit: Unit, clause: string): Unit {
  return { ...unit, clause: `${unit.standard} ${clause}` };
}

function addTrailing(unit: Unit, walk: Walk): void {
  if (walk.isBroken || walk.at === unit.end) return;
  addBytes(unit, walk, { name: 'trailing', meaning: 'Left over.' }, unit.end - walk.at);
  const last = walk.parts.pop() as Explained;
  walk.parts.push({ ...last, expected: 'the end of the data unit' });
}

function explainCheckByte({ message, at, standard }: Frame, bccAt: number): Explained {
  const found = message.bytes[bccAt] as number;
  const wanted = checkByteOf(message.bytes.subarray(at, bccAt + 1));
  const isGood = found === wanted;
  return explained({
    name: 'bcc',
    at: bccAt,
    end: bccAt + 1,
    raw: `${found}`,
    value: hexByte(found),
    verdict: isGood ? 'ok' : 'broken',
    clause: `${standard} table 2`,
    meaning: `XOR of bytes ${at + commandOffset} to ${bccAt - 1}.`,
    expected: isGood
      ? null
      : `${hexByte(wanted)}, the XOR of bytes ${at + commandOffset} to ${bccAt - 1}`,
  });
}

/** No room for a check byte: the message ends before the frame does. */
function missingEnd({ at, end, standard }: Frame, declared: number): Explained {
  const clause = `${standard} table 2`;
  const expected = `a frame of ${overhead + declared} bytes by dataLength, found ${end - at}`;
  return explained({ name: 'bcc', at: end, end, verdict: 'broken', clause, expected });
}
