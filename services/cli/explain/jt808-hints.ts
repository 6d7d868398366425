// What senders of JT/T 808 often do wrong, tried out on a refused payload: no flags, text in place
// of bytes, a check byte over the wrong bytes, bytes that were not escaped, another body length.

import type { Explained } from '#shared/frame/explained.ts';
import { decodeMessage } from '#shared/frame/jt808/decode-message.ts';

const [flag, escapeByte] = [0x7e, 0x7d];

/** Of a payload with one frame, or what should be one. */
export function jt808Hints(payload: Uint8Array, told: readonly Explained[]): readonly string[] {
  if (told.every(({ verdict }) => verdict !== 'broken')) return [];
  const bytes = Buffer.from(payload);
  const text = bytes.toString('latin1').trim();
  if (/^7e[0-9a-f\s]*7e$/i.test(text)) {
    return [`The payload is hex text; send the ${text.length >> 1} bytes that it stands for.`];
  }
  if (/^fg[A-Za-z0-9+/\s]*=*$/.test(text)) {
    return ['The payload is Base64 text; send the bytes that it stands for.'];
  }
  const flagless = Buffer.from([flag, ...bytes, flag]);
  if (isGood(flagless))
    return ['The flags are missing: with 0x7E before and behind it is a frame.'];
  if (bytes[0] !== flag || bytes.at(-1) !== flag) return [];
  return contentHints(bytes.subarray(1, -1));
}

/** Between the flags. */
function contentHints(content: Buffer): readonly string[] {
  if (isGood(framed(content))) {
    return ['A 0x7E or 0x7D inside was not escaped: send 0x7D 0x02 and 0x7D 0x01 in its place.'];
  }
  const plain = unescaped(content);
  const body = plain.subarray(0, -1);
  const escapedXor = xorOf(content.subarray(0, -1));
  const right = framed(Buffer.from([...body, xorOf(body)]));
  if (escapedXor === plain.at(-1) && isGood(right)) {
    return ['The check byte is the XOR of the escaped bytes; it is taken before escaping.'];
  }
  return lengthHint(plain);
}

function lengthHint(plain: Buffer): readonly string[] {
  if (plain.length < 13) return [];
  const properties = plain.readUInt16BE(2);
  const header = ((properties & 0x4000) === 0 ? 12 : 17) + ((properties & 0x2000) === 0 ? 0 : 4);
  const carried = plain.length - 1 - header;
  const declared = properties & 0x3ff;
  if (carried < 0 || carried > 0x3ff || declared === carried) return [];
  const where = `The properties say a body of ${declared} bytes, ${carried} are there`;
  if (declared === carried + header || declared === plain.length) {
    return [`${where}: the length counts the body alone, not the header.`];
  }
  return [`${where}.`];
}

function isGood(bytes: Buffer): boolean {
  const outcomes = decodeMessage(bytes);
  return outcomes.length === 1 && outcomes[0]?.kind !== 'reject';
}

/** Escaped, between flags. */
function framed(content: Buffer): Buffer {
  const bytes = [...content].flatMap((byte) => {
    if (byte === flag) return [escapeByte, 0x02];
    return byte === escapeByte ? [escapeByte, 0x01] : [byte];
  });
  return Buffer.from([flag, ...bytes, flag]);
}

function unescaped(content: Buffer): Buffer {
  const bytes: number[] = [];
  for (let at = 0; at < content.length; at += 1) {
    const byte = content[at] as number;
    const next = content[at + 1];
    if (byte === escapeByte && (next === 0x01 || next === 0x02)) {
      bytes.push(next === 0x01 ? escapeByte : flag);
      at += 1;
    } else bytes.push(byte);
  }
  return Buffer.from(bytes);
}

function xorOf(bytes: Uint8Array): number {
  return bytes.reduce((xor, byte) => xor ^ byte, 0);
}
