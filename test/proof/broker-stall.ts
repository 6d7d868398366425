// How long acknowledgements pause when one of three brokers is killed or freezes, seen through a
// real bridge, beside the time that Kafka itself takes to give the broker up.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { ManagedPart } from '#deploy/local/managed-part.ts';
import { type Stack, startStack } from '#deploy/local/stack.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { startBridge } from '../integration/bridge-process.ts';
import { eventually } from '../integration/eventually.ts';
import { type FleetRun, openFleet } from '../integration/fleet-run.ts';
import { type Ground, openGround, type Stored } from '../integration/ground.ts';
import { watchLedgers } from '../integration/ledger-watch.ts';
import { electPreferredLeaders, readController, readLeaders } from './kafka-requests.ts';
import { type Place, placeOf } from './kafka-wire.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

/** What the pause may add to Kafka's own fencing time. */
const beyondFencingMsMax = 5_000;
const vehicles = 120;
const messagesPerSecond = 2;
/** Load before and after the fault. */
const calmMs = 3_000;
const lookEveryMs = 50;
const fencedMsMax = 40_000;
/** For what Kafka has given up to be noticed, sent again and stored. */
const recoveryMs = 15_000;

const topic = kafkaTopics.telemetry;
const faults = [
  { name: 'killed', seed: 13, act: 'kill', role: 'broker' },
  { name: 'frozen', seed: 14, act: 'freeze', role: 'broker' },
  { name: 'controller killed', seed: 15, act: 'kill', role: 'controller' },
  { name: 'controller frozen', seed: 16, act: 'freeze', role: 'controller' },
] as const;

type Fault = (typeof faults)[number];

export const brokerStallProof: Proof = {
  name: 'broker-stall',
  sentence:
    'When one of three brokers, the controller or another, is killed or freezes, acknowledgements' +
    ' pause for at most 5 s beyond the time that Kafka takes to give it up, and nothing is lost.',
  run,
};

async function run(stage: ProofStage): Promise<Figures> {
  const stack = await startStack({ brokers: 3, say: stage.say });
  stage.after(() => stack.stop());
  const ground = await openGround(stack, { brokers: 3, scope: stage });
  const stalls: Stall[] = [];
  for (const fault of faults) {
    const stall = await measure({ stage, stack, ground, fault });
    stalls.push(stall);
    stage.say(JSON.stringify(stall));
  }
  for (const { fault, fencedMs, ownMs, othersMs } of stalls) {
    const beyondMs = Math.max(ownMs, othersMs) - fencedMs;
    assert.ok(beyondMs <= beyondFencingMsMax, `${fault}: ${beyondMs} ms beyond fencing`);
  }
  return Object.assign({}, ...stalls.map(figuresOf));
}

function figuresOf({ fault, ...stall }: Stall): Figures {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const [own, others] = [stall.ownMs, stall.othersMs].map(seconds);
  const pauses = `longest pause ${own}, of other partitions ${others}`;
  const counts = `${stall.doubledCount} of ${stall.frameCount} stored twice`;
  return { [`${fault}:`]: `fenced after ${seconds(stall.fencedMs)}, ${pauses}, ${counts}` };
}

interface Measurement {
  readonly stage: ProofStage;
  readonly stack: Stack;
  readonly ground: Ground;
  readonly fault: Fault;
}

interface Stall {
  readonly fault: Fault['name'];
  /** From the fault until the last of the broker's partitions had another leader. */
  readonly fencedMs: number;
  /** The longest time in which a partition of the broker took no record. */
  readonly ownMs: number;
  /** The same of the partitions that others lead. */
  readonly othersMs: number;
  readonly doubledCount: number;
  readonly frameCount: number;
}

async function measure({ stage, stack, ground, fault }: Measurement): Promise<Stall> {
  const bridge = await startBridge(stage, ground.addresses, { BRIDGE_NAME: `stall-${fault.seed}` });
  const seconds = (2 * calmMs + fencedMsMax + recoveryMs) / 1_000;
  const messagesPerVehicle = seconds * messagesPerSecond;
  const { seed } = fault;
  const fleet = await openFleet(stage, { ground, seed, vehicles, messagesPerVehicle });
  await bridge.whenReady();
  const watch = watchLedgers(stage, [bridge]);
  const victim = await victimOf(stack, fault);
  const led = await partitionsOf(victim);
  const stopping = new AbortController();
  const sending = sendUntil(stopping.signal, fleet);
  await pause(calmMs);
  const faultAt = Date.now();
  let fencedAt = 0;
  await fleet.breaking(fault.name, async () => {
    await strike(victim.node, fault);
    fencedAt = await whenFenced(victim);
    await pause(recoveryMs);
    await revive(victim.node, fault);
  });
  await pause(calmMs);
  stopping.abort();
  await sending;
  await watch.whenAcked(fleet.sentCount, 60_000);
  await bridge.stop();
  await watch.stop();
  const found = await fleet.check({
    conservation: watch.conservation,
    redeliveryMax: fleet.sentCount,
  });
  const gaps = gapsOf(await fleet.stored(), faultAt);
  const longest = (isOwn: boolean) =>
    Math.max(...gaps.filter(({ partition }) => led.has(partition) === isOwn).map(({ ms }) => ms));
  return {
    fault: fault.name,
    fencedMs: fencedAt - faultAt,
    ownMs: longest(true),
    othersMs: longest(false),
    doubledCount: found.duplicates.explained.count,
    frameCount: found.sentCount,
  };
}

interface Victim {
  readonly node: ManagedPart;
  /** Another broker, to ask meanwhile. */
  readonly witness: Place;
}

/** One that is the controller, or one that is not. */
async function victimOf({ kafka, kafkaBrokers }: Stack, { role }: Fault): Promise<Victim> {
  const places = kafkaBrokers.split(',').map(placeOf);
  const controllerId = await readController(places[0] as Place);
  const isFit = ({ id }: ManagedPart) => (id === controllerId) === (role === 'controller');
  const node = kafka.nodes.find(isFit);
  const witness = places[kafka.nodes.findIndex((other) => other !== node)];
  assert.ok(node && witness, `the controller is ${controllerId}`);
  return { node, witness };
}

/** A third of the topic: an earlier fault may have left the broker without. */
async function partitionsOf({ node, witness }: Victim): Promise<ReadonlySet<number>> {
  await electPreferredLeaders(witness, await readLeaders(witness, [topic]));
  return eventually(`${node.title} leads its partitions`, async () => {
    const leaderships = await readLeaders(witness, [topic]);
    const own = leaderships.filter(({ replicas }) => replicas[0] === node.id);
    assert.ok(own.length > 0 && own.every(({ leader }) => leader === node.id));
    return new Set(own.map(({ partition }) => partition));
  });
}

/** A second's worth again and again. */
async function sendUntil(signal: AbortSignal, fleet: FleetRun): Promise<void> {
  while (!signal.aborted) await fleet.send(messagesPerSecond, 1_000);
}

/** Resolves with the epoch ms at which the broker led nothing any more. */
async function whenFenced({ node, witness }: Victim): Promise<number> {
  const giveUpAt = Date.now() + fencedMsMax;
  for (;;) {
    const leaderships = await readLeaders(witness, [topic]);
    if (leaderships.every(({ leader }) => leader >= 0 && leader !== node.id)) return Date.now();
    assert.ok(Date.now() < giveUpAt, `${node.title} leads still after ${fencedMsMax} ms`);
    await pause(lookEveryMs);
  }
}

async function strike(node: ManagedPart, { act }: Fault): Promise<void> {
  if (act === 'freeze') process.kill(node.pid, 'SIGSTOP');
  else await node.kill();
}

async function revive(node: ManagedPart, { act }: Fault): Promise<void> {
  if (act === 'freeze') process.kill(node.pid, 'SIGCONT');
  else await node.start();
}

interface Gap {
  readonly partition: number;
  /** The longest between two records that follow each other, the second after the fault. */
  readonly ms: number;
}

function gapsOf(stored: readonly Stored[], faultAt: number): readonly Gap[] {
  const own = stored.filter(({ record }) => record.topic === topic);
  const byPartition = Map.groupBy(own, ({ record }) => record.partition);
  return [...byPartition].map(([partition, records]) => {
    const times = records.map(({ record }) => record.timestamp).sort((a, b) => a - b);
    const gaps = times.map((at, i) => (at > faultAt ? at - (times[i - 1] ?? at) : 0));
    return { partition, ms: Math.max(...gaps) };
  });
}
