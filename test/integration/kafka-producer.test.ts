// The producer and the reader on a real Kafka of their own, which is stopped and frozen under them.

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { startStack } from '#deploy/local/stack.ts';
import { applyTopics } from '#shared/kafka/admin.ts';
import { createKafkaClient } from '#shared/kafka/client.ts';
import type { PartitionResult, ProduceRecord } from '#shared/kafka/producer.ts';
import { follow, type ReadRecord, readAll, readEnds } from '#shared/kafka/reader.ts';
import { createKafkaProducer, type KafkaProducer } from '#shared/kafka/session-producer.ts';
import { type KafkaConfig, kafkaSettings } from '#shared/kafka/settings.ts';
import { withAdmin } from '#shared/kafka/with-admin.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { freezeKafka, thawKafka } from './own-parts.ts';

const partitions = 4;
const log = createLogger({ level: 'silent', name: 'test' });
const say = (line: string) => void process.stderr.write(`${line}\n`);
const stack = await startStack({ parts: ['kafka'], say });
const standard = loadConfig(kafkaSettings, { env: { KAFKA_BROKERS: stack.kafkaBrokers } });
const client = createKafkaClient(standard, log);
after(async () => {
  client.destroy();
  await stack.stop();
});

async function makeTopic(topic = `test.${randomUUID()}.v1`): Promise<string> {
  const specs = [{ topic, retention: { deleteAfterMs: 3_600_000 } }];
  await applyTopics({ client, specs, partitions, replication: 1, minIsr: 1, mode: 'apply' });
  return topic;
}

async function connect(
  topics: readonly string[],
  changes: Partial<KafkaConfig> = {},
): Promise<KafkaProducer> {
  const producer = createKafkaProducer({ config: { ...standard, ...changes }, log });
  after(() => producer.close());
  await producer.connect(topics, AbortSignal.timeout(30_000));
  return producer;
}

interface BatchShape {
  readonly count: number;
  readonly valueBytes: number;
}

function batchFor(topic: string, { count, valueBytes }: BatchShape): ProduceRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    topic,
    partition: index % partitions,
    key: Buffer.from(`${index}`),
    value: randomBytes(valueBytes),
  }));
}

async function readTopic(topic: string): Promise<readonly ReadRecord[]> {
  const records: ReadRecord[] = [];
  await readAll({ client, topics: [topic], onRecord: (record) => records.push(record) });
  return records;
}

function kindsOf(results: readonly PartitionResult[]): readonly string[] {
  return results.map(({ kind }) => kind);
}

const allStored = Array.from({ length: partitions }, () => 'stored');
const allFailed = Array.from({ length: partitions }, () => 'failed');

/** As a lane does: what failed goes again until it is stored. */
async function produceUntilStored(producer: KafkaProducer, records: readonly ProduceRecord[]) {
  let rest = records;
  while (rest.length > 0) {
    const results = await producer.produce(rest);
    const failed = results.filter(({ kind }) => kind === 'failed').map((each) => each.partition);
    rest = rest.filter(({ partition }) => failed.includes(partition));
  }
}

const clients = ['kafkajs', 'platformatic'] as const;
const kinds = clients.flatMap((kafkaClient) => [
  { kafkaClient, kafkaCompression: 'zstd' as const },
  { kafkaClient, kafkaCompression: 'none' as const },
]);

for (const kind of kinds) {
  test(`what is stored is what was sent, in order: ${Object.values(kind).join(', ')}`, async () => {
    const topic = await makeTopic();
    const producer = await connect([topic], kind);
    assert.equal(producer.partitionCount(topic), partitions);
    const shapes = [0, 1, 300, 20_000].map((valueBytes) => ({ count: 50, valueBytes }));
    const batches = shapes.map((shape) => batchFor(topic, shape));
    const sentAt = Date.now();
    for (const batch of batches)
      assert.deepEqual(kindsOf(await producer.produce(batch)), allStored);
    const read = await readTopic(topic);
    assert.equal(read.length, 200);
    for (let partition = 0; partition < partitions; partition++) {
      const sent = batches.flat().filter((record) => record.partition === partition);
      const found = read.filter((record) => record.partition === partition);
      assert.deepEqual(found.map(contentOf), sent.map(contentOf));
      assert.deepEqual(
        found.map(({ offset }) => offset),
        sent.map((_, offset) => offset),
      );
      assert.ok(found.every(({ timestamp }) => timestamp >= sentAt && timestamp <= Date.now()));
    }
  });
}

function contentOf({ key, value }: Pick<ReadRecord, 'key' | 'value'>): readonly string[] {
  return [key!.toString(), value!.toString('base64')];
}

for (const kafkaClient of clients) {
  test(`lets no more bytes out than the limit, and everything in the end: ${kafkaClient}`, async () => {
    const topic = await makeTopic();
    const kafkaInFlightBytesMax = 100_000;
    const producer = await connect([topic], { kafkaClient, kafkaInFlightBytesMax });
    let most = 0;
    const look = () => {
      most = Math.max(most, producer.inFlightBytes);
    };
    const sends = Array.from({ length: 20 }, async () => {
      const sent = producer.produce(batchFor(topic, { count: 8, valueBytes: 4_000 }));
      look();
      const results = await sent;
      look();
      return results;
    });
    for (const results of await Promise.all(sends)) assert.deepEqual(kindsOf(results), allStored);
    assert.ok(most > 60_000 && most <= kafkaInFlightBytesMax, `${most} bytes`);
    assert.equal(producer.inFlightBytes, 0);
    assert.equal((await readTopic(topic)).length, 160);
  });
}

for (const kafkaClient of clients) {
  test(`a record too large fails alone and for good: ${kafkaClient}`, async () => {
    const topic = await makeTopic();
    const producer = await connect([topic], { kafkaClient });
    const records = batchFor(topic, { count: 4, valueBytes: 300 });
    records[2] = { ...records[2]!, value: randomBytes(3 * 1024 * 1024) };
    const results = await producer.produce(records);
    const failed = results.filter((result) => result.kind === 'failed');
    assert.deepEqual(
      failed.map(({ partition, code, isRetriable }) => ({ partition, code, isRetriable })),
      [{ partition: 2, code: 'MESSAGE_TOO_LARGE', isRetriable: false }],
    );
    const partitionsRead = new Set((await readTopic(topic)).map(({ partition }) => partition));
    assert.deepEqual([...partitionsRead].sort(), [0, 1, 3]);
  });
}

for (const kafkaClient of clients) {
  test(`waits for topics that are missing and goes on when they are made: ${kafkaClient}`, async () => {
    const topic = `test.${randomUUID()}.v1`;
    const lines: { msg: string; missing?: string[] }[] = [];
    let told = () => undefined as void;
    const isTold = new Promise<void>((resolve) => {
      told = resolve;
    });
    const destination = {
      write(text: string) {
        lines.push(JSON.parse(text));
        told();
      },
    };
    const logged = createLogger({ level: 'info', name: 'test', destination });
    const producer = createKafkaProducer({ config: { ...standard, kafkaClient }, log: logged });
    const connecting = producer.connect([topic], AbortSignal.timeout(30_000));
    await isTold;
    await makeTopic(topic);
    await connecting;
    await producer.close();
    assert.equal(producer.partitionCount(topic), partitions);
    assert.deepEqual(
      lines.map(({ missing }) => missing),
      [[topic]],
    );
    assert.match(lines[0]!.msg, /fleetwire topics apply/);
  });
}

test('waits while partition counts differ, says so once, and goes on when they are equal', async () => {
  const topics = [await makeTopic(), await makeTopic()] as const;
  const grow = (topic: string) =>
    withAdmin(client, (admin) =>
      admin.createPartitions({ topicPartitions: [{ topic, count: partitions + 2 }] }),
    );
  await grow(topics[0]);
  const lines: { level: string; partitions: object }[] = [];
  const told = Promise.withResolvers<void>();
  const destination = {
    write(text: string) {
      lines.push(JSON.parse(text));
      told.resolve();
    },
  };
  const logged = createLogger({ level: 'info', name: 'test', destination });
  const producer = createKafkaProducer({ config: standard, log: logged });
  const connecting = producer.connect(topics, AbortSignal.timeout(30_000));
  await told.promise;
  await grow(topics[1]);
  await connecting;
  await producer.close();
  assert.equal(producer.partitionCount(topics[1]), partitions + 2);
  assert.deepEqual(
    lines.map((line) => [line.level, line.partitions]),
    [['error', { [topics[0]]: partitions + 2, [topics[1]]: partitions }]],
  );
});

test('leaves no consumer group behind', async () => {
  const topic = await makeTopic();
  const producer = await connect([topic]);
  await producer.produce(batchFor(topic, { count: 8, valueBytes: 10 }));
  assert.equal((await readTopic(topic)).length, 8);
  const admin = client.kafka.admin();
  await admin.connect();
  const { groups } = await admin.listGroups();
  await admin.disconnect();
  assert.deepEqual(groups, []);
});

test('reads only what came after the ends it was given', async () => {
  const topic = await makeTopic();
  const producer = await connect([topic]);
  await producer.produce(batchFor(topic, { count: 8, valueBytes: 10 }));
  const from = await readEnds(client, [topic]);
  await producer.produce(batchFor(topic, { count: 4, valueBytes: 10 }));
  const offsets: number[] = [];
  const onRecord = ({ offset }: ReadRecord) => offsets.push(offset);
  assert.equal(await readAll({ client, topics: [topic], from, onRecord }), 4);
  assert.deepEqual(offsets, [2, 2, 2, 2]);
});

test('follows from the end and ends when told to', async () => {
  const topic = await makeTopic();
  const producer = await connect([topic]);
  await producer.produce(batchFor(topic, { count: 4, valueBytes: 10 }));
  const stop = new AbortController();
  const ready = new EventTarget();
  const isReady = once(ready, 'ready');
  const offsets: number[] = [];
  const following = follow({
    client,
    topics: [topic],
    from: 'end',
    signal: stop.signal,
    onReady: () => void ready.dispatchEvent(new Event('ready')),
    onRecord: ({ offset }) => {
      offsets.push(offset);
      if (offsets.length === 4) stop.abort();
    },
  });
  await isReady;
  await producer.produce(batchFor(topic, { count: 4, valueBytes: 10 }));
  await following;
  assert.deepEqual(offsets, [1, 1, 1, 1]);
});

for (const kafkaClient of clients) {
  test(`a frozen Kafka ends a send by time, and what failed is stored after the thaw: ${kafkaClient}`, async () => {
    const topic = await makeTopic();
    const producer = await connect([topic], { kafkaClient, kafkaRequestTimeoutMs: 500 });
    const records = batchFor(topic, { count: 100, valueBytes: 300 });
    freezeKafka(stack);
    const results = await producer.produce(records);
    assert.deepEqual(kindsOf(results), allFailed);
    assert.ok(results.every((result) => result.kind === 'failed' && result.isRetriable));
    assert.equal(producer.inFlightBytes, 0);
    thawKafka(stack);
    await produceUntilStored(producer, records);
    const keys = new Set((await readTopic(topic)).map(({ key }) => key!.toString()));
    assert.equal(keys.size, records.length);
  });
}

for (const kafkaClient of clients) {
  test(`a stopped Kafka fails a send, and what failed is stored once it is back: ${kafkaClient}`, async () => {
    const topic = await makeTopic();
    const producer = await connect([topic], { kafkaClient });
    await producer.produce(batchFor(topic, { count: 4, valueBytes: 300 }));
    await stack.kafka.stop();
    const records = batchFor(topic, { count: 100, valueBytes: 300 });
    const results = await producer.produce(records);
    assert.deepEqual(kindsOf(results), allFailed);
    assert.ok(results.every((result) => result.kind === 'failed' && result.isRetriable));
    await stack.kafka.start();
    await produceUntilStored(producer, records);
    const keys = new Set((await readTopic(topic)).map(({ key }) => key!.toString()));
    assert.equal(keys.size, records.length);
    assert.equal(producer.inFlightBytes, 0);
  });
}
