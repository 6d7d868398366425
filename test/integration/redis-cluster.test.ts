// State on a real Redis Cluster: every key of a partition is in one slot, whichever node has it.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkRedis } from '#shared/stream/redis-check.ts';
import { RedisAwayError } from '#shared/stream/redis-failures.ts';
import { createRedisStore } from '#shared/stream/redis-store.ts';
import { captureLog } from '#test/shared/runtime/captured-log.ts';
import { eventually } from './eventually.ts';
import { openRedis, startRedis, startRedisCluster } from './own-redis.ts';

const cluster = await startRedisCluster({ after });
const env = { REDIS_URL: cluster.url, REDIS_CLUSTER_ENABLED: 'true' };
const partitions = Array.from({ length: 12 }, (_, partition) => partition);

test('every partition is claimed, rebuilt, written, read and forgotten on the node that has it', async (t) => {
  const { log, lines } = captureLog();
  const redis = openRedis(t, env, log);
  await checkRedis(redis, log);
  const store = createRedisStore({ redis, group: 'whole', inputCount: 2 });
  const vehicles = [{ vehicleId: 'a', value: Buffer.from([0, 255]) }];
  await Promise.all(
    partitions.map(async (partition) => {
      const { epoch } = await store.claim(partition);
      assert.equal(await store.beginRebuild(partition, epoch), 'begun');
      assert.equal(await store.fillRebuild(partition, epoch, vehicles), 'filled');
      const claim = await store.finishRebuild(partition, epoch, [-1, partition]);
      assert.ok(typeof claim === 'object');
      const progress = { input: 0, offset: 7 };
      assert.equal(await store.write({ partition, ...claim, progress, vehicles }), 'written');
      assert.deepEqual(await store.load(partition, ['a', 'b']), [vehicles[0]!.value, null]);
      for await (const found of store.scan(partition)) assert.deepEqual(found, vehicles);
      assert.equal(await store.forget(partition, 'a'), true);
      assert.deepEqual((await store.claim(partition)).offsets, [7, partition]);
    }),
  );
  const sizes = (await redis.callEach('dbsize', [])).map(Number);
  assert.equal(sizes.length, 3);
  assert.ok(sizes.every((size) => size > 0) && sizes.reduce((a, b) => a + b) === 12, `${sizes}`);
  assert.deepEqual(lines, []);
});

test('a cluster that is taken for a single Redis is told, and the other way round', async (t) => {
  const asSingle = createRedisStore({
    redis: openRedis(t, { REDIS_URL: cluster.url }),
    group: 'single',
    inputCount: 1,
  });
  const claims = await Promise.allSettled(partitions.map((partition) => asSingle.claim(partition)));
  const reasons = claims.flatMap((claim) => (claim.status === 'rejected' ? [claim.reason] : []));
  assert.match(String(reasons[0]), /set REDIS_CLUSTER_ENABLED=true/);
  const single = await startRedis(t);
  const asCluster = openRedis(t, { REDIS_URL: single.url, REDIS_CLUSTER_ENABLED: 'true' });
  await assert.rejects(asCluster.call('hget', ['a', 'b']), /set REDIS_CLUSTER_ENABLED=false/);
});

test('a node that is gone is away in time; the partitions of the others go on', async (t) => {
  const redis = openRedis(t, { ...env, REDIS_TIMEOUT_MS: '500' });
  // A cluster takes no command at all while slots have no node, unless it is told otherwise.
  await redis.callEach('config', ['set', 'cluster-require-full-coverage', 'no']);
  const store = createRedisStore({ redis, group: 'gone', inputCount: 1 });
  await Promise.all(partitions.map((partition) => store.claim(partition)));
  await cluster.kill();
  const startedAt = performance.now();
  const claims = await Promise.allSettled(partitions.map((partition) => store.claim(partition)));
  assert.ok(performance.now() - startedAt < 1_000);
  const reasons = claims.flatMap((claim) => (claim.status === 'rejected' ? [claim.reason] : []));
  assert.ok(reasons.length > 0 && reasons.length < partitions.length, `${reasons.length} away`);
  for (const reason of reasons) assert.ok(reason instanceof RedisAwayError, String(reason));
  await cluster.start();
  await eventually('all again', () => Promise.all(partitions.map((p) => store.claim(p))));
});
