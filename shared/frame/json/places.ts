// Where in the bytes a value of a JSON document stands, and which value stands at a byte: JSON
// pointers (RFC 6901) to offsets and back. Builds nothing but the names on the way.

import { TokenCursor } from './tokens.ts';

export interface Place {
  /** Opening quote of the key; null at the top and in an array. */
  readonly keyAt: number | null;
  /** First byte of the value. */
  readonly at: number;
}

/** Where the value of a pointer stands; null where there is none. Of well-formed JSON only. */
export function placeAt(
  bytes: Uint8Array,
  pointer: string,
  { at, end }: { readonly at: number; readonly end: number },
): Place | null {
  const cursor = new TokenCursor(bytes, at, end);
  if (!cursor.next()) return null;
  let keyAt: number | null = null;
  for (const step of pointer.split('/').slice(1)) {
    if (cursor.kind !== 'open') return null;
    keyAt = goTo(cursor, bytes, step.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (keyAt === missing) return null;
    if (keyAt === unnamed) keyAt = null;
  }
  return { keyAt, at: cursor.at };
}

const missing = -1;
const unnamed = -2;

/** From the bracket that opens to its value of that name or index: answers where the key is. */
function goTo(cursor: TokenCursor, bytes: Uint8Array, name: string): number {
  const { depth, isInObject } = cursor;
  const wanted = isInObject ? missing : Number(name);
  let index = 0;
  let keyAt = missing;
  while (cursor.next()) {
    if (cursor.depth < depth) return missing;
    if (cursor.kind === 'key' && cursor.depth === depth) {
      keyAt = isNamed(bytes, cursor, name) ? cursor.at : missing;
      continue;
    }
    const isMark = cursor.kind === 'mark' || cursor.kind === 'close';
    const begins = cursor.depth === depth || (cursor.kind === 'open' && cursor.depth === depth + 1);
    if (isMark || !begins) continue;
    if (isInObject ? keyAt !== missing : index === wanted) return isInObject ? keyAt : unnamed;
    index += 1;
  }
  return missing;
}

/** Compares bytes: only a key with escapes is built. */
function isNamed(bytes: Uint8Array, { at, end }: TokenCursor, name: string): boolean {
  for (let place = at + 1; place < end - 1; place += 1) {
    const byte = bytes[place] as number;
    if (byte === 0x5c || byte > 0x7f) return keyOf(bytes, at, end) === name;
    if (name.charCodeAt(place - at - 1) !== byte) return false;
  }
  return name.length === end - at - 2;
}

/** Deeper brackets are never in a pointer that is told. */
const depthMax = 16;

/** The pointer of the value that holds the byte at `offset`, in a document that begins at `at`. */
export function pointerAt(bytes: Uint8Array, at: number, offset: number): string {
  const cursor = new TokenCursor(bytes, at, Math.min(offset + 1, bytes.length));
  const keyAts = new Int32Array(depthMax).fill(missing);
  const keyEnds = new Int32Array(depthMax);
  const indices = new Int32Array(depthMax);
  let objects = 0;
  let depth = 0;
  while (cursor.next()) {
    // The byte itself opens, closes and names nothing yet.
    if (cursor.at >= offset && cursor.kind !== 'scalar') break;
    depth = Math.min(cursor.depth, depthMax);
    const level = depth - 1;
    if (cursor.kind === 'open' && depth > 0) {
      keyAts[level] = missing;
      indices[level] = 0;
      objects = cursor.isInObject ? objects | (1 << level) : objects & ~(1 << level);
    } else if (cursor.kind === 'key' && depth > 0) {
      keyAts[level] = cursor.at;
      keyEnds[level] = cursor.end;
    } else if (cursor.kind === 'mark' && bytes[cursor.at] === 0x2c && depth > 0) {
      indices[level] = (indices[level] as number) + 1;
      keyAts[level] = missing;
    }
  }
  let pointer = '';
  for (let level = 0; level < depth; level += 1) {
    const keyAt = keyAts[level] as number;
    // An object without a key yet adds nothing: the fault is the object's.
    if (((objects >> level) & 1) === 0) pointer += `/${indices[level]}`;
    else if (keyAt !== missing) {
      pointer += `/${escapeStep(keyOf(bytes, keyAt, keyEnds[level] as number))}`;
    }
  }
  return pointer;
}

/** RFC 6901 section 3. */
export function escapeStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The text of a key token; of one that is cut short, or no text, as far as it goes. */
function keyOf(bytes: Uint8Array, at: number, end: number): string {
  const short = Math.min(end, at + keyBytesTold);
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset + at, short - at).toString('utf8');
  try {
    return JSON.parse(raw) as string;
  } catch {
    return raw.slice(1, 65);
  }
}

/** As long as a key may be, with room for its quotes. */
const keyBytesTold = 1024;
