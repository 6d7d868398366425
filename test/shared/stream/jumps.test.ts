// Inputs that do not go on where they were left: never silent, counted, told once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createRig,
  drive,
  join,
  live,
  metric,
  quarantined,
  type Rig,
  send,
  storedState,
} from './rig.ts';

async function applied(count: number): Promise<Rig> {
  const rig = createRig();
  for (let sent = 0; sent < count; sent += 1) send(rig);
  await join(rig);
  await drive(rig);
  return rig;
}

test('records deleted before they were applied are told, counted and in quarantine', async () => {
  const rig = await applied(1);
  for (let sent = 0; sent < 5; sent += 1) send(rig);
  rig.kafka.deleteBefore(live, 4);
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0', '0@4', '0@5']);
  const [record, ...more] = quarantined(rig);
  assert.equal(more.length, 0);
  assert.equal(record?.reason, 'offset_jump');
  assert.equal(record?.source.offset, 1);
  assert.match(record?.detail ?? '', /want offset 1, found 4: 3 were deleted/);
  assert.equal(record?.payloadLength, 0);
  assert.equal(await metric(rig, 'offset_jumps_total'), 1);
  assert.equal(await metric(rig, 'offsets_skipped_total'), 3);
  assert.equal(rig.lines('error').length, 1);
});

test('a jump is found at the claim too, and told once however often it is claimed', async () => {
  const first = await applied(1);
  first.consumer.revoke();
  for (let sent = 0; sent < 5; sent += 1) send(first);
  first.kafka.deleteBefore(live, 4);
  await join(first);
  await join(first);
  assert.equal(first.consumer.position(live), 4);
  await drive(first);
  assert.deepEqual(storedState(first)?.applied, ['0@0', '0@4', '0@5']);
  assert.equal(quarantined(first).length, 1);
  assert.equal(await metric(first, 'offset_jumps_total'), 1);
});

test('a topic that begins late for a new group is no jump', async () => {
  const rig = createRig();
  for (let sent = 0; sent < 5; sent += 1) send(rig);
  rig.kafka.deleteBefore(live, 3);
  await join(rig);
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@3', '0@4']);
  assert.equal(await metric(rig, 'offset_jumps_total'), 0);
});

test('a topic made anew is read from its start, and its records count', async () => {
  const rig = await applied(5);
  rig.kafka.makeAnew(live);
  send(rig);
  send(rig, { vehicleId: 'b' });
  await drive(rig);
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied.slice(-1), ['0@0']);
  assert.deepEqual(storedState(rig, 'b')?.applied, ['0@1']);
  assert.equal(await metric(rig, 'offset_jumps_total'), 1);
  assert.equal(await metric(rig, 'offsets_skipped_total'), 0);
  assert.match(quarantined(rig)[0]?.detail ?? '', /made anew/);
});

test('a topic made anew while nobody read it is found at the claim', async () => {
  const first = await applied(5);
  first.consumer.revoke();
  first.kafka.makeAnew(live);
  send(first);
  const second = createRig({ beside: first });
  await join(second);
  await drive(second);
  assert.equal(storedState(second)?.applied.at(-1), '0@0');
  assert.equal(await metric(second, 'offset_jumps_total'), 1);
});

test('a hole in which nothing was deleted is passed without a word', async () => {
  const rig = await applied(1);
  rig.kafka.log(live).first += 1;
  send(rig);
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0', '0@2']);
  assert.equal(await metric(rig, 'offset_jumps_total'), 0);
});

test('a batch from another place than ours is not taken for a jump', async () => {
  const rig = await applied(1);
  for (let sent = 0; sent < 3; sent += 1) send(rig);
  await rig.consumer.deliver(live, rig.kafka.recordsFrom(live, 2));
  assert.equal(rig.consumer.position(live), 1);
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0', '0@1', '0@2', '0@3']);
  assert.equal(await metric(rig, 'offset_jumps_total'), 0);
});
