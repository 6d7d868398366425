// Two owners of one partition on a real Redis, step by step: the one that was followed by the other
// writes all the same, and the other one writes the same record twice.

import type { Claim, StateStore, WriteOutcome } from '#shared/stream/store.ts';
import { openRedis, startRedis } from '../../integration/own-redis.ts';
import type { Finding, Scenario } from '../plant.ts';
import { loadFrom } from '../tree.ts';

const partition = 0;

export const twoOwners: Scenario = {
  name: 'two owners',
  sentence: 'An owner of a partition is followed by another one, and both write.',
  async play(treeDir, stage) {
    const { createRedisStore } = await loadFrom<typeof import('#shared/stream/redis-store.ts')>(
      treeDir,
      'shared/stream/redis-store.ts',
    );
    const server = await startRedis(stage);
    const open = () => {
      const redis = openRedis(stage, { REDIS_URL: server.url });
      return createRedisStore({ redis, group: 'planted', inputCount: 1 });
    };
    const [early, later] = [open(), open()];
    const findings: Finding[] = [];
    const want = (promise: string, found: WriteOutcome, wanted: WriteOutcome) => {
      if (found !== wanted) findings.push({ promise, found: `${wanted} wanted, found ${found}` });
    };
    const followed = await wholePartition(early);
    const owner = await later.claim(partition);
    want(zombies, await writeOf(early, followed, 1), 'fenced');
    want(owners, await writeOf(later, owner, 1), 'written');
    const next = { ...owner, writeCount: owner.writeCount + 1 };
    want(once, await writeOf(later, next, 1), 'stale');
    return { findings, frames: 3 };
  },
};

const zombies = 'no write of a zombie counts';
const owners = 'the owner writes';
const once = 'a record is applied once';

async function wholePartition(store: StateStore): Promise<Claim> {
  const { epoch } = await store.claim(partition);
  await store.beginRebuild(partition, epoch);
  const claim = await store.finishRebuild(partition, epoch, [0]);
  if (typeof claim === 'string') throw new Error(`a partition wanted, found it ${claim}`);
  return claim;
}

function writeOf(store: StateStore, claim: Claim, offset: number): Promise<WriteOutcome> {
  const { epoch, writeCount, forgetCount } = claim;
  const vehicles = [{ vehicleId: 'V', value: Buffer.from(`epoch ${epoch}`) }];
  const progress = { input: 0, offset };
  return store.write({ partition, epoch, writeCount, forgetCount, progress, vehicles });
}
