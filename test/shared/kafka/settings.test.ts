// Faults of the Kafka settings are told before anything is opened.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkKafkaConfig, kafkaSettings } from '#shared/kafka/settings.ts';
import { ConfigError, loadConfig } from '#shared/runtime/config.ts';

const someFile = fileURLToPath(import.meta.url);

function faultsOf(env: Readonly<Record<string, string>>): readonly string[] {
  const config = loadConfig(kafkaSettings, { env: { KAFKA_BROKERS: 'localhost:9092', ...env } });
  try {
    checkKafkaConfig(config);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults.map(({ name }) => name);
  }
}

test('needs nothing but the brokers', () => {
  assert.deepEqual(faultsOf({}), []);
});

test('reads brokers as a list', () => {
  const env = { KAFKA_BROKERS: 'kafka-0:9092, kafka-1:9092' };
  const { kafkaBrokers } = loadConfig(kafkaSettings, { env });
  assert.deepEqual(kafkaBrokers, ['kafka-0:9092', 'kafka-1:9092']);
});

test('refuses a broker without a port', () => {
  assert.throws(
    () => loadConfig(kafkaSettings, { env: { KAFKA_BROKERS: 'kafka-0' } }),
    ConfigError,
  );
});

test('wants a user and a password for SASL', () => {
  const wanted = ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'];
  assert.deepEqual(faultsOf({ KAFKA_SASL_MECHANISM: 'scram-sha-512' }), wanted);
});

test('does not ignore a password that no mechanism uses', () => {
  assert.deepEqual(faultsOf({ KAFKA_SASL_PASSWORD: 'secret' }), ['KAFKA_SASL_MECHANISM']);
});

test('wants certificate and key together, and TLS on', () => {
  const wanted = ['KAFKA_TLS_KEY_FILE', 'KAFKA_TLS_ENABLED'];
  assert.deepEqual(faultsOf({ KAFKA_TLS_CERT_FILE: someFile }), wanted);
});

test('takes certificate and key with TLS on, and nothing that is no PEM', () => {
  const env = {
    KAFKA_TLS_ENABLED: 'true',
    KAFKA_TLS_CERT_FILE: fileURLToPath(new URL('../mqtt/tls/bridge.crt', import.meta.url)),
    KAFKA_TLS_KEY_FILE: fileURLToPath(new URL('../mqtt/tls/bridge.key', import.meta.url)),
  };
  assert.deepEqual(faultsOf(env), []);
  const wanted = ['KAFKA_TLS_CA_FILE, …CERT_FILE, …KEY_FILE or …KEY_PASSWORD'];
  assert.deepEqual(faultsOf({ ...env, KAFKA_TLS_KEY_FILE: someFile }), wanted);
});
