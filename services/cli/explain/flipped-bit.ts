// Whether one flipped bit explains a refused stretch: each bit is flipped back in turn, and of the
// frames that then hold those are kept that read best.

import { leavesOf } from '#shared/frame/explain-parts.ts';
import type { Explained } from '#shared/frame/explained.ts';
import type { ExplainedCodec } from './codecs.ts';
import { oddityOf } from './oddity.ts';

export interface Flip {
  /** In the stretch. */
  readonly at: number;
  readonly bit: number;
  /** The field that holds the byte, as it is and as it was sent. */
  readonly found: Explained;
  readonly sent: Explained;
}

export interface Flips {
  /** The best; more than one where they cannot be told apart. */
  readonly flips: readonly Flip[];
  /** Of all flips that make the frame hold, how many read worse. */
  readonly worseCount: number;
}

/** Decodes a stretch 8 times for each of its bytes: more than this would be a wait. */
export const stretchBytesMax = 2048;

/** Explained again, which costs more, to see how well they read. */
const candidatesMax = 2048;

/** Null where no single bit explains it, or the stretch is too long to try. */
export function findFlips(codec: ExplainedCodec, stretch: Uint8Array): Flips | null {
  if (stretch.length > stretchBytesMax) return null;
  const found = codec.explain(stretch);
  const changed = Buffer.from(stretch);
  let best: Candidate[] = [];
  let [count, least] = [0, Number.POSITIVE_INFINITY];
  for (let place = 0; place < 8 * stretch.length && count < candidatesMax; place += 1) {
    const [at, bit] = [place >> 3, place & 7];
    changed[at] = (changed[at] as number) ^ (1 << bit);
    if (isWhole(codec, changed)) {
      count += 1;
      const sent = codec.explain(changed);
      const oddity = oddityOf(sent);
      if (oddity < least) [least, best] = [oddity, []];
      if (oddity === least) best.push({ at, bit, sent });
    }
    changed[at] = (changed[at] as number) ^ (1 << bit);
  }
  if (best.length === 0) return null;
  const flips = best.map(({ at, bit, sent }) => ({
    at,
    bit,
    found: leafAt(found, at),
    sent: leafAt(sent, at),
  }));
  return { flips, worseCount: count - best.length };
}

interface Candidate {
  readonly at: number;
  readonly bit: number;
  readonly sent: readonly Explained[];
}

function isWhole({ decode }: ExplainedCodec, bytes: Uint8Array): boolean {
  const outcomes = decode(bytes);
  return outcomes.length === 1 && outcomes[0]?.kind !== 'reject';
}

export function leafAt(told: readonly Explained[], at: number): Explained {
  for (const leaf of leavesOf(told)) if (at >= leaf.at && at < leaf.end) return leaf;
  throw new Error(`byte ${at} is in no field`);
}
