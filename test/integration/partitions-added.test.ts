// Somebody adds partitions to a topic while bridge and processor use it: both notice, say so, and
// move no vehicle. On a Kafka of its own, since partitions are never taken away again.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startStack } from '#deploy/local/stack.ts';
import { environmentOf } from '#loadtest/demo/addresses.ts';
import { sumOf, valuesOf } from '#loadtest/demo/metric-text.ts';
import { applyTopicsAndSchemas } from '#loadtest/demo/topics-and-schemas.ts';
import { createKafkaClient } from '#shared/kafka/client.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import { withAdmin } from '#shared/kafka/with-admin.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { captureLog } from '../shared/runtime/captured-log.ts';
import { type BridgeProcess, spawnService, startBridge } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openFleet } from './fleet-run.ts';
import { openGround } from './ground.ts';
import { watchLedgers } from './ledger-watch.ts';

const stack = await startStack({ say: (line) => process.stderr.write(`${line}\n`) });
after(() => stack.stop());
const ground = await openGround(stack);
const { log: silent } = captureLog('silent');
const client = createKafkaClient(ground.config, silent);
after(() => client.destroy());

const topic = kafkaTopics.telemetry;
const added = /^Partitions were added to Kafka topics in use; every key stays where it was\.$/;
const stateFile = fileURLToPath(new URL('../../services/state/main.ts', import.meta.url));

function grow(name: string, count: number): Promise<boolean> {
  return withAdmin(client, (admin) =>
    admin.createPartitions({ topicPartitions: [{ topic: name, count }] }),
  );
}

test('a running bridge and a running processor notice, are not ready, say so once and move no vehicle', async (t) => {
  const bridge = await startBridge(t, ground.addresses, { BRIDGE_NAME: 'grown' });
  const env = { ...environmentOf(stack, {}), STREAM_LAG_MS: '200' };
  const state = await spawnService({ name: 'state', mainFile: stateFile, env });
  t.after(() => state.process.kill());
  const services = [bridge, state];
  await Promise.all(services.map((service) => service.whenReady()));
  const fleet = await openFleet(t, { ground, seed: 231, vehicles: 60, messagesPerVehicle: 12 });
  const watch = watchLedgers(t, [bridge]);
  await fleet.send(6);
  const before = services.map(({ log }) => log.length);
  await grow(topic, 18);
  await Promise.all([notices(bridge, 'kafka', 'bridge'), notices(state, 'group', 'stream')]);
  await fleet.send();
  await fleet.whenAcked(watch);
  await watch.stop();
  await fleet.check({ conservation: watch.conservation, redeliveryMax: 0 });
  const partitions = (await fleet.stored()).map(({ record }) => record.partition);
  assert.ok(Math.max(...partitions) < 12, 'no record is in a partition that was added');
  await eventually('every record is applied', async () => {
    const { text } = await state.metrics();
    assert.equal(sumOf(valuesOf(text, 'fleetwire_stream_lag_records')), 0);
  });
  for (const [at, { log }] of services.entries()) {
    const told = log.slice(before[at]).filter(({ level }) => level !== 'info');
    assert.equal(told.length, 1, told.map(({ msg }) => msg).join('\n'));
  }
  await state.stop();

  // Read to its end, it may be made anew.
  await withAdmin(client, (admin) => admin.deleteTopics({ topics: [topic] }));
  const { idsFile, config } = ground;
  const signal = AbortSignal.timeout(30_000);
  await eventually('the topic is made anew', () =>
    applyTopicsAndSchemas({ client, brokers: 1, registry: config, idsFile, signal }),
  );
  await bridge.whenReady();
  await bridge.logged(/^Kafka topics have the partition counts in use again\.$/);
  await bridge.stop();
});

async function notices(service: BridgeProcess, part: string, room: string): Promise<void> {
  const { level, trouble } = await service.logged(added);
  const found = `${topic} has 18 partitions, 12 are in use`;
  assert.deepEqual([level, trouble], ['error', found]);
  await eventually(`${service.name} is not ready`, async () => {
    const { status, report } = await service.askReady();
    assert.deepEqual([status, report.unready], [503, [part]]);
    assert.equal(report.parts.find(({ name }) => name === part)?.detail, found);
  });
  const { text } = await service.metrics();
  assert.equal(sumOf(valuesOf(text, `fleetwire_${room}_topics_repartitioned`)), 1);
}

for (const kafkaClient of ['kafkajs', 'platformatic'] as const) {
  test(`a producer goes on by the count that it began with: ${kafkaClient}`, async () => {
    const name = `test.grown.${kafkaClient}.v1`;
    const create = { topic: name, numPartitions: 4, replicationFactor: 1 };
    await withAdmin(client, (admin) => admin.createTopics({ topics: [create] }));
    const { log, lines } = captureLog();
    const config = { ...ground.config, kafkaClient };
    const producer = createKafkaProducer({ config, log, partitionsLookMs: 100 });
    await producer.connect([name], AbortSignal.timeout(30_000));
    await grow(name, 6);
    await eventually('it notices', () => assert.equal(producer.partitions.changedCount, 1));
    assert.equal(producer.partitionCount(name), 4);
    const records = [0, 3].map((partition) => {
      return { topic: name, partition, key: Buffer.from('a'), value: Buffer.from('b') };
    });
    const results = await producer.produce(records);
    assert.deepEqual(
      results.map(({ kind }) => kind),
      ['stored', 'stored'],
    );
    await producer.close();
    assert.deepEqual(
      lines.map(({ level }) => level),
      ['error'],
    );
  });
}
