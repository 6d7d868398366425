// Any bytes are survivable: mutated frames of every codec by the ten thousand, the same ones in
// each run.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codecs } from '#shared/topics.ts';
import { fuzzCodecs } from './codecs.ts';
import { fuzz } from './fuzz.ts';
import { mutatedPayload } from './mutate.ts';
import { frameMicrosMax, messageMicrosMax } from './tally.ts';

const payloadsOfACodec = 10_000;

/** Outcomes that must have been seen often, else the mutations look at nothing. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  gb32960: ['accept', 'opaque', 'answer', 'partial', 'reject', 'refused'],
  jt808: ['accept', 'opaque', 'reject'],
};

for (const codec of fuzzCodecs) {
  test(`${codec.name}: mutated payloads come to outcomes with all bytes, in bounded work, without a throw`, (t) => {
    const { faults, tallies } = fuzz({ codecs: [codec], seed: 32960, count: payloadsOfACodec });
    assert.deepEqual(faults, []);
    const tally = tallies[codec.name];
    assert.ok(tally);
    for (const kind of wanted[codec.name] ?? ['accept', 'reject']) {
      assert.ok((tally.outcomes[kind] ?? 0) > 30, `${kind}: ${tally.outcomes[kind]}`);
    }
    assert.ok(tally.slowestFrameMicros < frameMicrosMax, JSON.stringify(tally));
    assert.ok(tally.slowest.micros < messageMicrosMax, JSON.stringify(tally.slowest));
    t.diagnostic(JSON.stringify(tally));
  });

  test(`${codec.name}: a payload of the fuzz can be had again by its seed and index`, () => {
    for (const index of [0, 7, 4711]) {
      const payload = mutatedPayload(codec, 1, index);
      assert.deepEqual(mutatedPayload(codec, 1, index), payload);
      assert.notDeepEqual(mutatedPayload(codec, 2, index), payload);
    }
  });
}

test('every codec that ingest reads is fuzzed', () => {
  const fuzzed = new Set(fuzzCodecs.map(({ name }) => name));
  assert.deepEqual(
    codecs.filter((name) => !fuzzed.has(name)),
    [],
  );
});
