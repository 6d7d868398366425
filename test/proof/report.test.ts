// The page of proofs tells of each proof its latest run, and of those that were not run that.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Proof } from './proof.ts';
import { type KeptResult, pageOf } from './report.ts';

const proofs: readonly Proof[] = ['fleet', 'tls', 'idle'].map((name) => {
  return { name, sentence: `What ${name} says.`, run: async () => ({}) };
});
const held: KeptResult = {
  name: 'tls',
  sentence: 'What tls says.',
  begun: '2026-11-25 09:34 UTC',
  commit: '79333eb',
  passed: true,
  seconds: 10,
  figures: { 'tests passed': 7, frames: 12_345 },
  fault: null,
};
const failed: KeptResult = { ...held, name: 'idle', passed: false, fault: 'wanted 1 %, found 2 %' };

test('each proof has a row, in their order, with when and of what its latest run was', () => {
  const rows = pageOf([failed, held], proofs, [['Node', '26.10.0']])
    .split('\n')
    .filter((line) => /^\| (fleet|tls|idle)/.test(line));
  assert.deepEqual(rows, [
    '| fleet | not run | | | | |',
    '| tls | holds | 2026-11-25 09:34 UTC | 79333eb | 10 s | tests passed 7; frames 12,345 |',
    '| idle | **fails** | 2026-11-25 09:34 UTC | 79333eb | 10 s | tests passed 7; frames 12,345 |',
  ]);
});

test('what fails is told with what was found, and what was not run does not count as holding', () => {
  const page = pageOf([failed, held], proofs, []);
  assert.match(page, /\*\*1 of 3 hold\.\*\*/);
  assert.match(page, /## idle fails\n\n```\nwanted 1 %, found 2 %\n```/);
});
