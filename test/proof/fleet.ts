// The guarantees at a larger scale: a fleet on one set of brokers while Kafka freezes, a bridge is
// killed and another one is drained.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type Stack, startStack } from '#deploy/local/stack.ts';
import { type BridgeProcess, startBridge } from '../integration/bridge-process.ts';
import { openFleet } from '../integration/fleet-run.ts';
import { type Ground, openGround } from '../integration/ground.ts';
import { type LedgerWatch, watchLedgers } from '../integration/ledger-watch.ts';
import { freezeKafka, thawKafka } from '../integration/own-parts.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

const vehicles = 400;
const messagesPerVehicle = 160;
/** Messages of each vehicle between two faults, and the time they are spread over. */
const legMessages = 30;
const legMs = 8_000;
/** Less than a request to Kafka may take: nothing has to be sent twice. */
const frozenMs = 5_000;
const connections = 2;
const windowFrames = 1_000;

export const fleetProof: Proof = {
  name: 'fleet',
  sentence:
    'Kafka freezes, a bridge is killed and a bridge is drained under the load of a fleet: every ' +
    'frame is stored once or, after the kill, recognisably twice, unaltered and in order; every ' +
    'answer comes after the record; the ledger balances at every scrape.',
  run,
};

async function run(stage: ProofStage): Promise<Figures> {
  const stack = await startStack({ say: stage.say });
  stage.after(() => stack.stop());
  const ground = await openGround(stack, { scope: stage });
  const [killed, drained] = await Promise.all(['killed', 'drained'].map(bridgeOn(stage, ground)));
  assert.ok(killed && drained);
  const fleet = await openFleet(stage, { ground, seed: 11, vehicles, messagesPerVehicle });
  await Promise.all([killed.whenReady(), drained.whenReady()]);
  const watch = watchLedgers(stage, [killed, drained]);
  const leg = async (what: string, act: () => Promise<void>) => {
    stage.say(`${what}; ${fleet.sentCount} frames sent so far.`);
    await Promise.all([fleet.send(legMessages, legMs), act()]);
  };

  await leg('Load alone', async () => undefined);
  await leg('Kafka freezes', () => freeze(stack));
  let redeliveryMax = 0;
  await leg('A bridge is killed', async () => {
    await pause(legMs / 2);
    redeliveryMax = connections * windowFrames;
    await fleet.breaking('SIGKILL of a bridge', () => killed.process.kill());
    await join(watch, await bridgeOn(stage, ground)('second'));
  });
  await leg('A bridge is drained', async () => {
    await pause(legMs / 2);
    await drained.stop();
    watch.ended(drained);
    await join(watch, await bridgeOn(stage, ground)('third'));
  });
  stage.say('The rest, as fast as the PUBACKs come.');
  await fleet.send();
  await fleet.whenAnswered();
  await watch.whenIdle();
  await watch.stop();
  const { conservation } = watch;
  const found = await fleet.check({ conservation, redeliveryMax });
  return {
    vehicles,
    frames: found.sentCount,
    stored: found.storedCount,
    quarantined: found.quarantinedCount,
    lost: found.lost.acked.count + found.lost.unrouted.count,
    altered: found.altered.count,
    'stored twice': found.duplicates.explained.count,
    'out of order': found.outOfOrder.unexplained.count,
    answers: found.answers.gotCount,
    scrapes: conservation.scrapeCount,
    'ledger breaches': conservation.breaches.count,
  };
}

function bridgeOn(stage: ProofStage, ground: Ground) {
  const settings = {
    BRIDGE_WINDOW_FRAMES: String(windowFrames),
    BRIDGE_CONNECTIONS: String(connections),
  };
  return (name: string): Promise<BridgeProcess> =>
    startBridge(stage, ground.addresses, { ...settings, BRIDGE_NAME: name });
}

async function join(watch: LedgerWatch, bridge: BridgeProcess): Promise<void> {
  await bridge.whenReady();
  watch.add(bridge);
}

async function freeze(stack: Stack): Promise<void> {
  await pause(1_000);
  freezeKafka(stack);
  await pause(frozenMs);
  thawKafka(stack);
}
