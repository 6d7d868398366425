// The long mix of faults, seed by seed.

import assert from 'node:assert/strict';
import { playChaos } from '../chaos/chaos.ts';
import { faults } from '../chaos/faults/table.ts';
import { scenarios } from '../chaos/scenarios/table.ts';
import { figuresOf } from '../chaos/sum.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

const minutes = 10;
const seeds = [1, 2, 3] as const;

const awayMinutes = 5;

const mixes: readonly Proof[] = seeds.map((seed) => ({
  name: `chaos-${seed}`,
  sentence:
    `${minutes} minutes of faults on a schedule drawn from seed ${seed}: nothing is lost after` +
    ' the PUBACK of a bridge, nothing altered, every copy explained by a fault, order kept within' +
    ' each tenure, the ledger balanced at every scrape.',
  run: (stage) => run(stage, seed),
}));

/** The mixes, and every scenario. */
export const chaosProofs: readonly Proof[] = [
  ...mixes,
  ...scenarios.map(({ name, sentence, run: play }) => ({
    name,
    sentence,
    run: (stage: ProofStage) => play(stage, awayMinutes),
  })),
];

async function run(stage: ProofStage, seed: number): Promise<Figures> {
  const load = { vehicles: 150, messagesPerSecond: 1 };
  const plan = { minutes, seed, faults, broker: 'artemis' as const, ...load };
  const sum = await playChaos(plan, { scope: stage, say: stage.say });
  assert.equal(sum.breaches, 0, 'a promise was broken: see above');
  return figuresOf(sum);
}
