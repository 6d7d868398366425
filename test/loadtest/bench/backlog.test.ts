// The backlog of the bench: every frame once, and nothing started before it is whole.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Packet, parser } from 'mqtt-packet';
import { publishBacklog, publishPaced } from '#loadtest/bench/backlog.ts';

/** A broker that hears MQTT and answers as told. */
async function startBroker(t: TestContext, answer: (packet: Packet, socket: Socket) => void) {
  const server = createServer((socket) => {
    const parse = parser();
    parse.on('packet', (packet) => answer(packet, socket));
    socket.on('data', (bytes) => parse.parse(bytes as Buffer));
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const connack = Buffer.from([0x20, 2, 0, 0]);

test('publishes every frame once, at QoS 1, and ends when all have their PUBACK', async (t) => {
  const publications = Array.from({ length: 5_000 }, (_, n) => {
    return { mqttTopic: `v1/up/${n % 7}/gb32960`, payload: Buffer.alloc(300, n) };
  });
  const heard: Packet[] = [];
  let unansweredMax = 0;
  let waiting: Buffer[] = [];
  const url = await startBroker(t, (packet, socket) => {
    if (packet.cmd === 'connect') socket.write(connack);
    if (packet.cmd !== 'publish') return;
    heard.push(packet);
    const id = packet.messageId ?? 0;
    waiting.push(Buffer.from([0x40, 2, id >> 8, id & 0xff]));
    unansweredMax = Math.max(unansweredMax, waiting.length);
    if (waiting.length < 900 && heard.length < publications.length) return;
    socket.write(Buffer.concat(waiting));
    waiting = [];
  });
  await publishBacklog(url, publications);
  assert.ok(heard.every((packet) => packet.cmd === 'publish' && packet.qos === 1));
  assert.deepEqual(
    heard.map((packet) => packet.cmd === 'publish' && [packet.topic, packet.payload]),
    publications.map(({ mqttTopic, payload }) => [mqttTopic, payload]),
  );
  assert.equal(unansweredMax, 900);
});

test('rejects when the broker hangs up before all are acknowledged', async (t) => {
  const url = await startBroker(t, (packet, socket) => {
    if (packet.cmd === 'connect') socket.write(connack);
    else socket.destroy();
  });
  const publications = [{ mqttTopic: 'a', payload: Buffer.from('x') }];
  await assert.rejects(publishBacklog(url, publications), /closed the connection/);
});

test('keeps to the pace and says when each frame was written', async (t) => {
  const publications = Array.from({ length: 100 }, () => {
    return { mqttTopic: 'a', payload: Buffer.from('x') };
  });
  const url = await startBroker(t, (packet, socket) => {
    if (packet.cmd === 'connect') socket.write(connack);
    else if (packet.cmd === 'publish') {
      const id = packet.messageId ?? 0;
      socket.write(Buffer.from([0x40, 2, id >> 8, id & 0xff]));
    }
  });
  const startedAt = Date.now();
  const sentAt = await publishPaced(url, publications, 1_000);
  assert.deepEqual([...sentAt], [...sentAt].sort());
  assert.ok(sentAt[0]! >= startedAt);
  // The 100th is due after 100 ms; the clocks of start and pace may differ by a millisecond.
  assert.ok(sentAt.at(-1)! - startedAt >= 98, `${sentAt.at(-1)! - startedAt} ms`);
});
