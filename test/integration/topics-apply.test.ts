// Applying topics to a real Kafka: made as wanted, mended, and never moved.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import {
  type ApplyTopicsOptions,
  applyTopics,
  describeTopics,
  PartitionCountError,
} from '#shared/kafka/admin.ts';
import { createKafkaClient } from '#shared/kafka/client.ts';
import { kafkajs } from '#shared/kafka/kafkajs-patched.ts';
import { kafkaSettings } from '#shared/kafka/settings.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { sharedStack } from './stack-under-test.ts';

const stack = await sharedStack();
const config = loadConfig(kafkaSettings, { env: { KAFKA_BROKERS: stack.kafkaBrokers } });
const client = createKafkaClient(config, createLogger({ level: 'silent', name: 'test' }));
after(() => client.destroy());

const hourMs = 3_600_000;

interface Wanted extends ApplyTopicsOptions {
  readonly topic: string;
}

function wanted(changes: Partial<ApplyTopicsOptions> = {}): Wanted {
  const topic = `test.${randomUUID()}.v1`;
  const specs = [{ topic, retention: { deleteAfterMs: hourMs } }];
  const sizes = { partitions: 3, replication: 1, minIsr: 1 };
  return { topic, client, specs, ...sizes, mode: 'apply', ...changes };
}

test('makes a topic whose time is the broker’s and which takes a whole quarantined payload', async () => {
  const options = wanted();
  const { topic } = options;
  const changes = await applyTopics(options);
  assert.deepEqual(changes, [{ kind: 'created', topic, partitions: 3, replication: 1 }]);
  const [found] = await describeTopics(client, [topic]);
  assert.equal(found!.partitions, 3);
  assert.equal(found!.replication, 1);
  assert.deepEqual(Object.fromEntries(found!.ownConfig), {
    'cleanup.policy': 'delete',
    'retention.ms': '3600000',
    'message.timestamp.type': 'LogAppendTime',
    'max.message.bytes': '2097152',
    'min.insync.replicas': '1',
    'compression.type': 'producer',
  });
});

test('changes nothing the second time', async () => {
  const options = wanted();
  await applyTopics(options);
  assert.deepEqual(await applyTopics(options), []);
});

test('only reports when asked to', async () => {
  const options = wanted({ mode: 'report' });
  const changes = await applyTopics(options);
  assert.deepEqual(
    changes.map(({ kind }) => kind),
    ['created'],
  );
  assert.deepEqual(await describeTopics(client, [options.topic]), []);
});

test('mends a setting that differs and leaves alone what others have set', async () => {
  const options = wanted();
  const { topic } = options;
  await applyTopics(options);
  await setByHand(topic, { 'retention.ms': '1000', 'segment.ms': '600000' });
  const changes = await applyTopics(options);
  const to = '3600000';
  assert.deepEqual(
    changes.find((change) => change.kind === 'config-changed' && change.name === 'retention.ms'),
    { kind: 'config-changed', topic, name: 'retention.ms', from: '1000', to },
  );
  const [found] = await describeTopics(client, [topic]);
  assert.equal(found!.ownConfig.get('retention.ms'), to);
  assert.equal(found!.ownConfig.get('segment.ms'), '600000');
  assert.deepEqual(await applyTopics(options), []);
});

/** Replaces all that is set on the topic itself. */
async function setByHand(topic: string, entries: Readonly<Record<string, string>>): Promise<void> {
  const admin = client.kafka.admin();
  await admin.connect();
  const configEntries = Object.entries(entries).map(([name, value]) => ({ name, value }));
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type, name: topic, configEntries }],
  });
  await admin.disconnect();
}

test('refuses another partition count, says what to do, and changes nothing', async () => {
  const options = wanted();
  await applyTopics(options);
  const other = `test.${randomUUID()}.v1`;
  const specs = [{ topic: other, retention: { deleteAfterMs: hourMs } }, ...options.specs];
  const applying = applyTopics({ ...options, specs, partitions: 6 });
  await assert.rejects(applying, (error: unknown) => {
    assert.ok(error instanceof PartitionCountError);
    assert.deepEqual(error.topics, [options.topic]);
    assert.match(error.message, /^want 6 partitions, but .* has 3\. .*new version of the topic/);
    return true;
  });
  const found = await describeTopics(client, [other, options.topic]);
  assert.deepEqual(
    found.map(({ topic, partitions: count }) => [topic, count]),
    [[options.topic, 3]],
  );
});
