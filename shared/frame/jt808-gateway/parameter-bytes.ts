// Values of terminal parameters (JT/T 808 table 12): the gateway tells a number or a text, and the
// id says how many bytes the number had; of an id that it does not know the bytes in Base64.

import { encodeText } from '../jt808/gbk.ts';
import { bytesIn, type Draft, integerIn, type Place, refuse, type Source } from './draft.ts';

const words = new Set([0x31, 0x5b, 0x5c, 0x5d, 0x5e, 0x81, 0x82, 0x101, 0x103]);
const bytes = new Set([0x84, 0x90, 0x91, 0x92, 0x94]);
/** APN, dialling, servers, phones, plate and CAN ids. */
const texts = new Set([
  ...[0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x1a, 0x1d],
  ...[0x40, 0x41, 0x42, 0x43, 0x44, 0x48, 0x49, 0x83, 0x110],
]);

export function parameterBytes(
  draft: Draft,
  place: Place & { readonly source: Source },
): Uint8Array {
  const { value, source } = place;
  const id = source['id'] as number;
  if (typeof value === 'string')
    return texts.has(id) ? textBytes(draft, value, place) : bytesIn(draft, place);
  const size = words.has(id) ? 2 : bytes.has(id) ? 1 : 4;
  const target = Buffer.alloc(size);
  target.writeUIntBE(integerIn(draft, size, place), 0, size);
  return target;
}

/** How the gateway tells the value of an id. */
export function parameterKind(id: number): 'text' | 'number' | 'bytes' {
  if (texts.has(id)) return 'text';
  const isNumber = words.has(id) || bytes.has(id) || isDword(id);
  return isNumber ? 'number' : 'bytes';
}

function isDword(id: number): boolean {
  return dwords.some(([from, to]) => id >= from && id <= to);
}

const dwords: readonly (readonly [from: number, to: number])[] = [
  ...([
    [0x01, 0x07],
    [0x18, 0x19],
    [0x1b, 0x1c],
    [0x20, 0x22],
    [0x27, 0x29],
    [0x2c, 0x30],
  ] as const),
  ...([
    [0x45, 0x47],
    [0x50, 0x5a],
    [0x64, 0x65],
    [0x70, 0x74],
    [0x80, 0x80],
  ] as const),
  ...([
    [0x93, 0x93],
    [0x95, 0x95],
    [0x100, 0x100],
    [0x102, 0x102],
  ] as const),
];

export function parameterSize(id: number): 1 | 2 | 4 {
  return words.has(id) ? 2 : bytes.has(id) ? 1 : 4;
}

function textBytes(draft: Draft, text: string, place: Place): Uint8Array {
  try {
    const encoded = encodeText(text);
    if (encoded.length <= 255) return encoded;
  } catch {
    // A character that GBK does not have.
  }
  refuse(draft, place, 'a text of at most 255 bytes in GBK');
  return new Uint8Array(0);
}
