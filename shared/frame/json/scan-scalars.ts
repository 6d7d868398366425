// Texts and numbers of JSON on their bytes: RFC 8259 sections 6 and 7, UTF-8 as RFC 3629 says.

import { byteName, fail, type Scan } from './scan-state.ts';

/** From the opening quote to behind the closing one. Lone surrogates are no text. */
export function scanString(scan: Scan, bytesMax: number): boolean {
  const { bytes } = scan;
  const from = scan.at + 1;
  const limit = from + bytesMax;
  const end = Math.min(limit, bytes.length);
  let at = from;
  scan.hasEscape = false;
  while (at < end) {
    const byte = bytes[at] as number;
    // Nearly every byte is this one.
    if (byte > 0x22 && byte < 0x80 && byte !== 0x5c) {
      at += 1;
      continue;
    }
    if (byte === 0x22) break;
    if (byte < 0x20) return unclosed(scan, at);
    if (byte === 0x5c) scan.hasEscape = true;
    at = plainEnd(scan, at, byte);
    if (at === failed) return false;
  }
  if (bytes[at] !== 0x22) {
    if (at < limit || at >= bytes.length) return unclosed(scan, at);
    return fail(scan, 'json_limit', at, `a text of at most ${bytesMax} bytes wanted, found more`);
  }
  scan.at = at + 1;
  return true;
}

function unclosed(scan: Scan, at: number): false {
  const found = byteName(scan.bytes[at]);
  return fail(scan, 'json_syntax', at, `a closing quote wanted, found ${found}`);
}

/** Behind one character, escaped or not. */
function plainEnd(scan: Scan, at: number, byte: number): number {
  if (byte === 0x5c) return escapeEnd(scan, at);
  return byte < 0x80 ? at + 1 : characterEnd(scan, at, byte);
}

const failed = -1;

function escapeEnd(scan: Scan, at: number): number {
  const kind = scan.bytes[at + 1];
  if (kind !== 0x75) {
    if (kind !== undefined && simpleEscapes.includes(kind)) return at + 2;
    fail(scan, 'json_syntax', at, `an escape of JSON wanted, found \\ and ${byteName(kind)}`);
    return failed;
  }
  const unit = hexUnit(scan, at);
  if (unit === failed) return failed;
  if (unit < 0xd800 || unit > 0xdfff) return at + 6;
  const isPair = unit < 0xdc00 && scan.bytes[at + 6] === 0x5c && scan.bytes[at + 7] === 0x75;
  const second = isPair ? hexUnit(scan, at + 6) : 0;
  if (second === failed) return failed;
  if (second >= 0xdc00 && second <= 0xdfff) return at + 12;
  const found = unit.toString(16).toUpperCase();
  fail(scan, 'json_unicode', at, `both surrogates of a character wanted, found ${found} alone`);
  return failed;
}

// " \ / b f n r t
const simpleEscapes = [0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74];

/** The number behind the `\u` at `at`. */
function hexUnit(scan: Scan, at: number): number {
  let unit = 0;
  for (let place = at + 2; place < at + 6; place += 1) {
    const digit = hexDigit(scan.bytes[place]);
    if (digit === failed) {
      const found = byteName(scan.bytes[place]);
      fail(scan, 'json_syntax', place, `four hex digits behind \\u wanted, found ${found}`);
      return failed;
    }
    unit = unit * 16 + digit;
  }
  return unit;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return failed;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : failed;
}

/** Behind the character that begins with `lead`, which is 0x80 or more. */
function characterEnd(scan: Scan, at: number, lead: number): number {
  const { bytes } = scan;
  // RFC 3629 section 4: the second byte alone tells overlong forms, surrogates and too large ones.
  let size = 0;
  let [low, high] = [0x80, 0xbf];
  if (lead >= 0xc2 && lead <= 0xdf) size = 2;
  else if (lead >= 0xe0 && lead <= 0xef) size = 3;
  else if (lead >= 0xf0 && lead <= 0xf4) size = 4;
  if (lead === 0xe0) low = 0xa0;
  else if (lead === 0xed) high = 0x9f;
  else if (lead === 0xf0) low = 0x90;
  else if (lead === 0xf4) high = 0x8f;
  const second = bytes[at + 1] ?? 0;
  let isGood = size > 0 && second >= low && second <= high;
  for (let place = at + 2; isGood && place < at + size; place += 1) {
    isGood = ((bytes[place] ?? 0) & 0xc0) === 0x80;
  }
  if (isGood) return at + size;
  fail(scan, 'json_unicode', at, `UTF-8 wanted, found ${byteName(lead)} that begins no character`);
  return failed;
}

/** Also where no value stands at all. */
export function scanNumber(scan: Scan): boolean {
  const { bytes, limits } = scan;
  const from = scan.at;
  let at = bytes[from] === 0x2d ? from + 1 : from;
  const integerEnd = digitsEnd(bytes, at);
  if (integerEnd === at) {
    const wanted = at === from ? 'a value' : 'a digit behind -';
    return fail(scan, 'json_syntax', at, `${wanted} wanted, found ${byteName(bytes[at])}`);
  }
  if (bytes[at] === 0x30 && integerEnd > at + 1) {
    return fail(scan, 'json_syntax', at, 'a number without leading zeros wanted, found one');
  }
  const digitsAt = at;
  at = integerEnd;
  if (bytes[at] === 0x2e) {
    const fractionEnd = digitsEnd(bytes, at + 1);
    if (fractionEnd === at + 1) return missingDigit(scan, at + 1);
    at = fractionEnd;
  }
  const hasExponent = bytes[at] === 0x65 || bytes[at] === 0x45;
  if (hasExponent) {
    const sign = bytes[at + 1];
    const exponentAt = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
    at = digitsEnd(bytes, exponentAt);
    if (at === exponentAt) return missingDigit(scan, at);
  }
  if (at - from > limits.numberBytesMax) {
    const detail = `a number of at most ${limits.numberBytesMax} bytes wanted, found ${at - from}`;
    return fail(scan, 'json_limit', from, detail);
  }
  if (hasExponent && !isFinite64(bytes, from, at)) {
    return fail(scan, 'json_limit', from, 'a number that a double can hold wanted, found a larger');
  }
  if (at === integerEnd && isWide(bytes, digitsAt, at)) scan.wideIntegers.push(from, at);
  scan.at = at;
  return true;
}

function digitsEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[at] ?? 0) at += 1;
  return at;
}

function missingDigit(scan: Scan, at: number): false {
  return fail(scan, 'json_syntax', at, `a digit wanted, found ${byteName(scan.bytes[at])}`);
}

/** Whether an integer is beyond 2^53 - 1, from where on a double is not exact. */
function isWide(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 16) return false;
  if (to - from > 16) return true;
  let value = 0;
  // Exact: 15 digits always are, and only the last step can pass 2^53.
  for (let at = from; at < to; at += 1) value = value * 10 + ((bytes[at] as number) - 0x30);
  return value > Number.MAX_SAFE_INTEGER;
}

function isFinite64(bytes: Uint8Array, from: number, to: number): boolean {
  let text = '';
  for (let at = from; at < to; at += 1) text += String.fromCharCode(bytes[at] as number);
  return Number.isFinite(Number(text));
}
