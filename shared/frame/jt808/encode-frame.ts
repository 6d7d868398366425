// Frames to bytes: header, check byte, escapes and, for what is longer than a frame can be, parts.

import { editionOf } from './decode-frame.ts';
import { type BodyInput, encodeBody } from './encode-body.ts';
import { encryptionMask, type Jt808Frame, splitMask, versionMask } from './frame.ts';
import type { Edition } from './layout.ts';
import { bodyMax, escaped, xorOf } from './outer-frame.ts';

/** A frame without what follows from the rest: length, flags and check byte. */
export interface FrameInput {
  readonly messageId: number;
  /** 2013, which 2011 shares, where it is left out. */
  readonly edition?: Edition;
  /** 1 where it is left out; of 2019 only. */
  readonly protocolVersion?: number;
  /** Digits, filled up with zeros in front: 12, or 20 in 2019. */
  readonly phone: string;
  readonly serial: number;
  /** Bits 10 to 12 of the properties; 0, clear, where it is left out. */
  readonly encryption?: number;
  readonly packet?: { readonly total: number; readonly index: number };
  readonly body: BodyInput;
}

/** One whole frame. Throws RangeError where a field cannot hold its value. */
export function buildFrame(input: FrameInput): Buffer {
  const body = encodeBody(input.messageId, input.edition ?? '2013', input.body);
  return frameOf(input, body);
}

/**
 * A message as frames of at most `partBytes` of its body, with serials one after the other; a body
 * that fits is one frame without parts.
 */
export function buildParts(input: FrameInput, partBytes = bodyMax): readonly Buffer[] {
  const body = encodeBody(input.messageId, input.edition ?? '2013', input.body);
  if (body.length <= partBytes) return [frameOf(input, body)];
  const total = Math.ceil(body.length / partBytes);
  return Array.from({ length: total }, (_, at) => {
    const serial = (input.serial + at) & 0xffff;
    const part = body.subarray(at * partBytes, (at + 1) * partBytes);
    return frameOf({ ...input, serial, packet: { total, index: at + 1 } }, part);
  });
}

/** The bytes from which the frame was decoded; reserved bits of the properties too. */
export function encodeFrame(frame: Jt808Frame): Buffer {
  const { bodyBytes, packetTotal, packetIndex, properties, protocolVersion } = frame;
  const packet =
    packetTotal === null || packetIndex === null
      ? {}
      : { packet: { total: packetTotal, index: packetIndex } };
  const version = protocolVersion === null ? {} : { protocolVersion };
  const input = { ...frame, edition: editionOf(frame), ...version, ...packet };
  return frameOf(
    { ...input, encryption: (properties & encryptionMask) >>> 10 },
    bodyBytes,
    properties & reservedMask,
  );
}

const reservedMask = 0x8000;

type Head = Omit<FrameInput, 'body' | 'edition' | 'protocolVersion'> & {
  readonly edition?: Edition;
  readonly protocolVersion?: number | null;
};

function frameOf(head: Head, body: Uint8Array, reserved = 0): Buffer {
  if (body.length > bodyMax) {
    throw new RangeError(`body of at most ${bodyMax} bytes wanted, found ${body.length}`);
  }
  const is2019 = head.edition === '2019';
  const { packet, encryption = 0 } = head;
  const properties =
    body.length |
    (encryption << 10) |
    (packet === undefined ? 0 : splitMask) |
    (is2019 ? versionMask : 0) |
    reserved;
  const phoneSize = is2019 ? 10 : 6;
  const headerSize = (is2019 ? 7 : 6) + phoneSize + (packet === undefined ? 0 : 4);
  // One buffer and no pieces: a message of thousands of small frames has as many answers.
  const content = Buffer.allocUnsafe(headerSize + body.length + 1);
  let at = content.writeUInt16BE(head.messageId, 0);
  at = content.writeUInt16BE(properties, at);
  if (is2019) at = content.writeUInt8(head.protocolVersion ?? 1, at);
  at = writePhone(content, { phone: head.phone, at, size: phoneSize });
  at = content.writeUInt16BE(head.serial, at);
  if (packet !== undefined) {
    at = content.writeUInt16BE(packet.total, at);
    at = content.writeUInt16BE(packet.index, at);
  }
  content.set(body, at);
  content[content.length - 1] = xorOf(content, content.length - 1);
  return escaped(content);
}

interface PhonePlace {
  readonly phone: string;
  readonly at: number;
  readonly size: number;
}

/** The place after it. */
function writePhone(content: Buffer, { phone, at, size }: PhonePlace): number {
  const digits = 2 * size;
  if (phone.length > digits) {
    throw new RangeError(`phone of at most ${digits} digits wanted, found ${phone.length}`);
  }
  const written = content.write(phone.padStart(digits, '0'), at, size, 'hex');
  if (written < size) throw new RangeError(`digits wanted, found ${JSON.stringify(phone)}`);
  return at + size;
}
