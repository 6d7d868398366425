// The texts of JT/T 808: GBK, padded with 0x00. Reading is total; writing throws for a character
// that GBK does not have.

const decoder = new TextDecoder('gbk');

/** Stands for bytes that are no GBK. */
export const replacement = '\ufffd';

/**
 * The text without 0x00 at both ends, and on demand without spaces at its end. Bytes that are no
 * GBK become U+FFFD.
 */
export function readText(
  bytes: Uint8Array,
  range: { readonly at: number; readonly end: number },
  padding: 'zeros' | 'zerosAndSpaces' = 'zeros',
): string {
  let { at, end } = range;
  while (at < end && bytes[at] === 0x00) at += 1;
  while (end > at && isPadding(bytes[end - 1] as number, padding)) end -= 1;
  if (end - at > shortText) return decoder.decode(bytes.subarray(at, end));
  let text = '';
  for (let index = at; index < end; index += 1) {
    const byte = bytes[index] as number;
    if (byte > 0x7f) return decoder.decode(bytes.subarray(at, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

// Most texts are short and ASCII; of those the decoder's call is the greater part.
const shortText = 64;

function isPadding(byte: number, padding: 'zeros' | 'zerosAndSpaces'): boolean {
  return byte === 0x00 || (padding === 'zerosAndSpaces' && byte === 0x20);
}

/** The bytes of a text without padding. Throws RangeError for a character that GBK has not. */
export function encodeText(text: string): Uint8Array {
  const target: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code < 0x80) {
      target.push(code);
      continue;
    }
    tables ??= codesByCharacter();
    const pair = tables.get(character);
    if (pair === undefined) {
      throw new RangeError(`characters of GBK wanted, found ${JSON.stringify(character)}`);
    }
    target.push(pair >>> 8, pair & 0xff);
  }
  return Uint8Array.from(target);
}

/** The decoder turned around: made at the first text that needs it, about 24,000 entries. */
let tables: Map<string, number> | undefined;

function codesByCharacter(): Map<string, number> {
  const codes = new Map<string, number>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      const isOne = [...character].length === 1 && character !== replacement;
      if (isOne && !codes.has(character)) codes.set(character, lead * 0x100 + trail);
    }
  }
  return codes;
}
