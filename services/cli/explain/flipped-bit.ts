// Whether one flipped bit, or one wrong byte, explains a refused stretch: each is put right in
// turn, and of the frames that then hold those are kept that read best.

import { leavesOf } from '#shared/frame/explain-parts.ts';
import type { Explained } from '#shared/frame/explained.ts';
import type { ExplainedCodec } from './codecs.ts';
import { oddityOf } from './oddity.ts';

export interface Flip {
  /** In the stretch. */
  readonly at: number;
  /** Bits of that byte that were sent the other way round. */
  readonly mask: number;
  /** The field that holds the byte, as it is and as it was sent. */
  readonly found: Explained;
  readonly sent: Explained;
}

export interface Flips {
  /** The best; more than one where they cannot be told apart. */
  readonly flips: readonly Flip[];
  /** Of all changes that make the frame hold, how many read worse. */
  readonly worseCount: number;
}

/** Decodes a stretch 8 times for each of its bytes: more than this would be a wait. */
export const stretchBytesMax = 2048;

/** Explained again, which costs more, to see how well they read. */
const candidatesMax = 2048;

/** Null where nothing of the kind explains it, or the stretch is too long to try. */
export function findFlips(codec: ExplainedCodec, stretch: Uint8Array): Flips | null {
  if (stretch.length > stretchBytesMax) return null;
  const found = codec.explain(stretch);
  return tryMasks(codec, stretch, { found, masks: singleBits }) ?? tryByte(codec, stretch, found);
}

const singleBits = [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => 1 << bit);

/** By how much the check byte is wrong, one byte is wrong. */
function tryByte(codec: ExplainedCodec, stretch: Uint8Array, found: readonly Explained[]) {
  for (const { value, expected, verdict } of leavesOf(found)) {
    if (verdict !== 'broken') continue;
    const [is, wanted] = [value, expected].map((text) => /^0x(\w\w)\b/.exec(text ?? '')?.[1]);
    if (is === undefined || wanted === undefined) continue;
    const mask = Number.parseInt(is, 16) ^ Number.parseInt(wanted, 16);
    return tryMasks(codec, stretch, { found, masks: [mask] });
  }
  return null;
}

interface Trial {
  readonly found: readonly Explained[];
  readonly masks: readonly number[];
}

function tryMasks(
  codec: ExplainedCodec,
  stretch: Uint8Array,
  { found, masks }: Trial,
): Flips | null {
  const changed = Buffer.from(stretch);
  let best: Candidate[] = [];
  let [count, least] = [0, Number.POSITIVE_INFINITY];
  for (let place = 0; place < masks.length * stretch.length; place += 1) {
    const at = Math.floor(place / masks.length);
    const mask = masks[place % masks.length] as number;
    changed[at] = (changed[at] as number) ^ mask;
    if (count < candidatesMax && isWhole(codec, changed)) {
      count += 1;
      const sent = codec.explain(changed);
      const oddity = oddityOf(sent);
      if (oddity < least) [least, best] = [oddity, []];
      if (oddity === least) best.push({ at, mask, sent: leafAt(sent, at) });
    }
    changed[at] = (changed[at] as number) ^ mask;
  }
  if (best.length === 0) return null;
  const flips = best.map((one) => ({ ...one, found: leafAt(found, one.at) }));
  return { flips, worseCount: count - best.length };
}

interface Candidate {
  readonly at: number;
  readonly mask: number;
  readonly sent: Explained;
}

function isWhole({ decode }: ExplainedCodec, bytes: Uint8Array): boolean {
  const outcomes = decode(bytes);
  return outcomes.length === 1 && outcomes[0]?.kind !== 'reject';
}

export function leafAt(told: readonly Explained[], at: number): Explained {
  for (const leaf of leavesOf(told)) if (at >= leaf.at && at < leaf.end) return leaf;
  throw new Error(`byte ${at} is in no field`);
}
