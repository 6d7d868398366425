// The settings table: what is accepted, and what each fault says.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  ConfigError,
  type Environment,
  loadConfig,
  type SettingsTable,
  setting,
} from '#shared/runtime/config.ts';
import { integer, list, text } from '#shared/runtime/config-schemas.ts';

const table = {
  ageMs: setting({
    name: 'BRIDGE_BATCH_AGE_MS',
    schema: integer({ min: 1, max: 5000, unit: 'ms' }),
    default: 20,
    example: 20,
    doc: 'Age at which a batch leaves.',
  }),
  brokers: setting({
    name: 'KAFKA_BROKERS',
    schema: list('host:port, separated by commas'),
    example: 'kafka-1:9092,kafka-2:9092',
    doc: 'Where to start.',
  }),
  password: setting({
    name: 'KAFKA_SASL_PASSWORD',
    schema: text('a password'),
    optional: true,
    secret: true,
    example: 'from-a-file',
    doc: 'Of the SASL user.',
  }),
};

const enough: Environment = { KAFKA_BROKERS: 'a:9092, b:9092' };

function faultsOf(settings: SettingsTable, env: Environment): readonly string[] {
  try {
    loadConfig(settings, { env });
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults.map((fault) => fault.text);
  }
  return [];
}

test('reads values, defaults and absent options into a frozen object', () => {
  const config = loadConfig(table, { env: enough });
  assert.deepEqual(config, { ageMs: 20, brokers: ['a:9092', 'b:9092'], password: undefined });
  assert.ok(Object.isFrozen(config));
});

test('gives every value the type of its schema', () => {
  const config = loadConfig(table, { env: enough });
  const ageMs: number = config.ageMs;
  const brokers: readonly string[] = config.brokers;
  // @ts-expect-error an option may be absent.
  const password: string = config.password;
  assert.deepEqual([ageMs, brokers.length, password], [20, 2, undefined]);
});

test('tells all faults at once, each with name, value, wanted and example', () => {
  const env = { BRIDGE_BATCH_AGE_MS: 'abc', BRIDGE_BATCH_AGE: '5', KAFKA_SASL_PASWORD: 'hunter2' };
  assert.deepEqual(faultsOf(table, env), [
    'BRIDGE_BATCH_AGE_MS="abc": want an integer 1..5000 (ms), for example 20',
    'KAFKA_BROKERS is not set: ' +
      'want host:port, separated by commas, for example kafka-1:9092,kafka-2:9092',
    'BRIDGE_BATCH_AGE is not a setting here: did you mean BRIDGE_BATCH_AGE_MS?',
    'KAFKA_SASL_PASWORD is not a setting here: did you mean KAFKA_SASL_PASSWORD?',
  ]);
});

test('counts an empty value as not set', () => {
  const env = { ...enough, BRIDGE_BATCH_AGE_MS: '', KAFKA_SASL_PASSWORD: '' };
  assert.deepEqual(faultsOf(table, env), []);
});

test('leaves names of other owners and the links that Kubernetes injects alone', () => {
  const env = {
    ...enough,
    PATH: '/bin',
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    KAFKA_PORT: 'tcp://10.0.0.1:9092',
    KAFKA_PORT_9092_TCP: 'tcp://10.0.0.1:9092',
    KAFKA_PORT_9092_TCP_ADDR: '10.0.0.1',
    KAFKA_SERVICE_HOST: '10.0.0.1',
    KAFKA_SERVICE_PORT: '9092',
    KAFKA_SERVICE_PORT_BROKER: '9092',
  };
  assert.deepEqual(faultsOf(table, env), []);
});

test('reports a name like no other without guessing, and names of further prefixes', () => {
  const strange = { ...enough, KAFKA_PORT: '9092' };
  assert.deepEqual(faultsOf(table, strange), [
    'KAFKA_PORT is not a setting here: no setting has a name like it',
  ]);
  const load = () => loadConfig(table, { env: { ...enough, OPS_PROT: '1' }, prefixes: ['OPS'] });
  assert.throws(load, /OPS_PROT is not a setting here/);
});

test('masks what is secret: secret settings, and the password inside a URL', () => {
  const strict = {
    pin: setting({
      name: 'MQTT_PIN',
      schema: integer({ min: 0, max: 9999, unit: 'pin' }),
      secret: true,
      example: '1234',
      doc: 'A number.',
    }),
    hosts: setting({
      name: 'MQTT_HOST',
      schema: integer({ min: 0, max: 1, unit: 'host' }),
      example: '1',
      doc: 'A number.',
    }),
  };
  const env = { MQTT_PIN: 'hunter2', MQTT_HOST: 'mqtt://jane:hunter2@broker' };
  assert.deepEqual(faultsOf(strict, env), [
    'MQTT_PIN="***": want an integer 0..9999 (pin), for example 1234',
    'MQTT_HOST="mqtt://jane:***@broker": want an integer 0..1 (host), for example 1',
  ]);
});

test('reads a secret from the file that its _FILE name gives', (context) => {
  const dir = mkdtempSync(join(tmpdir(), 'fleetwire-config-'));
  context.after(() => rmSync(dir, { recursive: true }));
  const path = join(dir, 'password');
  writeFileSync(path, 'correct horse\n');
  const config = loadConfig(table, { env: { ...enough, KAFKA_SASL_PASSWORD_FILE: path } });
  assert.equal(config.password, 'correct horse');
});

test('names the file that cannot be read, and refuses a secret given twice', () => {
  const missing = { ...enough, KAFKA_SASL_PASSWORD_FILE: '/nowhere/password' };
  assert.deepEqual(faultsOf(table, missing), [
    'KAFKA_SASL_PASSWORD_FILE="/nowhere/password": want a readable file, found ENOENT',
  ]);
  assert.deepEqual(faultsOf(table, { ...missing, KAFKA_SASL_PASSWORD: 'x' }), [
    'KAFKA_SASL_PASSWORD_FILE="/nowhere/password": ' +
      'want KAFKA_SASL_PASSWORD or KAFKA_SASL_PASSWORD_FILE, found both',
  ]);
});

test('takes no _FILE for what is no secret', () => {
  const env = { ...enough, KAFKA_BROKERS_FILE: '/etc/brokers' };
  assert.deepEqual(faultsOf(table, env), [
    'KAFKA_BROKERS_FILE is not a setting here: did you mean KAFKA_BROKERS?',
  ]);
});
