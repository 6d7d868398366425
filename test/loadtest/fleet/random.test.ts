// The seeded generator that everything by chance comes from.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, type Random } from '#loadtest/fleet/random.ts';

function draw(random: Random): readonly number[] {
  return Array.from({ length: 100 }, () => random.next());
}

test('gives the same numbers for the same seed and stream', () => {
  assert.deepEqual(draw(createRandom(7, 3)), draw(createRandom(7, 3)));
});

test('gives other numbers for another seed, stream, or a seed beyond 32 bits', () => {
  const first = draw(createRandom(7, 3));
  for (const other of [createRandom(8, 3), createRandom(7, 4), createRandom(7 + 2 ** 32, 3)]) {
    assert.equal(draw(other).filter((value, at) => value === first[at]).length, 0);
  }
});

test('stays within the bounds that were asked for', () => {
  const random = createRandom(1);
  const values = Array.from({ length: 2000 }, () => random.integer(-2, 2));
  assert.deepEqual(
    [...new Set(values)].sort((a, b) => a - b),
    [-2, -1, 0, 1, 2],
  );
  assert.ok(draw(random).every((value) => value >= 0 && value < 1));
  assert.ok(values.every(() => Math.abs(random.normal(0, 1)) <= 3.5));
});
