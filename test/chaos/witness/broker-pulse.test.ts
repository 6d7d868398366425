// The pulse tells a broker that stands still from one that is well and from one that is gone.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { generate, type Packet, parser } from 'mqtt-packet';
import { BrokerPulse } from './broker-pulse.ts';

const stallMsMin = 40;

/** Answers each ping after so many ms; `pinged` resolves with the next one. */
async function openBroker(context: TestContext, answerAfterMs: () => number) {
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    const reader = parser({ protocolVersion: 5 });
    const send = (packet: Packet) => socket.write(generate(packet, { protocolVersion: 5 }));
    reader.on('packet', ({ cmd }: Packet) => {
      if (cmd === 'connect') send({ cmd: 'connack', reasonCode: 0, sessionPresent: false });
      if (cmd !== 'pingreq') return;
      setTimeout(() => send({ cmd: 'pingresp' }), answerAfterMs());
      waiting.shift()?.();
    });
    socket.on('data', (bytes: Buffer) => void reader.parse(bytes));
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const { port } = server.address() as { port: number };
  return {
    address: { host: '127.0.0.1', port },
    pinged: () => new Promise<void>((resolve) => waiting.push(resolve)),
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

test('a ping that waits longer than allowed is a stall, from the question to the answer', async (t) => {
  let answerAfterMs = 0;
  const broker = await openBroker(t, () => answerAfterMs);
  const pulse = new BrokerPulse({ broker: broker.address, stallMsMin, askEveryMs: 1 });
  t.after(() => pulse.stop());
  await broker.pinged();
  answerAfterMs = 60;
  await broker.pinged();
  answerAfterMs = 0;
  await broker.pinged();
  await broker.pinged();
  const [stall] = pulse.stalls;
  assert.ok(stall !== undefined && stall.to - stall.from >= stallMsMin);
});

test('a broker that is gone and back is no stall', async (t) => {
  const broker = await openBroker(t, () => 10_000);
  const pulse = new BrokerPulse({ broker: broker.address, stallMsMin, askEveryMs: 1 });
  t.after(() => pulse.stop());
  await broker.pinged();
  broker.cut();
  await broker.pinged();
  assert.deepEqual(pulse.stalls, []);
});

test('a ping that waits at the end counts', async (t) => {
  const broker = await openBroker(t, () => 10_000);
  const pulse = new BrokerPulse({ broker: broker.address, stallMsMin: 0, askEveryMs: 1 });
  await broker.pinged();
  pulse.stop();
  assert.equal(pulse.stalls.length, 1);
  broker.cut();
});
