// The un-escaped content of one frame told byte by byte: header, body, check byte. Walks what is
// there, also where the frame is refused: what the bytes would say shows where they went wrong.

import { explained, hexByte, hexBytes, partOf } from '../explain-parts.ts';
import type { Explained } from '../explained.ts';
import { unpack } from './bcd.ts';
import { openWalk, walkElements } from './explain-body.ts';
import { explainBytes, type Unit } from './explain-field.ts';
import { encryptionMask, lengthMask, splitMask, versionMask } from './frame.ts';
import { hexId, readWord } from './integers.ts';
import type { Edition } from './layout.ts';
import { bodyLayout, register2011 } from './layout-bodies.ts';
import { messageName } from './message-ids.ts';
import { bodyMax, shapeOf, xorOf } from './outer-frame.ts';
import { isBody2011 } from './read-body.ts';

const frameClause = 'JT/T 808 4.4';

/** Parts without a gap between them, from the message id to the check byte. */
export function explainContent(content: Uint8Array): readonly Explained[] {
  const end = content.length - 1;
  const properties = content.length < 5 ? 0 : readWord(content, 2);
  const header = explainHeader(content, end, properties);
  const { size } = shapeOf(properties);
  if (end < size) return [...header, ...(end < 0 ? [] : [explainCheck(content, end)])];
  const body = size === end ? [] : [explainBody(content, size, properties)];
  return [...header, ...body, explainCheck(content, end)];
}

interface HeaderField {
  readonly name: string;
  readonly at: number;
  readonly size: number;
  readonly told: (content: Uint8Array, at: number) => Partial<Explained>;
}

function explainHeader(content: Uint8Array, end: number, properties: number): readonly Explained[] {
  const { phoneAt, phoneSize, serialAt, packetAt, size } = shapeOf(properties);
  const is2019 = (properties & versionMask) !== 0;
  const isSplit = (properties & splitMask) !== 0;
  const fields: readonly HeaderField[] = [
    { name: 'messageId', at: 0, size: 2, told: tellId },
    { name: 'properties', at: 2, size: 2, told: tellProperties },
    ...(is2019 ? [{ name: 'protocolVersion', at: 4, size: 1, told: tellVersion }] : []),
    { name: 'phone', at: phoneAt, size: phoneSize, told: tellPhone(phoneSize) },
    { name: 'serial', at: serialAt, size: 2, told: tellWord('+1 for each message, wraps.') },
    ...(isSplit
      ? [
          { name: 'packetTotal', at: packetAt, size: 2, told: tellWord('Parts of the message.') },
          { name: 'packetIndex', at: packetAt + 2, size: 2, told: tellWord('From 1.') },
        ]
      : []),
  ];
  const parts: Explained[] = [];
  for (const { name, at, size: wanted, told } of fields) {
    if (at >= end && parts.length > 0) break;
    const isWhole = at + wanted <= end;
    const row = { name, at, end: Math.min(end, at + wanted), clause: frameClause };
    if (isWhole) parts.push(explained({ ...row, ...told(content, at) }));
    else parts.push(explained({ ...row, verdict: 'broken', expected: shortText(size, end) }));
  }
  // Cut between two fields: the next one is what is missing.
  const last = parts.at(-1);
  if (last !== undefined && last.verdict !== 'broken' && end < size) {
    const name = fields[parts.length]?.name ?? 'header';
    parts.push(
      explained({ name, at: end, end, verdict: 'broken', expected: shortText(size, end) }),
    );
  }
  return [partOf({ name: 'header', clause: frameClause }, parts)];
}

function shortText(size: number, end: number): string {
  return `a header of ${size} bytes, found ${Math.max(0, end)}`;
}

function tellId(content: Uint8Array, at: number): Partial<Explained> {
  const id = readWord(content, at);
  const known = messageName(id);
  const raw = hexId(id);
  if (known !== null) return { raw, value: known.name, meaning: known.meaning };
  return { raw, meaning: 'An id without a name here: a maker may have one.' };
}

/** Length, encryption, split and version, in words. */
function tellProperties(content: Uint8Array, at: number): Partial<Explained> {
  const properties = readWord(content, at);
  const declared = properties & lengthMask;
  const carried = content.length - 1 - shapeOf(properties).size;
  const encryption = (properties & encryptionMask) >>> 10;
  const value = [
    `body ${declared} bytes`,
    encryption === 0 ? 'clear' : `encryption ${encryption.toString(2).padStart(3, '0')}`,
    ...((properties & splitMask) === 0 ? [] : ['part']),
    (properties & versionMask) === 0 ? '2013' : '2019',
  ].join(', ');
  const told = { raw: hexId(properties), value, meaning: `Body of ${bodyMax} bytes at most.` };
  if (declared !== carried && carried >= 0) {
    const expected = `bits 0 to 9 say ${declared}, and a body of ${carried} bytes is there`;
    return { ...told, verdict: 'broken', expected };
  }
  if (encryption === 0) return told;
  return { ...told, verdict: 'opaque', expected: 'encryption bits 000: else the body is bytes' };
}

function tellVersion(content: Uint8Array, at: number): Partial<Explained> {
  const raw = `${content[at]}`;
  return { raw, value: raw, meaning: '1 at first.' };
}

function tellPhone(size: number) {
  return (content: Uint8Array, at: number): Partial<Explained> => {
    const raw = unpack(content, at, size);
    const told = { raw, value: raw.replace(/^0+(?=.)/, ''), meaning: 'Number of the terminal.' };
    if (/^\d*$/.test(raw)) return told;
    return { ...told, verdict: 'out_of_range', expected: 'BCD digits; kept as it is' };
  };
}

function tellWord(meaning: string) {
  return (content: Uint8Array, at: number): Partial<Explained> => {
    const raw = `${readWord(content, at)}`;
    return { raw, value: raw, meaning };
  };
}

function explainBody(content: Uint8Array, at: number, properties: number): Explained {
  const messageId = readWord(content, 0);
  const edition: Edition = (properties & versionMask) === 0 ? '2013' : '2019';
  const end = content.length - 1;
  const unit: Unit = { bytes: content, end, edition, clause: frameClause };
  const kept = keptBody(unit, at, properties);
  if (kept !== null) return kept;
  const layout = bodyLayout(messageId, edition);
  if (layout === null) {
    return opaqueBody(unit, at, `a message id with a layout: ${hexId(messageId)} has none`);
  }
  const { clause } = layout;
  const walk = openWalk(at);
  const isOld = layout.kind === 'register' && isBody2011(edition, end - at);
  walkElements({ ...unit, clause }, walk, isOld ? register2011 : layout.elements);
  if (walk.at < end) {
    const rest = { name: 'trailing', meaning: 'Left over.' };
    const told = explainBytes({ ...unit, clause }, rest, { at: walk.at, end });
    const verdict = layout.end === 'exact' ? 'broken' : 'opaque';
    const wanted = layout.elements.length === 0 ? 'an empty body' : 'the end of the body';
    walk.parts.push({ ...told, verdict, expected: wanted });
  }
  const [only] = walk.parts;
  const isLocation = layout.kind === 'location' && only !== undefined;
  return partOf({ name: `body ${layout.kind}`, clause }, isLocation ? only.parts : walk.parts);
}

/** Encrypted, or a part: never read as a body. */
function keptBody(unit: Unit, at: number, properties: number): Explained | null {
  if ((properties & encryptionMask) !== 0) {
    return opaqueBody(unit, at, 'encryption bits 000: an encrypted body is kept as bytes');
  }
  if ((properties & splitMask) === 0) return null;
  return opaqueBody(unit, at, 'all parts of the message: it is read when they are there');
}

function opaqueBody(unit: Unit, at: number, expected: string): Explained {
  const told = explainBytes(
    unit,
    { name: 'body', meaning: 'Kept as bytes.' },
    { at, end: unit.end },
  );
  return { ...told, verdict: 'opaque', expected };
}

function explainCheck(content: Uint8Array, at: number): Explained {
  const found = content[at] as number;
  const wanted = xorOf(content, at);
  const isGood = found === wanted;
  return explained({
    ...{
      name: 'checksum',
      at,
      end: at + 1,
      raw: hexBytes(content.subarray(at)),
      clause: frameClause,
    },
    value: hexByte(found),
    verdict: isGood ? 'ok' : 'broken',
    meaning: 'XOR of all bytes from the message id on, un-escaped.',
    expected: isGood ? null : `${hexByte(wanted)}, the XOR of header and body`,
  });
}
