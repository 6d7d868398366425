// What the clock does: ticks, the gate of backfill, commits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommitClock } from '#shared/stream/commit-clock.ts';
import {
  backfill,
  createRig,
  drive,
  join,
  live,
  metric,
  type Rig,
  send,
  settled,
  storedState,
  topicStates,
} from './rig.ts';

const topic = live.topic;

/** A rebalance looks at the ends, as the clock would. */
async function look(rig: Rig): Promise<void> {
  rig.consumer.assign([0]);
  await settled();
}

test('ticks a vehicle when everything stored by its time has been applied, with that time', async () => {
  const rig = createRig();
  await join(rig);
  send(rig, { dueAt: 1_005_000 });
  await drive(rig);
  rig.clock.now = 1_004_999;
  await look(rig);
  assert.deepEqual(storedState(rig)?.ticks, []);
  rig.clock.now = 1_006_000;
  await look(rig);
  assert.deepEqual(storedState(rig)?.ticks, [1_006_000]);
  assert.deepEqual(topicStates(rig).at(-1)?.state.ticks, [1_006_000]);
});

test('concludes nothing from silence while records wait to be applied', async () => {
  const rig = createRig();
  await join(rig);
  send(rig, { dueAt: 1_005_000 });
  await drive(rig);
  rig.clock.now = 1_006_000;
  send(rig, { vehicleId: 'b' });
  await look(rig);
  assert.deepEqual(storedState(rig)?.ticks, []);
  await drive(rig);
  rig.clock.now = 1_007_000;
  await look(rig);
  assert.deepEqual(storedState(rig)?.ticks, [1_007_000]);
});

test('a vehicle is due also for an owner that has applied nothing of it', async () => {
  const first = createRig();
  await join(first);
  send(first, { dueAt: 1_005_000 });
  await drive(first);
  const second = createRig({ beside: first, config: { cacheVehicles: 100 } });
  await join(second);
  second.clock.now = 1_006_000;
  await look(second);
  assert.deepEqual(storedState(second)?.ticks, [1_006_000]);
});

test('many due vehicles are ticked slice by slice, each once', async () => {
  const rig = createRig({ config: { sliceRecords: 3 } });
  await join(rig);
  for (let count = 0; count < 10; count += 1) {
    send(rig, { vehicleId: `v${count}`, dueAt: 1_005_000 });
  }
  await drive(rig);
  rig.clock.now = 1_006_000;
  await look(rig);
  await settled();
  for (let count = 0; count < 10; count += 1) {
    assert.deepEqual(storedState(rig, `v${count}`)?.ticks, [1_006_000]);
  }
  assert.equal(rig.journal.filter((line) => line.startsWith('write tick')).length, 4);
});

test('backfill waits while live records are older than the budget, and goes on after', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const rig = createRig({ config: { delayBudgetMs: 5000, sliceRecords: 1 } });
  rig.consumer.batchRecords = 1;
  await rig.stream.start(new AbortController().signal);
  await join(rig);
  send(rig);
  send(rig);
  await rig.consumer.fetch(live);
  rig.clock.now += 5001;
  t.mock.timers.tick(5000);
  await settled();
  assert.deepEqual([...rig.consumer.paused], [`${backfill.topic}/0`]);
  assert.equal(await metric(rig, 'lag_vehicles'), 1);
  assert.match(await rig.registry.metrics(), new RegExp(`lag_records{topic="${topic}"} 1`));
  assert.match(await rig.registry.metrics(), new RegExp(`lag_seconds{topic="${topic}"} 5.001`));
  await rig.consumer.fetch(live);
  t.mock.timers.tick(5000);
  await settled();
  assert.deepEqual([...rig.consumer.paused], []);
  assert.equal(await metric(rig, 'lag_vehicles'), 0);
});

test('backfill that waits does not make backfill wait', async () => {
  const rig = createRig();
  await join(rig);
  send(rig, {}, backfill);
  send(rig, {}, backfill);
  rig.consumer.batchRecords = 1;
  await rig.consumer.fetch(backfill);
  rig.clock.now += 60_000;
  await look(rig);
  assert.deepEqual([...rig.consumer.paused], []);
});

test('a place noted is committed within the time, with the latest of its partition', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const commits: string[] = [];
  const clock = new CommitClock({
    consumer: {
      commit: async (places) => {
        commits.push(places.map(({ partition, next }) => `${partition}@${next}`).join());
        return 'committed';
      },
    },
    commitMs: 2000,
  });
  clock.note({ topic, partition: 0, next: 1 });
  t.mock.timers.tick(1999);
  clock.note({ topic, partition: 0, next: 7 });
  clock.note({ topic, partition: 1, next: 3 });
  await settledNow();
  assert.deepEqual(commits, []);
  t.mock.timers.tick(1);
  await settledNow();
  assert.deepEqual(commits, ['0@7,1@3']);
  t.mock.timers.tick(10_000);
  await settledNow();
  assert.equal(commits.length, 1);
});

test('what was noted is not committed when the generation has ended', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let commitsCount = 0;
  const commit = async () => {
    commitsCount += 1;
    return 'committed' as const;
  };
  const clock = new CommitClock({ consumer: { commit }, commitMs: 2000 });
  clock.note({ topic, partition: 0, next: 1 });
  clock.forget();
  t.mock.timers.tick(2000);
  await settledNow();
  await clock.flush();
  assert.equal(commitsCount, 0);
});

test('commits the offset after the last one applied', async () => {
  const rig = createRig();
  for (let count = 0; count < 3; count += 1) send(rig);
  await join(rig);
  await drive(rig);
  await rig.stream.stop();
  assert.deepEqual(rig.consumer.commits.at(-1), [{ ...live, next: 3 }]);
});

async function settledNow(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

test('partitions that are added to the inputs are told once, and nothing else changes', async () => {
  const rig = createRig();
  await join(rig);
  assert.equal(rig.partitionTrouble(), null);
  rig.kafka.partitionCountOfAll += 1;
  await look(rig);
  await look(rig);
  assert.match(
    String(rig.partitionTrouble()),
    /vehicle.telemetry.v1 has 2 partitions, 1 are in use/,
  );
  assert.equal(await metric(rig, 'topics_repartitioned'), 2);
  assert.deepEqual(
    rig.lines('error').map(({ msg }) => msg),
    ['Partitions were added to Kafka topics in use; every key stays where it was.'],
  );
  send(rig);
  await drive(rig);
  assert.equal(storedState(rig)?.applied.length, 1);
});
