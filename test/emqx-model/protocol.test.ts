// What the model refuses, and how it says so.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Packet } from 'mqtt-packet';
import { spawnOwned } from '#deploy/local/own-process.ts';
import { type Address, RawClient } from '../brokers/raw-client.ts';
import type { ModelRig } from './model-rig.ts';
import { shared, startModel } from './model-rig.ts';

async function reasonOf(rig: ModelRig, packet: Packet): Promise<number | null> {
  const client = await rig.client();
  client.write(packet);
  await client.until('the end', () => client.isClosed);
  return client.disconnectReason;
}

const message = { cmd: 'publish', topic: 'a', payload: 'x', dup: false, retain: false } as const;

test('refuses QoS 2, retained messages, topic aliases and wildcards in a topic', async (t) => {
  const rig = await startModel(t);
  const atOnce = { ...message, messageId: 1, qos: 1 } as const;
  assert.equal(await reasonOf(rig, { ...atOnce, qos: 2 }), 0x9b);
  assert.equal(await reasonOf(rig, { ...atOnce, retain: true }), 0x9a);
  assert.equal(await reasonOf(rig, { ...atOnce, properties: { topicAlias: 1 } }), 0x94);
  assert.equal(await reasonOf(rig, { ...atOnce, topic: 'a/+' }), 0x90);
});

test('CONNACK says what it has not: topic aliases, QoS 2, retained messages', async (t) => {
  const { client } = await startModel(t);
  const { properties } = (await client()).connack!;
  assert.equal(properties?.topicAliasMaximum, undefined);
  assert.equal(properties?.maximumQoS, 1);
  assert.equal(properties?.retainAvailable, false);
  assert.equal(properties?.maximumPacketSize, 1_048_576);
});

test('a packet beyond max_packet_size ends the connection', async (t) => {
  const rig = await startModel(t, { maxPacketSize: 1000 });
  const large = { ...message, messageId: 1, qos: 1, payload: Buffer.alloc(1001) } as const;
  assert.equal(await reasonOf(rig, large), 0x95);
});

test('what a client may not do is refused to it alone and counted, the connection stays', async (t) => {
  const { model, client } = await startModel(t, {
    authorize: ({ kind, clientId, topic }) => kind === 'subscribe' || topic.endsWith(clientId),
  });
  const car = await client({ clientId: 'VIN-1' });
  await car.subscribe('up/+');
  assert.equal(await car.publish('up/VIN-1', 'own'), 0);
  assert.equal(await car.publish('up/VIN-2', 'foreign'), 0x87);
  assert.deepEqual(
    car.arrivals.map(({ text }) => text),
    ['own'],
  );
  assert.equal(model.counters['authorization.deny'], 1);
});

test('SUBACK refuses a filter that is not allowed, and a shared one that is none', async (t) => {
  const { client } = await startModel(t, { authorize: ({ topic }) => topic !== 'cars/secret' });
  const bridge = await client();
  const filters = ['$share/fleetwire/cars/secret', '$share/fleetwire', shared];
  assert.deepEqual(await bridge.subscribe(...filters), [0x87, 0x8f, 1]);
});

test('without shared subscriptions CONNACK says so, and a shared filter alone is refused', async (t) => {
  const { client } = await startModel(t, { isSharingOn: false });
  const bridge = await client();
  assert.equal(bridge.connack?.properties?.sharedSubscriptionAvailable, false);
  assert.deepEqual(await bridge.subscribe(shared, 'cars/+'), [0x9e, 1]);
});

test('gives a client without an id one, and speaks MQTT 5 alone', async (t) => {
  const { client } = await startModel(t);
  const { properties } = (await client({ clientId: '' })).connack!;
  assert.match(properties?.assignedClientIdentifier ?? '', /^model-/);
  const old = await client({ protocolVersion: 4 }).catch((error: Error) => error);
  assert.ok(old instanceof Error || old.connack?.reasonCode !== 0);
});

test('runs as a process that says its address and, at its end, what it counted', async (t) => {
  const lines: string[] = [];
  let onLine: () => void = () => undefined;
  const process_ = await spawnOwned({
    command: process.execPath,
    args: [fileURLToPath(new URL('main.ts', import.meta.url)), '--max-inflight', '7'],
    onLine: (line) => {
      lines.push(line);
      onLine();
    },
  });
  t.after(() => process_.kill());
  while (lines.length === 0) {
    await new Promise<void>((resolve) => {
      onLine = resolve;
    });
  }
  const { port } = new URL(JSON.parse(lines[0]!).mqttUrl);
  const address: Address = { host: '127.0.0.1', port: Number(port), credentials: null, tls: null };
  const client = await RawClient.open(address);
  assert.equal(client.connack?.properties?.receiveMaximum, 7);
  await client.publish('cars/1', 'nobody');
  const { code } = await process_.stop();
  assert.equal(code, 0);
  assert.equal(JSON.parse(lines.at(-1)!).counters['messages.dropped.no_subscribers'], 1);
});
