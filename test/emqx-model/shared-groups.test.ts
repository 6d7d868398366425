// Who gets a message of a shared group, as EMQX's strategies have it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawClient } from '../brokers/raw-client.ts';
import { groupBy, type ModelRig, shared, startModel, textsOf } from './model-rig.ts';

const topics = Array.from({ length: 60 }, (_, n) => `cars/${n}`);

/** Publishes to each topic; which of the members got it, by topic. */
async function deal(
  publisher: RawClient,
  members: readonly RawClient[],
): Promise<Map<string, number>> {
  const before = members.map(({ arrivals }) => arrivals.length);
  for (const topic of topics) await publisher.publish(topic, topic);
  await Promise.all(members.map((member) => member.ping()));
  return new Map(
    members.flatMap(({ arrivals }, at) => {
      return arrivals.slice(before[at]).map(({ topic }) => [topic, at] as const);
    }),
  );
}

async function threeMembers({ member }: ModelRig): Promise<readonly RawClient[]> {
  const members: RawClient[] = [];
  for (let n = 0; n < 3; n += 1) members.push(await member({ isAcking: true }));
  return members;
}

test('every message goes to exactly one member of the group', async (t) => {
  const rig = await startModel(t, groupBy('random'));
  const members = await threeMembers(rig);
  const dealt = await deal(await rig.client(), members);
  assert.equal(dealt.size, topics.length);
  const texts = await Promise.all(members.map(textsOf));
  assert.deepEqual(texts.flat().toSorted(), topics.toSorted());
  assert.ok(texts.every(({ length }) => length > 0));
});

test('hash_topic keeps a topic with one member, whoever publishes it and how often', async (t) => {
  const rig = await startModel(t, groupBy('hash_topic'));
  const members = await threeMembers(rig);
  const first = await deal(await rig.client(), members);
  assert.deepEqual(await deal(await rig.client(), members), first);
  assert.equal(new Set(first.values()).size, 3, 'all members have some');
});

test('hash_topic divides by the members there are: one that joins moves most topics', async (t) => {
  const rig = await startModel(t, groupBy('hash_topic'));
  const members = await threeMembers(rig);
  const publisher = await rig.client();
  const before = await deal(publisher, members);
  const joined = await rig.member({ isAcking: true });
  const after = await deal(publisher, [...members, joined]);
  const moved = topics.filter((topic) => before.get(topic) !== after.get(topic));
  // N/(N+1) of them would be 45.
  assert.ok(moved.length > 35 && moved.length < 55, `${moved.length} of 60 moved`);
});

test('hash_clientid keeps all that one client publishes with one member', async (t) => {
  const rig = await startModel(t, groupBy('hash_clientid'));
  const members = await threeMembers(rig);
  const dealt = await deal(await rig.client({ clientId: 'VIN-1' }), members);
  assert.equal(new Set(dealt.values()).size, 1);
  const again = await deal(await rig.client({ clientId: 'VIN-1' }), members);
  assert.deepEqual(again, dealt, 'by its name, so a new connection changes nothing');
});

test('round_robin goes on from member to member for each publishing connection', async (t) => {
  const rig = await startModel(t, groupBy('round_robin'));
  const members = await threeMembers(rig);
  const dealt = [...(await deal(await rig.client(), members))].toSorted(
    ([a], [b]) => topics.indexOf(a) - topics.indexOf(b),
  );
  const begin = dealt[0]![1];
  const wanted = topics.map((topic, n) => [topic, (begin + n) % 3]);
  assert.deepEqual(dealt, wanted);
});

test('sticky stays with its member while others join, until that one has gone', async (t) => {
  const rig = await startModel(t, groupBy('sticky'));
  const members = await threeMembers(rig);
  const publisher = await rig.client();
  const picked = [...(await deal(publisher, members)).values()][0]!;
  const all = [...members, await rig.member({ isAcking: true })];
  assert.deepEqual(new Set((await deal(publisher, all)).values()), new Set([picked]));
  await all[picked]!.disconnect();
  const left = all.filter((_, at) => at !== picked);
  assert.equal(new Set((await deal(publisher, left)).values()).size, 1);
});

test('random is the same for the same seed and another one for another', async (t) => {
  const run = async (seed: number) => {
    const rig = await startModel(t, { ...groupBy('random'), seed });
    const members = await threeMembers(rig);
    return [...(await deal(await rig.client(), members))].toSorted();
  };
  const first = await run(7);
  assert.deepEqual(await run(7), first);
  assert.notDeepEqual(await run(8), first);
});

test('one group on two filters has two rosters, so topics of one car may part', async (t) => {
  const { model, client } = await startModel(t);
  const [one, two] = [await client({ isAcking: true }), await client({ isAcking: true })];
  await one.subscribe('$share/fleetwire/a/+', '$share/fleetwire/b/+');
  await two.subscribe('$share/fleetwire/b/+');
  assert.deepEqual(model.members('$share/fleetwire/a/+'), [one.clientId]);
  assert.deepEqual(model.members('$share/fleetwire/b/+'), [one.clientId, two.clientId]);
});

test('two groups on one filter each get every message, and so does a plain subscriber', async (t) => {
  const { client } = await startModel(t);
  const filters = ['$share/one/a/+', '$share/two/a/+', 'a/#', '+/x'];
  const clients = await Promise.all(filters.map(() => client({ isAcking: true })));
  for (const [at, filter] of filters.entries()) await clients[at]!.subscribe(filter);
  await (await client()).publish('a/x', 'all');
  for (const one of clients) assert.deepEqual(await textsOf(one), ['all']);
});

test('a message that nobody has subscribed is dropped, counted, and told to its publisher', async (t) => {
  const { model, client, member } = await startModel(t);
  const publisher = await client();
  assert.equal(await publisher.publish('cars/1', 'nobody'), 0x10);
  const only = await member();
  assert.equal(await publisher.publish('cars/1', 'somebody'), 0);
  await only.unsubscribe(shared);
  assert.equal(await publisher.publish('cars/1', 'gone'), 0x10);
  assert.equal(model.counters['messages.dropped.no_subscribers'], 2);
  assert.deepEqual(await textsOf(only), ['somebody']);
});
