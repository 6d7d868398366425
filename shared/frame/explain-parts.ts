// How a codec writes down what it explains: a leaf or a part with only what differs from the plain.

import type { Explained } from './explained.ts';

export type Given = Pick<Explained, 'name' | 'at' | 'end'> & Partial<Explained>;

/** A field that is `ok` and says nothing more than it is given. */
export function explained(given: Given): Explained {
  return {
    raw: null,
    value: null,
    unit: '',
    verdict: 'ok',
    clause: '',
    meaning: '',
    expected: null,
    parts: [],
    ...given,
  };
}

/** A part around its fields: broken where one of them is, else `ok`. */
export function partOf(given: Omit<Given, 'at' | 'end' | 'parts'>, parts: readonly Explained[]) {
  const isBroken = parts.some(({ verdict }) => verdict === 'broken');
  return explained({
    verdict: isBroken ? 'broken' : 'ok',
    ...given,
    at: parts[0]?.at ?? 0,
    end: parts.at(-1)?.end ?? 0,
    parts,
  });
}

/** All fields that have none of their own, in the order of the bytes. */
export function* leavesOf(parts: readonly Explained[]): Generator<Explained> {
  for (const part of parts) {
    if (part.parts.length === 0) yield part;
    else yield* leavesOf(part.parts);
  }
}

/** Bytes in pairs of digits: `1a 05 01`. */
export function hexBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** `0x0A` */
export function hexByte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0').toUpperCase()}`;
}
