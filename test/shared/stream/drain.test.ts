// The end of a stream, wanted or not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Life } from '#shared/stream/life.ts';
import { createRig, drive, join, live, send, settled, storedState } from './rig.ts';

test('ends the slice under way, commits it, leaves the group and then closes', async () => {
  const rig = createRig({ config: { sliceRecords: 2 } });
  for (let count = 0; count < 6; count += 1) send(rig);
  await join(rig);
  let stopped: Promise<void> | undefined;
  rig.store.onWrite = () => {
    stopped ??= rig.stream.stop();
  };
  await drive(rig);
  await stopped;
  assert.deepEqual(storedState(rig)?.applied, ['0@0', '0@1']);
  assert.deepEqual(rig.journal.slice(-4), [
    'commit vehicle.telemetry.v1/0 2',
    'left the group',
    'producer closed',
    'store closed',
  ]);
});

test('what the next owner finds is exactly what was done', async () => {
  const first = createRig({ config: { sliceRecords: 2 } });
  for (let count = 0; count < 6; count += 1) send(first);
  await join(first);
  await first.consumer.fetch(live);
  await first.stream.stop();
  const second = createRig({ beside: first });
  await join(second);
  await drive(second);
  const wanted = Array.from({ length: 6 }, (_, offset) => `0@${offset}`);
  assert.deepEqual(storedState(second)?.applied, wanted);
});

test('does not wait for an absent Redis beyond the deadline', async () => {
  const rig = createRig({ config: { drainMs: 200 } });
  await join(rig);
  send(rig);
  rig.store.isAway = true;
  const handled = drive(rig);
  await settled();
  await rig.stream.stop();
  await handled;
  assert.ok(rig.journal.includes('left the group'));
  assert.equal(rig.consumer.position(live), 0);
});

test('stops twice as well as once', async () => {
  const rig = createRig();
  await join(rig);
  await Promise.all([rig.stream.stop(), rig.stream.stop()]);
  assert.equal(rig.journal.filter((line) => line === 'left the group').length, 1);
});

test('fails when the client fails for good', async () => {
  const rig = createRig();
  rig.consumer.fail(new Error('crashed'));
  await assert.rejects(rig.stream.failed, /crashed/);
});

test('is alive while anything moves, and says for how long nothing did', async () => {
  let now = 0;
  const life = new Life(() => now);
  now = 61_000;
  assert.equal(life.standstill(2000), null);
  assert.match(life.standstill(0) ?? '', /for 61 s$/);
  life.stepped();
  assert.equal(life.standstill(0), null);
});

test('a wait for an absent neighbour is life', async () => {
  const rig = createRig();
  await join(rig);
  send(rig);
  rig.store.isAway = true;
  rig.clock.monotonic = 61_000;
  rig.consumer.memberAt = 61_000;
  assert.match(rig.stream.aliveFault() ?? '', /no fetch/);
  const handled = drive(rig);
  await settled();
  assert.equal(rig.stream.aliveFault(), null);
  rig.store.isAway = false;
  await handled;
});
