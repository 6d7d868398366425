// The fuzz of all codecs: mutated payloads through decode and ingest, and what must hold of each.
// Faults are collected, not thrown, each with what makes its payload again.

import { checkPayload } from './checks.ts';
import type { FuzzCodec } from './fuzz-codec.ts';
import { mutatedPayload } from './mutate.ts';
import { openTally, type Tally } from './tally.ts';

export interface FuzzOptions {
  readonly codecs: readonly FuzzCodec[];
  readonly seed: number;
  /** Payloads over all codecs, which take turns. */
  readonly count: number;
  /** Called now and then with the payloads done so far. */
  readonly onProgress?: (doneCount: number) => void;
}

export interface FuzzFault {
  readonly codec: string;
  readonly index: number;
  readonly detail: string;
  /** Its beginning; seed and index make all of it. */
  readonly hex: string;
}

export interface FuzzResult {
  readonly seed: number;
  readonly count: number;
  /** Empty when all promises held; at most `faultsMax`. */
  readonly faults: readonly FuzzFault[];
  /** By codec. */
  readonly tallies: Readonly<Record<string, Tally>>;
}

const faultsMax = 20;
const shownBytes = 400;
const progressEvery = 10_000;
/** Payloads that are another codec's: a topic may say one thing and a terminal send another. */
const foreignEvery = 50;

/**
 * Mutates `count` payloads and looks at each. Never throws for what a payload does. Keeps the
 * thread until it is done: 50 to 100 µs a payload.
 */
export function fuzz({ codecs, seed, count, onProgress }: FuzzOptions): FuzzResult {
  const tallies = Object.fromEntries(codecs.map(({ name }) => [name, openTally()]));
  const faults: FuzzFault[] = [];
  for (let index = 0; index < count && faults.length < faultsMax; index += 1) {
    const codec = codecs[index % codecs.length] as FuzzCodec;
    const payload = payloadOf(codecs, codec, { seed, index });
    try {
      checkPayload({ codec, payload, index, tally: tallies[codec.name] as Tally });
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const hex = payload.toString('hex', 0, shownBytes);
      faults.push({ codec: codec.name, index, detail, hex });
    }
    if ((index + 1) % progressEvery === 0) onProgress?.(index + 1);
  }
  return { seed, count, faults, tallies };
}

function payloadOf(
  codecs: readonly FuzzCodec[],
  codec: FuzzCodec,
  { seed, index }: { readonly seed: number; readonly index: number },
): Buffer {
  const turn = Math.floor(index / codecs.length);
  const isForeign = turn % foreignEvery === foreignEvery - 1;
  const maker = isForeign ? codecs[turn % codecs.length] : codec;
  return mutatedPayload(maker as FuzzCodec, seed, index);
}
