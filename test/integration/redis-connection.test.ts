// Redis gone, frozen, locked, full or another than wanted: every command ends in time and says what
// is the matter, and no secret is in what it says.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { createAuthority } from '#deploy/local/certificates.ts';
import { claimPorts } from '#deploy/local/ports.ts';
import { FatalError } from '#shared/runtime/retry.ts';
import { checkRedis } from '#shared/stream/redis-check.ts';
import { RedisAwayError } from '#shared/stream/redis-failures.ts';
import { createRedisStore } from '#shared/stream/redis-store.ts';
import { captureLog } from '#test/shared/runtime/captured-log.ts';
import { eventually } from './eventually.ts';
import { openRedis, startRedis } from './own-redis.ts';

const timeoutMs = 400;
const quick = { REDIS_TIMEOUT_MS: String(timeoutMs) };
const secret = 'open-sesame-7731';
const locked = await startRedis({ after }, ['--requirepass', secret]);

/** How long it took to reject, and with what. */
async function failureOf(work: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const startedAt = performance.now();
  const error = await work.then(
    (found) => assert.fail(`answered ${found}`),
    (reason: unknown) => reason,
  );
  return { error, ms: performance.now() - startedAt };
}

test('rejects within its time-out while Redis is away, tells it once, and works when it is back', async (t) => {
  const server = await startRedis(t);
  const { log, lines } = captureLog();
  const redis = openRedis(t, { REDIS_URL: server.url, ...quick }, log);
  const store = createRedisStore({ redis, group: 'away', inputCount: 1 });
  await store.claim(0);
  await server.kill();
  for (let attempt = 0; attempt < 3; attempt++) {
    const { error, ms } = await failureOf(store.claim(0));
    assert.ok(error instanceof RedisAwayError, String(error));
    assert.match(error.message, /^Redis at 127\.0\.0\.1:\d+ is away: /);
    assert.ok(ms < timeoutMs + 200, `${ms} ms`);
  }
  await server.start();
  await eventually('a claim', () => store.claim(0));
  assert.deepEqual(
    lines.map(({ level, msg }) => `${level} ${msg}`),
    ['warn Redis is away; connecting until it is back.', 'info Redis is back.'],
  );
});

test('closes while Redis is away, and what waits for it rejects', async (t) => {
  const server = await startRedis(t);
  await server.kill();
  const { log, lines } = captureLog();
  const redis = openRedis(t, { REDIS_URL: server.url, REDIS_TIMEOUT_MS: '60000' }, log);
  const failed = failureOf(redis.call('ping', []));
  await eventually('told', () => assert.equal(lines.length, 1));
  const closed = failureOf(redis.close().then(() => redis.call('ping', [])));
  for (const { error, ms } of await Promise.all([failed, closed])) {
    assert.match(String(error), /closed by us/);
    assert.ok(ms < 2_000, `${ms} ms`);
  }
});

test('waits for a Redis that starts in time', async (t) => {
  const server = await startRedis(t);
  await server.kill();
  const redis = openRedis(t, { REDIS_URL: server.url, REDIS_TIMEOUT_MS: '10000' });
  const answer = redis.call('ping', []);
  await server.start();
  assert.equal(String(await answer), 'PONG');
});

test('rejects within its time-out while Redis is frozen, and sends nothing again when it thaws', async (t) => {
  const server = await startRedis(t);
  const redis = openRedis(t, { REDIS_URL: server.url, ...quick });
  await redis.call('set', ['count', 0]);
  server.signal('SIGSTOP');
  for (let attempt = 0; attempt < 3; attempt++) {
    const { error, ms } = await failureOf(redis.call('incr', ['count']));
    assert.ok(error instanceof RedisAwayError, String(error));
    assert.ok(ms < timeoutMs + 200, `${ms} ms`);
  }
  server.signal('SIGCONT');
  const count = Number(await eventually('an answer', () => redis.call('get', ['count'])));
  // The first was on its way when Redis froze; the others had no connection to go on.
  assert.ok(count <= 1, `${count} of 3`);
});

const refusals = [
  { what: 'no password', code: 'REDIS_NOAUTH', env: {} },
  { what: 'a wrong password', code: 'REDIS_WRONGPASS', env: { REDIS_PASSWORD: 'wrong-7731' } },
  {
    what: 'an unknown user',
    code: 'REDIS_WRONGPASS',
    env: { REDIS_USERNAME: 'nobody', REDIS_PASSWORD: secret },
  },
];

for (const { what, code, env } of refusals) {
  test(`${what} is told as such at once, without a secret`, async (t) => {
    const { log, lines } = captureLog('trace');
    const redis = openRedis(t, { REDIS_URL: locked.url, ...env }, log);
    const { error, ms } = await failureOf(redis.call('hget', ['a', 'b']));
    assert.ok(error instanceof FatalError, inspect(error));
    assert.equal(error.code, code);
    assert.match(error.message, /REDIS_PASSWORD/);
    assert.ok(ms < 1_500, `${ms} ms`);
    const told = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(lines);
    assert.ok(!told.includes(secret) && !told.includes('wrong-7731'), told);
  });
}

test('a user who may do less than the store needs is told what he may not', async (t) => {
  const admin = openRedis(t, { REDIS_URL: locked.url, REDIS_PASSWORD: secret });
  await admin.call('acl', ['setuser', 'reader', 'on', '>pw', '~*', '-@all', '+evalsha', '+eval']);
  const redis = openRedis(t, {
    REDIS_URL: locked.url,
    REDIS_USERNAME: 'reader',
    REDIS_PASSWORD: 'pw',
  });
  const store = createRedisStore({ redis, group: 'denied', inputCount: 1 });
  const { error } = await failureOf(store.claim(0));
  assert.equal((error as FatalError).code, 'REDIS_NOPERM', inspect(error));
  const { error: loading } = await failureOf(store.load(0, ['a']));
  assert.equal((loading as FatalError).code, 'REDIS_NOPERM', inspect(loading));
  await checkRedis(redis, captureLog().log);
});

test('a user with the rights that the settings name can do all that the store does', async (t) => {
  const admin = openRedis(t, { REDIS_URL: locked.url, REDIS_PASSWORD: secret });
  const rights = ['~granted:*', '+@hash', '+unlink', '+evalsha', '+eval', '+time', '+info'];
  await admin.call('acl', ['setuser', 'state', 'on', '>pw', '-@all', ...rights]);
  const env = { REDIS_URL: locked.url, REDIS_USERNAME: 'state', REDIS_PASSWORD: 'pw' };
  const redis = openRedis(t, env);
  await checkRedis(redis, captureLog().log);
  const store = createRedisStore({ redis, group: 'granted', inputCount: 1 });
  const { epoch } = await store.claim(0);
  assert.equal(await store.beginRebuild(0, epoch), 'begun');
  await store.finishRebuild(0, epoch, [3]);
  assert.equal(await store.forget(0, 'a'), false);
  for await (const vehicles of store.scan(0)) assert.deepEqual(vehicles, []);
});

test('talks TLS with a certificate of its own, and not to a Redis that another authority signed', async (t) => {
  const ports = await claimPorts();
  t.after(() => ports.release());
  const port = ports.next();
  const dir = await mkdtemp(join(tmpdir(), 'fleetwire-test-'));
  t.after(() => rm(dir, { recursive: true }));
  const write = (name: string, pem: string) => {
    const path = join(dir, name);
    writeFileSync(path, pem);
    return path;
  };
  const authority = createAuthority('redis authority');
  const caFile = write('ca.crt', authority.certPem);
  const strangeCaFile = write('strange.crt', createAuthority('another authority').certPem);
  const { certPem, keyPem } = authority.issue('fleetwire');
  const [certFile, keyFile] = [write('tls.crt', certPem), write('tls.key', keyPem)];
  const files = { 'ca-cert-file': caFile, 'cert-file': certFile, 'key-file': keyFile };
  const settings = Object.entries({ port: String(port), ...files });
  await startRedis(
    t,
    settings.flatMap(([name, value]) => [`--tls-${name}`, value]),
  );
  const env = {
    REDIS_URL: `rediss://127.0.0.1:${port}`,
    REDIS_TLS_CA_FILE: caFile,
    REDIS_TLS_CERT_FILE: certFile,
    REDIS_TLS_KEY_FILE: keyFile,
    ...quick,
  };
  assert.equal(String(await openRedis(t, env).call('ping', [])), 'PONG');
  const strange = openRedis(t, { ...env, REDIS_TLS_CA_FILE: strangeCaFile });
  const { error } = await failureOf(strange.call('ping', []));
  assert.match(String(error), /is away: .*certificate/);
});

test('a key of another program is told apart from a Redis that is away', async (t) => {
  const redis = openRedis(t, { REDIS_URL: locked.url, REDIS_PASSWORD: secret });
  await redis.call('set', ['taken:{taken:0}', 'a string']);
  const store = createRedisStore({ redis, group: 'taken', inputCount: 1 });
  for (const work of [store.claim(0), store.load(0, ['a'])]) {
    const { error } = await failureOf(work);
    assert.equal((error as FatalError).code, 'REDIS_WRONGTYPE', inspect(error));
  }
});

test('a Redis that would evict state is refused, one that could some day is told', async (t) => {
  const redis = openRedis(t, { REDIS_URL: locked.url, REDIS_PASSWORD: secret });
  const { log, lines } = captureLog();
  await checkRedis(redis, log);
  assert.deepEqual(lines, []);
  await redis.call('config', ['set', 'maxmemory-policy', 'allkeys-lru']);
  await checkRedis(redis, log);
  assert.deepEqual(
    lines.map(({ level, wanted, found }) => [level, wanted, found]),
    [['warn', 'noeviction', 'allkeys-lru']],
  );
  await redis.call('config', ['set', 'maxmemory', '100mb']);
  await assert.rejects(checkRedis(redis, log), {
    code: 'REDIS_EVICTS',
    message: /want maxmemory-policy noeviction, found allkeys-lru with a maxmemory of 104857600/,
  });
});

test('a Redis that is full refuses the write whole and counts as away', async (t) => {
  const server = await startRedis(t, ['--maxmemory-policy', 'noeviction']);
  const redis = openRedis(t, { REDIS_URL: server.url });
  const store = createRedisStore({ redis, group: 'full', inputCount: 1 });
  const { epoch } = await store.claim(0);
  await store.beginRebuild(0, epoch);
  await store.finishRebuild(0, epoch, [0]);
  await redis.call('config', ['set', 'maxmemory', '1']);
  const vehicles = [{ vehicleId: 'a', value: Buffer.alloc(1_024) }];
  const progress = { input: 0, offset: 1 };
  const write = { partition: 0, epoch, writeCount: 0, forgetCount: 0, progress, vehicles };
  const { error } = await failureOf(store.write(write));
  assert.ok(error instanceof RedisAwayError && /OOM/.test(error.message), inspect(error));
  await redis.call('config', ['set', 'maxmemory', '0']);
  assert.equal(await store.write(write), 'written');
});
