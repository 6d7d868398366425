// A vehicle's way to the broker, also when it breaks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Uplink } from '#loadtest/fleet/uplink.ts';
import { FakeBroker } from '../../shared/mqtt/fake-broker.ts';

const link = {
  host: '127.0.0.1',
  keepaliveSeconds: 15,
  connectTimeoutMs: 2000,
  credentials: null,
  tls: null,
};

test('sends again over a new connection what was not acknowledged, and says so', async (t) => {
  const broker = await FakeBroker.start({ acksPublishes: false });
  t.after(() => broker.stop());
  const stop = new AbortController();
  const uplink = new Uplink({
    link: { ...link, port: broker.port },
    clientId: 'fleet-1',
    signal: stop.signal,
  });
  await uplink.open();
  let againCount = 0;
  const sent = uplink.send('v1/up/a/gb32960', Buffer.from('##'), () => {
    againCount += 1;
  });
  await broker.until(() => broker.last.publishes.length > 0);
  broker.last.destroy();
  await broker.until(() => broker.sessions.length > 1 && broker.last.publishes.length > 0);
  assert.equal(againCount, 1);
  assert.equal(broker.last.publishes[0]?.payload.toString(), '##');
  broker.last.send({
    cmd: 'puback',
    messageId: broker.last.publishes[0]?.messageId ?? 0,
    reasonCode: 0,
  });
  assert.equal(await sent, 0);
  assert.equal(uplink.openedCount, 2);
  await uplink.close();
});

test('gives up at the abort', async () => {
  const broker = await FakeBroker.start({ acksPublishes: false });
  const stop = new AbortController();
  const uplink = new Uplink({
    link: { ...link, port: broker.port },
    clientId: 'fleet-1',
    signal: stop.signal,
  });
  await uplink.open();
  const sent = uplink.send('v1/up/a/gb32960', Buffer.from('##'), () => undefined);
  await broker.until(() => broker.last.publishes.length > 0);
  stop.abort();
  await broker.stop();
  await assert.rejects(sent, { name: 'AbortError' });
});

test('rejects the opening where there is no broker', async () => {
  const broker = await FakeBroker.start();
  const { port } = broker;
  await broker.stop();
  const { signal } = new AbortController();
  const uplink = new Uplink({ link: { ...link, port }, clientId: 'fleet-1', signal });
  await assert.rejects(uplink.open(), /no MQTT connection/);
});
