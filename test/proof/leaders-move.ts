// Three Kafka nodes whose leaders move all the time, one of them killed and started again, under
// the load of a fleet through two bridges.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { ManagedPart } from '#deploy/local/managed-part.ts';
import { startStack } from '#deploy/local/stack.ts';
import type { Reconciliation } from '#loadtest/ledger/check.ts';
import { startBridge } from '../integration/bridge-process.ts';
import { openFleet } from '../integration/fleet-run.ts';
import { openGround, type Stored } from '../integration/ground.ts';
import { watchLedgers } from '../integration/ledger-watch.ts';
import { LeaderMover } from './leader-mover.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

export interface LeadersMoveOptions {
  readonly vehicles: number;
  /** Of load. */
  readonly seconds: number;
  /** Of each vehicle, in each second. */
  readonly messagesPerSecond: number;
}

const moveEveryMs = 2_000;
/** Longer than the 9 s after which Kafka gives up a broker that is silent. */
const brokerDownMs = 15_000;

export const leadersMoveProof: Proof = {
  name: 'leaders-move',
  sentence:
    'On three Kafka nodes all leaders move every 2 s and a broker is killed and comes back, under' +
    ' load: nothing is lost or altered; what is stored twice has the same origin and the same' +
    ' bytes; order holds within each tenure; the ledger balances at every scrape.',
  run: (stage) => leadersMove(stage, { vehicles: 200, seconds: 60, messagesPerSecond: 5 }),
};

export async function leadersMove(
  stage: ProofStage,
  { vehicles, seconds, messagesPerSecond }: LeadersMoveOptions,
): Promise<Figures> {
  const stack = await startStack({ brokers: 3, say: stage.say });
  stage.after(() => stack.stop());
  const ground = await openGround(stack, { brokers: 3, scope: stage });
  const bridges = await Promise.all(
    ['near', 'far'].map((name) => startBridge(stage, ground.addresses, { BRIDGE_NAME: name })),
  );
  const messagesPerVehicle = seconds * messagesPerSecond;
  const fleet = await openFleet(stage, { ground, seed: 12, vehicles, messagesPerVehicle });
  await Promise.all(bridges.map((bridge) => bridge.whenReady()));
  const watch = watchLedgers(stage, bridges);
  const mover = new LeaderMover(ground.config);
  stage.after(() => mover.stop());

  await fleet.breaking('leaders move, and a broker is killed', async () => {
    mover.start(moveEveryMs);
    const sending = fleet.send(messagesPerVehicle, seconds * 1_000);
    await pause(seconds * 250);
    await killAndRestart(stack.kafka.nodes, stage.say);
    await sending;
    await mover.stop();
    await fleet.send();
    await watch.whenAcked(fleet.sentCount, 60_000);
  });
  await fleet.whenAnswered();
  await Promise.all(bridges.map((bridge) => bridge.stop()));
  await watch.stop();
  const { conservation } = watch;
  const found = await fleet.check({ conservation, redeliveryMax: fleet.sentCount });
  assertInOrder(found);
  const repeatCount = countRepeats(await fleet.stored());
  assert.equal(found.duplicates.explained.count, repeatCount, 'each duplicate is a repeat');
  return {
    frames: found.sentCount,
    'leader moves': mover.movedCount,
    rounds: mover.roundCount,
    'brokers killed': 1,
    lost: found.lost.acked.count + found.lost.unrouted.count,
    altered: found.altered.count,
    'stored twice': found.duplicates.explained.count,
    'out of order': found.outOfOrder.unexplained.count + found.outOfOrder.explained.count,
    scrapes: conservation.scrapeCount,
    'ledger breaches': conservation.breaches.count,
  };
}

/** Of the first node: at its port the clients look first. */
async function killAndRestart(nodes: readonly ManagedPart[], say: ProofStage['say']) {
  const [node] = nodes as readonly [ManagedPart];
  say(`${node.title} is killed.`);
  await node.kill();
  await pause(brokerDownMs);
  await node.start();
  say(`${node.title} is back.`);
}

/** Also none that the fault would excuse: no connection to the MQTT broker was lost. */
function assertInOrder({ outOfOrder }: Reconciliation): void {
  const { examples } = outOfOrder.explained;
  assert.equal(outOfOrder.explained.count, 0, `received late: ${examples.join('; ')}`);
}

/** Records that repeat one before: the same origin. Fails where their bytes differ. */
function countRepeats(stored: readonly Stored[]): number {
  const firsts = new Map<string, string>();
  let repeatCount = 0;
  for (const { decoded, record } of stored) {
    const { bridge, epoch, sequence } = decoded.value.origin;
    const origin = `${bridge}/${epoch}/${sequence}`;
    const bytes = record.value?.toString('base64') ?? '';
    const first = firsts.get(origin);
    if (first === undefined) firsts.set(origin, bytes);
    else repeatCount += 1;
    assert.equal(bytes, first ?? bytes, `two records of ${origin} differ`);
  }
  return repeatCount;
}
