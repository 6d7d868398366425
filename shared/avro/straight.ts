// Avro's bytes by hand, for what is written straight from a frame without an object of its own.
// Each function writes from `at` on and answers where the next byte goes; room is the caller's.

/** A slab, as bytes and as numbers. */
export interface Slab {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** Writes a value from `at` on; answers where it ends, or `declined`. */
export interface ValueWriter {
  write(slab: Slab, at: number): number;
}

/** Nothing that was written counts: the value must be encoded in another way. */
export const declined = -1;

/** Zigzag of the union's index in [null, T]. */
export const nullBranch = 0;
export const otherBranch = 2;

export function slabOf(bytes: Buffer): Slab {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** A string as it stands in a record; `branch` where it is of a union [null, string]. */
export function avroText(text: string, branch?: typeof otherBranch): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  const target = Buffer.alloc(bytes.length + 11);
  let at = 0;
  if (branch !== undefined) target[at++] = branch;
  at = writeLong(target, at, bytes.length);
  bytes.copy(target, at);
  return Uint8Array.prototype.slice.call(target, 0, at + bytes.length);
}

/** The null of a union, as a text of its own. */
export const noText = Uint8Array.of(nullBranch);

/** Of few bytes: a loop is quicker than a call of `set`, up to about 32 of them. */
export function writeBytes(bytes: Buffer, at: number, text: Uint8Array): number {
  const { length } = text;
  for (let index = 0; index < length; index += 1) bytes[at + index] = text[index]!;
  return at + length;
}

/** An int or long within 32 bits. */
export function writeInt(bytes: Buffer, from: number, value: number): number {
  let at = from;
  let rest = (value << 1) ^ (value >> 31);
  while ((rest & ~0x7f) !== 0) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

/** A long from 0 to 2^52. */
export function writeLong(bytes: Buffer, from: number, value: number): number {
  if (value < intsEnd) return writeInt(bytes, from, value);
  const zigzag = value * 2;
  const high = Math.floor(zigzag / fourGroups);
  const low = zigzag - high * fourGroups;
  bytes[from] = (low & 0x7f) | 0x80;
  bytes[from + 1] = ((low >>> 7) & 0x7f) | 0x80;
  bytes[from + 2] = ((low >>> 14) & 0x7f) | 0x80;
  bytes[from + 3] = (low >>> 21) | 0x80;
  let at = from + 4;
  let rest = high;
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

const intsEnd = 2 ** 30;
const fourGroups = 2 ** 28;
/** Above it, `high` leaves the 32 bits of a shift. */
export const longMax = 2 ** 52;

/** Of a union [null, int]. */
export function writeSomeInt(bytes: Buffer, at: number, value: number): number {
  bytes[at] = otherBranch;
  return writeInt(bytes, at + 1, value);
}

export function writeNullableInt(bytes: Buffer, at: number, value: number | null): number {
  if (value !== null) return writeSomeInt(bytes, at, value);
  bytes[at] = nullBranch;
  return at + 1;
}

/** Of a union [null, double]. */
export function writeSomeDouble({ bytes, view }: Slab, at: number, value: number): number {
  bytes[at] = otherBranch;
  view.setFloat64(at + 1, value, true);
  return at + 9;
}

export function writeNullableDouble(slab: Slab, at: number, value: number | null): number {
  if (value !== null) return writeSomeDouble(slab, at, value);
  slab.bytes[at] = nullBranch;
  return at + 1;
}
