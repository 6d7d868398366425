// What every client behind the producer port must hold on three Kafka nodes: leaders move, answers
// are lost, a broker is killed and comes back; nothing that was said to be stored is missing.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { ManagedPart } from '#deploy/local/managed-part.ts';
import { readAll } from '#shared/kafka/reader.ts';
import type { Dose } from '../chaos/proxy/toxics.ts';
import { LeaderMover } from '../proof/leader-mover.ts';
import type { Figures, ProofStage } from '../proof/proof.ts';
import { openBed, type ProducersBed, topic } from './bed.ts';
import { type Contestant, startWriters, type Writers } from './writers.ts';

export interface ContractOptions {
  /** Of faults. */
  readonly seconds: number;
  readonly brokerDownMs: number;
  readonly moveEveryMs: number;
}

const contestants: readonly Contestant[] = [
  { client: 'kafkajs', inFlight: 1 },
  { client: 'kafkajs', inFlight: 8 },
  { client: 'platformatic', inFlight: 1 },
  { client: 'platformatic', inFlight: 8 },
];

/** All of them at once, so that they meet the same faults. */
export async function holdContract(stage: ProofStage, options: ContractOptions): Promise<Figures> {
  const bed = await openBed(stage, stage.say);
  const writers: Writers[] = [];
  for (const contestant of contestants) writers.push(await startWriters(bed.config, contestant));
  const mover = new LeaderMover(bed.straight);
  stage.after(() => mover.stop());
  const healing = new AbortController();
  mover.start(options.moveEveryMs);
  const losing = loseAnswers(bed, healing.signal);
  await pause(options.seconds * 250);
  await killAndRestart(bed.nodes[0]!, options.brokerDownMs);
  await pause(Math.max(0, options.seconds * 750 - options.brokerDownMs));
  healing.abort();
  const cutCount = await losing;
  await mover.stop();
  await Promise.all(writers.map((each) => each.stop()));
  const copies = await countCopies(bed);
  const figures = writers.map((each) => figuresOf(each, copies));
  const lost = figures.reduce((sum, each) => sum + each.lost, 0);
  assert.equal(lost, 0, `lost: ${JSON.stringify(figures)}`);
  return {
    'leader moves': mover.movedCount,
    'answers cut': `${cutCount} times`,
    'brokers killed': 1,
    lost,
    ...Object.fromEntries(figures.map(({ name, text }) => [name, text])),
  };
}

const cut: Dose = { direction: 'down', toxic: { kind: 'limit_data', bytes: 0 } };
const cutEveryMs = 900;
const cutMs = 120;

/** Requests arrive whole and are obeyed; their answers end the connection instead of passing. */
async function loseAnswers({ proxies }: ProducersBed, signal: AbortSignal): Promise<number> {
  let count = 0;
  for (; !signal.aborted; count += 1) {
    const proxy = proxies[count % proxies.length]!;
    proxy.add(cut);
    await pause(cutMs);
    proxy.remove(cut);
    await pause(cutEveryMs - cutMs);
  }
  return count;
}

async function killAndRestart(node: ManagedPart, downMs: number): Promise<void> {
  await node.kill();
  await pause(downMs);
  await node.start();
}

async function countCopies({ client }: ProducersBed): Promise<ReadonlyMap<string, number>> {
  const copies = new Map<string, number>();
  await readAll({
    client,
    topics: [topic],
    onRecord: ({ value }) => {
      const text = String(value);
      copies.set(text, (copies.get(text) ?? 0) + 1);
    },
  });
  return copies;
}

function figuresOf(writers: Writers, copies: ReadonlyMap<string, number>) {
  const { contestant, stored, failedCount } = writers;
  let [lost, doubled] = [0, 0];
  for (const value of stored) {
    const count = copies.get(value) ?? 0;
    if (count === 0) lost += 1;
    doubled += Math.max(0, count - 1);
  }
  const name = `${contestant.client}, ${contestant.inFlight} in flight:`;
  const text = `${stored.size} records, ${lost} lost, ${doubled} twice, ${failedCount} sent again`;
  return { name, text, lost };
}
