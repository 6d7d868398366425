// Values of the gateway to the bytes that the vehicle sent, field by field of the layout tables.
// The first value that does not fit stops the writing and is the fault.

import {
  type Element,
  entriesOf,
  type ScalarField,
  type TextField,
  type TextGroups,
} from '../gb32960/layout.ts';
import { dataUnitMax } from '../gb32960/outer-frame.ts';
import { foundName, type SchemaFault } from '../json/schema.ts';
import { isObject, type Source } from './edition-of-shape.ts';
import type { Key, Keys } from './keys.ts';

export interface Draft {
  readonly target: Buffer;
  at: number;
  fault: SchemaFault | null;
}

/** All values, or up to the first that does not fit; false then. */
export function writeFields(
  draft: Draft,
  { elements, keys }: { readonly elements: readonly Element[]; readonly keys: Keys },
  { source, pointer }: { readonly source: Source; readonly pointer: string },
): boolean {
  return elements.every((element, index) => {
    const key = keys[index] as Key;
    const name = typeof key === 'string' ? key : key.list;
    const place = { value: source[name], pointer: `${pointer}/${name}` };
    const around = { elements, keys, source };
    return writeField(draft, element, { ...place, key, around });
  });
}

interface Around {
  readonly elements: readonly Element[];
  readonly keys: Keys;
  readonly source: Source;
}

interface Place {
  readonly value: unknown;
  readonly pointer: string;
}

interface FieldPlace extends Place {
  readonly key: Key;
  readonly around: Around;
}

function writeField(draft: Draft, element: Element, place: FieldPlace): boolean {
  switch (element.kind) {
    case 'scalar':
      return writeInteger(draft, element.size, place);
    case 'time':
      return writeTime(draft, place);
    case 'text':
      return writeText(draft, element, place);
    case 'values':
      return (
        isListGood(draft, element.countName, place) &&
        place.value.every((value, at) =>
          writeRaw(draft, element.element, { value, pointer: `${place.pointer}/${at}` }),
        )
      );
    case 'records':
      return isListGood(draft, element.countName, place) && writeRecords(draft, element, place);
    case 'texts':
      return writeJoinedTexts(draft, place);
    case 'textGroups':
      return writeTextGroups(draft, element, place);
    case 'bytes':
      return writeLongHex(draft, place);
    case 'signature':
      return writeSignature(draft, place);
    case 'rest':
      return refuse(draft, place, 'nothing');
  }
}

export function writeInteger(draft: Draft, size: 1 | 2 | 4, { value, pointer }: Place): boolean {
  const most = 2 ** (8 * size) - 1;
  const isGood = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
  if (!isGood) return refuse(draft, { value, pointer }, `a whole number of 0 to ${most}`);
  if (!hasRoom(draft, size, pointer)) return false;
  draft.at = draft.target.writeUIntBE(value as number, draft.at, size);
  return true;
}

/**
 * Fault codes are hex digits: 4 of them in 2016, where the standard has 4 bytes, and 8 in 2025. A
 * code that needs more than 4 is told as asterisks: that there was one is known, and no more.
 */
function writeRaw(draft: Draft, field: ScalarField, place: Place): boolean {
  if (field.role !== 'code' || typeof place.value === 'number') {
    return writeInteger(draft, field.size, place);
  }
  const told = typeof place.value === 'string' ? place.value : '';
  const digits = /^\*+$/.test(told) ? unknownCode : told.replace(/^0x/i, '');
  if (!/^[0-9a-f]{1,8}$/i.test(digits)) return refuse(draft, place, 'a code of 1 to 8 hex digits');
  return writeInteger(draft, field.size, { ...place, value: Number.parseInt(digits, 16) });
}

/** The standard's invalid value of four bytes. */
const unknownCode = 'FFFFFFFF';

const timeKeys = ['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second'];

export function writeTime(draft: Draft, place: Place): boolean {
  const { value, pointer } = place;
  if (!isObject(value)) return refuse(draft, place, 'a time of six numbers');
  return timeKeys.every((key) =>
    writeInteger(draft, 1, { value: value[key], pointer: `${pointer}/${key}` }),
  );
}

function writeText(draft: Draft, { size, pad }: Pick<TextField, 'size' | 'pad'>, place: Place) {
  const { value, pointer } = place;
  const wanted = `a text of at most ${size} characters of one byte`;
  if (typeof value !== 'string' || !isLatin1(value)) return refuse(draft, place, wanted);
  if (value.length > size) return refuse(draft, place, wanted);
  if (!hasRoom(draft, size, pointer)) return false;
  draft.target.fill(pad, draft.at, draft.at + size);
  draft.target.write(value, draft.at, 'latin1');
  draft.at += size;
  return true;
}

function isLatin1(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0xff) return false;
  return true;
}

/** The list of a count that says as many. */
function isListGood<T extends FieldPlace>(
  draft: Draft,
  countName: string,
  place: T,
): place is T & { readonly value: readonly unknown[] } {
  const { value, around } = place;
  const index = around.elements.findIndex(({ name }) => name === countName);
  const field = around.elements[index] as ScalarField;
  const key = around.keys[index] as string;
  const wanted = entriesOf(around.source[key] as number, field.size);
  if (Array.isArray(value) && value.length === wanted) return true;
  return refuse(draft, place, `an array of ${wanted}, as ${key} says,`);
}

function writeRecords(
  draft: Draft,
  { entry }: { readonly entry: readonly Element[] },
  place: FieldPlace & { readonly value: readonly unknown[] },
): boolean {
  const keys = typeof place.key === 'string' ? [] : place.key.entry;
  return place.value.every((value, at) => {
    const pointer = `${place.pointer}/${at}`;
    if (!isObject(value)) return refuse(draft, { value, pointer }, 'an object');
    return writeFields(draft, { elements: entry, keys }, { source: value, pointer });
  });
}

/** All codes in one text; Num and Length say how long it was. */
function writeJoinedTexts(draft: Draft, place: FieldPlace): boolean {
  const { Num: count, Length: length } = place.around.source as Readonly<Record<string, number>>;
  const size = entriesOf(count as number, 1) * entriesOf(length as number, 1);
  return writeText(draft, { size, pad: 0x00 }, place);
}

function writeTextGroups(draft: Draft, { size }: TextGroups, place: FieldPlace): boolean {
  const { value, pointer, around } = place;
  const counts = around.source['BatteryPackCounts'] as readonly number[];
  if (!Array.isArray(value) || value.length !== counts.length) {
    return refuse(draft, place, `an array of ${counts.length}`);
  }
  return value.every((texts: unknown, at) => {
    const wanted = entriesOf(counts[at] as number, 1);
    const inner = { value: texts, pointer: `${pointer}/${at}` };
    if (!Array.isArray(texts) || texts.length !== wanted) {
      return refuse(draft, inner, `an array of ${wanted}, as BatteryPackCounts says,`);
    }
    return texts.every((text: unknown, index) =>
      writeText(draft, { size, pad: 0 }, { value: text, pointer: `${inner.pointer}/${index}` }),
    );
  });
}

export function writeSignature(draft: Draft, place: Place): boolean {
  const { value, pointer } = place;
  if (!isObject(value)) return refuse(draft, place, 'a signature');
  const type = value['SignatureType'];
  const algorithm = typeof type === 'string' ? 1 + algorithms.indexOf(type) : type;
  return (
    writeInteger(draft, 1, { value: algorithm, pointer: `${pointer}/SignatureType` }) &&
    writeLongHex(draft, { value: value['RValue'], pointer: `${pointer}/RValue` }) &&
    writeLongHex(draft, { value: value['SValue'], pointer: `${pointer}/SValue` })
  );
}

const algorithms: readonly string[] = ['SM2', 'RSA', 'ECC'];

/** A WORD and as many bytes; whatever length stands beside them. */
function writeLongHex(draft: Draft, place: Place): boolean {
  const { value, pointer } = place;
  if (typeof value !== 'string' || !/^(?:[0-9a-f]{2})*$/i.test(value)) {
    return refuse(draft, place, 'bytes in hex');
  }
  return (
    writeInteger(draft, 2, { value: value.length / 2, pointer }) &&
    writeBytes(draft, Buffer.from(value, 'hex'), pointer)
  );
}

/** Base64, as the gateway hands on what it cannot read. */
export function writeBase64(draft: Draft, place: Place): boolean {
  const { value, pointer } = place;
  if (typeof value !== 'string' || !/^[0-9A-Za-z+/]*={0,2}$/.test(value)) {
    return refuse(draft, place, 'bytes in Base64');
  }
  return writeBytes(draft, Buffer.from(value, 'base64'), pointer);
}

export function writeBytes(draft: Draft, bytes: Uint8Array, pointer: string): boolean {
  if (!hasRoom(draft, bytes.length, pointer)) return false;
  draft.target.set(bytes, draft.at);
  draft.at += bytes.length;
  return true;
}

function hasRoom(draft: Draft, size: number, pointer: string): boolean {
  if (draft.at + size <= dataUnitMax) return true;
  draft.fault = { pointer, detail: `a data unit of at most ${dataUnitMax} bytes wanted` };
  return false;
}

/** The first fault stays. */
export function refuse(draft: Draft, { value, pointer }: Place, wanted: string): false {
  const detail = `${wanted.replace(/,$/, '')} wanted, found ${foundName(value)}`;
  draft.fault ??= { pointer, detail };
  return false;
}
