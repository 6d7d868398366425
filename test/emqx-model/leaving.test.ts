// What becomes of what a member holds when it goes, by the way in which it goes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawClient, RawOptions } from '../brokers/raw-client.ts';
import { type ModelRig, numbers, publishCount, startModel, textsOf } from './model-rig.ts';

interface Scene extends ModelRig {
  /** Holds 1 to 3 un-acknowledged and has 4 to 10 in its queue. */
  readonly holder: RawClient;
  /** Joined afterwards and acknowledges. */
  readonly other: RawClient;
}

async function open(
  t: { after(act: () => Promise<unknown>): void },
  options: RawOptions = {},
): Promise<Scene> {
  const rig = await startModel(t);
  const holder = await rig.member({ receiveMaximum: 3, ...options });
  await publishCount(await rig.client(), 'cars/1', 10);
  await holder.ping();
  const other = await rig.member({ isAcking: true });
  return { ...rig, holder, other };
}

test('after DISCONNECT, un-acknowledged and queued go to the others, in order, without DUP', async (t) => {
  const { model, holder, other } = await open(t);
  await holder.disconnect();
  assert.deepEqual(await textsOf(other), numbers(1, 10));
  assert.ok(other.arrivals.every(({ dup }) => !dup));
  assert.equal(model.counters['model.redispatched'], 10);
  assert.equal(model.client(holder.clientId), null);
});

test('after a TCP reset they go to the others as well', async (t) => {
  const { model, holder, other } = await open(t);
  holder.reset();
  await model.until(() => model.client(holder.clientId) === null);
  assert.deepEqual(await textsOf(other), numbers(1, 10));
});

test('what was acknowledged in the same write as DISCONNECT does not come again', async (t) => {
  const { holder, other } = await open(t);
  holder.ackAndDisconnect();
  await holder.until('the end', () => holder.isClosed);
  assert.deepEqual(await textsOf(other), numbers(4, 10));
});

test('what came at QoS 0 or on a plain subscription is not given to anybody else', async (t) => {
  const { model, client, member } = await startModel(t);
  const holder = await client({ receiveMaximum: 1 });
  await holder.subscribe('cars/1');
  await publishCount(await client(), 'cars/1', 4);
  const other = await member();
  await holder.disconnect();
  assert.deepEqual(await textsOf(other), []);
  assert.equal(model.counters['model.lost_with_session'], 4);
});

test('a member that is kicked takes what it holds with it', async (t) => {
  const { model, holder, other } = await open(t);
  assert.equal(model.kick(holder.clientId), true);
  await holder.until('the end', () => holder.isClosed);
  assert.equal(holder.disconnectReason, 0x98);
  assert.deepEqual(await textsOf(other), []);
  assert.equal(model.counters['model.lost_with_session'], 10);
  assert.equal(model.kick(holder.clientId), false);
});

test('a client that takes its session over keeps what it holds, with DUP; others get nothing', async (t) => {
  const { model, client, holder, other } = await open(t);
  const { clientId } = holder;
  const heir = await client({ clientId, isCleanStart: false, receiveMaximum: 3 });
  assert.equal(heir.connack?.sessionPresent, true);
  await holder.until('the end', () => holder.isClosed);
  assert.equal(holder.disconnectReason, 0x8e);
  assert.deepEqual(await textsOf(heir), numbers(1, 3));
  assert.ok(heir.arrivals.every(({ dup }) => dup));
  heir.isAcking = true;
  heir.ack();
  assert.deepEqual(await textsOf(heir), numbers(1, 10));
  assert.deepEqual(await textsOf(other), []);
  assert.equal(model.counters['session.takenover'], 1);
});

test('a client that comes again with a clean start has lost its session to the others', async (t) => {
  const { model, client, holder, other } = await open(t);
  const heir = await client({ clientId: holder.clientId });
  assert.equal(heir.connack?.sessionPresent, false);
  assert.deepEqual(await textsOf(other), numbers(1, 10));
  assert.equal(model.counters['session.discarded'], 1);
});

test('a member that has unsubscribed is still given its queue, and others get what is new', async (t) => {
  const { client, holder, other } = await open(t);
  await holder.unsubscribe('$share/fleetwire/cars/+');
  holder.isAcking = true;
  holder.ack();
  assert.deepEqual(await textsOf(holder), numbers(1, 10));
  await (await client()).publish('cars/1', 'new');
  assert.deepEqual(await textsOf(other), ['new']);
});

test('a half-open member keeps its share until 1.5 times its keepalive', async (t) => {
  const { model, clock, holder, other } = await open(t, { keepaliveSeconds: 10 });
  clock.advance(14_999);
  assert.deepEqual(await textsOf(other), []);
  clock.advance(1);
  await holder.until('the end', () => holder.isClosed);
  assert.equal(holder.disconnectReason, 0x8d);
  assert.deepEqual(await textsOf(other), numbers(1, 10));
  assert.equal(model.client(holder.clientId), null);
});

test('a member that pings is never cut', async (t) => {
  const { clock, holder, other } = await open(t, { keepaliveSeconds: 10 });
  for (let round = 0; round < 5; round += 1) {
    clock.advance(14_000);
    await holder.ping();
  }
  assert.deepEqual(await textsOf(other), []);
});

test('a member that is absent with an expiry is still dealt its share, until it expires', async (t) => {
  const rig = await startModel(t, {
    maxMqueueLen: 5,
    groupStrategies: { fleetwire: 'round_robin' },
  });
  const { model, clock } = rig;
  const absent = await rig.member({ expirySeconds: 60 });
  const other = await rig.member({ isAcking: true });
  absent.reset();
  await model.until(() => model.client(absent.clientId)?.isConnected === false);
  await publishCount(await rig.client(), 'cars/1', 20);
  assert.equal((await textsOf(other)).length, 10);
  assert.equal(model.client(absent.clientId)?.mqueueLength, 5, 'the oldest five were dropped');
  clock.advance(59_999);
  assert.equal((await textsOf(other)).length, 10);
  clock.advance(1);
  assert.equal((await textsOf(other)).length, 15);
  assert.equal(model.client(absent.clientId), null);
});

test('a member that comes back in time gets the un-acknowledged with DUP, then its queue', async (t) => {
  const { model, client, holder, other } = await open(t, { expirySeconds: 60 });
  holder.reset();
  await model.until(() => model.client(holder.clientId)?.isConnected === false);
  const { clientId } = holder;
  const back = await client({ clientId, isCleanStart: false, isAcking: true });
  assert.equal(back.connack?.sessionPresent, true);
  assert.deepEqual(await textsOf(back), numbers(1, 10));
  assert.deepEqual(
    back.arrivals.map(({ dup }) => dup),
    [true, true, true, ...Array(7).fill(false)],
  );
  assert.deepEqual(await textsOf(other), []);
  assert.equal(model.counters['session.resumed'], 1);
});

test('the last member takes its queue with it: one that comes later gets only what is new', async (t) => {
  const { model, client, member } = await startModel(t);
  const last = await member({ receiveMaximum: 3 });
  await publishCount(await client(), 'cars/1', 10);
  await last.disconnect();
  assert.equal(model.counters['model.lost_with_session'], 10);
  const later = await member();
  assert.deepEqual(await textsOf(later), []);
});

test('a DISCONNECT may end a session that had an expiry', async (t) => {
  const { model, holder, other } = await open(t, { expirySeconds: 60 });
  holder.write({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
  await holder.until('the end', () => holder.isClosed);
  assert.equal(model.client(holder.clientId), null);
  assert.deepEqual(await textsOf(other), numbers(1, 10));
});
