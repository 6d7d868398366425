// What a bridge costs while no car says anything: its connections and its clocks alone.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { startStack } from '#deploy/local/stack.ts';
import { type BridgeProcess, startBridge } from '../integration/bridge-process.ts';
import { openFleet } from '../integration/fleet-run.ts';
import { openGround } from '../integration/ground.ts';
import { watchLedgers } from '../integration/ledger-watch.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

const coreShareMax = 0.01;
/** For what is compiled and collected after the last frame. */
const calmMs = 10_000;
const measureMs = 30_000;

export const idleProof: Proof = {
  name: 'idle',
  sentence: 'A bridge to which no frames come uses at most 1 % of a core, with 3 Kafka brokers.',
  run,
};

async function run(stage: ProofStage): Promise<Figures> {
  const stack = await startStack({
    brokers: 3,
    parts: ['kafka', 'mqtt', 'registry'],
    say: stage.say,
  });
  stage.after(() => stack.stop());
  const { mqttUrl, kafkaBrokers, registryUrl } = stack;
  const addresses = { mqttUrl, kafkaBrokers, registryUrl };
  const ground = await openGround(addresses, { brokers: 3, scope: stage });
  const bridge = await startBridge(stage, ground.addresses, { BRIDGE_NAME: 'idle' });
  await bridge.whenReady();
  // kafkajs has its timers only on connections that were used.
  const fleet = await openFleet(stage, { ground, seed: 50, vehicles: 30, messagesPerVehicle: 20 });
  const watch = watchLedgers(stage, [bridge]);
  await fleet.send();
  await fleet.whenAcked(watch);
  await watch.stop();
  await pause(calmMs);
  const coreShare = await coreShareOf(bridge);
  await bridge.stop();
  const found = `${(coreShare * 100).toFixed(2)} % of a core`;
  assert.ok(coreShare <= coreShareMax, found);
  return { idle: found };
}

async function coreShareOf(bridge: BridgeProcess): Promise<number> {
  const before = await cpuSecondsOf(bridge);
  const startedAt = performance.now();
  await pause(measureMs);
  const used = (await cpuSecondsOf(bridge)) - before;
  return used / ((performance.now() - startedAt) / 1_000);
}

async function cpuSecondsOf(bridge: BridgeProcess): Promise<number> {
  return (await bridge.metrics()).sum('process_cpu_seconds_total');
}
