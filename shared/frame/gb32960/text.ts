// Fixed-width texts: ASCII padded with 0x00 at the end. Read as latin1, so that bytes which are no
// ASCII survive decode and encode unchanged.

/** The text without its padding. */
export function readText(bytes: Uint8Array, at: number, size: number): string {
  let end = at + size;
  while (end > at && bytes[end - 1] === 0x00) end -= 1;
  let text = '';
  for (let index = at; index < end; index += 1) {
    text += String.fromCharCode(bytes[index] as number);
  }
  return text;
}

/** The 17 bytes of a frame's id without their padding. */
export function readId(bytes: Uint8Array, at: number): string {
  if (bytes[at + 16] === 0x00) return readText(bytes, at, 17);
  // Written out: 20 ns instead of 74 ns, once per frame.
  return String.fromCharCode(
    bytes[at] as number,
    bytes[at + 1] as number,
    bytes[at + 2] as number,
    bytes[at + 3] as number,
    bytes[at + 4] as number,
    bytes[at + 5] as number,
    bytes[at + 6] as number,
    bytes[at + 7] as number,
    bytes[at + 8] as number,
    bytes[at + 9] as number,
    bytes[at + 10] as number,
    bytes[at + 11] as number,
    bytes[at + 12] as number,
    bytes[at + 13] as number,
    bytes[at + 14] as number,
    bytes[at + 15] as number,
    bytes[at + 16] as number,
  );
}

/** Writes `size` bytes. Throws for a text that does not fit or is not latin1. */
export function writeText(target: Uint8Array, at: number, size: number, text: string): void {
  if (text.length > size) {
    throw new RangeError(`text of at most ${size} characters wanted, found ${text.length}`);
  }
  for (let index = 0; index < size; index += 1) {
    const code = index < text.length ? text.charCodeAt(index) : 0x00;
    if (code > 0xff) throw new RangeError(`latin1 text wanted, found ${JSON.stringify(text)}`);
    target[at + index] = code;
  }
}
