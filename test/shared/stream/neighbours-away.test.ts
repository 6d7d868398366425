// Redis or Kafka away: partitions wait, heartbeats go on, and nothing is lost or done twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRig, drive, join, live, metric, send, stateLog, storedState } from './rig.ts';

/** Waits take 50 ms at most at first. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('Redis away: records are held, it is told once, heartbeats go on', async () => {
  const rig = createRig();
  await join(rig);
  send(rig);
  rig.store.isAway = true;
  const before = rig.consumer.heartbeatsCount;
  const handled = drive(rig);
  await until(() => rig.consumer.heartbeatsCount > before + 2);
  assert.equal(rig.consumer.position(live), 0);
  assert.equal(rig.lines('warn').filter(({ msg }) => /is away/.test(msg)).length, 1);
  rig.store.isAway = false;
  await handled;
  assert.deepEqual(storedState(rig)?.applied, ['0@0']);
  assert.deepEqual(rig.troubles, ['Redis: Redis is away, as the test wants', 'Redis: back']);
});

test('Redis away at the join: the claim waits, and slices with it', async () => {
  const rig = createRig();
  rig.store.isAway = true;
  send(rig);
  rig.consumer.assign([0]);
  const handled = drive(rig);
  await until(() => rig.troubles.length > 0);
  rig.store.isAway = false;
  await handled;
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0']);
});

test('Kafka takes no outputs: the state waits for them', async () => {
  const rig = createRig();
  await join(rig);
  send(rig);
  rig.kafka.isAway = true;
  const handled = drive(rig);
  await until(() => rig.troubles.length > 0);
  assert.equal(storedState(rig), null);
  rig.kafka.isAway = false;
  await handled;
  assert.deepEqual(storedState(rig)?.applied, ['0@0']);
});

test('a rebalance ends the wait, and memory is not ahead of the store afterwards', async () => {
  const rig = createRig();
  send(rig);
  await join(rig);
  await drive(rig);
  send(rig);
  rig.store.isAway = true;
  rig.consumer.membership = 'rebalancing';
  await rig.consumer.fetch(live);
  assert.equal(rig.consumer.position(live), 1);
  rig.store.isAway = false;
  rig.consumer.revoke();
  await join(rig);
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0', '0@1']);
});

test('a write whose answer is lost is not done twice', async () => {
  const rig = createRig();
  await join(rig);
  send(rig);
  rig.store.areAnswersLost = true;
  await drive(rig);
  send(rig);
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0', '0@1']);
  assert.equal(await metric(rig, 'rebuilds_total'), 0);
});

test('an output that Kafka refuses for good is counted, told once, and does not stop others', async () => {
  const rig = createRig();
  await join(rig);
  send(rig, { vehicleId: 'a' });
  send(rig, { vehicleId: 'b' });
  const refusal = { code: 'MESSAGE_TOO_LARGE', isRetriable: false };
  rig.kafka.failures.push(refusal, refusal);
  await drive(rig);
  assert.equal(await metric(rig, 'outputs_refused_total'), 1);
  const written = rig.kafka.recordsFrom(stateLog, 0).map(({ key }) => key?.toString());
  assert.deepEqual(written, ['b']);
  assert.deepEqual(storedState(rig)?.applied, ['0@0']);
  assert.equal(rig.lines('error').length, 1);
});

test('rights that are missing are waited for: no output is dropped for them', async () => {
  const rig = createRig();
  await join(rig);
  send(rig);
  rig.kafka.failures.push({ code: 'TOPIC_AUTHORIZATION_FAILED', isRetriable: false });
  await drive(rig);
  assert.equal(rig.kafka.high(stateLog), 1);
  assert.equal(await metric(rig, 'outputs_refused_total'), 0);
});

test('large outputs are cut into requests that topics take', async () => {
  const rig = createRig();
  await join(rig);
  for (let count = 0; count < 3; count += 1) rig.kafka.append(live, 'a', Buffer.alloc(900_000, 1));
  const requests: number[] = [];
  rig.kafka.onProduce = () => requests.push(1);
  await drive(rig);
  assert.equal(requests.length, 3);
});
