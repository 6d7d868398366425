// What each reason code means, and what to do: one entry per code, for the page of reasons and for
// whoever has a refused frame on the screen. Words only.

import { keptReasons } from './kept-reasons.ts';
import type { ReasonCode } from './outcome.ts';
import { refusedReasons } from './refused-reasons.ts';

export interface ReasonEntry {
  readonly meaning: string;
  /** A frame that comes to this code, a topic on which a good frame does, or one in words. */
  readonly example: ReasonExample | null;
  readonly toDo: string;
}

export type ReasonExample =
  | {
      /** In hex, on the topic of a codec: `gb32960` where none is named. Spaces part the fields. */
      readonly hex: string;
      readonly codec?: string;
    }
  | {
      /** The payload as text. */
      readonly text: string;
      readonly codec: string;
    }
  | { readonly topic: string }
  | { readonly words: string };

const all: Readonly<Record<ReasonCode, ReasonEntry>> = { ...refusedReasons, ...keptReasons };

/** Null for a code of another room. */
export function reasonEntry(code: string): ReasonEntry | null {
  return Object.hasOwn(all, code) ? all[code as ReasonCode] : null;
}
