// How a broker deals the messages of a shared group to its members.

import { distinct, findingOf, oneEach, type Probe, type ProbeBench } from '../probe.ts';
import type { RawClient } from '../raw-client.ts';

const memberCount = 3;

/** No multiple of any number of members: a round never ends where it began. */
const topicCount = 61;

async function openMembers(bench: ProbeBench, count = memberCount): Promise<readonly RawClient[]> {
  const members: RawClient[] = [];
  for (let n = 0; n < count; n += 1) members.push(await bench.member({ isAcking: true }));
  return members;
}

const grants: Probe = {
  name: 'grants',
  sentence: 'A shared filter is granted at QoS 1, and its messages come at QoS 1.',
  need: 'needed',
  otherwise: 'the bridge does not count as subscribed and is not ready',
  async run(bench) {
    const member = await bench.member({ isAcking: true });
    const [topic = ''] = bench.topics(1);
    await (await bench.client()).publish(topic, 'one');
    await member.until('the message', () => member.arrivals.length > 0);
    const qos = member.arrivals[0]?.qos ?? 0;
    return findingOf(qos === 1, `delivered at QoS ${qos}`);
  },
};

const splits: Probe = {
  name: 'splits',
  sentence: 'Every message comes to exactly one of three members.',
  need: 'needed',
  otherwise: 'frames are missing, or stored by several replicas',
  async run(bench) {
    const count = bench.isLong ? 3000 : 600;
    const members = await openMembers(bench);
    const publisher = await bench.client();
    const topics = bench.topics(topicCount);
    const messages = Array.from({ length: count }, (_, n) => {
      return { topic: topics[n % topics.length]!, text: String(n) };
    });
    await bench.publishAll(publisher, messages);
    await bench.settled(members, count);
    await bench.settled(members);
    const shares = members.map(({ arrivals }) => arrivals.length);
    const all = members.flatMap(({ arrivals }) => arrivals.map(({ text }) => text));
    const isExact = all.length === count && new Set(all).size === count;
    return findingOf(isExact, `${count} sent, ${shares.join(' + ')} came`);
  },
};

const order: Probe = {
  name: 'order',
  sentence: 'What one member gets of a topic comes in the order in which it was sent.',
  need: 'needed',
  otherwise: 'order per vehicle is lost already in the broker',
  async run(bench) {
    const perTopic = bench.isLong ? 100 : 25;
    const members = await openMembers(bench);
    const publisher = await bench.client();
    const topics = bench.topics(40);
    const messages = Array.from({ length: topics.length * perTopic }, (_, n) => {
      return { topic: topics[n % topics.length]!, text: String(n) };
    });
    await bench.publishAll(publisher, messages);
    await bench.settled(members, messages.length);
    const lateCount = members.reduce((sum, member) => sum + inversions(member), 0);
    return findingOf(lateCount === 0, `${lateCount} of ${messages.length} late`);
  },
};

function inversions({ arrivals }: RawClient): number {
  const latest = new Map<string, number>();
  let count = 0;
  for (const { topic, text } of arrivals) {
    const before = latest.get(topic) ?? -1;
    if (Number(text) < before) count += 1;
    latest.set(topic, Math.max(before, Number(text)));
  }
  return count;
}

const affinity: Probe = {
  name: 'affinity',
  sentence: 'While no member joins or leaves, all messages of a topic come to one member.',
  need: 'told',
  otherwise: 'a vehicle’s frames are spread over all replicas; order holds within each of them',
  async run(bench) {
    const members = await openMembers(bench);
    const publisher = await bench.client();
    const topics = bench.topics(topicCount);
    for (let round = 0; round < 4; round += 1) await bench.publishAll(publisher, oneEach(topics));
    await bench.settled(members, topics.length * 4);
    const together = topics.filter((topic) => ownersOf(members, topic).size === 1);
    return findingOf(
      together.length === topics.length,
      `${together.length} of ${topics.length} topics stayed together`,
    );
  },
};

function ownersOf(members: readonly RawClient[], topic: string): ReadonlySet<RawClient> {
  return new Set(
    members.filter(({ arrivals }) => arrivals.some((arrival) => arrival.topic === topic)),
  );
}

const moves: Probe = {
  name: 'moves',
  sentence: 'Few topics move to another member when one joins or leaves.',
  need: 'told',
  otherwise:
    'after each change of scale, frames of one vehicle may be with two replicas for a while',
  async run(bench) {
    const members = [...(await openMembers(bench))];
    const publisher = await bench.client();
    const topics = bench.topics(topicCount);
    const deal = async () => {
      for (const { arrivals } of members) arrivals.length = 0;
      await bench.publishAll(publisher, oneEach(topics));
      await bench.settled(members, topics.length);
      return topics.map((topic) => [...ownersOf(members, topic)][0]);
    };
    const movedCount = (a: readonly unknown[], b: readonly unknown[]) =>
      a.filter((owner, n) => owner !== b[n]).length;
    const [first, again] = [await deal(), await deal()];
    if (movedCount(first, again) > 0) {
      return { verdict: 'not offered', detail: 'topics stay with no member' };
    }
    members.push(await bench.member({ isAcking: true }));
    const joined = await deal();
    await members.shift()?.disconnect();
    const left = await deal();
    const [byJoin, byLeave] = [movedCount(first, joined), movedCount(joined, left)];
    const detail = `of ${topics.length}: ${byJoin} when a 4th joined, ${byLeave} when one left`;
    return findingOf(byJoin <= 20 && byLeave <= 20, detail);
  },
};

const joining: Probe = {
  name: 'joining',
  sentence: 'A member that joins is given nothing that another one holds un-acknowledged.',
  need: 'needed',
  otherwise: 'each replica that starts doubles frames',
  async run(bench) {
    const holder = await bench.member();
    const publisher = await bench.client();
    await bench.publishAll(publisher, oneEach(bench.topics(20)));
    await bench.settled([holder], 20);
    const joined = await bench.member({ isAcking: true });
    await bench.settled([joined]);
    const held = distinct([holder]);
    const twice = joined.arrivals.filter(({ text }) => held.has(text)).length;
    return findingOf(twice === 0, `${twice} of ${held.size} held came twice`);
  },
};

const noSubscriber: Probe = {
  name: 'no-subscriber',
  sentence: 'Who publishes what nobody has subscribed is told so by PUBACK 0x10.',
  need: 'told',
  otherwise: 'while no replica is up, frames are lost and vehicles think them taken',
  async run(bench) {
    const code = await (await bench.client()).publish(`${bench.root}/0`, 'nobody');
    return findingOf(code === 0x10, `PUBACK 0x${code.toString(16).padStart(2, '0')}`);
  },
};

export const sharingProbes: readonly Probe[] = [
  grants,
  splits,
  order,
  joining,
  affinity,
  moves,
  noSubscriber,
];
