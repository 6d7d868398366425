// A member that goes while the others are full, as in an outage of Kafka: why the queue of EMQX
// must have room for more than one member's share.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupBy, publishCount, startModel } from './model-rig.ts';

async function dropsWhenOneDies(
  t: { after(act: () => Promise<unknown>): void },
  maxMqueueLen: number,
): Promise<number> {
  const rig = await startModel(t, { maxMqueueLen, ...groupBy('round_robin') });
  const { model } = rig;
  const dies = await rig.member({ receiveMaximum: 10 });
  await rig.member({ receiveMaximum: 10 });
  // Each holds a full window and has five in its queue.
  await publishCount(await rig.client(), 'cars/1', 30);
  assert.equal(model.counters['delivery.dropped.queue_full'], 0);
  dies.reset();
  await model.until(() => model.client(dies.clientId) === null);
  return model.counters['delivery.dropped.queue_full'];
}

test('what a dead member held lands in the queue of one that is full, and drops its oldest', async (t) => {
  assert.equal(await dropsWhenOneDies(t, 10), 10);
});

test('a queue with room for its share, the share of another one and its window drops nothing', async (t) => {
  assert.equal(await dropsWhenOneDies(t, 20), 0);
});
