// The rights that the KafkaUser `toolbox` has are enough for what people do in it, and no more:
// tried on a Kafka that gives exactly these.

import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, test } from 'node:test';
import type { KafkaJSDeleteGroupsError } from 'kafkajs';
import { startSecureStack } from '#deploy/local/secure-stack.ts';
import { applyTopics } from '#shared/kafka/admin.ts';
import { createKafkaClient, type KafkaClient } from '#shared/kafka/client.ts';
import { failureOf } from '#shared/kafka/failures.ts';
import { kafkaSettings } from '#shared/kafka/settings.ts';
import { withAdmin } from '#shared/kafka/with-admin.ts';
import { type Environment, loadConfig } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { consumerGroups, kafkaTopics, topicSpecs } from '#shared/topics.ts';
import { runCommand } from '#test/services/cli/run-command.ts';
import { aclsOfUser, walls } from './kafka-acls.ts';
import { sharedStack } from './stack-under-test.ts';

const { registryUrl, redisUrl } = await sharedStack();
const stack = await startSecureStack({ say: (line) => process.stderr.write(`${line}\n`) });
after(() => stack.stop());
const { username, passwordFile } = stack.kafkaUser;
const kafkaOfToolbox: Environment = {
  KAFKA_BROKERS: stack.kafkaBrokers,
  KAFKA_TLS_ENABLED: 'true',
  KAFKA_TLS_CA_FILE: stack.caFile,
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: username,
  KAFKA_SASL_PASSWORD_FILE: passwordFile,
};
const env: Environment = { ...kafkaOfToolbox, REGISTRY_URL: registryUrl, REDIS_URL: redisUrl };
const owner = clientOf({ KAFKA_BROKERS: stack.kafkaPlainBrokers });
const toolbox = clientOf(kafkaOfToolbox);
// No other test and no earlier run has it.
const vehicleId = `LTOOL${randomInt(100_000_000_000, 281_000_000_000)}`;

await applyTopics({
  ...{ client: owner, specs: topicSpecs, mode: 'apply' },
  ...{ partitions: 2, replication: 1, minIsr: 1 },
});
for (const { topic } of topicSpecs) await store(owner, topic);
await withAdmin(owner, (admin) =>
  admin.createAcls({ acl: [...aclsOfUser('toolbox', username), ...walls] }),
);

function clientOf(settings: Environment): KafkaClient {
  const log = createLogger({ level: 'silent', name: 'test' });
  const client = createKafkaClient(loadConfig(kafkaSettings, { env: settings }), log);
  after(() => client.destroy());
  return client;
}

/** A record that is no Avro, of the vehicle. */
async function store(client: KafkaClient, topic: string): Promise<void> {
  const producer = client.kafka.producer({ allowAutoTopicCreation: false, retry: { retries: 0 } });
  await producer.connect();
  try {
    await producer.send({ topic, messages: [{ key: vehicleId, value: 'no Avro' }] });
  } finally {
    await producer.disconnect();
  }
}

for (const name of Object.keys(kafkaTopics)) {
  test(`tail may read ${name}`, async () => {
    const { code, out, err } = await runCommand(`tail ${name} --from beginning --count 1`, env);
    assert.deepEqual([code, err], [0, []]);
    assert.match(out.join('\n'), new RegExp(vehicleId));
  });
}

test('lag may look at offsets, members and what is not read', async () => {
  const { code, out, err } = await runCommand('lag --interval 1 --json', env);
  assert.deepEqual([code, err], [0, []]);
  const [{ topics }] = JSON.parse(out[0]!).groups;
  assert.deepEqual(
    topics.map(({ records }: { records: number }) => records),
    [1, 1, 1, 1],
  );
});

test('vehicle may look at a vehicle everywhere', async () => {
  const { code, out, err } = await runCommand(`vehicle ${vehicleId} --json`, env);
  assert.deepEqual([code, err], [0, []]);
  const { records, redis } = JSON.parse(out[0]!);
  assert.deepEqual([records.length, redis], [5, 'Redis has none']);
});

test('vehicle forget may write its tombstone and tell what ages out when', async () => {
  const { code, out, err } = await runCommand(`vehicle forget ${vehicleId} --yes`, env);
  assert.deepEqual([code, err], [0, []]);
  assert.match(out.join('\n'), /vehicle\.quarantine\.v1: kept for 30 d/);
});

test('it may write no report, make no topic and throw away no offsets of a processor', async () => {
  const refused = /_AUTHORIZATION_FAILED$/;
  await assert.rejects(store(toolbox, kafkaTopics.telemetry), (error) => {
    return refused.test(failureOf(error).code);
  });
  await withAdmin(toolbox, async (admin) => {
    const topics = [{ topic: 'vehicle.other.v1' }];
    await assert.rejects(admin.createTopics({ topics }), (error) => {
      return refused.test(failureOf(error).code);
    });
    await assert.rejects(admin.deleteGroups([consumerGroups.state]), (error) => {
      const [group] = (error as KafkaJSDeleteGroupsError).groups;
      return refused.test(failureOf(group?.error).code);
    });
  });
});
