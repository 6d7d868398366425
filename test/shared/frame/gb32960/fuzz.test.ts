// Any bytes are survivable: mutated frames by the ten thousand, the same ones in each run.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzGb32960 } from '#test/fuzz/gb32960.ts';
import { mutatedPayload, readCorpus } from '#test/fuzz/mutations.ts';

/** No frame may hold a bridge up for longer. */
const slowestMicrosBound = 20_000;

test('mutated frames come to outcomes with all bytes, in bounded work, without a throw', (t) => {
  const { faults, outcomes, slowest, ...figures } = fuzzGb32960({ seed: 32960, count: 50_000 });
  assert.deepEqual(faults, []);
  for (const kind of ['accept', 'opaque', 'answer', 'partial', 'reject', 'refused']) {
    assert.ok((outcomes[kind] ?? 0) > 30, `${kind}: ${outcomes[kind]}`);
  }
  assert.ok(slowest.micros < slowestMicrosBound, JSON.stringify(slowest));
  t.diagnostic(JSON.stringify({ ...figures, outcomes, slowest }));
});

test('a payload of the fuzz can be had again by its seed and index', () => {
  const corpus = readCorpus();
  for (const index of [0, 7, 4711]) {
    const payload = mutatedPayload(corpus, 1, index);
    assert.deepEqual(mutatedPayload(readCorpus(), 1, index), payload);
    assert.notDeepEqual(mutatedPayload(corpus, 2, index), payload);
  }
});
