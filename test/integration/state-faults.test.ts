// The state processor as it runs in production, while its neighbours go away and its inputs hold
// what nobody can read, or lose what was not read yet.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { environmentOf } from '#loadtest/demo/addresses.ts';
import { sumOf, valuesOf } from '#loadtest/demo/metric-text.ts';
import { createDecoder } from '#shared/avro/decoder.ts';
import { createEncoders } from '#shared/avro/encoder.ts';
import { loadSchemaIds } from '#shared/avro/schema-ids.ts';
import type { Quarantined } from '#shared/avro/types.generated.ts';
import { createKafkaClient } from '#shared/kafka/client.ts';
import { lookAtGroup } from '#shared/kafka/group-look.ts';
import { partitionOf } from '#shared/kafka/partitioner.ts';
import { type PartitionEnds, type ReadRecord, readAll } from '#shared/kafka/reader.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import { withAdmin } from '#shared/kafka/with-admin.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { consumerGroups, kafkaTopics } from '#shared/topics.ts';
import { sampleTelemetry } from '../shared/avro/sample-records.ts';
import { type BridgeProcess, spawnService } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openGround } from './ground.ts';
import { stackWithOwn } from './own-parts.ts';

const stack = await stackWithOwn('kafka', 'registry', 'redis');
const ground = await openGround(stack);
const log = createLogger({ level: 'silent', name: 'test' });
const signal = AbortSignal.timeout(60_000);
const ids = await loadSchemaIds({ config: ground.config, log, signal });
const encoders = createEncoders(ids);
const decoder = createDecoder({ ids, schemaById: async () => null });
const client = createKafkaClient(ground.config, log);
const producer = createKafkaProducer({ config: ground.config, log });
await producer.connect([kafkaTopics.telemetry], signal);
after(async () => {
  await producer.close();
  client.destroy();
});

const topic = kafkaTopics.telemetry;
const mainFile = fileURLToPath(new URL('../../services/state/main.ts', import.meta.url));
let reportCount = 0;

async function store(vehicleId: string, value: Buffer): Promise<number> {
  const key = Buffer.from(vehicleId);
  const partition = partitionOf(key, producer.partitionCount(topic));
  const [result] = await producer.produce([{ topic, partition, key, value }]);
  assert.equal(result?.kind, 'stored');
  return partition;
}

/** Each has a content and an event time of its own. */
async function report(vehicleId: string, count: number): Promise<number> {
  let partition = -1;
  for (let at = 0; at < count; at += 1) {
    reportCount += 1;
    const frameId = Buffer.alloc(8);
    frameId.writeUInt32BE(reportCount);
    const times = { eventTime: Date.now() + reportCount, receivedTime: Date.now() };
    const value = sampleTelemetry({ vehicleId, frameId, ...times });
    partition = await store(vehicleId, encoders.encodeTelemetry(topic, value));
  }
  return partition;
}

async function startState(): Promise<BridgeProcess> {
  const env = { ...environmentOf(stack, {}), STREAM_LAG_MS: '200' };
  const state = await spawnService({ name: 'state', mainFile, env });
  after(() => state.process.kill());
  await state.whenReady();
  return state;
}

async function metric(state: BridgeProcess, name: string): Promise<number> {
  return sumOf(valuesOf((await state.metrics()).text, `fleetwire_stream_${name}`));
}

async function applied(state: BridgeProcess, count: number): Promise<void> {
  await eventually(`${count} records applied`, async () => {
    assert.equal(await metric(state, 'records_applied_total'), count);
  });
}

/** Since the ends that were read. */
async function quarantined(ends: PartitionEnds): Promise<Quarantined[]> {
  const records: ReadRecord[] = [];
  const topics = [kafkaTopics.quarantine];
  await readAll({ client, topics, from: ends, onRecord: (record) => records.push(record) });
  const decoded = await Promise.all(records.map(({ value }) => decoder.decode(value!)));
  return decoded.flatMap((each) => (each.kind === 'quarantine.v1' ? [each.value] : []));
}

test('Redis that is away holds everything and loses nothing, said once, alive all the while', async () => {
  const state = await startState();
  await report('LFAULT00000000001', 3);
  await applied(state, 3);
  await stack.redis.stop();
  await report('LFAULT00000000001', 2);
  await state.logged(/^A neighbour is away; its partitions wait\.$/);
  await eventually('not ready for Redis alone', async () => {
    assert.deepEqual((await state.readyz()).unready, ['Redis']);
  });
  assert.equal(await metric(state, 'records_applied_total'), 3);
  await stack.redis.start();
  await state.logged(/^No partition waits for this neighbour any more\.$/);
  await applied(state, 5);
  const warnings = state.log.filter(({ level }) => level === 'warn').map(({ msg }) => msg);
  const away = warnings.filter((msg) => msg === 'A neighbour is away; its partitions wait.');
  assert.equal(away.length, 1);
  await state.stop();
});

test('what nobody can read goes to quarantine with its place, and its partition goes on', async () => {
  const mark = await ground.mark();
  const state = await startState();
  const broken = [Buffer.from('no record'), Buffer.from('00ffffff0001', 'hex'), Buffer.alloc(0)];
  const partition = await report('LFAULT00000000002', 1);
  for (const value of broken) await store('LFAULT00000000002', value);
  await report('LFAULT00000000002', 1);
  await applied(state, 2);
  const found = await quarantined(mark);
  assert.deepEqual(
    found.map(({ reason, payload }) => [reason, payload]),
    broken.map((payload) => ['record_undecodable', payload]),
  );
  for (const { source, vehicleId } of found) {
    assert.deepEqual(
      [source.kind, source.kafkaTopic, source.partition, vehicleId],
      ['kafka', topic, partition, 'LFAULT00000000002'],
    );
  }
  const offsets = found.map(({ source }) => source.offset!);
  assert.deepEqual(offsets, [offsets[0]!, offsets[0]! + 1, offsets[0]! + 2]);
  await state.stop();
});

test('records that retention took before they were read are told, counted and in quarantine', async () => {
  const mark = await ground.mark();
  const before = await startState();
  const partition = await report('LFAULT00000000003', 2);
  await applied(before, 2);
  await before.stop();
  const { committed } = await lookAtGroup(client, consumerGroups.state);
  const next = committed.get(`${topic}/${partition}`)!;
  await report('LFAULT00000000003', 10);
  await withAdmin(client, async (admin) => {
    // kafkajs knows the leaders of topics that it was asked for only.
    await admin.fetchTopicOffsets(topic);
    const partitions = [{ partition, offset: String(next + 7) }];
    await admin.deleteTopicRecords({ topic, partitions });
  });
  const state = await startState();
  await applied(state, 3);
  assert.equal(await metric(state, 'offset_jumps_total'), 1);
  assert.equal(await metric(state, 'offsets_skipped_total'), 7);
  const found = await quarantined(mark);
  assert.deepEqual(
    found.map(({ reason, source }) => [reason, source.partition, source.offset]),
    [['offset_jump', partition, next]],
  );
  assert.match(found[0]!.detail, new RegExp(`${next}.*${next + 7}`));
  assert.equal(state.log.filter(({ level }) => level === 'error').length, 1);
  await state.stop();
});

test('SIGTERM commits what is applied and leaves the group at once', async () => {
  const state = await startState();
  const partition = await report('LFAULT00000000004', 5);
  await applied(state, 5);
  const stoppedAt = performance.now();
  await state.stop();
  const stopMs = performance.now() - stoppedAt;
  assert.ok(stopMs < 5_000, `it took ${stopMs} ms`);
  const group = await lookAtGroup(client, consumerGroups.state);
  assert.equal(group.state, 'Empty');
  const spans = await withAdmin(client, (admin) => admin.fetchTopicOffsets(topic));
  const high = spans.find((span) => span.partition === partition)!.high;
  assert.equal(group.committed.get(`${topic}/${partition}`), Number(high));
});
