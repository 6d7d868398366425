// The outer frame of both editions: where a frame starts and ends, and whether its check byte fits.
//
//   frame = start(2) command(1) response(1) id(17) encryption(1) N(2) dataUnit(N) bcc(1)
//   start = 23 23 (2016) | 24 24 (2025);  bcc = XOR from the command to the last byte of the unit

import type { Reason } from '../outcome.ts';

export const startByte2016 = 0x23;
export const startByte2025 = 0x24;
export const commandOffset = 2;
export const responseOffset = 3;
export const idOffset = 4;
export const idSize = 17;
export const encryptionOffset = 21;
export const lengthOffset = 22;
export const dataOffset = 24;

/** Table 4: this frame is a command; every other response flag makes it an answer. */
export const commandFlag = 0xfe;

/** Encryption byte of a data unit that is not encrypted. */
export const clearText = 0x01;

/** Bytes of a frame besides its data unit. */
export const overhead = 25;

/** Table 2: the data unit is 0..65531 bytes long. */
export const dataUnitMax = 65531;

/** A payload and what was learned about it. */
export interface Message {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /**
   * Entry i is the XOR of the bytes before i. Made at the first fault: a good message does not
   * need it, and after a fault it makes each candidate for a new start cost the same.
   */
  prefixXor: Uint8Array | null;
}

export function openMessage(bytes: Uint8Array): Message {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, prefixXor: null };
}

/** Where the frame at `at` ends; only for one that `isFrame`. */
export function frameEnd({ view }: Message, at: number): number {
  return at + overhead + view.getUint16(at + lengthOffset);
}

/** Whether start, length and check byte of a frame at `at` hold, whatever its edition. */
export function isFrame(message: Message, at: number): boolean {
  const { bytes, view } = message;
  const start = bytes[at];
  if (start !== startByte2016 && start !== startByte2025) return false;
  if (bytes[at + 1] !== start || bytes.length - at < overhead) return false;
  const dataLength = view.getUint16(at + lengthOffset);
  if (dataLength > dataUnitMax || bytes.length - at < overhead + dataLength) return false;
  const bccAt = at + dataOffset + dataLength;
  return xorOf(message, at + commandOffset, bccAt) === bytes[bccAt];
}

/** The first frame of either edition at or after `from`; the end of the message if none is. */
export function nextFrame(message: Message, from: number): number {
  message.prefixXor ??= prefixXorOf(message.bytes);
  let at = from;
  while (at < message.bytes.length && !isFrame(message, at)) at += 1;
  return at;
}

/** The check byte that belongs at the end of a frame. */
export function checkByteOf(frame: Uint8Array): number {
  return xorOf(openMessage(frame), commandOffset, frame.length - 1);
}

/** The first two start bytes of either edition from `from` up to `to`; else `to`. */
export function nextStart({ bytes }: Message, from: number, to: number): number {
  for (let at = from; at + 1 < to; at += 1) {
    const byte = bytes[at];
    const isStart = byte === startByte2016 || byte === startByte2025;
    if (isStart && bytes[at + 1] === byte) return at;
  }
  return to;
}

/**
 * Why the bytes at `at` are no frame of either edition: the first check that fails. Only the
 * bytes up to `end` are refused, so the fault lies there at the latest.
 */
export function faultOf(message: Message, at: number, end: number): Reason {
  const fault = firstFault(message, at);
  return fault.offset > end - at ? { ...fault, offset: end - at } : fault;
}

function firstFault(message: Message, at: number): Reason {
  const { bytes, view } = message;
  // There may be as many faults as starts, and each header may claim all that follows.
  message.prefixXor ??= prefixXorOf(bytes);
  const left = bytes.length - at;
  const start = startText(bytes, at);
  if (start !== '23 23' && start !== '24 24') {
    const detail = `start 23 23 or 24 24 wanted, found ${start}`;
    return { code: 'frame_start', offset: 0, detail };
  }
  if (left < overhead) {
    const detail = `frame of at least ${overhead} bytes wanted, found ${left}`;
    return { code: 'frame_truncated', offset: left, detail };
  }
  const dataLength = view.getUint16(at + lengthOffset);
  if (dataLength > dataUnitMax) {
    const detail = `data unit of at most ${dataUnitMax} bytes wanted, header says ${dataLength}`;
    return { code: 'frame_length', offset: lengthOffset, detail };
  }
  if (left < overhead + dataLength) {
    const detail = `frame of ${overhead + dataLength} bytes wanted by its header, found ${left}`;
    return { code: 'frame_truncated', offset: left, detail };
  }
  const bccAt = at + dataOffset + dataLength;
  const wanted = hexByte(xorOf(message, at + commandOffset, bccAt));
  const detail = `check byte 0x${wanted} wanted, found 0x${hexByte(bytes[bccAt] as number)}`;
  return { code: 'frame_checksum', offset: dataOffset + dataLength, detail };
}

function xorOf({ view, prefixXor }: Message, from: number, to: number): number {
  if (prefixXor !== null) return (prefixXor[from] as number) ^ (prefixXor[to] as number);
  return xorOfBytes(view, from, to);
}

/** XOR of the bytes from `from` up to, not including, `to`. */
export function xorOfBytes(view: DataView, from: number, to: number): number {
  let words = 0;
  let at = from;
  // Four bytes at a time: 25 ns instead of 79 ns for 300 bytes.
  for (; at + 4 <= to; at += 4) words ^= view.getInt32(at);
  let xor = (words >>> 24) ^ (words >>> 16) ^ (words >>> 8) ^ words;
  for (; at < to; at += 1) xor ^= view.getUint8(at);
  return xor & 0xff;
}

function prefixXorOf(bytes: Uint8Array): Uint8Array {
  const prefix = new Uint8Array(bytes.length + 1);
  let xor = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    xor ^= bytes[at] as number;
    prefix[at + 1] = xor;
  }
  return prefix;
}

function startText(bytes: Uint8Array, at: number): string {
  return [...bytes.subarray(at, at + 2)].map(hexByte).join(' ');
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0').toUpperCase();
}
