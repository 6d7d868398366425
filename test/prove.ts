// `npm run prove`: the long forms of the tests, one after the other; what each found goes to its
// row of docs/proof.md when it ends.

import { Command } from 'commander';
import { brokerStallProof } from './proof/broker-stall.ts';
import { brokersProof } from './proof/brokers.ts';
import { chaosProofs } from './proof/chaos.ts';
import { consumersProof } from './proof/consumers.ts';
import { fleetProof } from './proof/fleet.ts';
import { fuzzProof } from './proof/fuzz.ts';
import { headroomProof } from './proof/headroom.ts';
import { idleProof } from './proof/idle.ts';
import { imageProof } from './proof/image.ts';
import { leadersMoveProof } from './proof/leaders-move.ts';
import { plantedProof } from './proof/planted.ts';
import { producersProof } from './proof/producers.ts';
import { type Proof, runProof } from './proof/proof.ts';
import { type Facts, figuresText, keepResult, readFacts, readMoment } from './proof/report.ts';
import { stateOracleProof } from './proof/state-oracle.ts';
import { stateRebuildProof } from './proof/state-rebuild.ts';
import { tlsProof } from './proof/tls.ts';

const proofs: readonly Proof[] = [
  fleetProof,
  leadersMoveProof,
  producersProof,
  brokerStallProof,
  ...chaosProofs,
  plantedProof,
  tlsProof,
  brokersProof,
  headroomProof,
  idleProof,
  stateOracleProof,
  stateRebuildProof,
  fuzzProof,
  consumersProof,
  imageProof,
];

await main();

async function main(): Promise<void> {
  const names = proofs.map(({ name }) => name);
  const command = new Command('npm run prove --')
    .description('The long forms of the tests; the results go to docs/proof.md.')
    .argument('[name...]', `which of ${names.join(', ')}; default: all`)
    .parse();
  const unknown = command.args.filter((name) => !names.includes(name));
  if (unknown.length > 0) command.error(`Wanted names of proofs, found ${unknown.join(', ')}.`);
  const chosen = proofs.filter(
    ({ name }) => command.args.length === 0 || command.args.includes(name),
  );
  const facts = await readFacts();
  let failed = 0;
  for (const proof of chosen) if (!(await prove(proof, facts))) failed += 1;
  say(`${chosen.length - failed} hold, ${failed} fail`);
  process.exit(failed > 0 ? 1 : 0);
}

/** Whether it holds. */
async function prove(proof: Proof, facts: Facts): Promise<boolean> {
  say(`\n${proof.name}: ${proof.sentence}`);
  const moment = readMoment();
  const result = await runProof(proof, (line) => say(`  ${line}`));
  const { passed, seconds, figures, fault } = result;
  say(`${passed ? '✔' : '✖'} ${proof.name} (${seconds} s) ${figuresText(figures)}`);
  if (fault !== null) say(fault);
  say(`Kept in ${keepResult({ ...result, ...moment }, proofs, facts)}`);
  return passed;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
