// What the headroom gauge says when Kafka stops, beside the time after which the MQTT broker drops
// the first frame: on Mosquitto, and on the model of EMQX, which deals by topic.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { managePart } from '#deploy/local/managed-part.ts';
import { claimPorts, HOST } from '#deploy/local/ports.ts';
import { mqttAnswers } from '#deploy/local/probes.ts';
import { type Stack, startStack } from '#deploy/local/stack.ts';
import { openPublisher } from '#shared/mqtt/publisher.ts';
import { linkSettingsOf } from '#shared/mqtt/settings.ts';
import { startModel } from '../chaos/mqtt-part.ts';
import { type BridgeProcess, startBridge } from '../integration/bridge-process.ts';
import { openFleet } from '../integration/fleet-run.ts';
import { type Ground, openGround } from '../integration/ground.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

const vehicles = 60;
const messagesPerSecond = 4;
/** Per connection; with the queue about 25 s of its share. */
const windowFrames = 500;
const queueFrames = 2_500;
/** For the rate to be known. */
const calmMs = 20_000;
const dropMsMax = 90_000;
const lookEveryMs = 100;
const errorMax = 0.2;

export const headroomProof: Proof = {
  name: 'headroom',
  sentence:
    'When Kafka stops, the headroom that the bridge tells is right within 20 % of the time after' +
    ' which the MQTT broker drops the first frame, on Mosquitto and on the model of EMQX.',
  run,
};

async function run(stage: ProofStage): Promise<Figures> {
  const stack = await startStack({ parts: ['kafka', 'registry'], say: stage.say });
  stage.after(() => stack.stop());
  const brokers = [await openMosquitto(stage, stack), await openModel(stage)];
  const figures: Record<string, string> = {};
  for (const [index, broker] of brokers.entries()) {
    const { foretoldMs, droppedMs } = await measure({ stage, stack, broker, seed: 40 + index });
    const seconds = [foretoldMs, droppedMs].map((ms) => (ms / 1_000).toFixed(1));
    const error = (foretoldMs - droppedMs) / droppedMs;
    const found = `told ${seconds[0]} s, first drop after ${seconds[1]} s`;
    figures[broker.name] = `${found} (${(error * 100).toFixed(0)} %)`;
    stage.say(`${broker.name}: ${figures[broker.name]}`);
    assert.ok(Math.abs(error) <= errorMax, `${broker.name}: ${found}`);
  }
  return figures;
}

interface DroppingBroker {
  readonly name: string;
  readonly mqttUrl: string;
  /** Frames that it has dropped so far because a queue was full. */
  droppedCount(): number;
  /** Listens to what the broker tells; to be called once there is a ground. */
  watch(ground: Ground): Promise<void>;
}

async function openModel(stage: ProofStage): Promise<DroppingBroker> {
  const limits = { maxInflight: windowFrames, maxMqueueLen: queueFrames };
  const part = await startModel(limits, stage);
  return {
    name: 'model of EMQX',
    mqttUrl: part.url,
    droppedCount: () => part.model?.counters['delivery.dropped.queue_full'] ?? 0,
    watch: async () => undefined,
  };
}

async function openMosquitto(stage: ProofStage, { dir }: Stack): Promise<DroppingBroker> {
  const ports = await claimPorts();
  stage.after(() => ports.release());
  const port = ports.next();
  const home = join(dir, 'mosquitto-small');
  await mkdir(home, { recursive: true });
  const settings = join(home, 'mosquitto.conf');
  const lines = [
    `listener ${port} ${HOST}`,
    'allow_anonymous true',
    'persistence false',
    'max_inflight_messages 65535',
    `max_queued_messages ${queueFrames}`,
    'sys_interval 1',
  ];
  await writeFile(settings, `${lines.join('\n')}\n`);
  const part = managePart({
    id: 1,
    title: 'Mosquitto',
    command: 'mosquitto',
    args: ['-c', settings],
    logFile: join(home, 'mosquitto.log'),
    probe: () => mqttAnswers(port),
    say: stage.say,
  });
  stage.after(() => part.kill());
  await part.start();
  let dropped = 0;
  const watch = async ({ config }: Ground) => {
    const link = { ...linkSettingsOf(config), clientId: 'headroom-proof' };
    const onMessage = (_topic: string, payload: Buffer) => {
      dropped = Number(payload.toString());
    };
    const publisher = await openPublisher({ link, onMessage });
    stage.after(() => publisher.close());
    await publisher.subscribe('$SYS/broker/publish/messages/dropped');
  };
  return {
    name: 'Mosquitto',
    mqttUrl: `mqtt://${HOST}:${port}`,
    droppedCount: () => dropped,
    watch,
  };
}

interface Measurement {
  readonly stage: ProofStage;
  readonly stack: Stack;
  readonly broker: DroppingBroker;
  readonly seed: number;
}

interface Measured {
  readonly foretoldMs: number;
  readonly droppedMs: number;
}

async function measure({ stage, stack, broker, seed }: Measurement): Promise<Measured> {
  const { kafkaBrokers, registryUrl } = stack;
  const ground = await openGround(
    { mqttUrl: broker.mqttUrl, kafkaBrokers, registryUrl },
    { scope: stage },
  );
  await broker.watch(ground);
  const bridge = await startBridge(stage, ground.addresses, {
    BRIDGE_NAME: `headroom-${seed}`,
    BRIDGE_WINDOW_FRAMES: String(windowFrames),
    BRIDGE_BROKER_QUEUE_FRAMES: String(queueFrames),
  });
  const messagesPerVehicle = ((calmMs + dropMsMax) / 1_000) * messagesPerSecond;
  const fleet = await openFleet(stage, { ground, seed, vehicles, messagesPerVehicle });
  await bridge.whenReady();
  const stopping = new AbortController();
  const sending = (async () => {
    while (!stopping.signal.aborted) await fleet.send(messagesPerSecond, 1_000);
  })();
  await pause(calmMs);
  const droppedBefore = broker.droppedCount();
  const foretoldMs = await headroomMs(bridge);
  const stoppedAt = performance.now();
  await Promise.all(stack.kafka.nodes.map((node) => node.kill()));
  await whenDropped(broker, droppedBefore);
  const droppedMs = performance.now() - stoppedAt;
  await Promise.all(stack.kafka.nodes.map((node) => node.start()));
  stopping.abort();
  await sending;
  await bridge.whenReady();
  await bridge.process.kill();
  return { foretoldMs, droppedMs };
}

async function headroomMs(bridge: BridgeProcess): Promise<number> {
  return (await bridge.metrics()).sum('headroom_seconds') * 1_000;
}

async function whenDropped(broker: DroppingBroker, before: number): Promise<void> {
  const giveUpAt = performance.now() + dropMsMax;
  while (broker.droppedCount() === before) {
    assert.ok(performance.now() < giveUpAt, `${broker.name} dropped nothing in ${dropMsMax} ms`);
    await pause(lookEveryMs);
  }
}
