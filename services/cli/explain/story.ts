// All that is known of one payload, before anybody renders it: how it reads byte by byte, what may
// be wrong with it, and what the bridge makes of it.

import { leavesOf } from '#shared/frame/explain-parts.ts';
import type { Explained } from '#shared/frame/explained.ts';
import type { Outcome } from '#shared/frame/outcome.ts';
import { type Becomes, createBecome, nobody } from './becomes.ts';
import { type ExplainedCodec, guessCodec } from './codecs.ts';
import { type Flip, findFlips } from './flipped-bit.ts';

export interface Story {
  readonly entry: ExplainedCodec;
  /** Why this codec, where it was guessed; null where it was given. */
  readonly guessedBecause: string | null;
  readonly payload: Buffer;
  readonly vehicleId: string;
  readonly told: readonly Explained[];
  readonly outcomes: readonly Outcome<unknown>[];
  /** Whether the bridge would produce a record of every frame. */
  readonly isAccepted: boolean;
  /** What may be wrong, a sentence each, the surest first. */
  readonly suspicions: readonly string[];
  /** A single bit that explains all, where it can be named; `at` is in the payload. */
  readonly flips: readonly Flip[];
  readonly becomes: Becomes;
}

export interface StoryOptions {
  readonly payload: Buffer;
  /** Null: to be guessed. */
  readonly entry: ExplainedCodec | null;
  /** Null: that of the frame. */
  readonly vehicleId: string | null;
  readonly receivedAt: number;
  /** Null: signatures are not checked. */
  readonly keysFolder: string | null;
}

export async function storyOf(options: StoryOptions): Promise<Story> {
  const { payload, receivedAt } = options;
  const guess = options.entry === null ? guessCodec(payload) : null;
  const entry = options.entry ?? (guess?.entry as ExplainedCodec);
  const told = entry.explain(payload);
  const outcomes = entry.decode(payload);
  const vehicleId = options.vehicleId ?? identityIn(told, entry);
  const become = await createBecome({ keysFolder: options.keysFolder });
  const made = become(payload, { codec: entry.codec, vehicleId, receivedAt });
  const { sentences, flips } = flipsOf(entry, payload, outcomes);
  return {
    entry,
    guessedBecause: guess?.because ?? null,
    payload,
    vehicleId,
    told,
    outcomes,
    isAccepted: made.refusals.length === 0,
    suspicions: [...(flips.length > 0 ? [] : entry.hints(payload, told)), ...sentences],
    flips,
    becomes: made,
  };
}

/** Who sent it, by the frame itself. */
export function identityIn(told: readonly Explained[], { identityField }: ExplainedCodec): string {
  for (const { name, raw, value } of leavesOf(told)) {
    const id = value ?? raw;
    if (name === identityField && id !== null && /^[\w.:-]{1,128}$/.test(id)) return id;
  }
  return nobody;
}

/** More than this many cannot be told apart by eye either. */
const flipsNamedMax = 3;

interface FlipsTold {
  readonly sentences: readonly string[];
  readonly flips: readonly Flip[];
}

/** Of the first refused stretch: the others are its like, or what follows from it. */
function flipsOf(
  entry: ExplainedCodec,
  payload: Buffer,
  outcomes: readonly Outcome<unknown>[],
): FlipsTold {
  const refused = outcomes.find(({ kind, bytes }) => kind === 'reject' && bytes.length > 0);
  if (refused === undefined) return { sentences: [], flips: [] };
  const { length, byteOffset } = refused.bytes;
  // A view of the payload, except where a codec hands on bytes of its own.
  const at = refused.bytes.buffer === payload.buffer ? byteOffset - payload.byteOffset : 0;
  return tellFlips(entry, payload.subarray(at, at + length), at);
}

function tellFlips(entry: ExplainedCodec, stretch: Buffer, from: number): FlipsTold {
  const found = findFlips(entry, stretch);
  if (found === null) return { sentences: [], flips: [] };
  const flips = found.flips.map((flip) => ({ ...flip, at: flip.at + from }));
  if (flips.length > flipsNamedMax) return { sentences: [manyText(flips)], flips: [] };
  const all = flips.map(flipText).join('; or ');
  const which = flips.length === 1 ? ': ' : ', one of: ';
  return { sentences: [`One ${kindOf(flips)} would explain it${which}${all}.`], flips };
}

function kindOf(flips: readonly Flip[]): string {
  return flips.every(({ mask }) => bitOf(mask) !== null) ? 'flipped bit' : 'wrong byte';
}

/** Null for more bits than one. */
export function bitOf(mask: number): number | null {
  const bit = 31 - Math.clz32(mask);
  return mask === 1 << bit ? bit : null;
}

/** `bit 4 of byte 31`, or the byte alone. */
export function placeOf({ at, mask }: Pick<Flip, 'at' | 'mask'>): string {
  const bit = bitOf(mask);
  return bit === null ? `byte ${at}` : `bit ${bit} of byte ${at}`;
}

/** `bit 4 of byte 31, vehicleStatus was sent as 1 (started), found as 17` */
function flipText(flip: Flip): string {
  const { found, sent } = flip;
  const change = `${sent.name} was sent as ${fieldText(sent)}`;
  const now = found.name === sent.name ? `, found as ${fieldText(found)}` : '';
  return `${placeOf(flip)}, ${change}${now}`;
}

function fieldText({ raw, value, unit }: Explained): string {
  const told = unit === '' ? '' : ` ${unit}`;
  if (value === null) return raw ?? 'bytes';
  return value === raw ? `${raw}${told}` : `${raw} (${value}${told})`;
}

function manyText(flips: readonly Flip[]): string {
  const masks = new Set(flips.map(({ mask }) => mask));
  const [first, last] = [flips[0] as Flip, flips.at(-1) as Flip];
  const bit = bitOf(first.mask);
  const which = masks.size > 1 ? 'a bit of' : bit === null ? '' : `bit ${bit} of`;
  return (
    `One ${kindOf(flips)} would explain it: ${which} any of ${flips.length} bytes from ` +
    `${first.at} to ${last.at}. No field stands out, so its value is a likely one either way.`
  ).replace(':  ', ': ');
}
