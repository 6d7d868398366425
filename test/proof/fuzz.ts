// A million mutated payloads of all codecs from bytes to records; test/fuzz says what is looked at.

import assert from 'node:assert/strict';
import { fuzzCodecs } from '../fuzz/codecs.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import { frameMicrosMax, messageMicrosMax, type Tally } from '../fuzz/tally.ts';
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
  for (const [codec, { slowest, slowestFrameMicros }] of rows) {
    assert.ok(slowestFrameMicros < frameMicrosMax, `${codec}: ${slowestFrameMicros} µs`);
    assert.ok(slowest.micros < messageMicrosMax, `${codec}: ${JSON.stringify(slowest)}`);
  }
  return {
    payloads: count,
    bytes: rows.reduce((sum, [, { byteCount }]) => sum + byteCount, 0),
    faults: faults.length,
    ...Object.fromEntries(rows.map(([codec, tally]) => [codec, textOf(tally)])),
  };
}

function textOf(tally: Tally): string {
  const { outcomes, reasons, slowest, slowestFrameMicros, allocatedPerByteMax } = tally;
  const frames = Object.entries(outcomes).map(([kind, frameCount]) => `${frameCount} ${kind}`);
  const [frameMs, messageMs] = [slowestFrameMicros, slowest.micros].map((micros) => {
    return (micros / 1000).toFixed(1);
  });
  return (
    `${frames.join(', ')}, by ${Object.keys(reasons).length} reasons, ` +
    `slowest frame ${frameMs} ms, slowest message ${messageMs} ms for ${slowest.frames} frames, ` +
    `at most ${allocatedPerByteMax} bytes allocated for each of a long payload`
  );
}
