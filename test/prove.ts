// `npm run prove`: the long forms of the tests, one after the other; what they found goes to
// docs/proof.md.

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
import { type Proof, type ProofResult, runProof } from './proof/proof.ts';
import { figuresText, readFacts, writeReport } from './proof/report.ts';
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
  const results: ProofResult[] = [];
  for (const proof of chosen) results.push(await prove(proof));
  // A part of the proofs must not pass for all of them.
  if (chosen.length === proofs.length) say(`Results: ${writeReport(results, facts)}`);
  const failed = results.filter(({ passed }) => !passed).length;
  say(`${results.length - failed} hold, ${failed} fail`);
  process.exit(failed > 0 ? 1 : 0);
}

async function prove(proof: Proof): Promise<ProofResult> {
  say(`\n${proof.name}: ${proof.sentence}`);
  const result = await runProof(proof, (line) => say(`  ${line}`));
  const { passed, seconds, figures, fault } = result;
  say(`${passed ? '✔' : '✖'} ${proof.name} (${seconds} s) ${figuresText(figures)}`);
  if (fault !== null) say(fault);
  return result;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
