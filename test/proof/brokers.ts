// The whole contract between bridge and MQTT broker, long probes too, on every broker at hand. What
// they answer goes to docs/brokers.md.

import assert from 'node:assert/strict';
import { type Answer, ask, faultOf, probes } from '../brokers/contract.ts';
import { type Answers, writePage } from '../brokers/contract-page.ts';
import type { BrokerUnderTest } from '../brokers/probe.ts';
import {
  emqxHint,
  emqxOf,
  mosquittoVersion,
  startArtemis,
  startModel,
  startMosquitto,
} from '../brokers/subjects.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

export const brokersProof: Proof = {
  name: 'brokers',
  sentence:
    'Every MQTT broker at hand answers yes to all that the promises of the bridge rest on; where' +
    ' brokers differ beyond that, docs/brokers.md says what it means.',
  run,
};

async function run(stage: ProofStage): Promise<Figures> {
  const emqx = emqxOf(process.env);
  if (emqx === null) stage.say(emqxHint);
  const starts = [
    startArtemis,
    ...(mosquittoVersion() === null ? [] : [startMosquitto]),
    startModel,
    ...(emqx === null ? [] : [async () => emqx]),
  ];
  const all: Answers[] = [];
  for (const start of starts) {
    const broker = await start();
    stage.after(() => broker.close());
    all.push({ broker, answers: await askAll(broker, stage) });
  }
  const page = writePage(all, [`on ${new Date().toISOString().slice(0, 10)}`]);
  stage.say(`Answers: ${page}`);
  const faults = all.flatMap(({ broker, answers }) => {
    return answers
      .map(faultOf)
      .filter((fault) => fault !== null)
      .map((fault) => `${broker.name}: ${fault}`);
  });
  assert.deepEqual(faults, []);
  return { brokers: all.map(({ broker }) => broker.name).join(', '), probes: probes.length };
}

async function askAll(broker: BrokerUnderTest, stage: ProofStage): Promise<readonly Answer[]> {
  stage.say(`${broker.name}: ${broker.title}`);
  const answers: Answer[] = [];
  for (const probe of probes) {
    const answer = await ask(probe, broker, true);
    const { finding } = answer;
    const found = finding instanceof Error ? finding.message : finding.detail;
    const verdict = finding instanceof Error ? 'failed' : finding.verdict;
    stage.say(`  ${probe.name}: ${verdict}, ${found}`);
    answers.push(answer);
  }
  return answers;
}
