// The text of a document for JSON.parse, in which no integer loses a digit.

export interface DocumentRange {
  readonly at: number;
  readonly end: number;
  /** Begin and end of each, one after the other. */
  readonly wideIntegers: readonly number[];
}

/** Each integer beyond 2^53 - 1 is a text of its digits. */
export function exactText(bytes: Uint8Array, { at, end, wideIntegers }: DocumentRange): string {
  const pieces: string[] = [];
  let from = at;
  for (let index = 0; index < wideIntegers.length; index += 2) {
    const wideAt = wideIntegers[index] as number;
    const wideEnd = wideIntegers[index + 1] as number;
    pieces.push(textOf(bytes, from, wideAt), '"', textOf(bytes, wideAt, wideEnd), '"');
    from = wideEnd;
  }
  pieces.push(textOf(bytes, from, end));
  return pieces.join('');
}

/** Of bytes that the scan has found to be UTF-8. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
}
