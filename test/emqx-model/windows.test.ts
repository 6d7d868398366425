// Window, queue and repetition of a session in the model.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numbers, publishCount, startModel, textsOf } from './model-rig.ts';

test('the window is the smaller of Receive Maximum and max_inflight, and CONNACK tells it', async (t) => {
  const { client, member } = await startModel(t, { maxInflight: 20 });
  const [narrow, wide] = [await member({ receiveMaximum: 5 }), await client({})];
  assert.equal(narrow.connack?.properties?.receiveMaximum, 5);
  assert.equal(wide.connack?.properties?.receiveMaximum, 20);
  await publishCount(wide, 'cars/1', 50);
  assert.deepEqual(await textsOf(narrow), numbers(1, 5));
});

test('each PUBACK lets exactly one more come, from the first one on', async (t) => {
  const { client, member } = await startModel(t);
  const holder = await member({ receiveMaximum: 10 });
  await publishCount(await client(), 'cars/1', 40);
  for (let acked = 1; acked <= 5; acked += 1) {
    holder.ack(1);
    assert.deepEqual(await textsOf(holder), numbers(1, 10 + acked));
  }
  holder.ack(10);
  assert.deepEqual(await textsOf(holder), numbers(1, 25));
});

test('PUBACKs in any order free places, a reason of failure too; an unknown one does nothing', async (t) => {
  const { model, client, member } = await startModel(t);
  const holder = await member({ receiveMaximum: 4 });
  await publishCount(await client(), 'cars/1', 8);
  await holder.ping();
  holder.ackIds(holder.unackedIds.toReversed(), 0x83);
  holder.ackIds([9999]);
  assert.deepEqual(await textsOf(holder), numbers(1, 8));
  assert.equal(model.counters['messages.acked'], 4);
});

test('beyond max_mqueue_len the oldest is dropped and counted', async (t) => {
  const { model, client, member } = await startModel(t, { maxMqueueLen: 6 });
  const holder = await member({ receiveMaximum: 4 });
  const publisher = await client();
  await publishCount(publisher, 'cars/1', 10);
  assert.equal(model.counters['delivery.dropped.queue_full'], 0);
  assert.deepEqual(model.client(holder.clientId), {
    isConnected: true,
    inflightCount: 4,
    mqueueLength: 6,
    mqueueDropped: 0,
  });
  await publisher.publish('cars/1', '11');
  await publisher.publish('cars/1', '12');
  assert.equal(model.counters['delivery.dropped.queue_full'], 2);
  await holder.ping();
  holder.isAcking = true;
  holder.ack();
  assert.deepEqual(await textsOf(holder), [...numbers(1, 4), ...numbers(7, 12)]);
});

test('what is not acknowledged is never sent again on a live connection', async (t) => {
  const { clock, client, member } = await startModel(t);
  const holder = await member({ receiveMaximum: 3 });
  await publishCount(await client(), 'cars/1', 3);
  clock.advance(3_600_000);
  assert.deepEqual(await textsOf(holder), numbers(1, 3));
});

test('a retry interval that runs out sends what is not acknowledged once more, with DUP', async (t) => {
  const { model, client, member } = await startModel(t);
  const holder = await member({ receiveMaximum: 3 });
  await publishCount(await client(), 'cars/1', 4);
  assert.deepEqual(await textsOf(holder), numbers(1, 3));
  holder.ack(1);
  assert.deepEqual(await textsOf(holder), numbers(1, 4));
  model.repeatUnacknowledged();
  await textsOf(holder);
  const repeated = holder.arrivals.slice(4).map(({ text, dup, packetId }) => [text, dup, packetId]);
  assert.deepEqual(repeated, [
    ['2', true, 2],
    ['3', true, 3],
    ['4', true, 4],
  ]);
});

test('one member that acknowledges nothing keeps its share; others get theirs', async (t) => {
  const { model, client, member } = await startModel(t, {
    groupStrategies: { fleetwire: 'round_robin' },
  });
  const holder = await member({ receiveMaximum: 1 });
  const busy = await member({ isAcking: true });
  await publishCount(await client(), 'cars/1', 20);
  assert.equal((await textsOf(busy)).length, 10);
  assert.equal((await textsOf(holder)).length, 1);
  assert.equal(model.client(holder.clientId)?.mqueueLength, 9);
});

test('QoS 0 passes the window and is never counted in it', async (t) => {
  const { model, client, member } = await startModel(t);
  const holder = await member({ receiveMaximum: 1 });
  const publisher = await client();
  for (let n = 1; n <= 5; n += 1) {
    const flags = { qos: 0, dup: false, retain: false } as const;
    publisher.write({ cmd: 'publish', topic: 'cars/1', payload: String(n), ...flags });
  }
  await publisher.ping();
  assert.deepEqual(await textsOf(holder), numbers(1, 5));
  assert.equal(model.client(holder.clientId)?.inflightCount, 0);
});

test('a message whose expiry has passed in the queue is dropped and counted', async (t) => {
  const { model, clock, client, member } = await startModel(t);
  const holder = await member({ receiveMaximum: 1 });
  const publisher = await client();
  await publisher.publish('cars/1', 'first');
  await publisher.publish('cars/1', 'short', { messageExpiryInterval: 10 });
  await publisher.publish('cars/1', 'long', { messageExpiryInterval: 100 });
  clock.advance(11_000);
  await holder.ping();
  holder.ack();
  assert.deepEqual(await textsOf(holder), ['first', 'long']);
  assert.equal(holder.arrivals[1]?.properties?.messageExpiryInterval, 89);
  assert.equal(model.counters['delivery.dropped.expired'], 1);
});
