// A payload as people and other programs read it: each frame with its outcome, and the bytes that
// belong to none. The same outcomes as those of the bridge. Plain JSON values.

import type { Outcome, Reason } from '../outcome.ts';
import { decodeMessage } from './decode-message.ts';
import {
  type Described,
  type DescribedFields,
  describeLocation,
  describeTime,
  hexOf,
} from './describe-location.ts';
import {
  type Body,
  type CanFrame,
  encryptionOf,
  type Fields,
  type Jt808Frame,
  type Location,
  lengthMask,
  splitMask,
} from './frame.ts';
import type { Edition, Element, RecordList } from './layout.ts';
import { bodyLayout, register2011 } from './layout-bodies.ts';
import { faultOf, findFlags, readHeader, shapeOf, unescaped } from './outer-frame.ts';

export interface DescribedMessage {
  /** In the order of the bytes; never empty. */
  readonly frames: readonly DescribedOutcome[];
  /** Bytes before a frame and flags without content, in their order. */
  readonly skippedHex: readonly string[];
}

export interface DescribedOutcome {
  readonly outcome: Outcome<Jt808Frame>['kind'];
  readonly reason: Reason | null;
  /** Null for a frame that was refused, unless its body alone was. */
  readonly frame: DescribedFrame | null;
}

/** Header fields by their names, and `body`. */
export type DescribedFrame = DescribedFields;

export function describeMessage(payload: Uint8Array): DescribedMessage {
  const skippedHex: string[] = [];
  let end = payload.byteOffset;
  const frames = decodeMessage(payload).map((outcome): DescribedOutcome => {
    // The flag that two frames share is the end of the first.
    skippedHex.push(...skippedOf(outcome, Math.max(0, end - outcome.bytes.byteOffset)));
    end = outcome.bytes.byteOffset + outcome.bytes.length;
    const { kind, reason, frame } = outcome;
    const described = frame === null ? describeRefused(outcome) : describeFrame(frame);
    return { outcome: kind, reason, frame: described };
  });
  return { frames, skippedHex };
}

export function describeFrame(frame: Jt808Frame): DescribedFrame {
  const protocol = frame.protocolVersion === null ? 'jt808-2013' : 'jt808-2019';
  return { ...describeHead(frame, protocol), body: describeBody(frame) };
}

type Head = Omit<Jt808Frame, 'codec' | 'body' | 'bodyBytes'>;

function describeHead(head: Head, protocol: string): DescribedFields {
  const { properties, phone, protocolVersion, packetTotal, packetIndex } = head;
  return {
    messageId: head.messageId,
    properties,
    protocol,
    bodyLength: properties & lengthMask,
    encryption: encryptionOf(head),
    subpackage: (properties & splitMask) !== 0,
    ...(protocolVersion === null ? {} : { protocolVersion }),
    phone,
    ...(/^\d*$/.test(phone) ? {} : { phoneState: 'not_bcd' }),
    serial: head.serial,
    ...(packetTotal === null ? {} : { packetTotal, packetIndex }),
  };
}

/** Head and bytes of an intact frame whose body was refused; null for any other. */
function describeRefused({ bytes }: Outcome<Jt808Frame>): DescribedFrame | null {
  const { open, close } = findFlags(bytes);
  if (close === -1) return null;
  const sent = bytes.subarray(open + 1, close);
  const content = unescaped(sent, 0);
  if (!(content instanceof Uint8Array) || faultOf(content) !== null) return null;
  const head = readHeader(content);
  const bodyBytes = content.subarray(shapeOf(head.properties).size, content.length - 1);
  const protocol = head.edition === '2019' ? 'jt808-2019' : 'jt808-2013';
  return { ...describeHead(head, protocol), body: { bodyHex: hexOf(bodyBytes) } };
}

function describeBody(frame: Jt808Frame): Described {
  const { body, bodyBytes } = frame;
  switch (body.kind) {
    case 'part':
      return { fragmentHex: hexOf(bodyBytes) };
    case 'opaque':
      return { [encryptionOf(frame) === 0 ? 'bodyHex' : 'encryptedHex']: hexOf(bodyBytes) };
    case 'location':
      return describeLocation(body);
    default: {
      const edition: Edition = frame.protocolVersion === null ? '2013' : '2019';
      return {
        ...(withBytes.has(body.kind) ? { bodyHex: hexOf(bodyBytes) } : {}),
        ...describeFields(frame.messageId, edition, body),
      };
    }
  }
}

/** Seldom ones, which other programs know as bytes: those stand beside the fields. */
const withBytes: ReadonlySet<Body['kind']> = new Set([
  'attributes',
  'upgradeResult',
  'eventReport',
  'questionAnswer',
  'infoDemand',
  'areaAnswer',
  'recorder',
  'waybill',
  'cameraAnswer',
  'rsaKey',
  'mediaSearchAnswer',
]);

function describeFields(
  messageId: number,
  edition: Edition,
  body: Exclude<Body, Location | { readonly bytes: Uint8Array }>,
): DescribedFields {
  const is2011 = body.kind === 'register' && body.form === '2011';
  const elements = is2011 ? register2011 : (bodyLayout(messageId, edition)?.elements ?? []);
  const { trailing } = body;
  return {
    ...(is2011 ? { form: '2011' } : {}),
    ...describeElements(elements, body as unknown as Fields),
    ...(trailing === null ? {} : { trailingHex: hexOf(trailing) }),
  };
}

function describeElements(elements: readonly Element[], fields: Fields): DescribedFields {
  return Object.fromEntries(elements.flatMap((element) => describeElement(element, fields)));
}

type Entry = readonly [string, Described];

function describeElement(element: Element, fields: Fields): readonly Entry[] {
  if (element.kind === 'maybe') {
    return element.elements.flatMap((inner) => describeElement(inner, fields));
  }
  const { name } = element;
  const value = fields[name];
  if (value === undefined || value === null) return [];
  switch (element.kind) {
    case 'scalar':
    case 'bcd':
    case 'text':
      return [[name, value as number | string]];
    case 'values':
      return [[name, value as readonly number[]]];
    case 'time':
      return [[name, describeTime(value as never)]];
    case 'bytes':
      return [[`${name}Hex`, hexOf(value as Uint8Array)]];
    case 'location':
      return [[name, describeLocation(value as Location)]];
    case 'locations':
      return [[name, (value as readonly Location[]).map(describeLocation)]];
    case 'records':
      return [[name, (value as readonly Fields[]).map((entry) => describeEntry(element, entry))]];
  }
}

function describeEntry({ name, entry }: RecordList, fields: Fields): Described {
  if (name === 'params') {
    return { id: fields['id'] as number, hex: hexOf(fields['value'] as Uint8Array) };
  }
  if (name === 'frames') return describeCanFrame(fields as unknown as CanFrame);
  return describeElements(entry, fields);
}

function describeCanFrame({ raw, data }: CanFrame): Described {
  return { ...canIdOf(raw), dataHex: hexOf(data) };
}

/** 0x0705: what the bits of a CAN id say. */
export function canIdOf(raw: number) {
  return {
    raw,
    channel: raw >>> 31,
    extended: ((raw >>> 30) & 1) === 1,
    averaged: ((raw >>> 29) & 1) === 1,
    canId: raw & 0x1fff_ffff,
  };
}

/** Bytes of an outcome before the flag of its frame and behind its last one. */
function skippedOf({ kind, bytes }: Outcome<Jt808Frame>, from: number): readonly string[] {
  const { open, close } = findFlags(bytes);
  if (close === -1) return [];
  const before = bytes.subarray(from, Math.max(from, open));
  const behind = kind === 'reject' ? bytes.subarray(bytes.length) : bytes.subarray(close + 1);
  return [before, behind].filter(({ length }) => length > 0).map(hexOf);
}
