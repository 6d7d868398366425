// What the producer does when there is no Kafka that answers.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createKafkaClient } from '#shared/kafka/client.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import { type KafkaConfig, kafkaSettings } from '#shared/kafka/settings.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';

interface BlackHole {
  readonly brokers: string;
  /** The next connection that somebody opens. */
  connection(): Promise<Socket>;
}

/** Accepts connections and never says a word, like a frozen broker. */
async function openBlackHole(context: TestContext): Promise<BlackHole> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    brokers: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connection: async () => (await once(server, 'connection'))[0] as Socket,
  };
}

function configOf(brokers: string, changes: Partial<KafkaConfig> = {}): KafkaConfig {
  return { ...loadConfig(kafkaSettings, { env: { KAFKA_BROKERS: brokers } }), ...changes };
}

interface Line {
  readonly level: string;
  readonly msg: string;
}

function memoryLog() {
  const lines: Line[] = [];
  const destination = { write: (text: string) => void lines.push(JSON.parse(text) as Line) };
  return { lines, log: createLogger({ level: 'info', name: 'test', destination }) };
}

const records = [0, 1, 0].map((partition) => ({
  topic: 'vehicle.test.v1',
  partition,
  key: Buffer.from('v'),
  value: Buffer.from('report'),
}));

test('answers a batch by time though Kafka never answers, and holds none of its bytes', async (t) => {
  const hole = await openBlackHole(t);
  const config = configOf(hole.brokers, { kafkaRequestTimeoutMs: 50 });
  const producer = createKafkaProducer({ config, log: memoryLog().log });
  t.after(() => producer.close());
  const results = await producer.produce(records);
  assert.deepEqual(results.map(({ partition }) => partition).sort(), [0, 1]);
  for (const result of results) {
    assert.ok(result.kind === 'failed' && result.isRetriable);
    assert.equal(result.code, 'REQUEST_TIMED_OUT');
  }
  assert.equal(producer.inFlightBytes, 0);
});

test('answers a batch though nobody listens', async (t) => {
  const producer = createKafkaProducer({ config: configOf('127.0.0.1:1'), log: memoryLog().log });
  t.after(() => producer.close());
  const results = await producer.produce(records);
  const codes = results.map((result) => result.kind === 'failed' && result.code);
  assert.deepEqual(codes, ['NETWORK_EXCEPTION', 'NETWORK_EXCEPTION']);
});

test('stops connecting at once when told to', async (t) => {
  const hole = await openBlackHole(t);
  const producer = createKafkaProducer({ config: configOf(hole.brokers), log: memoryLog().log });
  t.after(() => producer.close());
  const stop = new AbortController();
  const opened = hole.connection();
  const connecting = producer.connect(['vehicle.test.v1'], stop.signal);
  await opened;
  const reason = new Error('told to stop');
  stop.abort(reason);
  await assert.rejects(connecting, reason);
});

test('says of a batch beyond the limit in flight what a broker says of one too large', async () => {
  const config = configOf('127.0.0.1:1', { kafkaInFlightBytesMax: 10 });
  const producer = createKafkaProducer({ config, log: memoryLog().log });
  const results = await producer.produce(records);
  assert.deepEqual(
    results.map((result) => result.kind === 'failed' && [result.code, result.isRetriable]),
    Array.from({ length: 2 }, () => ['MESSAGE_TOO_LARGE', false]),
  );
});

test('knows the partitions only of topics it was connected with', () => {
  const producer = createKafkaProducer({ config: configOf('127.0.0.1:1'), log: memoryLog().log });
  assert.throws(() => producer.partitionCount('vehicle.other.v1'), /vehicle\.other\.v1/);
});

test('a destroyed client ends what is under way and opens no connection again', async (t) => {
  const hole = await openBlackHole(t);
  const client = createKafkaClient(configOf(hole.brokers), memoryLog().log);
  const admin = client.kafka.admin();
  const opened = hole.connection();
  const connecting = admin.connect();
  const closed = once(await opened, 'close');
  client.destroy();
  await assert.rejects(connecting);
  await closed;
  await assert.rejects(admin.connect());
});

test('a connection on which nothing is answered fails long before a request would', async (t) => {
  const hole = await openBlackHole(t);
  const changes = { kafkaConnectTimeoutMs: 100, kafkaRequestTimeoutMs: 120_000 };
  const client = createKafkaClient(configOf(hole.brokers, changes), memoryLog().log);
  t.after(() => client.destroy());
  await assert.rejects(client.kafka.admin().connect(), /no answer within 100 ms/);
});

test('a broker that is cut loses its connections, and may be connected to again', async (t) => {
  const hole = await openBlackHole(t);
  const client = createKafkaClient(configOf(hole.brokers), memoryLog().log);
  t.after(() => client.destroy());
  const opened = hole.connection();
  const connecting = client.kafka.admin().connect();
  connecting.catch(() => undefined);
  const first = await opened;
  client.cut('127.0.0.1:1');
  assert.equal(first.destroyed, false, 'another broker');
  const openedAgain = hole.connection();
  client.cut(hole.brokers);
  await once(first, 'close');
  await openedAgain;
});

test('keeps the chatter of kafkajs out of the log', async () => {
  const { lines, log } = memoryLog();
  const client = createKafkaClient(configOf('127.0.0.1:1'), log);
  await assert.rejects(client.kafka.admin().connect());
  assert.deepEqual(lines, []);
});

test('refuses contradicting settings before it opens anything', () => {
  const config = configOf('127.0.0.1:1', { kafkaSaslMechanism: 'plain' });
  const { log } = memoryLog();
  assert.throws(() => createKafkaProducer({ config, log }), /KAFKA_SASL_USERNAME is not set/);
});
