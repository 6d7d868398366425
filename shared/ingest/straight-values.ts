// What the generated straight writers call: texts, bits, fault codes, and the raw values of a list
// that needs marks.

import { noText, writeBytes, writeInt } from '../avro/straight.ts';

/** What stands for a text that a mark has taken: null, as the mark answers. */
export function markedText(_marked: null): Uint8Array {
  return noText;
}

/** Only for a list that needs a mark, which few have. */
export function rawsOf(
  source: DataView,
  { at, length, size }: { readonly at: number; readonly length: number; readonly size: number },
): number[] {
  return Array.from({ length }, (_, index) =>
    size === 1 ? source.getUint8(at + index) : source.getUint16(at + 2 * index),
  );
}

/** A list of the texts of the set bits, bit 0 first. */
export function writeBits(
  bytes: Buffer,
  from: number,
  bits: number,
  texts: readonly Uint8Array[],
): number {
  let to = from;
  if (bits !== 0) {
    let count = 0;
    for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
    to = writeInt(bytes, to, count);
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      // The lowest set bit: 31 minus the leading zeros before it.
      to = writeBytes(bytes, to, texts[31 - Math.clz32(rest & -rest)]!);
    }
  }
  bytes[to] = 0;
  return to + 1;
}

const codeDigits = 8;
const hexDigits = Buffer.from('0123456789ABCDEF', 'latin1');

/** A list of the maker's codes, four bytes each, as eight hex digits each. */
export function writeCodes(
  bytes: Buffer,
  from: number,
  source: DataView,
  at: number,
  length: number,
): number {
  let to = from;
  if (length > 0) to = writeInt(bytes, to, length);
  for (let index = 0; index < length; index += 1) {
    to = writeInt(bytes, to, codeDigits);
    for (let byteAt = at + 4 * index; byteAt < at + 4 * index + 4; byteAt += 1) {
      const byte = source.getUint8(byteAt);
      bytes[to++] = hexDigits[byte >>> 4]!;
      bytes[to++] = hexDigits[byte & 0x0f]!;
    }
  }
  bytes[to] = 0;
  return to + 1;
}
