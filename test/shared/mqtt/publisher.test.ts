// The publisher of the simulated fleet: every PUBACK is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPublisher, type Publisher } from '#shared/mqtt/publisher.ts';
import { FakeBroker, type FakeBrokerOptions } from './fake-broker.ts';

const link = {
  host: '127.0.0.1',
  clientId: 'vehicle-1',
  keepaliveSeconds: 15,
  connectTimeoutMs: 2000,
  credentials: null,
  tls: null,
};

type Heard = { readonly topic: string; readonly text: string };

async function open(
  t: { after(fn: () => Promise<void>): void },
  given: FakeBrokerOptions = {},
): Promise<{ broker: FakeBroker; publisher: Publisher; heard: Heard[] }> {
  const broker = await FakeBroker.start(given);
  t.after(() => broker.stop());
  const heard: Heard[] = [];
  const publisher = await openPublisher({
    link: { ...link, port: broker.port },
    onMessage: (topic, payload) => heard.push({ topic, text: payload.toString() }),
  });
  return { broker, publisher, heard };
}

async function answerNext(broker: FakeBroker, reasonCode: number): Promise<void> {
  await broker.until(() => broker.last.publishes.length > 0);
  const { messageId = 0 } = broker.last.publishes.at(-1) ?? {};
  broker.last.send({ cmd: 'puback', messageId, reasonCode });
}

test('tells the reason of each PUBACK, also of those that MQTT.js keeps quiet about', async (t) => {
  for (const reasonCode of [0x00, 0x10, 0x87, 0x97]) {
    const { broker, publisher } = await open(t, { acksPublishes: false });
    const published = publisher.publish('v1/up/a/gb32960', Buffer.from('##'));
    await answerNext(broker, reasonCode);
    assert.equal(await published, reasonCode);
    await publisher.close();
  }
});

test('publishes at QoS 1, an empty payload too', async (t) => {
  const { broker, publisher } = await open(t);
  await publisher.publish('v1/up/a/gb32960', Buffer.alloc(0));
  const [packet] = broker.last.publishes;
  assert.equal(packet?.qos, 1);
  assert.equal(packet?.payload.length, 0);
  await publisher.close();
});

test('rejects what has no PUBACK when the connection ends, and what comes later', async (t) => {
  const { broker, publisher } = await open(t, { acksPublishes: false });
  const published = publisher.publish('v1/up/a/gb32960', Buffer.from('##'));
  await broker.until(() => broker.last.publishes.length > 0);
  broker.last.destroy();
  await assert.rejects(published, /MQTT connection ended/);
  await publisher.closed;
  await assert.rejects(publisher.publish('v1/up/a/gb32960', Buffer.from('##')));
});

test('closes also when the connection is lost with a PUBACK outstanding', {
  timeout: 10_000,
}, async (t) => {
  for (const isLostFirst of [true, false]) {
    const { broker, publisher } = await open(t, { acksPublishes: false });
    const published = publisher.publish('v1/up/a/gb32960', Buffer.from('##'));
    const lost = assert.rejects(published, /MQTT connection ended/);
    await broker.until(() => broker.last.publishes.length > 0);
    broker.last.destroy();
    if (isLostFirst) await publisher.closed;
    await publisher.close();
    await lost;
  }
});

test('never has more publishes without PUBACK than the broker allows', async (t) => {
  const receiveMaximum = 2;
  const { broker, publisher } = await open(t, {
    acksPublishes: false,
    connackProperties: () => ({ receiveMaximum }),
  });
  const all = Array.from({ length: 6 }, (_, at) => publisher.publish('up', Buffer.of(at)));
  const acked = new Set<number>();
  while (acked.size < all.length) {
    await broker.until(() => broker.last.publishes.length > acked.size);
    const open = broker.last.publishes.filter(({ messageId }) => !acked.has(messageId ?? 0));
    assert.ok(open.length <= receiveMaximum);
    const messageId = open[0]?.messageId ?? 0;
    acked.add(messageId);
    broker.last.send({ cmd: 'puback', messageId, reasonCode: 0 });
  }
  assert.deepEqual(await Promise.all(all), [0, 0, 0, 0, 0, 0]);
  await publisher.close();
});

test('hears and acknowledges answers; a refused subscription rejects', async (t) => {
  const { broker, publisher, heard } = await open(t, {
    subackCode: (_, filter) => (filter === 'v1/dn/+/gb32960' ? 1 : 0x87),
  });
  await publisher.subscribe('v1/dn/+/gb32960');
  const ids = broker.last.deliver([{ topic: 'v1/dn/a/gb32960', payload: 'answer' }]);
  await broker.until(() => broker.last.ackedIds.length > 0);
  assert.deepEqual(broker.last.ackedIds, ids);
  assert.deepEqual(heard, [{ topic: 'v1/dn/a/gb32960', text: 'answer' }]);
  await assert.rejects(publisher.subscribe('v1/secret'));
  await publisher.close();
});

test('rejects with the reason where there is no broker, or one that refuses', async () => {
  const broker = await FakeBroker.start({ connackCode: () => 0x87 });
  const { port } = broker;
  await assert.rejects(openPublisher({ link: { ...link, port } }), /no MQTT connection: .+/);
  await broker.stop();
  await assert.rejects(openPublisher({ link: { ...link, port } }), /ECONNREFUSED/);
});
