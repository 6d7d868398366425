// The whole path with its doors shut: vehicles and the bridge show certificates to the MQTT broker,
// the bridge signs in at Kafka by SCRAM over TLS, and every secret comes from a file.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { createAuthority, type Identity } from '#deploy/local/certificates.ts';
import { startSecureStack } from '#deploy/local/secure-stack.ts';
import { planFleet } from '#loadtest/fleet/fleet.ts';
import { gb2016Only } from '#loadtest/fleet/mix.ts';
import type { PlannedMessage } from '#loadtest/fleet/planned.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import { openPublisher, type Publisher } from '#shared/mqtt/publisher.ts';
import { linkSettingsOf } from '#shared/mqtt/settings.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { downTopic, kafkaTopics } from '#shared/topics.ts';
import { type BridgeProcess, type Settings, startBridge } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openGround } from './ground.ts';
import { sharedStack } from './stack-under-test.ts';

const { registryUrl } = await sharedStack();
const stack = await startSecureStack({ say: (line) => process.stderr.write(`${line}\n`) });
after(() => stack.stop());
const { mqttUrl, kafkaBrokers, caFile, service, kafkaUser } = stack;
const right: Settings = {
  MQTT_TLS_CA_FILE: caFile,
  MQTT_TLS_CERT_FILE: service.certFile,
  MQTT_TLS_KEY_FILE: service.keyFile,
  KAFKA_TLS_ENABLED: 'true',
  KAFKA_TLS_CA_FILE: caFile,
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: kafkaUser.username,
  KAFKA_SASL_PASSWORD_FILE: kafkaUser.passwordFile,
};
const ground = await openGround({ mqttUrl, kafkaBrokers, registryUrl }, { env: right });
const stranger = createAuthority('another authority');

test('frames of vehicles that show their certificates are stored, and a spoofed topic is refused', async (t) => {
  const mark = await ground.mark();
  const bridge = await startBridge(t, ground.addresses, { ...right, BRIDGE_NAME: 'locked' });
  await bridge.whenReady();
  const vehicles = await Promise.all((await plan()).map((messages) => openVehicle(t, messages)));
  for (const { publisher, messages } of vehicles) {
    for (const { mqttTopic, payload } of messages) {
      assert.equal(await publisher.publish(mqttTopic, payload), 0, mqttTopic);
    }
  }
  const [spoofer, other] = vehicles;
  assert.ok(spoofer && other);
  const [stolen] = other.messages as readonly [PlannedMessage];
  const refused = 0x87;
  const spoofed = await spoofer.publisher.publish(stolen.mqttTopic, stolen.payload);
  assert.equal(spoofed, refused, 'a topic of another vehicle');
  await assert.rejects(spoofer.publisher.subscribe(downTopic(other.vehicleId, 'gb32960')));

  const frames = vehicles.flatMap(({ messages }) => messages.flatMap((message) => message.frames));
  await eventually('every frame acknowledged', async () => {
    const { produced, quarantined, inFlight } = (await bridge.metrics()).ledger;
    assert.deepEqual([produced + quarantined, inFlight], [frames.length, 0]);
  });
  const stored = await ground.storedSince(mark);
  const storedIds = stored.map(({ decoded: { value } }) => value.frameId?.toString('hex') ?? null);
  assert.deepEqual(storedIds.sort(), frames.map(({ frameId }) => frameId).sort());
  for (const { vehicleId, answers, messages } of vehicles) {
    const wanted = messages.flatMap((message) => message.frames).filter(({ answer }) => answer);
    await eventually(`answers to ${vehicleId}`, () => assert.equal(answers.length, wanted.length));
  }
  await bridge.stop();
  assertNoSecrets(bridge);
});

async function plan(): Promise<readonly (readonly PlannedMessage[])[]> {
  const seconds = 30;
  const startAt = Date.now() - seconds * 1_000;
  const fleet = { vehicles: 3, seed: 21, startAt, seconds, reportPeriodMs: 1_000, badShare: 0.1 };
  const journeys = await planFleet({ ...fleet, mix: gb2016Only, payloadBytesMax: 65_536 });
  return journeys.map((journey) => [...journey]);
}

/** Under its own name; hears its answers. */
async function openVehicle(t: TestContext, messages: readonly PlannedMessage[]) {
  const vehicleId = messages[0]?.vehicleId ?? '';
  const answers: Buffer[] = [];
  const publisher = await connect(stack.issue(vehicleId), (payload) => answers.push(payload));
  t.after(() => publisher.close());
  await publisher.subscribe(downTopic(vehicleId, 'gb32960'));
  return { vehicleId, publisher, answers, messages };
}

function connect(
  identity: Identity | null,
  onAnswer: (payload: Buffer) => void = () => undefined,
): Promise<Publisher> {
  const own = identity === null ? {} : { cert: identity.certPem, key: identity.keyPem };
  const tls = () => createSecureContext({ ca: readFileSync(caFile), ...own });
  const clientId = identity?.name ?? 'nobody';
  return openPublisher({
    link: { ...linkSettingsOf(ground.config), clientId, tls },
    onMessage: (_topic, payload) => onAnswer(payload),
  });
}

test('a vehicle without a certificate, or with one of another authority, is not let in', async () => {
  await assert.rejects(connect(null));
  await assert.rejects(connect(stranger.issue('FWREV1A0XT1000001')));
});

interface WrongSetting {
  readonly what: string;
  readonly part: 'kafka' | 'mqtt';
  /** Settings that take the place of the right ones; undefined: left out. */
  readonly instead: Readonly<Record<string, string | undefined>>;
  /** In the line that says so. */
  readonly reason: RegExp;
}

const strangerCa = write('stranger.crt', stranger.certPem);
const strangerService = stranger.issue('fleetwire-bridge');
const wrongPassword = `wrong-${process.pid}-${Date.now()}`;

const wrongSettings: readonly WrongSetting[] = [
  {
    what: 'trusts another authority than the MQTT broker’s',
    part: 'mqtt',
    instead: { MQTT_TLS_CA_FILE: strangerCa },
    reason: /certificate/i,
  },
  {
    what: 'has no certificate for the MQTT broker',
    part: 'mqtt',
    instead: { MQTT_TLS_CERT_FILE: undefined, MQTT_TLS_KEY_FILE: undefined },
    reason: /certificate|alert|ECONNRESET|closed/i,
  },
  {
    what: 'shows the MQTT broker a certificate of another authority',
    part: 'mqtt',
    instead: {
      MQTT_TLS_CERT_FILE: write('stranger-service.crt', strangerService.certPem),
      MQTT_TLS_KEY_FILE: write('stranger-service.key', strangerService.keyPem),
    },
    reason: /certificate|alert|ECONNRESET|closed/i,
  },
  {
    what: 'trusts another authority than Kafka’s',
    part: 'kafka',
    instead: { KAFKA_TLS_CA_FILE: strangerCa },
    reason: /certificate/i,
  },
  {
    what: 'has a wrong password for Kafka',
    part: 'kafka',
    instead: { KAFKA_SASL_PASSWORD_FILE: write('wrong-password', wrongPassword) },
    reason: /authentication/i,
  },
];

for (const [index, { what, part, instead, reason }] of wrongSettings.entries()) {
  test(`a bridge that ${what} is not ready, says so once with the reason, and holds`, async (t) => {
    const entries = Object.entries({ ...right, ...instead }).filter(([, value]) => value);
    const bridge = await startBridge(t, ground.addresses, {
      ...(Object.fromEntries(entries) as Settings),
      // Each says so for itself.
      BRIDGE_CONNECTIONS: '1',
      BRIDGE_NAME: `refused-${index}`,
    });
    await bridge.logged(/is away/);
    const { status, report } = await bridge.askReady();
    assert.equal(status, 503);
    assert.ok(report.unready.includes(part), JSON.stringify(report));
    if (part === 'mqtt') await whenTriedAgain(bridge);

    const told = bridge.log.filter(({ level }) => level !== 'info');
    assert.equal(told.length, 1, JSON.stringify(told));
    assert.match(JSON.stringify(told), reason);
    assert.ok(bridge.process.isAlive());
    await bridge.stop();
    assertNoSecrets(bridge);
  });
}

async function whenTriedAgain(bridge: BridgeProcess): Promise<void> {
  await eventually(`${bridge.name} tries again`, async () => {
    const metrics = await bridge.metrics();
    assert.ok(metrics.sum('mqtt_links_total') > 1);
    assert.equal(metrics.sum('mqtt_connected'), 0);
  });
}

function write(name: string, content: string): string {
  const path = join(stack.dir, name);
  writeFileSync(path, content);
  return path;
}

/** Neither passwords nor a line of a key. */
function assertNoSecrets({ name, output }: BridgeProcess): void {
  const password = readFileSync(kafkaUser.passwordFile, 'utf8');
  const keys = [readFileSync(service.keyFile, 'utf8'), strangerService.keyPem];
  const keyLines = keys
    .flatMap((pem) => pem.split('\n'))
    .filter((line) => /^[\w+/=]{16}/.test(line));
  const text = output.join('\n');
  for (const secret of [password, wrongPassword, ...keyLines]) {
    assert.ok(!text.includes(secret), `${name} tells a secret`);
  }
}

test('the second Kafka client signs in by SCRAM over TLS as well', async (t) => {
  const config = { ...ground.config, kafkaClient: 'platformatic' as const };
  const log = createLogger({ level: 'silent', name: 'test' });
  const producer = createKafkaProducer({ config, log });
  t.after(() => producer.close());
  const topic = kafkaTopics.heartbeat;
  await producer.connect([topic], AbortSignal.timeout(20_000));
  const record = { topic, partition: 0, key: Buffer.from('k'), value: Buffer.from('v') };
  assert.deepEqual(await producer.produce([record]), [{ kind: 'stored', topic, partition: 0 }]);
});
