// What the fuzz needs to know of a codec: payloads that are known, ways to make them wrong, and
// how they are read.

import { readdirSync, readFileSync } from 'node:fs';
import type { Random } from '#loadtest/fleet/random.ts';
import type { Explained } from '#shared/frame/explained.ts';
import type { Outcome } from '#shared/frame/outcome.ts';
import type { Codec } from '#shared/topics.ts';

export interface FuzzCodec {
  /** As topics name it. */
  readonly name: Codec;
  /** Payloads as they are known, good and bad. */
  readonly corpus: readonly Buffer[];
  readonly mutations: readonly Mutation[];
  /** As long as a payload may be, or near it: there a slow walk shows. */
  fill(payload: Buffer, random: Random): Buffer;
  decode(payload: Buffer): readonly Outcome<unknown>[];
  describe(payload: Buffer): unknown;
  explain?(payload: Buffer): readonly Explained[];
  /** Of a codec whose frames may share a byte: the flag that ends one begins the next. */
  readonly sharesBytes?: boolean;
  /** What may stand around frames and belong to none. Default: nothing. */
  readonly between?: RegExp;
  /** The level of the topic under which these frames would come; null: any. */
  vehicleIdOf(outcomes: readonly Outcome<unknown>[]): string | null;
  /** Of a codec whose frames keep all their bytes: throws where these are not the same again. */
  checkSame?(outcome: Outcome<unknown>): void;
}

/** May write into the payload, which is a copy. */
export type Mutation = (payload: Buffer, random: Random) => Buffer;

/** At most this many bytes: the default limit of a payload. */
export const payloadBytesMax = 65_536;

/** The payloads of test/golden, in hex or as text. */
export function goldenPayloads(codec: string): readonly Buffer[] {
  const folder = new URL(`../golden/${codec}/`, import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.flatMap((name) => {
    const records: readonly Golden[] = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    return records.map(({ hex, text }) => (text === undefined ? hexOf(hex) : Buffer.from(text)));
  });
}

interface Golden {
  readonly hex?: string;
  readonly text?: string;
}

function hexOf(hex: string | undefined): Buffer {
  if (hex === undefined) throw new Error('want hex or text in a golden record');
  return Buffer.from(hex, 'hex');
}
