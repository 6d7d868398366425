// A body to its fields, by its layout table. Total: every read is checked before it is made, and a
// list is only begun when all its entries can be there.

import { readTime, timeSize, unpack } from './bcd.ts';
import type { Body, Fields, FieldValue, Location } from './frame.ts';
import { readText } from './gbk.ts';
import { readInteger, readWord } from './integers.ts';
import type { BodyLayout, Edition, Element, Extent, MaybeGroup, RecordList } from './layout.ts';
import {
  bodyLayout,
  register2011,
  register2011SizeMin,
  register2013SizeMin,
} from './layout-bodies.ts';
import { basicSize } from './layout-location.ts';
import { sizeMinOf } from './layout-size.ts';
import { readLocation } from './read-location.ts';

export interface BodyFault {
  readonly code: 'body_truncated' | 'body_length';
  /** In the body. */
  readonly at: number;
  readonly detail: string;
}

export type BodyRead =
  | { readonly kind: 'read'; readonly body: Body }
  | { readonly kind: 'refused'; readonly fault: BodyFault }
  | { readonly kind: 'unknown' };

/** The body of a whole, clear message. `unknown` is one without layout. */
export function readBody(messageId: number, edition: Edition, bytes: Uint8Array): BodyRead {
  // Nine of ten messages are this one.
  if (messageId === 0x0200 && bytes.length >= basicSize) {
    return { kind: 'read', body: readLocation(bytes, 0, bytes.length) };
  }
  const layout = bodyLayout(messageId, edition);
  if (layout === null) return { kind: 'unknown' };
  const walk: Walk = { bytes, at: 0, end: bytes.length, size: 0, fault: null };
  const form = layout.kind === 'register' ? formOf(edition, bytes.length) : null;
  const elements = form === '2011' ? register2011 : layout.elements;
  const fields: OpenFields = { kind: layout.kind };
  if (form !== null) fields['form'] = form;
  readElements(walk, elements, fields);
  if (walk.fault !== null) return { kind: 'refused', fault: walk.fault };
  if (walk.at < walk.end && layout.end === 'exact') {
    return { kind: 'refused', fault: leftOver(walk, layout) };
  }
  if (layout.kind === 'location') return { kind: 'read', body: fields['location'] as Location };
  fields['trailing'] = walk.at === walk.end ? null : bytes.subarray(walk.at, walk.end);
  return { kind: 'read', body: fields as unknown as Body };
}

function formOf(edition: Edition, size: number): '2011' | '2013' | '2019' {
  return isBody2011(edition, size) ? '2011' : edition;
}

/** 2011 and 2013 have the same header; only a body too short for 2013 is surely one of 2011. */
export function isBody2011(edition: Edition, size: number): boolean {
  return edition === '2013' && size >= register2011SizeMin && size < register2013SizeMin;
}

/** Where the reader stands; the first fault ends the walk. */
interface Walk {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
  /** Value of the last `size` scalar: the next part is as long. */
  size: number;
  fault: BodyFault | null;
}

type OpenFields = { [name: string]: FieldValue };

function readElements(walk: Walk, elements: readonly Element[], fields: OpenFields): void {
  for (const element of elements) {
    if (walk.fault !== null) return;
    readElement(walk, element, fields);
  }
}

function readElement(walk: Walk, element: Element, fields: OpenFields): void {
  switch (element.kind) {
    case 'maybe':
      readMaybe(walk, element, fields);
      return;
    case 'values':
    case 'records':
    case 'locations':
      readList(walk, element, fields);
      return;
    default: {
      const size = sizeOf(walk, element);
      if (!has(walk, size, element.name)) return;
      const value = readField(walk, element, size);
      walk.at += size;
      if (element.kind === 'scalar' && element.role === 'size') walk.size = value as number;
      else fields[element.name] = value;
    }
  }
}

type Field = Exclude<Element, MaybeGroup | { readonly countName: string }>;

function readField({ bytes, at }: Walk, field: Field, size: number): FieldValue {
  switch (field.kind) {
    case 'scalar':
      return readInteger(bytes, at, field.size);
    case 'time':
      return readTime(bytes, at);
    case 'bcd':
      return unpack(bytes, at, size);
    case 'text':
      return readText(bytes, { at, end: at + size }, field.padding);
    case 'bytes':
      return bytes.subarray(at, at + size);
    case 'location':
      return readLocation(bytes, at, at + size);
  }
}

function sizeOf(walk: Walk, field: Field): number {
  switch (field.kind) {
    case 'scalar':
    case 'bcd':
      return field.size;
    case 'time':
      return timeSize;
    case 'location':
      return field.extent === 'basic' ? basicSize : Math.max(basicSize, walk.end - walk.at);
    case 'text':
    case 'bytes':
      return extentOf(walk, field.extent);
  }
}

function extentOf(walk: Walk, extent: Extent): number {
  if (typeof extent === 'number') return extent;
  return extent === 'rest' ? walk.end - walk.at : walk.size;
}

function has(walk: Walk, size: number, name: string): boolean {
  const left = walk.end - walk.at;
  if (left >= size) return true;
  const detail = `${name} of ${size} bytes wanted, found ${left}`;
  walk.fault = { code: 'body_truncated', at: walk.end, detail };
  return false;
}

function readMaybe(walk: Walk, { firm, elements }: MaybeGroup, fields: OpenFields): void {
  const isFirm = firm !== null && fields[firm.name] === firm.value;
  if (walk.at === walk.end && !(isFirm && firm.isNeeded)) return;
  const before = walk.at;
  const read: OpenFields = {};
  readElements(walk, elements, read);
  if (walk.fault === null) {
    Object.assign(fields, read);
  } else if (!isFirm) {
    walk.fault = null;
    walk.at = before;
  }
}

type List = Extract<Element, { readonly countName: string }>;

function readList(walk: Walk, list: List, fields: OpenFields): void {
  const count = fields[list.countName] as number;
  const entryMin = sizeMinOf(list);
  const left = walk.end - walk.at;
  // Before the first entry, so that a made-up count costs nothing.
  if (count * entryMin > left) {
    const detail = `${count} entries of ${list.name}, ${count * entryMin} bytes, found ${left}`;
    walk.fault = { code: 'body_length', at: walk.at, detail };
    return;
  }
  const entries: unknown[] = [];
  for (let index = 0; index < count && walk.fault === null; index += 1) {
    entries.push(readEntry(walk, list));
  }
  fields[list.name] = entries as unknown as readonly Fields[];
}

function readEntry(walk: Walk, list: List): number | Fields | Location | null {
  switch (list.kind) {
    case 'values': {
      const { size } = list.element;
      walk.at += size;
      return readInteger(walk.bytes, walk.at - size, size);
    }
    case 'records':
      return readRecord(walk, list);
    case 'locations':
      return readBatchItem(walk, list.name);
  }
}

function readRecord(walk: Walk, { entry }: RecordList): Fields {
  const fields: OpenFields = {};
  readElements(walk, entry, fields);
  // The list does not fill the body: a fault of its length, not of a field.
  if (walk.fault !== null) walk.fault = { ...walk.fault, code: 'body_length' };
  return fields;
}

function readBatchItem(walk: Walk, name: string): Location | null {
  const length = walk.end - walk.at < 2 ? 0 : readWord(walk.bytes, walk.at);
  const at = walk.at + 2;
  const left = Math.max(0, walk.end - at);
  if (length >= basicSize && length <= left) {
    walk.at = at + length;
    return readLocation(walk.bytes, at, at + length);
  }
  const wanted = `${basicSize} to ${left} bytes`;
  const detail = `one of ${name} of ${wanted} wanted, its length says ${length}`;
  walk.fault = { code: 'body_length', at: walk.at, detail };
  return null;
}

function leftOver({ at, end }: Walk, { elements }: BodyLayout): BodyFault {
  const wanted = elements.length === 0 ? 'an empty body' : `a body of ${at} bytes`;
  return { code: 'body_length', at, detail: `${wanted} wanted, found ${end}` };
}
