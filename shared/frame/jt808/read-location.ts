// The location of 0x0200, written out: it is most of what terminals send. A test holds it equal to
// its layout table.

import { readTime } from './bcd.ts';
import type { Extra, ExtrasFault, Location } from './frame.ts';
import { hexId, readDword, readWord } from './integers.ts';
import { basicSize } from './layout-location.ts';

/**
 * From `at` up to, not including, `end`; the caller has checked that 28 bytes are there. Extra
 * items are tolerant: one that declares more than is left, or a single stray byte, ends their
 * walk, and all before it stands (frames of some makers end with a block of another form).
 */
export function readLocation(bytes: Uint8Array, at: number, end: number): Location {
  const extras: Extra[] = [];
  return {
    kind: 'location',
    alarm: readDword(bytes, at),
    status: readDword(bytes, at + 4),
    latitude: readDword(bytes, at + 8),
    longitude: readDword(bytes, at + 12),
    altitude: readWord(bytes, at + 16),
    speed: readWord(bytes, at + 18),
    direction: readWord(bytes, at + 20),
    time: readTime(bytes, at + 22),
    extras,
    extrasFault: readExtras(bytes, { at, end }, extras),
    bytes: at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end),
  };
}

interface Range {
  /** Start of the location. */
  readonly at: number;
  readonly end: number;
}

function readExtras(bytes: Uint8Array, { at, end }: Range, extras: Extra[]): ExtrasFault | null {
  let next = at + basicSize;
  while (next < end) {
    const id = bytes[next] as number;
    if (next + 1 === end) {
      const detail = `item ${hexId(id, 2)} without a length`;
      return { at: next - at, detail };
    }
    const length = bytes[next + 1] as number;
    extras.push({ id, length, at: next + 2 - at });
    if (next + 2 + length > end) {
      const detail = `item ${hexId(id, 2)} declares ${length}, ${end - next - 2} left`;
      return { at: next - at, detail };
    }
    next += 2 + length;
  }
  return null;
}

/** The data of an item: a view, of the last one before a fault what is left. */
export function extraData({ bytes }: Location, { at, length }: Extra): Uint8Array {
  return bytes.subarray(at, at + length);
}
