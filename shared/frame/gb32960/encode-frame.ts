// Frames to bytes, by the layout table: the exact inverse of decodeMessage for every frame that it
// hands out, and the builder for simulators and answers. Throws where its caller is wrong.

import type {
  Body,
  CustomItem,
  DeviceTime,
  Gb32960Frame,
  Item,
  Opaque,
  Parameters,
  Report,
} from './frame.ts';
import { type Element, entriesOf, type TextList } from './layout.ts';
import { bodies2016, items2016 } from './layout-2016.ts';
import { parameterLayout } from './layout-2016-parameters.ts';
import {
  checkByteOf,
  clearText,
  commandFlag,
  dataOffset,
  dataUnitMax,
  encryptionOffset,
  idOffset,
  idSize,
  lengthOffset,
  overhead,
  responseOffset,
  startByte2016,
} from './outer-frame.ts';
import { TextSizes } from './read-parameters.ts';
import { writeText } from './text.ts';

/** A frame without what follows from the rest: length and check byte. */
export interface FrameInput {
  readonly command: number;
  /** A command, 0xFE, where it is left out. */
  readonly response?: number;
  readonly vin: string;
  /** Clear text, 0x01, where it is left out. */
  readonly encryption?: number;
  readonly body: BodyInput;
}

/** A decoded body, or one that was never on a wire and has none of the views. */
export type BodyInput =
  | Open<Exclude<Body, Report | Opaque>, 'trailing' | 'remainder'>
  | ReportInput
  | Opaque;

export interface ReportInput extends Open<Omit<Report, 'items'>, 'isReissued' | 'remainder'> {
  readonly items: readonly ItemInput[];
}

export type ItemInput = Open<Exclude<Item, CustomItem>, 'type' | 'bytes'> | CustomInput;

export type CustomInput = Open<CustomItem, 'bytes' | 'length'>;

type Open<T, K extends string> = T extends unknown
  ? Omit<T, K> & Partial<Pick<T, Extract<keyof T, K>>>
  : never;

/** The bytes from which the frame was decoded. */
export function encodeFrame(frame: Gb32960Frame): Buffer {
  return buildFrame(frame);
}

/**
 * A whole frame; length and check byte are computed. Throws RangeError for a number or text that
 * its field cannot hold, a count that differs from its list, and a data unit above 65531 bytes.
 */
export function buildFrame(input: FrameInput): Buffer {
  const writer: Writer = { target: scratch, at: dataOffset };
  writeBody(writer, input.body);
  const dataLength = writer.at - dataOffset;
  if (dataLength > dataUnitMax) {
    throw new RangeError(`data unit of at most ${dataUnitMax} bytes wanted, found ${dataLength}`);
  }
  scratch[0] = startByte2016;
  scratch[1] = startByte2016;
  scratch.writeUInt8(input.command, 2);
  scratch.writeUInt8(input.response ?? commandFlag, responseOffset);
  writeText(scratch, idOffset, idSize, input.vin);
  scratch.writeUInt8(input.encryption ?? clearText, encryptionOffset);
  scratch.writeUInt16BE(dataLength, lengthOffset);
  const frame = Buffer.from(scratch.subarray(0, overhead + dataLength));
  frame[frame.length - 1] = checkByteOf(frame);
  return frame;
}

/** Used within one call only; the result is a copy. */
const scratch = Buffer.alloc(dataOffset + 0x1_0000);

interface Writer {
  readonly target: Buffer;
  at: number;
}

/** What the table names, by name. */
type Source = Readonly<Record<string, unknown>>;

function writeBody(writer: Writer, body: BodyInput): void {
  switch (body.kind) {
    case 'opaque':
      writeBytes(writer, body.bytes);
      break;
    case 'answer':
      if (body.time !== null) writeBytes(writer, body.time.raw);
      writeBytes(writer, body.rest);
      break;
    case 'heartbeat':
    case 'timeSync':
      writeBytes(writer, body.trailing ?? null);
      break;
    case 'report':
      writeReport(writer, body);
      break;
    case 'parameterSetting':
    case 'parameterAnswer':
      writeParameters(writer, body);
      break;
    default: {
      const layout = bodies2016.find(({ kind }) => kind === body.kind);
      if (layout === undefined) throw new RangeError(`no layout of a body ${body.kind}`);
      writeElements(writer, layout.elements, { ...body });
      writeBytes(writer, body.trailing ?? null);
      break;
    }
  }
}

function writeReport(writer: Writer, report: ReportInput): void {
  writeBytes(writer, report.time.raw);
  for (const item of report.items) writeItem(writer, item);
  writeBytes(writer, report.remainder ?? null);
}

function writeParameters(writer: Writer, body: Open<Parameters, 'trailing' | 'remainder'>): void {
  const { count, params } = body;
  const remainder = body.remainder ?? null;
  // With a remainder, or cut short, there are fewer than were announced; never more.
  const wanted = entriesOf(count, 1);
  if (params.length > wanted) requireLength('params', params.length, wanted);
  writeBytes(writer, body.time.raw);
  writeInteger(writer, 1, count);
  const sizes = new TextSizes();
  for (const { id, value } of params) {
    const layout = parameterLayout(id);
    const size = layout === null ? null : sizes.of(layout);
    if (size === null) throw new RangeError(`size of parameter ${id} wanted, found none`);
    sizes.note(id, value);
    writeInteger(writer, 1, id);
    if (typeof value === 'string') writeFixedText(writer, size, value);
    else writeInteger(writer, size as 1 | 2, value);
  }
  writeBytes(writer, remainder);
  writeBytes(writer, body.trailing ?? null);
}

function writeItem(writer: Writer, item: ItemInput): void {
  if (item.kind === 'custom') {
    writeInteger(writer, 1, item.type);
    writeInteger(writer, 2, item.data.length);
    writeBytes(writer, item.data);
    return;
  }
  const layout = layoutsByKind.get(item.kind);
  if (layout === undefined) throw new RangeError(`no layout of an item ${item.kind}`);
  writeInteger(writer, 1, layout.type);
  writeElements(writer, layout.elements, item as unknown as Source);
}

const layoutsByKind = new Map(items2016.map((layout) => [layout.kind, layout]));

function writeElements(writer: Writer, elements: readonly Element[], source: Source): void {
  for (const element of elements) writeElement(writer, element, { elements, source });
}

interface Surroundings {
  readonly elements: readonly Element[];
  readonly source: Source;
}

function writeElement(writer: Writer, element: Element, around: Surroundings): void {
  const { source } = around;
  const value = source[element.name];
  switch (element.kind) {
    case 'time':
      writeBytes(writer, (value as DeviceTime).raw);
      break;
    case 'text':
      writeFixedText(writer, element.size, value as string);
      break;
    case 'scalar':
      writeInteger(writer, element.size, value as number);
      break;
    case 'values':
      for (const number of listOf<number>(element, around)) {
        writeInteger(writer, element.element.size, number);
      }
      break;
    case 'records':
      for (const entry of listOf<Source>(element, around)) {
        writeElements(writer, element.entry, entry);
      }
      break;
    case 'texts':
      writeTexts(writer, element, around);
      break;
    case 'rest':
      writeBytes(writer, value as Uint8Array);
      break;
  }
}

/** The list, after its length was found to be what its count announces. */
function listOf<T>(
  list: { readonly name: string; readonly countName: string },
  { elements, source }: Surroundings,
): readonly T[] {
  const values = source[list.name] as readonly T[];
  requireLength(list.name, values.length, announced(list.countName, elements, source));
  return values;
}

function writeTexts(writer: Writer, list: TextList, { elements, source }: Surroundings): void {
  const texts = source[list.name] as readonly string[];
  const size = announced(list.sizeName, elements, source);
  // n >= 1 with m = 0 is legal and common (table 6): then no codes are sent.
  const wanted = size === 0 ? 0 : announced(list.countName, elements, source);
  requireLength(list.name, texts.length, wanted);
  for (const text of texts) writeFixedText(writer, size, text);
}

function announced(countName: string, elements: readonly Element[], source: Source): number {
  const field = elements.find(({ name }) => name === countName);
  if (field?.kind !== 'scalar') throw new Error(`no count named ${countName} in the layout table`);
  return entriesOf(source[countName] as number, field.size);
}

function requireLength(name: string, found: number, wanted: number): void {
  if (found === wanted) return;
  throw new RangeError(`${name} of ${wanted} entries wanted by its count, found ${found}`);
}

function writeFixedText(writer: Writer, size: number, text: string): void {
  writeText(writer.target, writer.at, size, text);
  writer.at += size;
}

function writeInteger(writer: Writer, size: 1 | 2 | 4, value: number): void {
  writer.at = writer.target.writeUIntBE(value, writer.at, size);
}

function writeBytes(writer: Writer, bytes: Uint8Array | null): void {
  if (bytes === null) return;
  writer.target.set(bytes, writer.at);
  writer.at += bytes.length;
}
