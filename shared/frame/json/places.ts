// Where in the bytes a value of a JSON document stands, and which value stands at a byte: JSON
// pointers (RFC 6901) to offsets and back. For faults and for people, not for every frame.

export interface Place {
  /** RFC 6901, from the start of the document. */
  readonly pointer: string;
  /** Opening quote of the key; null at the top and in an array. */
  readonly keyAt: number | null;
  /** First byte of the value. */
  readonly at: number;
}

export type TokenKind = 'open' | 'close' | 'key' | 'scalar' | 'mark';

export interface Token {
  readonly kind: TokenKind;
  readonly at: number;
  readonly end: number;
}

/**
 * The tokens between `from` and `to`; space is in none. Also of bytes that are no JSON: then a
 * token is what looks like one, and the last may be cut short.
 */
export function* tokensOf(bytes: Uint8Array, from: number, to: number): Generator<Token> {
  const isObject: boolean[] = [];
  let wantsKey = false;
  let at = from;
  while (at < to) {
    const byte = bytes[at] as number;
    if (isSpace(byte)) {
      at += 1;
      continue;
    }
    const kind = kindOf(byte, wantsKey);
    const end = kind === 'key' || kind === 'scalar' ? scalarEnd(bytes, at, to) : at + 1;
    yield { kind, at, end };
    if (kind === 'open') isObject.push(byte === 0x7b);
    if (kind === 'close') isObject.pop();
    const inObject = isObject.at(-1) === true;
    if (kind !== 'scalar') wantsKey = inObject && (byte === 0x7b || byte === 0x2c);
    at = end;
  }
}

/** Every value of a document, the outer before the inner ones. */
export function* placesOf(bytes: Uint8Array, from: number, to: number): Generator<Place> {
  const path = new Path(bytes);
  for (const token of tokensOf(bytes, from, to)) {
    const place = path.step(token);
    if (place !== null) yield place;
  }
}

/** Where the value of a pointer stands; null where there is none. */
export function placeAt(
  bytes: Uint8Array,
  pointer: string,
  { at, end }: { readonly at: number; readonly end: number },
): Place | null {
  for (const place of placesOf(bytes, at, end)) if (place.pointer === pointer) return place;
  return null;
}

/** The pointer of the value that holds the byte at `offset`, in a document that begins at `at`. */
export function pointerAt(bytes: Uint8Array, at: number, offset: number): string {
  const path = new Path(bytes);
  for (const token of tokensOf(bytes, at, Math.min(offset + 1, bytes.length))) {
    // The byte itself opens or closes nothing yet.
    if (token.at >= offset && token.kind !== 'key' && token.kind !== 'scalar') break;
    path.step(token);
  }
  return path.pointer();
}

/** The way down to the value at hand, token by token. */
class Path {
  readonly #bytes: Uint8Array;
  readonly #steps: { readonly isObject: boolean; name: string; index: number }[] = [];
  #keyAt: number | null = null;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The value that begins with this token; null where none does. */
  step({ kind, at, end }: Token): Place | null {
    const top = this.#steps.at(-1);
    if (kind === 'key' && top !== undefined) {
      top.name = keyOf(this.#bytes, at, end);
      this.#keyAt = at;
    }
    if (kind === 'mark' && this.#bytes[at] === 0x2c && top !== undefined) top.index += 1;
    if (kind === 'close') this.#steps.pop();
    if (kind !== 'open' && kind !== 'scalar') return null;
    const keyAt = top?.isObject === true ? this.#keyAt : null;
    const place = { pointer: this.pointer(), keyAt, at };
    if (kind === 'open') {
      this.#steps.push({ isObject: this.#bytes[at] === 0x7b, name: '', index: 0 });
    }
    return place;
  }

  pointer(): string {
    let pointer = '';
    for (const { isObject, name, index } of this.#steps) {
      // An object without a key yet adds nothing: the fault is the object's.
      if (!isObject) pointer += `/${index}`;
      else if (name !== '') pointer += `/${escapeStep(name)}`;
    }
    return pointer;
  }
}

/** RFC 6901 section 3. */
export function escapeStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function kindOf(byte: number, wantsKey: boolean): TokenKind {
  if (byte === 0x7b || byte === 0x5b) return 'open';
  if (byte === 0x7d || byte === 0x5d) return 'close';
  if (byte === 0x2c || byte === 0x3a) return 'mark';
  return byte === 0x22 && wantsKey ? 'key' : 'scalar';
}

function scalarEnd(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from] !== 0x22) {
    let at = from + 1;
    while (at < to && !isDelimiter(bytes[at] as number)) at += 1;
    return at;
  }
  for (let at = from + 1; at < to; at += 1) {
    if (bytes[at] === 0x5c) at += 1;
    else if (bytes[at] === 0x22) return at + 1;
  }
  return to;
}

/** The text of a key token; of one that is cut short, or no text, as far as it goes. */
function keyOf(bytes: Uint8Array, at: number, end: number): string {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('utf8');
  try {
    return JSON.parse(raw) as string;
  } catch {
    return raw.slice(1, 65);
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

// A quote too: two texts without a comma are two tokens.
const delimiters = new Set([...'{}[],:" \n\r\t'].map((character) => character.charCodeAt(0)));

function isDelimiter(byte: number): boolean {
  return delimiters.has(byte);
}
