// Gates every upgrade of MQTT.js: the link leans on how it works inside.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Link, type LinkSettings } from '#shared/mqtt/link.ts';
import type { Delivery, NextDelivery } from '#shared/mqtt/publish-reader.ts';
import { FakeBroker, type FakeBrokerOptions } from './fake-broker.ts';

interface Rig {
  readonly broker: FakeBroker;
  readonly link: Link;
  readonly delivered: Delivery[];
  /** What the link's user does with a delivery; default: defers its PUBACK. */
  onDelivery: (delivery: Delivery, next: NextDelivery) => void;
}

async function open(
  t: { after(fn: () => Promise<void>): void },
  given: FakeBrokerOptions = {},
  settings: Partial<LinkSettings> = {},
): Promise<Rig> {
  const broker = await FakeBroker.start(given);
  const delivered: Delivery[] = [];
  const rig: { -readonly [K in keyof Rig]: Rig[K] } = {
    broker,
    delivered,
    onDelivery: (_delivery, next) => next(),
    link: undefined as unknown as Link,
  };
  rig.link = new Link({ ...defaults, port: broker.port, ...settings }, 1, () => ({
    deliver: (delivery, next) => {
      delivered.push(delivery);
      rig.onDelivery(delivery, next);
    },
    closed: () => undefined,
  }));
  t.after(async () => {
    rig.link.destroy('the test is over');
    await rig.link.closed;
    await broker.stop();
  });
  return rig;
}

const defaults: LinkSettings = {
  host: '127.0.0.1',
  port: 0,
  clientId: 'test-1',
  keepaliveSeconds: 15,
  connectTimeoutMs: 2000,
  receiveMaximum: 1000,
  credentials: null,
  tls: null,
};

test('asks for a clean session that ends with the connection, its window and no topic alias', async (t) => {
  const { broker, link } = await open(t);
  await link.connected;
  const { connect } = broker.last;
  assert.equal(connect?.clean, true);
  assert.equal(connect?.properties?.sessionExpiryInterval, 0);
  assert.equal(connect?.properties?.receiveMaximum, 1000);
  assert.equal(connect?.properties?.topicAliasMaximum, undefined);
});

test('takes 1,000 of 2,500 messages without an acknowledgement, and all after the release', async (t) => {
  const { broker, link, delivered } = await open(t);
  await link.connected;
  const session = broker.last;
  const messages = Array.from({ length: 2500 }, (_, i) => ({ topic: 'a', payload: `${i}` }));
  session.deliver(messages.slice(0, 1000));
  await until(() => delivered.length === 1000);
  assert.deepEqual(session.ackedIds, [], 'MQTT.js must send no PUBACK of its own');
  for (let sent = 1000; sent < 2500; sent += 500) {
    link.write(Buffer.concat(delivered.slice(sent - 1000, sent - 500).map(pubackOf)));
    await broker.until(() => session.ackedIds.length === sent - 500);
    session.deliver(messages.slice(sent, sent + 500));
    await until(() => delivered.length === sent + 500);
  }
  assert.deepEqual(
    delivered.map(({ payload }) => payload.toString()),
    messages.map(({ payload }) => payload),
  );
  assert.equal(session.ackedIds.length, 1500, 'only ours');
});

test('writes nothing once the connection is lost, so no late PUBACK reaches another one', async (t) => {
  const { broker, link } = await open(t);
  await link.connected;
  broker.last.destroy();
  await link.closed;
  assert.equal(link.write(Buffer.from([0x40, 2, 0, 1])), false);
  assert.equal(link.isOpen, false);
});

test('says why CONNACK refused it', async (t) => {
  const { link } = await open(t, { connackCode: () => 0x87 });
  await assert.rejects(link.connected, /Not authorized \(reason 0x87\)/);
  assert.match(await link.closed, /0x87/);
});

test('says which reason a DISCONNECT of the broker had', async (t) => {
  const { broker, link } = await open(t);
  await link.connected;
  broker.last.send({ cmd: 'disconnect', reasonCode: 0x8e });
  broker.last.destroy();
  assert.match(await link.closed, /0x8e/);
});

test('answers with the codes of SUBACK as they are, refusals among them', async (t) => {
  const { link } = await open(t, { subackCode: (_n, filter) => (filter === 'b' ? 0x87 : 1) });
  await link.connected;
  assert.deepEqual(await link.subscribe(['a', 'b']), [1, 0x87]);
});

test('keeps a connection whose reading is withheld for longer than the keepalive allows', async (t) => {
  const rig = await open(t, {}, { keepaliveSeconds: 1 });
  const { broker, link } = rig;
  await link.connected;
  let resume: NextDelivery = () => undefined;
  rig.onDelivery = (_delivery, next) => {
    resume = next;
    link.startHandPings();
  };
  const session = broker.last;
  session.deliver([{ topic: 'a', payload: '1' }]);
  // 1.5 keepalives without PINGRESP read would end it; five pings by hand are 2.5.
  await broker.until(() => session.received.filter(({ cmd }) => cmd === 'pingreq').length >= 5);
  assert.equal(link.isOpen, true);
  rig.onDelivery = (_delivery, next) => next();
  link.stopHandPings();
  resume();
  session.deliver([{ topic: 'a', payload: '2' }]);
  await until(() => rig.delivered.length === 2);
  assert.equal(link.isOpen, true);
});

test('pings on while reading is withheld and goes on many times within a keepalive', async (t) => {
  const { broker, link } = await open(t, {}, { keepaliveSeconds: 1 });
  await link.connected;
  const flicker = setInterval(() => {
    link.startHandPings();
    link.stopHandPings();
  }, 50);
  t.after(async () => clearInterval(flicker));
  const isPinged = () => broker.last.received.filter(({ cmd }) => cmd === 'pingreq').length >= 4;
  await Promise.race([broker.until(isPinged), link.closed]);
  assert.equal(isPinged(), true);
});

test('ends a connection whose pings stay unanswered', async (t) => {
  const { link } = await open(t, { answersPings: false }, { keepaliveSeconds: 1 });
  await link.connected;
  assert.match(await link.closed, /Keepalive timeout/);
});

test('sends DISCONNECT behind all that was written, and reads what is unread away', async (t) => {
  const rig = await open(t);
  const { broker, link } = rig;
  await link.connected;
  const session = broker.last;
  rig.onDelivery = () => undefined;
  session.deliver(Array.from({ length: 500 }, () => ({ topic: 'a', payload: Buffer.alloc(4000) })));
  await until(() => rig.delivered.length === 1);
  link.write(Buffer.from([0x40, 2, 0, 1, 0x40, 2, 0, 2]));
  await link.disconnect(5000);
  await broker.until(() => session.isClosed);
  const tail = session.received.slice(-3).map(({ cmd }) => cmd);
  assert.deepEqual(tail, ['puback', 'puback', 'disconnect']);
  assert.equal(rig.delivered.length, 1, 'nothing more was handed on');
});

test('publishes before what is written after it, and knows how many are unanswered', async (t) => {
  const { broker, link } = await open(t, {
    acksPublishes: false,
    connackProperties: () => ({ receiveMaximum: 2 }),
  });
  await link.connected;
  const message = { topic: 'dn', payload: Buffer.from('x'), expirySeconds: 60 };
  const refusals: (string | null)[] = [];
  link.publish(message, (refusal) => refusals.push(refusal));
  link.write(Buffer.from([0x40, 2, 0, 7]));
  link.publish(message, (refusal) => refusals.push(refusal));
  assert.equal(link.publishQuota, 0);
  assert.throws(() => link.publish(message, () => undefined), /Receive Maximum/);
  const session = broker.last;
  await broker.until(() => session.publishes.length === 2);
  assert.deepEqual(
    session.received.slice(1).map(({ cmd }) => cmd),
    ['publish', 'puback', 'publish'],
  );
  assert.equal(session.publishes[0]?.properties?.messageExpiryInterval, 60);
  session.send({
    cmd: 'puback',
    messageId: session.publishes[0]?.messageId ?? 0,
    reasonCode: 0x87,
  });
  session.send({ cmd: 'puback', messageId: session.publishes[1]?.messageId ?? 0, reasonCode: 0 });
  await until(() => refusals.length === 2);
  assert.match(refusals[0] ?? '', /0x87/);
  assert.equal(refusals[1], null);
  assert.equal(link.publishQuota, 2);
});

test('survives bytes that are no MQTT', async (t) => {
  const { broker, link } = await open(t);
  await link.connected;
  const stream = broker.last;
  stream.sendRaw(Buffer.from([0xf7, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00]));
  assert.match(await link.closed, /./);
});

function pubackOf({ messageId = 0 }: Delivery): Buffer {
  return Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]);
}

/** For conditions on our own side: looked at again after each turn of the loop. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
