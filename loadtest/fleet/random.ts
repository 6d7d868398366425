// Chance that repeats: the same seed gives the same fleet, frame for frame.

export interface Random {
  /** 0 up to, not including, 1. */
  next(): number;
  /** Both bounds included. */
  integer(min: number, max: number): number;
  between(min: number, max: number): number;
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  pick<T>(values: readonly T[]): T;
  /** About normal, by the sum of four uniform numbers; at most 3.5 deviations away. */
  normal(mean: number, deviation: number): number;
  bytes(count: number): Buffer;
}

/** Different `stream`s of one seed are independent of each other. */
export function createRandom(seed: number, stream = 0): Random {
  const next = sfc32(seed, stream);
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    integer,
    between: (min, max) => min + next() * (max - min),
    chance: (probability) => next() < probability,
    pick: (values) => {
      const value = values[integer(0, values.length - 1)];
      if (value === undefined) throw new RangeError('a value to pick wanted, found an empty list');
      return value;
    },
    // The variance of a uniform number is 1/12, so that of four is 1/3.
    normal: (mean, deviation) =>
      mean + (next() + next() + next() + next() - 2) * Math.sqrt(3) * deviation,
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => integer(0, 255))),
  };
}

/** sfc32 of PractRand (Chris Doty-Humphrey, public domain): 32-bit sums, shifts and one counter. */
function sfc32(seed: number, stream: number): () => number {
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32) >>> 0;
  let c = stream >>> 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // Its author lets 15 values go by, so that near seeds part.
  for (let at = 0; at < 15; at += 1) next();
  return next;
}
