// A probe believes an answer only, never an open port.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { kafkaAnswers, kafkaView, mqttAnswers, redisAnswers } from '#deploy/local/probes.ts';

async function serve(t: TestContext, answer: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => socket.once('data', () => answer(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A Metadata answer, version 1, with the brokers' ids and the controller's. */
function metadata(ids: readonly number[], controller: number): Buffer {
  const brokers = ids.map((id) => `${int32(id)}0001${'61'}${int32(9092)}ffff`).join('');
  const body = `${int32(7)}${int32(ids.length)}${brokers}${int32(controller)}${int32(0)}`;
  return Buffer.from(`${int32(body.length / 2)}${body}`, 'hex');
}

function int32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

test('reads brokers and controller out of a Metadata answer, also in pieces', async (t) => {
  const bytes = metadata([1, 2, 3], 2);
  const port = await serve(t, (socket) => {
    socket.write(bytes.subarray(0, 9), () => socket.write(bytes.subarray(9)));
  });
  assert.deepEqual(await kafkaView(port), { brokerIds: [1, 2, 3], controllerId: 2 });
  await kafkaAnswers(port, 3);
});

test('a Kafka that lacks a broker or the controller is not ready', async (t) => {
  const alone = await serve(t, (socket) => socket.write(metadata([1], 1)));
  await assert.rejects(kafkaAnswers(alone, 3), /lists brokers \[1\] of 3/);
  const headless = await serve(t, (socket) => socket.write(metadata([1], -1)));
  await assert.rejects(kafkaAnswers(headless, 1), /controller -1/);
});

test('an MQTT broker is ready when it answers CONNACK with reason 0', async (t) => {
  const good = await serve(t, (socket) => socket.write(Buffer.from('2003000000', 'hex')));
  await mqttAnswers(good);
  const busy = await serve(t, (socket) => socket.write(Buffer.from('2003008900', 'hex')));
  await assert.rejects(mqttAnswers(busy), /answered by 2003008900/);
  const silent = await serve(t, (socket) => socket.end());
  await assert.rejects(mqttAnswers(silent), /closed after 0 bytes/);
});

test('a Redis is ready when it answers PONG, not while it loads its data', async (t) => {
  const good = await serve(t, (socket) => socket.write('+PONG\r\n'));
  await redisAnswers(good);
  const loading = '-LOADING Redis is loading the dataset in memory';
  const early = await serve(t, (socket) => socket.write(`${loading}\r\n`));
  await assert.rejects(redisAnswers(early), /^Error: PING was answered by -LOADING .* in memory$/);
});
