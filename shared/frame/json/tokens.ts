// The tokens of JSON bytes, also of bytes that are no JSON: then a token is what looks like one,
// and the last may be cut short. One cursor, nothing is made per token.

export type TokenKind = 'open' | 'close' | 'key' | 'scalar' | 'mark';

/** Stands on one token at a time, and knows in which objects and arrays that is. */
export class TokenCursor {
  kind: TokenKind = 'mark';
  at = 0;
  /** Behind the token. */
  end: number;
  readonly #bytes: Uint8Array;
  readonly #to: number;
  /** A bit for each bracket that is open, the innermost lowest: 1 is an object. */
  #objects = 0;
  #depth = 0;
  #wantsKey = false;

  constructor(bytes: Uint8Array, from: number, to: number) {
    this.#bytes = bytes;
    this.#to = to;
    this.end = from;
  }

  /** False at the end. */
  next(): boolean {
    const bytes = this.#bytes;
    let at = this.end;
    while (at < this.#to && isSpace(bytes[at] as number)) at += 1;
    if (at >= this.#to) return false;
    const byte = bytes[at] as number;
    const kind = kindOf(byte, this.#wantsKey);
    this.kind = kind;
    this.at = at;
    const isLong = kind === 'key' || kind === 'scalar';
    this.end = isLong ? scalarEnd(bytes, at, this.#to) : at + 1;
    if (kind === 'open') this.#push(byte === 0x7b);
    else if (kind === 'close') this.#pop();
    if (kind !== 'scalar') {
      this.#wantsKey = this.isInObject && (byte === 0x7b || byte === 0x2c);
    }
    return true;
  }

  get isInObject(): boolean {
    return (this.#objects & 1) === 1;
  }

  get depth(): number {
    return this.#depth;
  }

  /** Deeper than 31 is no document that is read: there the cursor takes objects for arrays. */
  #push(isObject: boolean): void {
    this.#objects = (this.#objects << 1) | (isObject ? 1 : 0);
    this.#depth += 1;
  }

  #pop(): void {
    this.#objects >>>= 1;
    this.#depth = Math.max(0, this.#depth - 1);
  }
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

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** A quote too: two texts without a comma are two tokens. */
function isDelimiter(byte: number): boolean {
  switch (byte) {
    case 0x7b:
    case 0x7d:
    case 0x5b:
    case 0x5d:
    case 0x2c:
    case 0x3a:
    case 0x22:
      return true;
    default:
      return isSpace(byte);
  }
}
