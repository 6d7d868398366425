// Vehicle state against the oracle: ten hours of a fleet, the faults of a week in some minutes.

import { startStack } from '#deploy/local/stack.ts';
import { runOracle } from '../oracle/oracle-run.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

const plan = {
  seed: 51,
  vehicles: 300,
  hours: 10,
  reportPeriodMs: 30_000,
  legMs: 8_000,
  rounds: 2,
};

export const stateOracleProof: Proof = {
  name: 'state-oracle',
  sentence:
    'Ten hours of 300 vehicles with reissues, duplicates, wrong clocks, disorder, while members ' +
    'of the state processor join, leave, are killed and stopped beyond their session, and Redis ' +
    'loses everything: every state is that of a plain replay, no write of a zombie counts.',
  run,
};

async function run(stage: ProofStage): Promise<Figures> {
  const stack = await startStack({ say: stage.say });
  stage.after(() => stack.stop());
  return runOracle(stage, stack, plan);
}
