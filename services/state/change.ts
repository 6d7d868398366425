// How much a state has changed, as numbers inside the rules and as a word outside.

import type { Change } from '#shared/stream/processor.ts';

/** Comparable: the loudest of several changes is the greatest. */
export type Loudness = 0 | 1 | 2;

export const none = 0;
export const quiet = 1;
export const loud = 2;

export function louder(a: Loudness, b: Loudness): Loudness {
  return a > b ? a : b;
}

const words: readonly Change[] = ['none', 'quiet', 'loud'];

export function changeOf(loudness: Loudness): Change {
  return words[loudness]!;
}
