// Faults of the Redis settings are told before anything is opened, all at once, without secrets.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ConfigError, loadConfig } from '#shared/runtime/config.ts';
import { addressOf, checkRedisConfig, redisSettings } from '#shared/stream/redis-settings.ts';

const noPem = fileURLToPath(import.meta.url);

function configOf(env: Readonly<Record<string, string>>) {
  return loadConfig(redisSettings, { env: { REDIS_URL: 'redis://localhost:6379', ...env } });
}

/** Name and text of each fault. */
function faultsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    checkRedisConfig(configOf(env));
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults.map(({ text }) => text);
  }
}

test('needs nothing but the URL', () => {
  assert.deepEqual(faultsOf({}), []);
});

test('reads host, port, database and TLS out of the URL', () => {
  const read = (redisUrl: string) => addressOf({ redisUrl });
  const plain = { host: 'redis', port: 6379, database: 0, isTls: false };
  assert.deepEqual(read('redis://redis'), plain);
  assert.deepEqual(read('redis://redis:7000/3'), { ...plain, port: 7000, database: 3 });
  assert.deepEqual(read('rediss://[::1]/'), { ...plain, host: '::1', isTls: true });
});

test('refuses credentials in the URL and does not repeat them', () => {
  const [fault, ...others] = faultsOf({ REDIS_URL: 'redis://user:sesame@localhost' });
  assert.match(fault!, /^REDIS_URL: want no credentials in it/);
  assert.ok(!fault!.includes('sesame'));
  assert.deepEqual(others, []);
});

test('refuses a path that is no database, and a database in a cluster', () => {
  assert.match(faultsOf({ REDIS_URL: 'redis://localhost/state' })[0]!, /want host, port and/);
  assert.match(faultsOf({ REDIS_URL: 'redis://localhost?db=1' })[0]!, /want host, port and/);
  const clustered = { REDIS_URL: 'redis://localhost/2', REDIS_CLUSTER_ENABLED: 'true' };
  assert.match(faultsOf(clustered)[0]!, /want no database in a cluster, found \/2/);
});

test('wants a password beside a user, and takes a password alone', () => {
  assert.match(faultsOf({ REDIS_USERNAME: 'fleetwire' })[0]!, /want REDIS_PASSWORD beside it/);
  assert.deepEqual(faultsOf({ REDIS_PASSWORD: 'sesame' }), []);
});

test('reads the password from a file', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'fleetwire-test-'));
  t.after(() => rm(dir, { recursive: true }));
  const path = join(dir, 'password');
  writeFileSync(path, 'sesame\n');
  assert.equal(configOf({ REDIS_PASSWORD_FILE: path }).redisPassword, 'sesame');
});

test('tells all faults of TLS at once', () => {
  const faults = faultsOf({ REDIS_TLS_CERT_FILE: noPem, REDIS_USERNAME: 'fleetwire' });
  assert.match(faults[0]!, /^REDIS_USERNAME: want REDIS_PASSWORD/);
  assert.match(faults[1]!, /^REDIS_URL: want rediss:\/\//);
  assert.match(faults[2]!, /^REDIS_TLS_CERT_FILE: want it and REDIS_TLS_KEY_FILE/);
  assert.match(faults[3]!, /want PEM, found: /);
  assert.equal(faults.length, 4);
});
