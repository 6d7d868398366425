// Big-endian integers out of bytes, without a view for each frame. The caller has checked that the
// bytes are there.

export function readWord(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

export function readDword(bytes: Uint8Array, at: number): number {
  return readWord(bytes, at) * 0x1_0000 + readWord(bytes, at + 2);
}

export function readInteger(bytes: Uint8Array, at: number, size: 1 | 2 | 4): number {
  switch (size) {
    case 1:
      return bytes[at] as number;
    case 2:
      return readWord(bytes, at);
    case 4:
      return readDword(bytes, at);
  }
}

/** 0x0200 and the like, as they are written in the standard. */
export function hexId(id: number, digits = 4): string {
  return `0x${id.toString(16).padStart(digits, '0').toUpperCase()}`;
}
