// Mutations that know nothing of what the bytes mean. A codec mends what it checks first (length,
// check byte) in most of them, else all would end there.

import type { Random } from '#loadtest/fleet/random.ts';
import type { Mutation } from './fuzz-codec.ts';

/** Values at which fields, counts and sentinels turn. */
export const edges = [0x00, 0x01, 0x7d, 0x7e, 0x7f, 0x80, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];

export function byteMutations(
  corpus: readonly Buffer[],
  mend: (payload: Buffer) => Buffer,
): readonly Mutation[] {
  const maybeMended = (payload: Buffer, random: Random) =>
    random.chance(0.7) ? mend(payload) : payload;

  const flipBits: Mutation = (payload, random) => {
    for (let left = random.integer(1, 6); left > 0 && payload.length > 0; left -= 1) {
      const at = placeIn(payload, random);
      payload[at] = (payload[at] as number) ^ (1 << random.integer(0, 7));
    }
    return maybeMended(payload, random);
  };
  const cut: Mutation = (payload, random) =>
    maybeMended(payload.subarray(0, placeIn(payload, random)), random);
  /** The beginning of one payload and the end of another. */
  const splice: Mutation = (payload, random) => {
    const other = random.pick(corpus);
    const head = payload.subarray(0, placeIn(payload, random));
    const tail = other.subarray(placeIn(other, random));
    return maybeMended(Buffer.concat([head, tail]), random);
  };
  const fillRange: Mutation = (payload, random) => {
    const from = placeIn(payload, random);
    payload.fill(random.pick(edges), from, Math.min(from + random.integer(1, 40), payload.length));
    return maybeMended(payload, random);
  };
  const repeatRange: Mutation = (payload, random) => {
    const from = placeIn(payload, random);
    const range = payload.subarray(from, from + random.integer(1, 40));
    const ranges = Array.from({ length: random.integer(1, 8) }, () => range);
    return maybeMended(
      Buffer.concat([payload.subarray(0, from), ...ranges, payload.subarray(from)]),
      random,
    );
  };
  const concatenate: Mutation = (payload, random) => {
    const others = Array.from({ length: random.integer(1, 3) }, () => random.pick(corpus));
    return Buffer.concat([payload, random.bytes(random.integer(0, 5)), ...others]);
  };
  return [flipBits, cut, splice, fillRange, repeatRange, concatenate];
}

export function placeIn(payload: Buffer, random: Random): number {
  return random.integer(0, Math.max(0, payload.length - 1));
}
