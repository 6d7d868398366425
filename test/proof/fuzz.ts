// A million mutated payloads of all codecs from bytes to records; test/fuzz says what is looked at.

import assert from 'node:assert/strict';
import { fuzzCodecs } from '../fuzz/codecs.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import type { Tally } from '../fuzz/tally.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

const count = 1_000_000;
const sayEvery = 100_000;

export const fuzzProof: Proof = {
  name: 'fuzz',
  sentence:
    'A million mutated frames over all codecs: nothing throws, every byte has an outcome by a' +
    ' name that is explained, no frame takes 20 ms, and the work is bounded by the length of the' +
    ' payload.',
  run,
};

async function run(stage: ProofStage): Promise<Figures> {
  const onProgress = (done: number) => {
    if (done % sayEvery === 0) stage.say(`${done} of ${count} payloads.`);
  };
  // Another seed than that of the test, so that the two do not look at the same payloads.
  const { faults, tallies } = fuzz({ codecs: fuzzCodecs, seed: 2, count, onProgress });
  assert.deepEqual(faults, []);
  const rows = Object.entries(tallies);
  for (const [codec, { slowest }] of rows) {
    assert.ok(slowest.micros < slowestMicrosBound, `${codec}: ${JSON.stringify(slowest)}`);
  }
  return {
    payloads: count,
    bytes: rows.reduce((sum, [, { byteCount }]) => sum + byteCount, 0),
    faults: faults.length,
    ...Object.fromEntries(rows.map(([codec, tally]) => [codec, textOf(tally)])),
  };
}

/** No frame may hold a bridge up for longer. */
const slowestMicrosBound = 20_000;

function textOf({ outcomes, reasons, slowest, allocatedPerByteMax }: Tally): string {
  const frames = Object.entries(outcomes).map(([kind, frameCount]) => `${frameCount} ${kind}`);
  const millis = (slowest.micros / 1_000).toFixed(1);
  return (
    `${frames.join(', ')}, by ${Object.keys(reasons).length} reasons, ` +
    `slowest ${millis} ms for ${slowest.bytes} bytes, ` +
    `at most ${allocatedPerByteMax} bytes allocated for each of a long payload`
  );
}
