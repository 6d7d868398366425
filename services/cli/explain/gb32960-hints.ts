// What senders of GB/T 32960 often do wrong, tried out on a refused or broken payload: another
// length, another way to the check byte, text instead of bytes, a count that does not fit.

import { leavesOf } from '#shared/frame/explain-parts.ts';
import type { Explained } from '#shared/frame/explained.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { explainMessage } from '#shared/frame/gb32960/explain-message.ts';
import {
  checkByteOf,
  commandOffset,
  dataOffset,
  idOffset,
  lengthOffset,
  overhead,
} from '#shared/frame/gb32960/outer-frame.ts';
import { oddityOf } from './oddity.ts';

/** Of the first frame that is refused or breaks; a sentence each, the surest first. */
export function gb32960Hints(payload: Uint8Array, told: readonly Explained[]): readonly string[] {
  const broken = told.find(({ verdict }) => verdict === 'broken');
  if (broken === undefined) return [];
  const bytes = Buffer.from(payload.subarray(broken.at, broken.end));
  if (broken.name === 'refused frame') return refusedHints(bytes);
  return countHints(bytes, broken);
}

function refusedHints(bytes: Buffer): readonly string[] {
  const text = textHint(bytes);
  if (text !== null) return [text];
  const isStarted = bytes[0] === bytes[1] && (bytes[0] === 0x23 || bytes[0] === 0x24);
  if (!isStarted || bytes.length < overhead) return [];
  return [...lengthHints(bytes), ...checkByteHints(bytes)];
}

/** Hex digits or Base64 where bytes should be. */
function textHint(bytes: Buffer): string | null {
  const text = bytes.toString('latin1').trim();
  if (/^(2323|2424)[0-9a-f\s]*$/i.test(text)) {
    return `The payload is hex text; send the ${text.length >> 1} bytes that it stands for.`;
  }
  const isBase64 = /^(IyM|JCQ)[A-Za-z0-9+/\s]*=*$/.test(text);
  return isBase64 ? 'The payload is Base64 text; send the bytes that it stands for.' : null;
}

function lengthHints(bytes: Buffer): readonly string[] {
  const declared = bytes.readUInt16BE(lengthOffset);
  const carried = bytes.length - overhead;
  if (declared === carried) return [];
  const where = `dataLength (bytes 22 and 23) says ${declared}`;
  const fixed = Buffer.from(bytes);
  fixed.writeUInt16BE(carried, lengthOffset);
  // The sender may have computed the check byte with the wrong length in place.
  const fits = checkByteOf(fixed) === bytes.at(-1) || checkByteOf(bytes) === bytes.at(-1);
  if (declared === swapped(carried)) {
    return [`${where}: ${carried} with its two bytes swapped. It is sent high byte first.`];
  }
  if (declared === 2 * carried) {
    return [`${where}, twice the ${carried} that are there: it counts bytes, not hex digits.`];
  }
  if ([carried + 1, carried + 24, carried + overhead].includes(declared)) {
    return [`${where}, ${carried} fit: it counts the data unit alone, not header and check byte.`];
  }
  if (fits) return [`${where}; with ${carried} the frame ends at its last byte and all fits.`];
  if (declared < carried) return [];
  return [`${where}: ${declared - carried} bytes are missing, or it is too large.`];
}

function swapped(value: number): number {
  return ((value & 0xff) << 8) | (value >> 8);
}

function checkByteHints(bytes: Buffer): readonly string[] {
  const declared = bytes.readUInt16BE(lengthOffset);
  const bccAt = dataOffset + declared;
  const found = bytes[bccAt];
  if (found === undefined || checkByteOf(bytes.subarray(0, bccAt + 1)) === found) return [];
  const wanted = 'the XOR of bytes 2 (command) to the last one of the data unit';
  const others: readonly (readonly [number, string])[] = [
    [xorOf(bytes, dataOffset, bccAt), 'the XOR of the data unit alone'],
    [xorOf(bytes, idOffset, bccAt), 'the XOR from the VIN on'],
    [xorOf(bytes, commandOffset + 1, bccAt), 'the XOR from the response flag on'],
    [sumOf(bytes, commandOffset, bccAt), 'the sum of the bytes'],
    [sumOf(bytes, 0, bccAt), 'the sum of all bytes before it'],
  ];
  const match = others.find(([value]) => value === found);
  return match === undefined ? [] : [`The check byte is ${match[1]}; it must be ${wanted}.`];
}

function xorOf(bytes: Buffer, from: number, to: number): number {
  return bytes.subarray(from, to).reduce((xor, byte) => xor ^ byte, 0);
}

function sumOf(bytes: Buffer, from: number, to: number): number {
  return bytes.subarray(from, to).reduce((sum, byte) => (sum + byte) & 0xff, 0);
}

/** Counts near the break are tried; each try decodes the frame once. */
const countsTriedMax = 24;

/** Of a longer frame none: trying would be a wait. */
const triedBytesMax = 2048;

interface Fit {
  readonly field: Explained;
  readonly value: number;
}

/** Which count, put to which value, lets an intact frame be read to its end. */
function countHints(bytes: Buffer, frame: Explained): readonly string[] {
  if (bytes.length > triedBytesMax) return [];
  const fields = [...leavesOf([frame])].filter(isCount).slice(-countsTriedMax);
  let fits: Fit[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const { field, value, changed } of countChanges(bytes, frame.at, fields)) {
    const [outcome, ...more] = decodeMessage(changed);
    if (outcome?.kind !== 'accept' || more.length > 0) continue;
    const oddity = oddityOf(explainMessage(changed));
    if (oddity < least) [least, fits] = [oddity, []];
    if (oddity === least) fits.push({ field, value });
  }
  // A count of the item that broke is the likeliest.
  const item = frame.parts.find(({ verdict }) => verdict === 'broken');
  const near = fits.filter(({ field }) => field.at >= (item?.at ?? 0));
  const shown = near.length > 0 ? near : fits;
  return shown.length > 3 ? [] : shown.map(countHint);
}

function countHint({ field: { name, at, raw }, value }: Fit): string {
  return `${name} (byte ${at}) says ${raw}; with ${value} all of the frame can be read.`;
}

function isCount({ name, verdict }: Explained): boolean {
  return /(count|length)$/i.test(name) && name !== 'dataLength' && verdict !== 'broken';
}

function* countChanges(bytes: Buffer, frameAt: number, fields: readonly Explained[]) {
  for (const field of fields) {
    const [at, size] = [field.at - frameAt, field.end - field.at];
    const most = size === 1 ? 253 : Math.min(65_531, bytes.length);
    for (let value = 0; value <= most; value += 1) {
      if (value === Number(field.raw)) continue;
      // A count that leaps fits by swallowing what follows.
      if (value > 2 * Number(field.raw) + 8) break;
      const changed = Buffer.from(bytes);
      changed.writeUIntBE(value, at, size);
      changed[changed.length - 1] = checkByteOf(changed);
      yield { field, value, changed };
    }
  }
}
