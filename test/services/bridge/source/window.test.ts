// The window: what comes back of it, when and in which order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Window } from '#services/bridge/source/window.ts';

interface Entry {
  readonly sequence: number;
  isDone: boolean;
}

test('gives entries back only as a contiguous prefix in order of receipt', () => {
  const window = new Window<Entry>();
  const entries = [1, 2, 3].map((sequence) => ({ sequence, isDone: false }));
  for (const entry of entries) window.push(entry);
  entries[1]!.isDone = true;
  assert.deepEqual(window.takePrefix(), []);
  entries[0]!.isDone = true;
  assert.deepEqual(window.takePrefix(), [entries[0], entries[1]]);
  assert.equal(window.size, 1);
});

type Step =
  | { readonly kind: 'receive'; readonly count: number }
  | { readonly kind: 'complete'; readonly pick: number }
  | { readonly kind: 'release' }
  | { readonly kind: 'lose' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('receive'), count: fc.nat(90) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('complete'), pick: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('release') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose') }) },
) as fc.Arbitrary<Step>;

test('loses none, doubles none and keeps the order, whatever completes and breaks when', () => {
  const property = fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
    const window = new Window<Entry>();
    let received = 0;
    let givenBack = 0;
    // Model: what has been received and not given back, in order.
    let open: Entry[] = [];
    const expectGivenBack = (taken: readonly Entry[]): void => {
      for (const entry of taken) assert.equal(entry.sequence, ++givenBack, 'in order of receipt');
      open = open.slice(taken.length);
    };
    for (const { kind, ...given } of steps) {
      if (kind === 'receive' && 'count' in given) {
        for (let i = 0; i < given.count; i += 1) {
          const entry = { sequence: ++received, isDone: false };
          window.push(entry);
          open.push(entry);
        }
      } else if (kind === 'complete' && 'pick' in given) {
        const entry = open[given.pick % Math.max(1, open.length)];
        if (entry) entry.isDone = true;
      } else if (kind === 'release') {
        const taken = window.takePrefix();
        assert.ok(taken.every(({ isDone }) => isDone));
        expectGivenBack(taken);
        assert.ok(!open[0]?.isDone, 'nothing done is left in front');
      } else if (kind === 'lose') {
        expectGivenBack(window.takeAll());
        assert.equal(window.size, 0);
      }
      assert.equal(window.size, received - givenBack);
      assert.deepEqual([...window.entries()], open);
    }
  });
  fc.assert(property, { seed: 20_261_124, numRuns: 200 });
});
