// Values of terminal parameters (JT/T 808 table 12): the gateway tells a number or a text, and the
// id says how many bytes the number had.

import { encodeText } from '../jt808/gbk.ts';
import { type Draft, integerIn, type Place, refuse, type Source } from './draft.ts';

const words = new Set([0x31, 0x5b, 0x5c, 0x5d, 0x5e, 0x81, 0x82, 0x101, 0x103]);
const bytes = new Set([0x84, 0x90, 0x91, 0x92, 0x94]);

export function parameterBytes(
  draft: Draft,
  place: Place & { readonly source: Source },
): Uint8Array {
  const { value, source } = place;
  if (typeof value === 'string') return textBytes(draft, value, place);
  const size = sizeOf(source['id']);
  const target = Buffer.alloc(size);
  target.writeUIntBE(integerIn(draft, size, place), 0, size);
  return target;
}

function sizeOf(id: unknown): 1 | 2 | 4 {
  if (words.has(id as number)) return 2;
  return bytes.has(id as number) ? 1 : 4;
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
