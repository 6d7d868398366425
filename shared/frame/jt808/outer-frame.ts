// The outer frame of all editions: flags, escapes, check byte and the two forms of the header.
//
//   frame  = 7E escaped(header body check) 7E;  check = XOR of header and body
//   escape = 7E sent as 7D 02, 7D sent as 7D 01
//   header = id(2) properties(2) [version(1)] phone(6 | 10) serial(2) [total(2) index(2)]
//
// Version and the long phone are there with bit 14 of the properties, total and index with bit 13.

import type { Reason } from '../outcome.ts';
import { unpack } from './bcd.ts';
import { lengthMask, splitMask, versionMask } from './frame.ts';
import { hexId, readWord } from './integers.ts';
import type { Edition } from './layout.ts';

export const flagByte = 0x7e;
export const escapeByte = 0x7d;

/** Header of 2013 and check byte: fewer bytes between two flags are no frame. */
export const contentMin = 13;

/** Bits 0 to 9 of the properties. */
export const bodyMax = 1023;

/** A phone of the header, and where it lies. */
export interface HeaderShape {
  readonly phoneAt: number;
  readonly phoneSize: number;
  readonly serialAt: number;
  readonly packetAt: number;
  readonly size: number;
}

export interface Header {
  readonly edition: Edition;
  readonly messageId: number;
  readonly properties: number;
  readonly protocolVersion: number | null;
  readonly phone: string;
  readonly serial: number;
  readonly packetTotal: number | null;
  readonly packetIndex: number | null;
}

export function shapeOf(properties: number): HeaderShape {
  const isSplit = (properties & splitMask) !== 0;
  if ((properties & versionMask) !== 0) return isSplit ? shapes.split2019 : shapes.whole2019;
  return isSplit ? shapes.split2013 : shapes.whole2013;
}

const shapes = {
  whole2013: { phoneAt: 4, phoneSize: 6, serialAt: 10, packetAt: 12, size: 12 },
  split2013: { phoneAt: 4, phoneSize: 6, serialAt: 10, packetAt: 12, size: 16 },
  whole2019: { phoneAt: 5, phoneSize: 10, serialAt: 15, packetAt: 17, size: 17 },
  split2019: { phoneAt: 5, phoneSize: 10, serialAt: 15, packetAt: 17, size: 21 },
} as const;

/** The header of un-escaped `content`; the caller has checked that it is whole. */
export function readHeader(content: Uint8Array): Header {
  const properties = readWord(content, 2);
  const { phoneAt, phoneSize, serialAt, packetAt } = shapeOf(properties);
  const is2019 = (properties & versionMask) !== 0;
  const isSplit = (properties & splitMask) !== 0;
  return {
    edition: is2019 ? '2019' : '2013',
    messageId: readWord(content, 0),
    properties,
    protocolVersion: is2019 ? (content[4] as number) : null,
    phone: unpack(content, phoneAt, phoneSize),
    serial: readWord(content, serialAt),
    packetTotal: isSplit ? readWord(content, packetAt) : null,
    packetIndex: isSplit ? readWord(content, packetAt + 2) : null,
  };
}

/** A fault of the outer frame; `at` lies in the content, un-escaped but for `frame_escape`. */
export interface OuterFault {
  readonly code: Extract<
    Reason['code'],
    'frame_escape' | 'frame_checksum' | 'frame_header' | 'frame_length'
  >;
  readonly at: number;
  readonly detail: string;
}

/** The first check that un-escaped `content` (header, body, check byte) fails; null for none. */
export function faultOf(content: Uint8Array): OuterFault | null {
  const checkAt = content.length - 1;
  const wanted = xorOf(content, checkAt);
  if (wanted !== content[checkAt]) {
    const found = content[checkAt] as number;
    const detail = `check byte ${hexId(wanted, 2)} wanted, found ${hexId(found, 2)}`;
    return { code: 'frame_checksum', at: checkAt, detail };
  }
  const properties = checkAt < 4 ? 0 : readWord(content, 2);
  const { size } = shapeOf(properties);
  if (checkAt < size) {
    const detail = `header of ${size} bytes wanted, found ${checkAt}`;
    return { code: 'frame_header', at: checkAt, detail };
  }
  const declared = properties & lengthMask;
  const carried = checkAt - size;
  if (declared === carried) return null;
  const detail = `body of ${declared} bytes wanted by the header, found ${carried}`;
  return { code: 'frame_length', at: 2, detail };
}

/** Of the bytes before `end`: the check byte that belongs there. */
export function xorOf(bytes: Uint8Array, end: number): number {
  let xor = 0;
  for (let at = 0; at < end; at += 1) xor ^= bytes[at] as number;
  return xor;
}

/**
 * The content between two flags, un-escaped: the bytes themselves where there is no 0x7D. A fault
 * tells where the first wrong escape lies.
 */
export function unescaped(sent: Uint8Array, firstEscape: number): Uint8Array | OuterFault {
  // Out of the pool: a third of the time of memory of its own.
  const content = Buffer.allocUnsafe(sent.length);
  content.set(sent.subarray(0, firstEscape));
  let to = firstEscape;
  for (let at = firstEscape; at < sent.length; at += 1) {
    const byte = sent[at] as number;
    if (byte !== escapeByte) {
      content[to++] = byte;
      continue;
    }
    const next = sent[at + 1];
    if (next !== 0x01 && next !== 0x02) return wrongEscape(at, next);
    content[to++] = next === 0x02 ? flagByte : escapeByte;
    at += 1;
  }
  return content.subarray(0, to);
}

function wrongEscape(at: number, next: number | undefined): OuterFault {
  const found = next === undefined ? 'the end flag' : hexId(next, 2);
  return { code: 'frame_escape', at, detail: `0x01 or 0x02 wanted after 0x7D, found ${found}` };
}

/**
 * Where the flags lie of the frame that `bytes` are about, those of an outcome: the first stretch
 * that is long enough to be one, else the first that is not empty. `close` is -1 for no end flag.
 */
export function findFlags(bytes: Uint8Array): { readonly open: number; readonly close: number } {
  let first = { open: -1, close: -1 };
  for (let open = bytes.indexOf(flagByte); open !== -1; ) {
    const close = bytes.indexOf(flagByte, open + 1);
    if (close - open > contentMin) return { open, close };
    const isEmpty = close === open + 1;
    if (!isEmpty && first.open === -1) first = { open, close };
    if (close === -1) {
      const isLong = bytes.length - open > contentMin;
      return isLong || first.close === -1 ? { open, close } : first;
    }
    open = close;
  }
  return first;
}

/** Where the byte at `index` of the un-escaped content lies in the content as sent. */
export function sentOffset(sent: Uint8Array, index: number): number {
  let at = 0;
  for (let left = index; left > 0 && at < sent.length; left -= 1) {
    at += sent[at] === escapeByte ? 2 : 1;
  }
  return at;
}

/** Content between flags, its 0x7E and 0x7D escaped. */
export function escaped(content: Uint8Array): Buffer {
  let extra = 0;
  for (const byte of content) if (byte === flagByte || byte === escapeByte) extra += 1;
  const frame = Buffer.alloc(content.length + extra + 2);
  let at = 0;
  frame[at++] = flagByte;
  for (const byte of content) {
    if (byte === flagByte || byte === escapeByte) {
      frame[at++] = escapeByte;
      frame[at++] = byte === flagByte ? 0x02 : 0x01;
    } else {
      frame[at++] = byte;
    }
  }
  frame[at] = flagByte;
  return frame;
}
