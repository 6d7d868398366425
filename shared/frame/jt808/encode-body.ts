// Bodies to bytes, by their layout tables: for simulators, answers, gateways and tests. Throws
// where its caller is wrong.

import { pack } from './bcd.ts';
import type { Body, DeviceTime, Extra, Location } from './frame.ts';
import { encodeText } from './gbk.ts';
import type { Edition, Element, MaybeGroup, ScalarField, TextField } from './layout.ts';
import { bodyLayout, register2011 } from './layout-bodies.ts';
import { basicSize, locationElements } from './layout-location.ts';

/** What the table names, by name. `size` scalars are told by what they measure. */
export type Source = Readonly<Record<string, unknown>>;

/** A location that was never on a wire. */
export type LocationInput = Omit<Location, 'kind' | 'extras' | 'extrasFault' | 'bytes'> & {
  readonly extras?: readonly ExtraInput[];
  /** Sent behind the items, whatever it is. */
  readonly rest?: Uint8Array;
};

export interface ExtraInput {
  readonly id: number;
  readonly data: Uint8Array;
}

/** A decoded body, or one that was never on a wire: by the `kind` and names of its table. */
export type BodyInput = Body | ({ readonly kind: string } & Source);

/** Throws RangeError for what a field cannot hold and for a count that differs from its list. */
export function encodeBody(messageId: number, edition: Edition, body: BodyInput): Buffer {
  if (body.kind === 'opaque' || body.kind === 'part') return Buffer.from(bytesOf(body.bytes));
  const layout = bodyLayout(messageId, edition);
  if (layout === null || layout.kind !== body.kind) {
    throw new RangeError(`no layout of a body ${body.kind} of message ${messageId}`);
  }
  if (body.kind === 'location') return encodeLocation(body as Location);
  const source = body as Source;
  const is2011 = body.kind === 'register' && source['form'] === '2011';
  const writer: Writer = { pieces: [] };
  writeElements(writer, is2011 ? register2011 : layout.elements, source);
  const { trailing } = source;
  if (trailing instanceof Uint8Array) writer.pieces.push(trailing);
  return Buffer.concat(writer.pieces);
}

/** The bytes from which a location was decoded, or those of one that never was. */
export function encodeLocation(location: Location | LocationInput): Buffer {
  if ('bytes' in location) return Buffer.from(location.bytes);
  const writer: Writer = { pieces: [] };
  writeElements(writer, locationElements, location as unknown as Source);
  for (const { id, data } of location.extras ?? []) {
    if (data.length > 0xff) throw new RangeError(`item of at most 255 bytes wanted`);
    writer.pieces.push(Uint8Array.of(id, data.length), data);
  }
  if (location.rest !== undefined) writer.pieces.push(location.rest);
  return Buffer.concat(writer.pieces);
}

/** Data of an extra item by its layout. */
export function encodeFields(elements: readonly Element[], source: Source): Buffer {
  const writer: Writer = { pieces: [] };
  writeElements(writer, elements, source);
  return Buffer.concat(writer.pieces);
}

interface Writer {
  readonly pieces: Uint8Array[];
}

function writeElements(writer: Writer, elements: readonly Element[], source: Source): void {
  for (const element of elements) writeElement(writer, element, { elements, source });
}

interface Around {
  readonly elements: readonly Element[];
  readonly source: Source;
}

function writeElement(writer: Writer, element: Element, around: Around): void {
  const { source } = around;
  if (element.kind === 'maybe') {
    if (hasGroup(element, source)) writeElements(writer, element.elements, source);
    return;
  }
  const value = source[element.name];
  switch (element.kind) {
    case 'scalar':
      writeInteger(writer, element.size, scalarOf(element, around));
      break;
    case 'time':
      writer.pieces.push(sized((value as DeviceTime).raw, 6, element.name));
      break;
    case 'bcd':
      writer.pieces.push(sized(pack(value as string), element.size, element.name));
      break;
    case 'text':
      writer.pieces.push(textBytes(element, value as string));
      break;
    case 'bytes':
      writer.pieces.push(fixed(bytesOf(value), element.extent, element.name));
      break;
    case 'location':
      writer.pieces.push(locationBytes(value, element.extent));
      break;
    default:
      writeList(writer, element, around);
  }
}

type List = Extract<Element, { readonly countName: string }>;

function writeList(writer: Writer, list: List, { source }: Around): void {
  const entries = source[list.name] as readonly unknown[];
  const count = source[list.countName];
  if (count !== entries.length) {
    throw new RangeError(`${list.name} of ${count} entries wanted, found ${entries.length}`);
  }
  for (const entry of entries) {
    if (list.kind === 'values') writeInteger(writer, list.element.size, entry as number);
    else if (list.kind === 'records') writeElements(writer, list.entry, entry as Source);
    else {
      const bytes = encodeLocation(entry as Location | LocationInput);
      writeInteger(writer, 2, bytes.length);
      writer.pieces.push(bytes);
    }
  }
}

/** A group is there when its first field is. */
function hasGroup({ elements }: MaybeGroup, source: Source): boolean {
  const [first] = elements;
  if (first === undefined || first.kind === 'maybe') return false;
  const sizes = first.kind === 'scalar' && first.role === 'size' ? measuredBy(first, elements) : '';
  return source[sizes === '' ? first.name : sizes] !== undefined;
}

/** The name of what a `size` scalar measures. */
function measuredBy({ name }: ScalarField, elements: readonly Element[]): string {
  for (const element of elements) {
    if (element.kind !== 'text' && element.kind !== 'bytes') continue;
    if (typeof element.extent === 'object' && element.extent.sizeName === name) return element.name;
  }
  throw new Error(`nothing of size ${name} in the layout table`);
}

function scalarOf(field: ScalarField, { elements, source }: Around): number {
  if (field.role !== 'size') return source[field.name] as number;
  const measured = source[measuredBy(field, elements)];
  return typeof measured === 'string' ? encodeText(measured).length : bytesOf(measured).length;
}

function textBytes({ name, extent, padding }: TextField, text: string): Uint8Array {
  const bytes = encodeText(text);
  if (typeof extent !== 'number') return bytes;
  if (bytes.length > extent) {
    throw new RangeError(`${name} of at most ${extent} bytes wanted, found ${bytes.length}`);
  }
  const padded = Buffer.alloc(extent, padding === 'zerosAndSpaces' ? 0x20 : 0x00);
  padded.set(bytes);
  return padded;
}

function fixed(bytes: Uint8Array, extent: unknown, name: string): Uint8Array {
  return typeof extent === 'number' ? sized(bytes, extent, name) : bytes;
}

function sized(bytes: Uint8Array, size: number, name: string): Uint8Array {
  if (bytes.length === size) return bytes;
  throw new RangeError(`${name} of ${size} bytes wanted, found ${bytes.length}`);
}

function locationBytes(value: unknown, extent: 'basic' | 'rest'): Uint8Array {
  const bytes = encodeLocation(value as Location | LocationInput);
  return extent === 'basic' ? sized(bytes, basicSize, 'location') : bytes;
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new RangeError(`bytes wanted, found ${typeof value}`);
}

function writeInteger(writer: Writer, size: 1 | 2 | 4, value: number): void {
  const bytes = Buffer.alloc(size);
  if (!(value >= 0 && value < 256 ** size)) {
    throw new RangeError(`a number of ${size} bytes wanted, found ${value}`);
  }
  bytes.writeUIntBE(value, 0, size);
  writer.pieces.push(bytes);
}

/** The items of a location with their data, as they go into one. */
export function extraInputs({ extras, bytes }: Location): readonly ExtraInput[] {
  return extras.map(({ id, length, at }: Extra) => ({ id, data: bytes.subarray(at, at + length) }));
}
