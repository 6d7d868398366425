// A rebuild is whole or it is begun again; owners that race leave one tenure after another.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { createRedisStore } from '#shared/stream/redis-store.ts';
import type { Claim, StateStore, StoredVehicle, WriteOutcome } from '#shared/stream/store.ts';
import { openRedis, startRedis } from './own-redis.ts';

const server = await startRedis({ after });
const redis = openRedis({ after }, { REDIS_URL: server.url });
const store = openStore();
let partitionNext = 0;

function openStore(): StateStore {
  const client = openRedis({ after }, { REDIS_URL: server.url });
  return createRedisStore({ redis: client, group: 'rebuild', inputCount: 1 });
}

function keyOf(partition: number): string {
  return `rebuild:{rebuild:${partition}}`;
}

function vehicle(vehicleId: string): StoredVehicle {
  return { vehicleId, value: Buffer.from(vehicleId) };
}

async function idsIn(partition: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const vehicles of store.scan(partition)) {
    ids.push(...vehicles.map(({ vehicleId }) => vehicleId));
  }
  return ids.sort();
}

/** Claimed, begun, and one chunk in it. */
async function begunPartition(): Promise<{ partition: number; epoch: number }> {
  const partition = partitionNext++;
  const { epoch } = await store.claim(partition);
  assert.equal(await store.beginRebuild(partition, epoch), 'begun');
  assert.equal(await store.fillRebuild(partition, epoch, [vehicle('a')]), 'filled');
  return { partition, epoch };
}

async function finished(partition: number, epoch: number): Promise<Claim> {
  const claim = await store.finishRebuild(partition, epoch, [7]);
  assert.ok(typeof claim === 'object', String(claim));
  return claim;
}

test('a rebuild that is finished is found whole by the next claim', async () => {
  const { partition, epoch } = await begunPartition();
  const many = Array.from({ length: 9_000 }, (_, index) => vehicle(`b${index}`));
  assert.equal(await store.fillRebuild(partition, epoch, many), 'filled');
  const claim = await finished(partition, epoch);
  assert.deepEqual(await store.claim(partition).then(({ offsets }) => offsets), [7]);
  assert.equal((await idsIn(partition)).length, 9_001);
  assert.equal(claim.epoch, epoch);
});

test('a rebuild that breaks off is begun again, and nothing of it stays', async () => {
  const { partition } = await begunPartition();
  const heir = await store.claim(partition);
  assert.equal(heir.offsets, null);
  assert.equal(await store.beginRebuild(partition, heir.epoch), 'begun');
  assert.equal(await store.fillRebuild(partition, heir.epoch, [vehicle('b')]), 'filled');
  await finished(partition, heir.epoch);
  assert.deepEqual(await idsIn(partition), ['b']);
});

test('a partition that is not whole takes no write', async () => {
  const { partition, epoch } = await begunPartition();
  const known = { partition, epoch, writeCount: 1, forgetCount: 0 };
  const progress = { input: 0, offset: 1 };
  assert.equal(await store.write({ ...known, progress, vehicles: [vehicle('c')] }), 'lost');
  assert.deepEqual(await idsIn(partition), ['a']);
});

test('a rebuild whose beginning was lost in a failover or a flush is lost', async () => {
  const { partition, epoch } = await begunPartition();
  const older = (await redis.call('dump', [keyOf(partition)])) as Buffer;
  assert.equal(await store.fillRebuild(partition, epoch, [vehicle('b')]), 'filled');
  await redis.call('restore', [keyOf(partition), 0, older, 'replace']);
  assert.equal(await store.fillRebuild(partition, epoch, [vehicle('c')]), 'lost');
  assert.equal(await store.finishRebuild(partition, epoch, [7]), 'lost');
  await redis.call('del', [keyOf(partition)]);
  assert.equal(await store.fillRebuild(partition, epoch, [vehicle('c')]), 'lost');
  assert.equal(await store.finishRebuild(partition, epoch, [7]), 'lost');
  assert.equal(await store.beginRebuild(partition, epoch), 'begun');
  await finished(partition, epoch);
});

test('a vehicle that is forgotten during a rebuild is not filled in again', async () => {
  const { partition, epoch } = await begunPartition();
  assert.equal(await openStore().forget(partition, 'b'), false);
  assert.equal(await store.fillRebuild(partition, epoch, [vehicle('b')]), 'lost');
  assert.equal(await store.finishRebuild(partition, epoch, [7]), 'lost');
  assert.equal(await store.beginRebuild(partition, epoch), 'begun');
  await finished(partition, epoch);
  assert.deepEqual(await idsIn(partition), []);
});

test('a rebuild goes on from its claim: the first write after it is written', async () => {
  const { partition, epoch } = await begunPartition();
  const { offsets: _, ...known } = await finished(partition, epoch);
  const progress = { input: 0, offset: 8 };
  assert.equal(await store.write({ partition, ...known, progress, vehicles: [] }), 'written');
});

interface Accepted {
  readonly epoch: number;
  readonly writeCount: number;
  readonly offset: number;
}

const act = fc.constantFrom('claim', 'write', 'write', 'write', 'forget');
const owners = [openStore(), openStore(), openStore()];

test('of owners that race exactly the writes of the latest claim stand, one tenure after another', async () => {
  const acts = fc.array(act, { minLength: 1, maxLength: 30 });
  const tally: Tally = {};
  await fc.assert(
    fc.asyncProperty(fc.tuple(acts, acts, acts), async (plans) => {
      const { partition, epoch } = await begunPartition();
      await finished(partition, epoch);
      const runs = plans.map((plan, index) => runOwner(owners[index]!, { partition, plan, tally }));
      const accepted = (await Promise.all(runs)).flat();
      accepted.sort((one, other) => one.writeCount - other.writeCount);
      for (const [index, { epoch: tenure, writeCount, offset }] of accepted.entries()) {
        const before = accepted[index - 1];
        assert.equal(writeCount, 1 + index, 'each write follows the one before it');
        assert.ok(before === undefined || (before.epoch <= tenure && before.offset < offset));
      }
      const ids = accepted.map(({ epoch: tenure, writeCount }) => `${tenure}-${writeCount}`);
      assert.deepEqual(await idsIn(partition), ['a', ...ids].sort());
      const last = await store.claim(partition);
      assert.equal(last.writeCount, 1 + accepted.length);
      assert.deepEqual(last.offsets, [accepted.at(-1)?.offset ?? 7]);
    }),
    { seed: 56, numRuns: 25 },
  );
  for (const outcome of ['written', 'fenced', 'forgotten'] as const) {
    assert.ok((tally[outcome] ?? 0) > 10, `${outcome}: ${tally[outcome]}`);
  }
});

type Tally = Partial<Record<WriteOutcome, number>>;

interface Run {
  readonly partition: number;
  readonly plan: readonly string[];
  readonly tally: Tally;
}

/** An owner who learns nothing from being fenced: a zombie, until it claims again. */
async function runOwner(owner: StateStore, { partition, plan, tally }: Run) {
  const accepted: Accepted[] = [];
  let known: Claim | null = null;
  for (const step of plan) {
    if (step === 'claim') known = await owner.claim(partition);
    if (step === 'forget') await owner.forget(partition, 'nobody');
    if (step !== 'write' || known === null) continue;
    const { epoch, writeCount, forgetCount, offsets } = known;
    const offset = offsets![0]! + 1;
    const outcome = await owner.write({
      partition,
      ...{ epoch, writeCount, forgetCount },
      progress: { input: 0, offset },
      vehicles: [vehicle(`${epoch}-${writeCount}`)],
    });
    tally[outcome] = (tally[outcome] ?? 0) + 1;
    if (outcome !== 'written') continue;
    accepted.push({ epoch, writeCount, offset });
    known = { ...known, writeCount: writeCount + 1, offsets: [offset] };
  }
  return accepted;
}
