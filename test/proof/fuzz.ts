// A million mutated payloads from bytes to records; test/fuzz says what is looked at.

import assert from 'node:assert/strict';
import { fuzzGb32960 } from '../fuzz/gb32960.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

const count = 1_000_000;
const sayEvery = 100_000;

export const fuzzProof: Proof = {
  name: 'fuzz',
  sentence:
    'A million mutated frames: nothing throws, every byte has an outcome, and the work is bounded' +
    ' by the length of the payload.',
  run,
};

async function run(stage: ProofStage): Promise<Figures> {
  const onProgress = (done: number) => {
    if (done % sayEvery === 0) stage.say(`${done} of ${count} payloads.`);
  };
  // Another seed than that of the test, so that the two do not look at the same payloads.
  const found = fuzzGb32960({ seed: 2, count, onProgress });
  assert.deepEqual(found.faults, []);
  const outcomes = Object.entries(found.outcomes).map(([name, frames]) => [
    `${name} frames`,
    frames,
  ]);
  const { slowest } = found;
  return {
    payloads: count,
    bytes: found.byteCount,
    faults: found.faults.length,
    ...Object.fromEntries(outcomes),
    slowest: `${(slowest.micros / 1_000).toFixed(1)} ms for ${slowest.bytes} bytes`,
  };
}
