// Payloads made wrong on purpose: each index of a seed is one payload, so that any of them can be
// had again alone.

import { createRandom } from '#loadtest/fleet/random.ts';
import { type FuzzCodec, payloadBytesMax } from './fuzz-codec.ts';

/** `codec`, `seed` and `index` alone decide what comes out. */
export function mutatedPayload(codec: FuzzCodec, seed: number, index: number): Buffer {
  const random = createRandom(seed, index);
  let payload: Buffer = Buffer.from(random.pick(codec.corpus));
  const steps = random.integer(1, 3);
  for (let step = 0; step < steps; step += 1) {
    payload = random.pick(codec.mutations)(Buffer.from(payload), random);
  }
  // Every hundredth is as long as a payload may be.
  if (random.chance(0.01)) payload = codec.fill(payload, random);
  return payload.subarray(0, payloadBytesMax);
}
