// Frames to bytes, by the layout table: the exact inverse of decodeMessage for every frame that it
// hands out, and the builder for simulators and answers. Throws where its caller is wrong.

import { editionOf } from './editions.ts';
import type {
  Body,
  CustomItem,
  Gb32960Codec,
  Gb32960Frame,
  Item,
  Opaque,
  Report,
} from './frame.ts';
import type { Parameters } from './frame-downlink.ts';
import { entriesOf } from './layout.ts';
import { parameterLayout } from './layout-2016-parameters.ts';
import { signatureMarker } from './layout-2025.ts';
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
} from './outer-frame.ts';
import { TextSizes } from './read-parameters.ts';
import { writeText } from './text.ts';
import {
  requireLength,
  type Source,
  type Writer,
  writeBytes,
  writeElements,
  writeFixedText,
  writeInteger,
  writeSignature,
} from './write-elements.ts';

/** A frame without what follows from the rest: length and check byte. */
export interface FrameInput {
  /** Edition 2016 where it is left out. */
  readonly codec?: Gb32960Codec;
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

type ReportRest = 'isReissued' | 'remainder' | 'signature' | 'trailing';

export interface ReportInput extends Open<Omit<Report, 'items'>, ReportRest> {
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
  const edition = editionOf(input.codec ?? 'gb32960-2016');
  const writer: Writer = { edition, target: scratch, at: dataOffset };
  writeBody(writer, input.body);
  const dataLength = writer.at - dataOffset;
  if (dataLength > dataUnitMax) {
    throw new RangeError(`data unit of at most ${dataUnitMax} bytes wanted, found ${dataLength}`);
  }
  scratch.fill(edition.startByte, 0, 2);
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
      const layout = writer.edition.bodies.find(({ kind }) => kind === body.kind);
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
  if (report.signature != null) {
    writeInteger(writer, 1, signatureMarker);
    writeSignature(writer, report.signature);
  }
  writeBytes(writer, report.remainder ?? null);
  writeBytes(writer, report.trailing ?? null);
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
    const layout = parameterLayout(writer.edition.parameters, id);
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
  const layout = writer.edition.items.find(({ kind }) => kind === item.kind);
  if (layout === undefined) throw new RangeError(`no layout of an item ${item.kind}`);
  writeInteger(writer, 1, layout.type);
  writeElements(writer, layout.elements, item as unknown as Source);
}
