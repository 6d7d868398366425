// Who owns a partition: claims, zombies, rebalances, and what is kept over them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRig, drive, join, live, metric, send, settled, storedState } from './rig.ts';

test('goes on where the store says, not where Kafka was told', async () => {
  const first = createRig();
  for (let count = 0; count < 3; count += 1) send(first);
  await join(first);
  await drive(first);
  const second = createRig({ beside: first });
  send(second);
  await join(second);
  assert.equal(second.consumer.position(live), 3);
  await drive(second);
  assert.deepEqual(storedState(second)?.applied, ['0@0', '0@1', '0@2', '0@3']);
});

test('a zombie writes nothing: its slice is fenced, and it learns that it is no member', async () => {
  const zombie = createRig();
  send(zombie);
  await join(zombie);
  await drive(zombie);
  const owner = createRig({ beside: zombie });
  await join(owner);
  send(owner);
  zombie.consumer.membership = 'expelled';
  await drive(zombie);
  assert.deepEqual(storedState(owner)?.applied, ['0@0']);
  assert.match(await zombie.registry.metrics(), /fenced_writes_total\{by="epoch"\} 1/);
  await drive(owner);
  assert.deepEqual(storedState(owner)?.applied, ['0@0', '0@1']);
  // Not before it is assigned again: a zombie that claims would fence the owner.
  await drive(zombie);
  assert.equal(zombie.journal.filter((line) => line === 'claim 0').length, 2);
});

test('a member that is fenced by a claim of a zombie claims again, and misses nothing', async () => {
  const owner = createRig();
  await join(owner);
  const other = createRig({ beside: owner });
  await join(other);
  send(owner);
  await drive(owner);
  assert.deepEqual(storedState(owner)?.applied, ['0@0']);
  assert.match(await owner.registry.metrics(), /fenced_writes_total\{by="epoch"\} 1/);
});

test('without a word from the group for a session, nothing is told to anybody', async () => {
  const rig = createRig();
  await join(rig);
  send(rig);
  rig.clock.monotonic = 10_001;
  rig.consumer.membership = 'expelled';
  await drive(rig);
  assert.equal(rig.kafka.high({ topic: 'vehicle.state.v1', partition: 0 }), 0);
  assert.equal(storedState(rig), null);
  assert.match(await rig.registry.metrics(), /fenced_writes_total\{by="clock"\} 1/);
});

test('a session without a word is forgiven when the group still knows us', async () => {
  const rig = createRig();
  await join(rig);
  send(rig);
  rig.clock.monotonic = 10_001;
  rig.consumer.onHeartbeat = () => {
    rig.consumer.memberAt = rig.clock.monotonic;
  };
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0']);
});

test('keeps what it knows over a rebalance in which nobody else has written', async () => {
  const rig = createRig();
  send(rig);
  await join(rig);
  await drive(rig);
  const { loadsCount, scansCount } = rig.store;
  rig.consumer.revoke();
  await join(rig);
  send(rig);
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0', '0@1']);
  assert.deepEqual([rig.store.loadsCount, rig.store.scansCount], [loadsCount, scansCount]);
});

test('forgets what it knows when another owner has written meanwhile', async () => {
  const first = createRig();
  send(first);
  await join(first);
  await drive(first);
  first.consumer.revoke();
  const second = createRig({ beside: first });
  await join(second);
  send(second);
  await drive(second);
  await join(first);
  send(first);
  await drive(first);
  assert.deepEqual(storedState(first)?.applied, ['0@0', '0@1', '0@2']);
});

test('a rebalance in the middle of a slice loses and doubles nothing', async () => {
  const first = createRig({ config: { sliceRecords: 2 } });
  for (let count = 0; count < 6; count += 1) send(first);
  await join(first);
  const second = createRig({ beside: first });
  let isStolen = false;
  first.store.onWrite = ({ progress }) => {
    if (progress?.offset !== 3 || isStolen) return;
    isStolen = true;
    first.consumer.revoke();
    second.consumer.assign([0]);
  };
  await drive(first);
  await settled();
  await drive(second);
  const wanted = Array.from({ length: 6 }, (_, offset) => `0@${offset}`);
  assert.deepEqual(storedState(first)?.applied, wanted);
});

test('leaves the rest of a batch when the group rebalances, and commits what is done', async () => {
  const rig = createRig({ config: { sliceRecords: 2 } });
  for (let count = 0; count < 6; count += 1) send(rig);
  await join(rig);
  rig.consumer.membership = 'rebalancing';
  await rig.consumer.fetch(live);
  assert.equal(rig.consumer.position(live), 2);
  assert.deepEqual(rig.consumer.commits, [[{ ...live, next: 2 }]]);
});

test('reads a vehicle anew when it was forgotten, and lets it begin again', async () => {
  const rig = createRig();
  send(rig);
  send(rig, { vehicleId: 'b' });
  await join(rig);
  await drive(rig);
  await rig.store.forget(0, 'a');
  send(rig);
  send(rig, { vehicleId: 'b' });
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@2']);
  assert.deepEqual(storedState(rig, 'b')?.applied, ['0@1', '0@3']);
});

test('commits follow the place in the store also when nothing new comes', async () => {
  const first = createRig();
  send(first);
  await join(first);
  await drive(first);
  const second = createRig({ beside: first });
  await join(second);
  await second.stream.stop();
  assert.deepEqual(second.consumer.commits, [[{ ...live, next: 1 }]]);
});

test('keeps at most its share of vehicles in memory', async () => {
  const rig = createRig({ config: { cacheVehicles: 100, sliceRecords: 50 } });
  for (let count = 0; count < 300; count += 1) send(rig, { vehicleId: `v${count}` });
  await join(rig);
  await drive(rig);
  assert.equal(await metric(rig, 'vehicles_cached'), 100);
  assert.equal(await metric(rig, 'vehicles'), 300);
  const { loadsCount } = rig.store;
  send(rig, { vehicleId: 'v299' });
  await drive(rig);
  assert.equal(rig.store.loadsCount, loadsCount);
  send(rig, { vehicleId: 'v0' });
  await drive(rig);
  assert.equal(rig.store.loadsCount, loadsCount + 1);
  assert.deepEqual(storedState(rig, 'v0')?.applied, ['0@0', '0@301']);
});
