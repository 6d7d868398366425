// Certificates that are exchanged on disk while a client runs: the next connection shows the new
// one, whatever the client is made of.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { createKafkaClient } from '#shared/kafka/client.ts';
import { kafkaSettings } from '#shared/kafka/settings.ts';
import { Connection } from '#shared/mqtt/connection.ts';
import { linkSettingsOf, mqttSettings } from '#shared/mqtt/settings.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { tlsSource } from '#shared/runtime/tls-files.ts';
import { createRedisClient } from '#shared/stream/redis-client.ts';
import { redisSettings } from '#shared/stream/redis-settings.ts';
import { startCertificateWitness } from './certificate-witness.ts';

const log = createLogger({ level: 'silent', name: 'test' });

test('MQTT shows the certificate that is in the files when it connects', async (t) => {
  const witness = await startCertificateWitness(t, 'old');
  const env = {
    MQTT_URL: `mqtts://127.0.0.1:${witness.port}`,
    MQTT_TLS_CA_FILE: witness.caFile,
    MQTT_TLS_CERT_FILE: witness.certFile,
    MQTT_TLS_KEY_FILE: witness.keyFile,
  };
  const link = { ...linkSettingsOf(loadConfig(mqttSettings, { env })), receiveMaximum: 10 };
  let epoch = 0;
  const connection = new Connection({
    ...{ index: 1, link, clientIdPrefix: 'test', filters: ['a'], log },
    nextEpoch: () => ++epoch,
    accept: () => ({ deliver: () => undefined, closed: () => undefined }),
    backoff: { minMs: 1, maxMs: 20 },
  });
  const running = connection.run();
  await witness.seen('old');
  witness.exchange('new');
  await witness.seen('new');
  connection.stop();
  await running;
});

test('Kafka shows the certificate that is in the files when it connects', async (t) => {
  const witness = await startCertificateWitness(t, 'old');
  const env = {
    KAFKA_BROKERS: `127.0.0.1:${witness.port}`,
    KAFKA_TLS_ENABLED: 'true',
    KAFKA_TLS_CA_FILE: witness.caFile,
    KAFKA_TLS_CERT_FILE: witness.certFile,
    KAFKA_TLS_KEY_FILE: witness.keyFile,
  };
  const client = createKafkaClient(loadConfig(kafkaSettings, { env }), log);
  const admin = client.kafka.admin();
  await assert.rejects(admin.connect());
  await witness.seen('old');
  witness.exchange('new');
  await assert.rejects(admin.connect());
  await witness.seen('new');
  client.destroy();
});

test('Redis shows the certificate that is in the files when it connects', async (t) => {
  const witness = await startCertificateWitness(t, 'old');
  const env = {
    REDIS_URL: `rediss://127.0.0.1:${witness.port}`,
    REDIS_TLS_CA_FILE: witness.caFile,
    REDIS_TLS_CERT_FILE: witness.certFile,
    REDIS_TLS_KEY_FILE: witness.keyFile,
  };
  const client = createRedisClient(loadConfig(redisSettings, { env }), log);
  await witness.seen('old');
  witness.exchange('new');
  await witness.seen('new');
  await client.close();
});

test('goes on with what was good while certificate and key do not fit, and tells bad files at first', async (t) => {
  const witness = await startCertificateWitness(t, 'old');
  const { certFile, keyFile } = witness;
  const source = tlsSource({ certFile, keyFile });
  const before = source();
  const other = await startCertificateWitness(t, 'new');
  writeFileSync(certFile, 'half a cert');
  assert.equal(source(), before);
  assert.throws(() => tlsSource({ certFile: other.certFile, keyFile })(), /key values mismatch/i);
  witness.exchange('new');
  assert.notEqual(source(), before);
});
