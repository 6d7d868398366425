// Guarantee: a bridge that Kafka refuses holds its frames while the broker has room for them;
// before frames would be lost it leaves the shared group, alive and not ready, and comes back by
// itself.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startSecureStack } from '#deploy/local/secure-stack.ts';
import { createKafkaClient } from '#shared/kafka/client.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import { kafkaSettings } from '#shared/kafka/settings.ts';
import { withAdmin } from '#shared/kafka/with-admin.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { type BridgeProcess, type Settings, startBridge } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openFleet } from './fleet-run.ts';
import { openGround } from './ground.ts';
import { watchLedgers } from './ledger-watch.ts';
import { sharedStack } from './stack-under-test.ts';

const { registryUrl } = await sharedStack();
const stack = await startSecureStack({ say: (line) => process.stderr.write(`${line}\n`) });
after(() => stack.stop());
const { mqttUrl, caFile, service, kafkaUser } = stack;
const mqtt: Settings = {
  MQTT_TLS_CA_FILE: caFile,
  MQTT_TLS_CERT_FILE: service.certFile,
  MQTT_TLS_KEY_FILE: service.keyFile,
};
const { kafkaPlainBrokers: kafkaBrokers } = stack;
const ground = await openGround({ mqttUrl, kafkaBrokers, registryUrl }, { env: mqtt });
const silent = createLogger({ level: 'silent', name: 'test' });
const client = createKafkaClient(ground.config, silent);
after(() => client.destroy());

/** Signs in, as a user from whom rights can be taken. */
const signedIn: Settings = {
  ...mqtt,
  KAFKA_BROKERS: stack.kafkaBrokers,
  KAFKA_TLS_ENABLED: 'true',
  KAFKA_TLS_CA_FILE: caFile,
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: kafkaUser.username,
  KAFKA_SASL_PASSWORD_FILE: kafkaUser.passwordFile,
  BRIDGE_REFUSAL_HOLD_MS: '1000',
};

// Kafka's numbers: a topic, by a prefix; write; deny.
const denial = {
  resourceType: 2,
  resourceName: 'vehicle.',
  resourcePatternType: 4,
  principal: `User:${kafkaUser.username}`,
  host: '*',
  operation: 4,
  permissionType: 2,
};

async function revoke(): Promise<void> {
  await withAdmin(client, (admin) => admin.createAcls({ acl: [denial] }));
}

async function grant(): Promise<void> {
  await withAdmin(client, (admin) => admin.deleteAcls({ filters: [denial] }));
}

test('a bridge whose right is taken holds while there is room, and goes on where it stood', async (t) => {
  const bridge = await startBridge(t, ground.addresses, {
    ...signedIn,
    BRIDGE_NAME: 'patient',
    BRIDGE_BROKER_QUEUE_FRAMES: '1000000',
  });
  const fleet = await openFleet(t, { ground, seed: 31, vehicles: 20, messagesPerVehicle: 30 });
  await bridge.whenReady();
  const watch = watchLedgers(t, [bridge]);
  await fleet.send(5);
  await fleet.whenAcked(watch);
  await revoke();
  await fleet.send(10, 4_000);
  await bridge.logged(/^Kafka refuses this bridge; holding acknowledgements/);
  await assertUnready(bridge, /TOPIC_AUTHORIZATION_FAILED.*; the broker has room for \d+ s$/);
  assert.equal((await bridge.metrics()).sum('mqtt_connected'), 2, 'still a member');
  await grant();
  await fleet.send();
  await fleet.whenAcked(watch);
  await bridge.whenReady();
  const told = bridge.log.filter(({ level }) => level !== 'info');
  assert.equal(told.length, 1, JSON.stringify(told));
  await bridge.stop();
  await watch.stop();
  await fleet.check({ conservation: watch.conservation, redeliveryMax: 0 });
});

/** Each connection is sent some 50 messages a second: three seconds. */
const windowFrames = 150;

test('a bridge that alone is refused leaves before frames are lost; others store them; it comes back', async (t) => {
  const [refused, healthy] = await Promise.all([
    startBridge(t, ground.addresses, {
      ...signedIn,
      BRIDGE_NAME: 'refused',
      BRIDGE_WINDOW_FRAMES: String(windowFrames),
      BRIDGE_BROKER_QUEUE_FRAMES: '0',
    }),
    startBridge(t, ground.addresses, { ...mqtt, BRIDGE_NAME: 'healthy' }),
  ]);
  const bridges = [refused, healthy];
  const fleet = await openFleet(t, { ground, seed: 32, vehicles: 40, messagesPerVehicle: 60 });
  await Promise.all(bridges.map((bridge) => bridge.whenReady()));
  const watch = watchLedgers(t, bridges);
  await fleet.send(5, 1_000);
  await fleet.breaking('a right is taken, and given back', async () => {
    await revoke();
    const sending = fleet.send(30, 6_000);
    await refused.logged(/left the shared group/);
    await sending;
    await assertUnready(refused, /TOPIC_AUTHORIZATION_FAILED.*; out of the shared group/);
    await eventually('all but what it had in its hands is stored by the other', async () => {
      const metrics = await refused.metrics();
      const told = ['mqtt_connected', 'kafka_refused', 'group_left'].map((name) =>
        metrics.sum(name),
      );
      assert.deepEqual(told, [0, 1, 1]);
      const { inFlight } = metrics.ledger;
      const { received, produced, quarantined } = (await healthy.metrics()).ledger;
      assert.deepEqual([inFlight, received - produced - quarantined], [0, 0]);
    });
    assert.ok(refused.process.isAlive());
    await grant();
    await refused.logged(/^Kafka takes records of this bridge again; joining the shared group/);
    await refused.whenReady();
  });
  await fleet.send();
  await fleet.whenAcked(watch);
  await fleet.whenAnswered();
  const told = refused.log.filter(({ level }) => level !== 'info').map(({ msg }) => msg);
  assert.equal(told.length, 2, JSON.stringify(told));
  const metrics = await refused.metrics();
  assert.ok(metrics.sum('mqtt_connected') > 0);
  assert.equal(metrics.sum('kafka_refused') + metrics.sum('group_left'), 0);
  await Promise.all(bridges.map((bridge) => bridge.stop()));
  await watch.stop();
  // What it had in its hands is stored by it and by whom the broker gave it to.
  const redeliveryMax = 2 * windowFrames;
  const found = await fleet.check({ conservation: watch.conservation, redeliveryMax });
  t.diagnostic(`${found.sentCount} frames, ${found.duplicates.explained.count} stored twice`);
});

const refusedSettings: readonly { what: string; env: Settings; code: string }[] = [
  {
    what: 'with a wrong password',
    env: { KAFKA_SASL_PASSWORD_FILE: '', KAFKA_SASL_PASSWORD: 'wrong' },
    code: 'SASL_AUTHENTICATION_FAILED',
  },
  {
    what: 'that trusts another authority',
    env: { KAFKA_TLS_CA_FILE: '' },
    code: 'TLS_REFUSED',
  },
];

for (const { what, env, code } of refusedSettings) {
  test(`a client ${what} is told a refusal, not a network that is away`, async (t) => {
    const kept = Object.entries({ ...signedIn, ...env }).filter(([name, value]) => {
      return name.startsWith('KAFKA_') && value !== '';
    });
    const config = loadConfig(kafkaSettings, { env: Object.fromEntries(kept) });
    const producer = createKafkaProducer({ config, log: silent });
    t.after(() => producer.close());
    const record = { topic: 'vehicle.telemetry.v1', partition: 0 };
    const bytes = { key: Buffer.from('k'), value: Buffer.from('v') };
    const [result] = await producer.produce([{ ...record, ...bytes }]);
    assert.ok(result?.kind === 'failed');
    assert.deepEqual([result.code, result.isRetriable], [code, false], result.detail);
  });
}

async function assertUnready(bridge: BridgeProcess, wanted: RegExp): Promise<void> {
  await eventually(`${bridge.name} says why it is not ready`, async () => {
    const { status, report } = await bridge.askReady();
    assert.equal(status, 503);
    const detail = report.parts.find(({ name }) => name === 'kafka')?.detail ?? '';
    assert.match(detail, wanted);
  });
}
