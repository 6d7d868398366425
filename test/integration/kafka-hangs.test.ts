// Bytes to and from Kafka vanish without an RST: only time tells. Each step of a send has its
// bound, and what hung is cut off, on a real Kafka behind a proxy.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, type TestContext, test } from 'node:test';
import { prepareKafka } from '#deploy/local/kafka.ts';
import { claimPorts, HOST } from '#deploy/local/ports.ts';
import { openStackFolder } from '#deploy/local/stack-folder.ts';
import { applyTopics } from '#shared/kafka/admin.ts';
import { createKafkaClient } from '#shared/kafka/client.ts';
import type { PartitionResult, ProduceRecord } from '#shared/kafka/producer.ts';
import { readAll } from '#shared/kafka/reader.ts';
import { createKafkaProducer, type KafkaProducer } from '#shared/kafka/session-producer.ts';
import { type KafkaConfig, kafkaSettings } from '#shared/kafka/settings.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { TcpProxy } from '../chaos/proxy/tcp-proxy.ts';
import type { Direction, Dose } from '../chaos/proxy/toxics.ts';
import { eventually } from './eventually.ts';

const log = createLogger({ level: 'silent', name: 'test' });
const { straight, proxy } = await startKafka();
const client = createKafkaClient(configOf(straight), log);
after(() => client.destroy());

const requestTimeoutMs = 1_000;
const connectTimeoutMs = 500;
/** A busy machine looks at its clock late. */
const lateMs = 1_500;

async function startKafka() {
  const [folder, ports] = await Promise.all([openStackFolder(), claimPorts()]);
  const [port, controllerPort, behindPort, proxyPort] = [0, 1, 2, 3].map(() => ports.next());
  const plan = { id: 1, port: port!, controllerPort: controllerPort! };
  const proxied = { port: behindPort!, proxyPort: proxyPort! };
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const [node] = await prepareKafka({ nodes: [{ ...plan, proxied }], dir: folder.dir, say });
  const server = { host: HOST, port: behindPort! };
  const proxy = new TcpProxy({ name: 'Kafka', port: proxyPort!, server });
  after(async () => {
    await proxy.down();
    await node!.kill();
    await ports.release();
    await folder.close();
  });
  await Promise.all([node!.start(), proxy.up()]);
  return { straight: `${HOST}:${port}`, proxy };
}

function configOf(brokers: string, changes: Partial<KafkaConfig> = {}): KafkaConfig {
  return { ...loadConfig(kafkaSettings, { env: { KAFKA_BROKERS: brokers } }), ...changes };
}

async function makeTopic(): Promise<string> {
  const topic = `test.${randomUUID()}.v1`;
  const specs = [{ topic, retention: { deleteAfterMs: 3_600_000 } }];
  await applyTopics({ client, specs, partitions: 1, replication: 1, minIsr: 1, mode: 'apply' });
  return topic;
}

/** Through the proxy. */
function openProducer(t: TestContext): KafkaProducer {
  const config = configOf(`${HOST}:${proxy.port}`, {
    kafkaRequestTimeoutMs: requestTimeoutMs,
    kafkaConnectTimeoutMs: connectTimeoutMs,
  });
  const producer = createKafkaProducer({ config, log });
  t.after(() => producer.close());
  return producer;
}

/** Swallows everything until it is filled again. */
function digHole(t: TestContext, ...directions: readonly Direction[]): { fill(): void } {
  const doses: Dose[] = directions.map((direction) => ({ direction, toxic: { kind: 'timeout' } }));
  proxy.add(...doses);
  const fill = () => proxy.remove(...doses);
  t.after(fill);
  return { fill };
}

function recordOf(topic: string, text: string): ProduceRecord {
  return { topic, partition: 0, key: Buffer.from('v'), value: Buffer.from(text) };
}

interface Timed {
  readonly results: readonly PartitionResult[];
  readonly ms: number;
}

async function produceTimed(producer: KafkaProducer, record: ProduceRecord): Promise<Timed> {
  const startedAt = performance.now();
  const results = await producer.produce([record]);
  return { results, ms: performance.now() - startedAt };
}

function assertFailedInTime({ results: [result], ms }: Timed): void {
  assert.ok(result?.kind === 'failed' && result.isRetriable, JSON.stringify(result));
  // The send itself, or all that the client does around it.
  assert.ok(ms < 2 * requestTimeoutMs + lateMs, `${ms} ms`);
}

async function valuesOf(topic: string): Promise<readonly string[]> {
  const values: string[] = [];
  await readAll({ client, topics: [topic], onRecord: ({ value }) => values.push(`${value}`) });
  return values;
}

for (const directions of [['up', 'down'], ['down'], ['up']] as const) {
  test(`a send that hangs (${directions.join(' and ')}) fails by time, and its connection is cut`, async (t) => {
    const topic = await makeTopic();
    const producer = openProducer(t);
    await producer.connect([topic], AbortSignal.timeout(10_000));
    assert.equal((await producer.produce([recordOf(topic, 'before')]))[0]?.kind, 'stored');
    const openBefore = proxy.acceptedCount;
    const hole = digHole(t, ...directions);
    const failed = await produceTimed(producer, recordOf(topic, 'during'));
    assertFailedInTime(failed);
    assert.ok(failed.ms > requestTimeoutMs * 0.9, `${failed.ms} ms: not by time`);
    assert.equal(producer.inFlightBytes, 0);
    // Nobody waits on the silent connections any more: what comes next takes new ones.
    hole.fill();
    await eventually('stored after the hole', async () => {
      const [result] = await producer.produce([recordOf(topic, 'after')]);
      assert.equal(result?.kind, 'stored');
    });
    assert.ok(proxy.acceptedCount > openBefore, 'the same connection was used again');
    const values = await valuesOf(topic);
    assert.ok(values.includes('before') && values.includes('after'), values.join());
  });
}

test('connections that nobody answers are given up by time, and sends go on failing in time', async (t) => {
  const topic = await makeTopic();
  const hole = digHole(t, 'up', 'down');
  const producer = openProducer(t);
  for (const text of ['first', 'second', 'third']) {
    assertFailedInTime(await produceTimed(producer, recordOf(topic, text)));
  }
  assert.equal(producer.inFlightBytes, 0);
  const openedCount = proxy.connectionCount;
  hole.fill();
  // The ends of them are swallowed as well, until now.
  await eventually('those given up are closed', () => {
    assert.ok(openedCount > 2 && proxy.connectionCount <= 2, `${proxy.connectionCount}`);
  });
  await producer.connect([topic], AbortSignal.timeout(10_000));
  await eventually('stored', async () => {
    const [result] = await producer.produce([recordOf(topic, 'fourth')]);
    assert.equal(result?.kind, 'stored');
  });
});

test('a start behind a hole ends when the hole does', async (t) => {
  const topic = await makeTopic();
  const hole = digHole(t, 'down');
  const producer = openProducer(t);
  const acceptedBefore = proxy.acceptedCount;
  const connecting = producer.connect([topic], AbortSignal.timeout(20_000));
  await eventually('it tries again', () => assert.ok(proxy.acceptedCount > acceptedBefore + 2));
  hole.fill();
  await connecting;
  assert.equal(producer.partitionCount(topic), 1);
});
