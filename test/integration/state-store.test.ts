// The promises of the state store on a real Redis: one owner at a time, all or nothing, and what
// Redis has lost is found out.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { createRedisStore } from '#shared/stream/redis-store.ts';
import type { Claim, PartitionWrite, StateStore, StoredVehicle } from '#shared/stream/store.ts';
import { openRedis, startRedis } from './own-redis.ts';

const server = await startRedis({ after });
const redis = openRedis({ after }, { REDIS_URL: server.url });
const inputCount = 3;
const store = openStore();
let partitionNext = 0;

function openStore(): StateStore {
  return createRedisStore({
    redis: openRedis({ after }, { REDIS_URL: server.url }),
    group: 'state',
    inputCount,
  });
}

function keyOf(partition: number): string {
  return `state:{state:${partition}}`;
}

function vehicle(vehicleId: string, text = vehicleId): StoredVehicle {
  return { vehicleId, value: Buffer.from(text) };
}

/** A partition that nobody had before, whole. */
async function freshPartition(): Promise<{ partition: number; claim: Claim }> {
  const partition = partitionNext++;
  const { epoch, offsets } = await store.claim(partition);
  assert.equal(offsets, null);
  assert.equal(await store.beginRebuild(partition, epoch), 'begun');
  const claim = await store.finishRebuild(partition, epoch, [-1, -1, -1]);
  assert.ok(typeof claim === 'object');
  return { partition, claim };
}

/** The next write of an owner who knows the claim: one record of input 0, one vehicle. */
function writeOf(partition: number, claim: Claim, change: Partial<PartitionWrite> = {}) {
  const progress = { input: 0, offset: (claim.offsets?.[0] ?? -1) + 1 };
  return { partition, ...claim, progress, vehicles: [vehicle('a')], ...change };
}

function written({ offsets, writeCount, ...rest }: Claim, offset = offsets![0]! + 1): Claim {
  return { ...rest, writeCount: writeCount + 1, offsets: [offset, ...offsets!.slice(1)] };
}

async function contentsOf(partition: number): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>();
  for await (const vehicles of store.scan(partition)) {
    for (const { vehicleId, value } of vehicles) contents.set(vehicleId, value.toString());
  }
  return contents;
}

/** Everything that is stored, fields of the fence included. */
async function dump(partition: number): Promise<string> {
  return ((await redis.call('dump', [keyOf(partition)])) as Buffer).toString('hex');
}

test('a write of an earlier epoch is fenced and changes nothing', async () => {
  const { partition, claim } = await freshPartition();
  assert.equal(await store.write(writeOf(partition, claim)), 'written');
  const later = await openStore().claim(partition);
  const before = await dump(partition);
  assert.ok(later.epoch > claim.epoch);
  assert.equal(await store.write(writeOf(partition, written(claim))), 'fenced');
  assert.equal(await store.beginRebuild(partition, claim.epoch), 'fenced');
  assert.equal(await store.fillRebuild(partition, claim.epoch, [vehicle('z')]), 'fenced');
  assert.equal(await store.finishRebuild(partition, claim.epoch, [9, 9, 9]), 'fenced');
  assert.equal(await dump(partition), before);
  assert.deepEqual(later, { ...written(claim), epoch: later.epoch });
});

test('after FLUSHALL the next write is lost, and the next epoch greater than every earlier one', async () => {
  const { partition, claim } = await freshPartition();
  let epochMax = claim.epoch;
  for (let round = 0; round < 5; round++) {
    await redis.call('flushall', []);
    const lost = await store.write(writeOf(partition, { ...claim, epoch: epochMax }));
    assert.equal(lost, 'lost');
    const { epoch, offsets } = await store.claim(partition);
    assert.ok(epoch > epochMax, `${epoch} after ${epochMax}`);
    assert.equal(offsets, null);
    epochMax = epoch;
  }
  const fields = (await redis.call('hkeys', [keyOf(partition)])) as Buffer[];
  assert.deepEqual(fields.map(String), ['e'], 'nothing of the lost writes');
});

test('an epoch follows the greatest of the stored one, the clock of Redis and those claimed before', async () => {
  const { partition } = await freshPartition();
  const ahead = Date.now() + 86_400_000;
  await redis.call('hset', [keyOf(partition), 'e', ahead]);
  assert.equal((await store.claim(partition)).epoch, ahead + 1);
  await redis.call('del', [keyOf(partition)]);
  assert.equal((await store.claim(partition)).epoch, ahead + 2, 'a clock that was set back');
  const { epoch } = await openStore().claim(partitionNext++);
  assert.ok(Math.abs(epoch - Date.now()) < 60_000, 'the clock of Redis');
});

test('a failover that lost the latest writes is found out by the count of writes', async () => {
  const { partition, claim } = await freshPartition();
  assert.equal(await store.write(writeOf(partition, claim)), 'written');
  const older = (await redis.call('dump', [keyOf(partition)])) as Buffer;
  const second = writeOf(partition, written(claim), { vehicles: [vehicle('a', 'newer')] });
  assert.equal(await store.write(second), 'written');
  await redis.call('restore', [keyOf(partition), 0, older, 'replace']);
  assert.equal(await store.write(writeOf(partition, written(written(claim)))), 'lost');
  const again = await store.claim(partition);
  assert.deepEqual(again, { ...written(claim), epoch: again.epoch }, 'whole, as it was then');
  assert.deepEqual([...(await contentsOf(partition))], [['a', 'a']]);
});

test('a failover that lost the claim is found out by the epoch', async () => {
  const { partition } = await freshPartition();
  const older = (await redis.call('dump', [keyOf(partition)])) as Buffer;
  const claim = await store.claim(partition);
  await redis.call('restore', [keyOf(partition), 0, older, 'replace']);
  assert.equal(await store.write(writeOf(partition, claim)), 'lost');
});

test('an offset that is not greater than the stored one is stale and changes nothing', async () => {
  const { partition, claim } = await freshPartition();
  const at = (input: number, offset: number) => ({ progress: { input, offset } });
  assert.equal(await store.write(writeOf(partition, claim, at(0, 41))), 'written');
  const next = written(claim, 41);
  const before = await dump(partition);
  for (const offset of [0, 40, 41]) {
    assert.equal(await store.write(writeOf(partition, next, at(0, offset))), 'stale', `${offset}`);
  }
  assert.equal(await dump(partition), before);
  assert.equal(await store.write(writeOf(partition, next, at(2, 0))), 'written');
  assert.deepEqual((await store.claim(partition)).offsets, [41, -1, 0]);
});

test('a write that was stored though its answer never came is stale when it is repeated', async () => {
  const { partition, claim } = await freshPartition();
  for (const progress of [{ input: 0, offset: 5 }, null]) {
    const { offsets: _, ...known } = await store.claim(partition);
    const write = { partition, ...known, progress, vehicles: [vehicle('a')] };
    assert.equal(await store.write(write), 'written');
    const before = await dump(partition);
    assert.equal(await store.write(write), 'stale');
    assert.equal(await dump(partition), before);
  }
  assert.equal((await store.claim(partition)).writeCount, claim.writeCount + 2);
});

test('time alone writes vehicles and no offset', async () => {
  const { partition, claim } = await freshPartition();
  assert.equal(await store.write(writeOf(partition, claim, { progress: null })), 'written');
  assert.deepEqual((await store.claim(partition)).offsets, [-1, -1, -1]);
  assert.deepEqual([...(await contentsOf(partition)).keys()], ['a']);
});

test('a vehicle that was forgotten does not come back from what the owner remembers', async () => {
  const { partition, claim } = await freshPartition();
  assert.equal(await store.write(writeOf(partition, claim)), 'written');
  assert.equal(await openStore().forget(partition, 'a'), true);
  assert.equal(await store.write(writeOf(partition, written(claim))), 'forgotten');
  assert.deepEqual([...(await contentsOf(partition))], []);
  const again = await store.claim(partition);
  assert.equal(await store.write(writeOf(partition, again)), 'written');
  assert.equal(await store.forget(partition, 'nobody'), false);
  assert.equal(await store.forget(partitionNext++, 'a'), false, 'of a partition never claimed');
});

test('the owner loads only from a partition that is as it was left', async () => {
  const { partition, claim } = await freshPartition();
  const owned = { partition, ...claim };
  assert.deepEqual(await store.loadOwned(owned, ['nobody']), [null]);
  assert.deepEqual(await store.loadOwned(owned, []), []);
  const { value } = vehicle('a');
  const write = writeOf(partition, claim, { vehicles: [{ vehicleId: 'a', value }] });
  assert.equal(await store.write(write), 'written');
  assert.equal(await store.loadOwned(owned, ['a']), 'stale');
  const now = { ...owned, ...written(claim) };
  assert.deepEqual(await store.loadOwned(now, ['a']), [value]);
  assert.equal(await store.loadOwned({ ...now, writeCount: now.writeCount + 1 }, ['a']), 'lost');
  await openStore().forget(partition, 'a');
  assert.equal(await store.loadOwned(now, ['a']), 'forgotten');
  await openStore().claim(partition);
  assert.equal(await store.loadOwned(now, ['a']), 'fenced');
  assert.equal(await store.loadOwned({ ...now, partition: partitionNext++ }, ['a']), 'lost');
});

test('10,000 vehicles fit in one write, one load and one scan, byte by byte', async () => {
  const { partition, claim } = await freshPartition();
  const vehicles = Array.from({ length: 10_000 }, (_, index) => {
    const value = Buffer.alloc(40);
    for (let at = 0; at < value.length; at++) value[at] = index + at * 7;
    return { vehicleId: `LSVAU2180N2${index}`, value };
  });
  assert.equal(await store.write(writeOf(partition, claim, { vehicles })), 'written');
  const ids = vehicles.map(({ vehicleId }) => vehicleId).reverse();
  const found = await store.load(partition, [...ids, 'nobody']);
  assert.deepEqual(found, [...vehicles.map(({ value }) => value).reverse(), null]);
  const scanned = new Map<string, Buffer>();
  for await (const some of store.scan(partition)) {
    for (const { vehicleId, value } of some) scanned.set(vehicleId, value);
  }
  assert.deepEqual(scanned, new Map(vehicles.map(({ vehicleId, value }) => [vehicleId, value])));
});

test('ids and values of any kind come back as they were', async () => {
  const anyId = fc.string({ unit: 'binary', minLength: 0, maxLength: 20 });
  const anyValue = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  const anyVehicles = fc.uniqueArray(fc.record({ vehicleId: anyId, value: anyValue }), {
    selector: ({ vehicleId }) => vehicleId,
  });
  const { partition, claim } = await freshPartition();
  let known = claim;
  await fc.assert(
    fc.asyncProperty(anyVehicles, async (vehicles) => {
      assert.equal(await store.write(writeOf(partition, known, { vehicles })), 'written');
      known = written(known);
      const ids = vehicles.map(({ vehicleId }) => vehicleId);
      const values = vehicles.map(({ value }) => value);
      assert.deepEqual(await store.load(partition, ids), values);
    }),
    { seed: 55, numRuns: 60, examples: [[['e', 'n', 'f', 'o0', ''].map((id) => vehicle(id))]] },
  );
  assert.deepEqual((await store.claim(partition)).offsets, known.offsets);
});

test('a Redis that has forgotten the scripts learns them anew', async () => {
  const { partition, claim } = await freshPartition();
  await redis.call('script', ['flush']);
  assert.equal(await store.write(writeOf(partition, claim)), 'written');
});
