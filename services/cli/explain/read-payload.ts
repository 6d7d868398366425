// What was typed, piped or kept in a file, as the bytes of a payload: hex in any dress, JSON as it
// is, or bytes.

import { existsSync, readFileSync, statSync } from 'node:fs';
import type { CliContext } from '../context.ts';

export type Payload =
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly from: string }
  | { readonly kind: 'fault'; readonly detail: string };

/** 1 MiB: 16 times what a message can be. */
const bytesMax = 1024 * 1024;

/** `words` are the arguments: hex that a shell has split, a file, or `-`; none is `-` too. */
export async function readPayload(words: readonly string[], context: CliContext): Promise<Payload> {
  const [first, ...more] = words;
  if (first === undefined || (first === '-' && more.length === 0)) {
    return payloadIn(await readInput(context.input), 'stdin');
  }
  const text = words.join(' ');
  if (more.length === 0 && existsSync(first) && statSync(first).isFile()) {
    const { size } = statSync(first);
    if (size > 4 * bytesMax) return oversize(size);
    return payloadIn(readFileSync(first), first);
  }
  const payload = payloadIn(Buffer.from(text), 'the command line');
  if (payload.kind === 'bytes' && payload.bytes.equals(Buffer.from(text)) && !isJson(text)) {
    return { kind: 'fault', detail: `hex, a file or - wanted, found ${quoted(text)}` };
  }
  return payload;
}

/** Text that is hex is hex; everything else is the payload itself. */
function payloadIn(content: Buffer, from: string): Payload {
  if (content.length > 4 * bytesMax) return oversize(content.length);
  const text = content.toString('latin1');
  if (isJson(text)) return { kind: 'bytes', bytes: trimmed(content), from };
  const hex = hexIn(text);
  if (hex === null) return { kind: 'bytes', bytes: content, from };
  if (hex.length % 2 !== 0) {
    return { kind: 'fault', detail: `an even number of hex digits wanted, found ${hex.length}` };
  }
  return { kind: 'bytes', bytes: Buffer.from(hex, 'hex'), from };
}

/** Digits without `0x`, `\x`, spaces, line breaks, commas, colons and dashes; null for no hex. */
export function hexIn(text: string): string | null {
  const digits = text.replaceAll(/0x|\\x|[\s,:;|-]/gi, '');
  return /^[0-9a-f]*$/i.test(digits) ? digits : null;
}

function isJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

/** Without the line break that editors leave at the end of a file. */
function trimmed(content: Buffer): Buffer {
  let end = content.length;
  while (end > 0 && (content[end - 1] === 0x0a || content[end - 1] === 0x0d)) end -= 1;
  return content.subarray(0, end);
}

async function readInput(input: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > 4 * bytesMax) break;
  }
  return Buffer.concat(chunks);
}

function oversize(length: number): Payload {
  return { kind: 'fault', detail: `at most ${4 * bytesMax} bytes wanted, found ${length}` };
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
