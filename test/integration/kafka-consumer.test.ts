// The consumer on a real Kafka of its own: who gets what, what a commit says, who notices an end.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { startStack } from '#deploy/local/stack.ts';
import { applyTopics } from '#shared/kafka/admin.ts';
import { createKafkaClient } from '#shared/kafka/client.ts';
import type { ConsumedBatch, ConsumerOptions, StreamConsumer } from '#shared/kafka/consumer.ts';
import { lookAtGroup } from '#shared/kafka/group-look.ts';
import { createKafkaConsumer } from '#shared/kafka/kafkajs-consumer.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import { kafkaSettings } from '#shared/kafka/settings.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { eventually } from './eventually.ts';

const partitionCount = 6;
const log = createLogger({ level: 'silent', name: 'test' });
const say = (line: string) => void process.stderr.write(`${line}\n`);
const stack = await startStack({ parts: ['kafka'], say });
const config = loadConfig(kafkaSettings, { env: { KAFKA_BROKERS: stack.kafkaBrokers } });
const client = createKafkaClient(config, log);
const producer = createKafkaProducer({ config, log });
after(async () => {
  await producer.close();
  client.destroy();
  await stack.stop();
});

async function makeTopic(partitions = partitionCount): Promise<string> {
  const topic = `test.${randomUUID()}.v1`;
  const specs = [{ topic, retention: { deleteAfterMs: 3_600_000 } }];
  await applyTopics({ client, specs, partitions, replication: 1, minIsr: 1, mode: 'apply' });
  return topic;
}

async function fill(topic: string, perPartition: number): Promise<void> {
  await producer.connect([topic], AbortSignal.timeout(30_000));
  const records = Array.from({ length: perPartition * partitionCount }, (_, at) => {
    const value = Buffer.from(String(at));
    return { topic, partition: at % partitionCount, key: Buffer.from('k'), value };
  });
  for (const { kind } of await producer.produce(records)) assert.equal(kind, 'stored');
}

interface Member {
  readonly consumer: StreamConsumer;
  /** Now. */
  partitions: readonly number[];
  /** `topic/partition/offset` in the order handled. */
  readonly handled: string[];
  revokedCount: number;
}

type Handle = (batch: ConsumedBatch, member: Member) => void | Promise<void>;

interface MemberOptions extends Partial<ConsumerOptions> {
  readonly handle?: Handle;
}

const takeAll: Handle = (batch) => batch.resolve(batch.records.at(-1)!.offset);

function createMember(topics: readonly string[], options: MemberOptions = {}): Member {
  const { handle = takeAll, ...rest } = options;
  const handlers: ConsumerOptions['handlers'] = {
    assigned: (partitions) => {
      member.partitions = partitions;
    },
    revoked: () => {
      member.revokedCount += 1;
    },
    batch: async (batch) => {
      for (const { topic, partition, offset } of batch.records) {
        member.handled.push(`${topic}/${partition}/${offset}`);
      }
      await handle(batch, member);
    },
  };
  const consumer = createKafkaConsumer({
    ...{ config, log, topics, handlers, groupId: `test-${randomUUID()}` },
    ...{ concurrentPartitions: 3, sessionTimeoutMs: 10_000, heartbeatMs: 1_000 },
    ...rest,
  });
  after(() => consumer.stop());
  const member: Member = { consumer, partitions: [], handled: [], revokedCount: 0 };
  return member;
}

async function startMember(topics: readonly string[], options?: MemberOptions): Promise<Member> {
  const member = createMember(topics, options);
  await member.consumer.start(AbortSignal.timeout(30_000));
  return member;
}

const all = Array.from({ length: partitionCount }, (_, at) => at);

function sharedOut(members: readonly Member[]): readonly number[] {
  return members.flatMap(({ partitions }) => partitions).sort((a, b) => a - b);
}

test('a partition number of all inputs has one owner, whoever joins and leaves', async () => {
  const topics = [await makeTopic(), await makeTopic()];
  const groupId = `test-${randomUUID()}`;
  const first = await startMember(topics, { groupId });
  assert.deepEqual(first.partitions, all);
  const second = await startMember(topics, { groupId });
  await eventually('both have half', () => {
    assert.deepEqual([first.partitions.length, second.partitions.length], [3, 3]);
    assert.deepEqual(sharedOut([first, second]), all);
  });
  for (const { partitions } of (await lookAtGroup(client, groupId)).members) {
    assert.deepEqual(partitions[topics[0]!], partitions[topics[1]!]);
  }
  const kept = second.partitions;
  const leftAt = performance.now();
  await first.consumer.stop();
  await eventually('all come to the one that stays', () => {
    assert.deepEqual(second.partitions, all);
  });
  const waitedMs = performance.now() - leftAt;
  assert.ok(kept.every((partition) => second.partitions.includes(partition)));
  assert.ok(waitedMs < 5_000, `the group waited ${waitedMs} ms, as for a session that ends`);
});

test('after a restart the next record is the one behind the commit', async () => {
  const topic = await makeTopic();
  const groupId = `test-${randomUUID()}`;
  await fill(topic, 7);
  const before = await startMember([topic], { groupId });
  await eventually('all read', () => assert.equal(before.handled.length, 7 * partitionCount));
  const places = all.map((partition) => ({ topic, partition, next: partition + 1 }));
  assert.equal(await before.consumer.commit(places), 'committed');
  await before.consumer.stop();
  const next = await startMember([topic], { groupId });
  const wanted = all.flatMap((partition) =>
    [0, 1, 2, 3, 4, 5, 6].filter((at) => at > partition).map((at) => `${topic}/${partition}/${at}`),
  );
  await eventually('the rest read', () => assert.deepEqual(next.handled.toSorted(), wanted.sort()));
});

test('what is not resolved is read again, and a seek goes anywhere', async () => {
  const topic = await makeTopic();
  await fill(topic, 3);
  let triesLeft = 2;
  const handle: Handle = (batch) => {
    if (batch.partition !== 0) return takeAll(batch, member);
    if (triesLeft > 0) triesLeft -= 1;
    else batch.resolve(batch.records.at(-1)!.offset);
  };
  const member = createMember([topic], { handle });
  await member.consumer.start(AbortSignal.timeout(30_000));
  const timesOf = (offset: number) =>
    member.handled.filter((place) => place === `${topic}/0/${offset}`).length;
  await eventually('read three times', () => assert.equal(timesOf(2), 3));
  member.consumer.seek(topic, 0, 1);
  await eventually('read from 1 on', () => {
    assert.deepEqual([timesOf(0), timesOf(1), timesOf(2)], [3, 4, 4]);
  });
});

test('a paused partition waits while the others go on', async () => {
  const topic = await makeTopic();
  const member = await startMember([topic]);
  member.consumer.pause(topic, 2);
  await fill(topic, 1);
  const others = () => new Set(member.handled).size;
  await eventually('the others read', () => assert.equal(others(), partitionCount - 1));
  assert.ok(!member.handled.includes(`${topic}/2/0`));
  member.consumer.resume(topic, 2);
  await eventually('the last one read', () => assert.equal(others(), partitionCount));
});

test('a handler that takes longer than the session keeps its place', async () => {
  const topic = await makeTopic();
  const groupId = `test-${randomUUID()}`;
  const held = Promise.withResolvers<void>();
  const handle: Handle = async (batch) => {
    await held.promise;
    batch.resolve(batch.records.at(-1)!.offset);
  };
  // Kafka's least session.
  const options = { groupId, handle, sessionTimeoutMs: 6_000, heartbeatMs: 500 };
  const member = await startMember([topic], options);
  await fill(topic, 1);
  await eventually('a batch is held', () => assert.ok(member.handled.length > 0));
  // kafkajs joins once more where a topic that was just made had no leader yet.
  const { revokedCount } = member;
  const heldAt = performance.now();
  const isLongHeld = () => assert.ok(performance.now() - heldAt > 7_500);
  await eventually('longer than a session', isLongHeld, 10_000);
  assert.equal(await member.consumer.heartbeat(), 'member');
  held.resolve();
  await eventually('the rest read', () => assert.equal(new Set(member.handled).size, 6));
  assert.equal(member.revokedCount, revokedCount);
});

test('a handler that rejects ends the consumer instead of being called for ever', async () => {
  const topic = await makeTopic();
  const handle: Handle = () => Promise.reject(new TypeError('a bug of ours'));
  const member = await startMember([topic], { handle });
  await fill(topic, 1);
  await assert.rejects(member.consumer.failed, /a bug of ours/);
});

test('inputs with unequal partition counts, or none, are refused with what to do', async () => {
  const topics = [await makeTopic(), await makeTopic(3)];
  const unequal = createMember(topics);
  const start = unequal.consumer.start(AbortSignal.timeout(30_000));
  await assert.rejects(start, /has 6.*has 3.*fleetwire topics apply/s);
  const missing = createMember(['test.never-made.v1']);
  const other = missing.consumer.start(AbortSignal.timeout(30_000));
  await assert.rejects(other, /test\.never-made\.v1.*fleetwire topics apply/s);
});
