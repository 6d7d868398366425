// What becomes of a member's messages when it goes, by the way in which it goes.

import {
  distinct,
  type Finding,
  findingOf,
  oneEach,
  type Probe,
  type ProbeBench,
} from '../probe.ts';
import type { RawClient, RawOptions } from '../raw-client.ts';

const sentCount = 60;

interface Scene {
  /** Has its window of ten full and acknowledges nothing. */
  readonly holder: RawClient;
  /** Acknowledges all that comes. */
  readonly other: RawClient;
}

async function openScene(bench: ProbeBench, options: RawOptions = {}): Promise<Scene> {
  const holder = await bench.member({ receiveMaximum: 10, ...options });
  const other = await bench.member({ isAcking: true });
  await bench.publishAll(await bench.client(), oneEach(bench.topics(sentCount)));
  await bench.settled([holder, other]);
  return { holder, other };
}

/** Lets the holder go and says how much of what was sent is with the other one then. */
async function afterLeaving(
  bench: ProbeBench,
  { holder, other }: Scene,
  leave: () => unknown,
): Promise<Finding> {
  const before = distinct([other]).size;
  const sharedAt = other.arrivals.length;
  const leftAt = performance.now();
  await leave();
  await bench.settled([other]);
  const late = other.arrivals.slice(sharedAt);
  const lost = sentCount - distinct([other]).size;
  const ms = Math.ceil((late.at(-1)?.at ?? leftAt) - leftAt);
  const facts = [
    `${lost} of ${sentCount} lost`,
    `held ${holder.arrivals.length}, queued ${sentCount - before - holder.arrivals.length}`,
    ...(late.length > 0 ? [`${late.length} came again ${within(ms)}`] : []),
    ...(late.length > 0 ? [`${late.filter(({ dup }) => dup).length} with DUP`] : []),
  ];
  return findingOf(lost === 0, facts.join('; '));
}

function within(ms: number): string {
  return ms <= 100 ? 'within 100 ms' : `within ${(ms / 1000).toFixed(1)} s`;
}

const reset: Probe = {
  name: 'member-dies',
  sentence: 'What a member held or had queued goes to the others when it dies (TCP reset).',
  need: 'told',
  otherwise: 'the broker loses what a replica that dies had not acknowledged',
  async run(bench) {
    const scene = await openScene(bench);
    return afterLeaving(bench, scene, () => scene.holder.reset());
  },
};

const disconnect: Probe = {
  name: 'member-leaves',
  sentence: 'What a member held or had queued goes to the others when it leaves (DISCONNECT).',
  need: 'told',
  otherwise: 'the broker loses what waits for a replica that drains',
  async run(bench) {
    const scene = await openScene(bench);
    return afterLeaving(bench, scene, () => scene.holder.disconnect());
  },
};

const ackedThenGone: Probe = {
  name: 'acked-then-leaves',
  sentence: 'What was acknowledged just ahead of DISCONNECT is dealt to nobody again.',
  need: 'needed',
  otherwise: 'draining doubles frames',
  async run(bench) {
    const { holder, other } = await openScene(bench);
    const acked = distinct([holder]);
    holder.ackAndDisconnect();
    await holder.until('the end', () => holder.isClosed);
    await bench.settled([other]);
    const again = other.arrivals.filter(({ text }) => acked.has(text)).length;
    return findingOf(again === 0, `${again} of ${acked.size} came again`);
  },
};

const othersAtOnce: Probe = {
  name: 'others-at-once',
  sentence: 'After a member has died, all that is new goes to the others.',
  need: 'needed',
  otherwise: 'frames wait for replicas that are gone',
  async run(bench) {
    const { holder, other } = await openScene(bench);
    holder.reset();
    await bench.settled([other]);
    const topics = bench.topics(100);
    const before = other.arrivals.length;
    await bench.publishAll(await bench.client(), oneEach(topics, 1000));
    await bench.settled([other], before + topics.length);
    const fresh = [...distinct([other])].filter((text) => Number(text) >= 1000).length;
    return findingOf(fresh === topics.length, `${fresh} of ${topics.length}`);
  },
};

const takeover: Probe = {
  name: 'taken-over',
  sentence:
    'What a member held is not lost when its client id connects anew, without a clean start.',
  need: 'told',
  otherwise: 'nothing: each connection of a bridge has a client id of its own',
  async run(bench) {
    const { holder, other } = await openScene(bench);
    const { clientId } = holder;
    const heir = await bench.client({ clientId, isCleanStart: false, isAcking: true });
    await bench.settled([heir, other]);
    const lost = sentCount - distinct([heir, other]).size;
    const detail = `${lost} of ${sentCount} lost; ${heir.arrivals.length} kept for it`;
    return findingOf(lost === 0, detail);
  },
};

const kicked: Probe = {
  name: 'kicked',
  sentence: 'What a member held goes to the others when an operator ends it.',
  need: 'told',
  otherwise: 'kick no bridge: delete its pod, so that it drains',
  async run(bench) {
    const { kick } = bench.broker;
    if (kick === null) return { verdict: 'not offered', detail: 'no such act at hand' };
    const scene = await openScene(bench);
    return afterLeaving(bench, scene, () => kick(scene.holder.clientId));
  },
};

const halfOpen: Probe = {
  name: 'half-open',
  sentence: 'What a silent member held goes to the others when its keepalive (2 s) has run out.',
  need: 'told',
  otherwise: 'the broker loses what a replica held whose machine is gone',
  isLong: true,
  async run(bench) {
    // Before the first ping would be due.
    const scene = await openScene(bench, { keepaliveSeconds: 2 });
    const { holder, other } = scene;
    const isOver = () => holder.isClosed || distinct([other]).size === sentCount;
    return afterLeaving(bench, scene, async () => {
      await holder.until('the end', isOver, 15_000).catch(() => undefined);
    });
  },
};

const absent: Probe = {
  name: 'absent',
  sentence:
    'With a session expiry of 60 s, what is sent while a member is away goes to the others.',
  need: 'told',
  otherwise: 'nothing: sessions of a bridge end with their connection',
  async run(bench) {
    const away = await bench.member({ expirySeconds: 60 });
    const other = await bench.member({ isAcking: true });
    away.reset();
    await bench.settled([other]);
    await bench.publishAll(await bench.client(), oneEach(bench.topics(sentCount)));
    await bench.settled([other]);
    const came = distinct([other]).size;
    // The session would stay behind.
    const { clientId } = away;
    await (await bench.client({ clientId })).disconnect();
    return findingOf(came === sentCount, `${came} of ${sentCount} at once`);
  },
};

const lastMember: Probe = {
  name: 'last-member',
  sentence: 'What the last member held or had queued is kept for one that comes later.',
  need: 'told',
  otherwise: 'with no replica left, frames are lost: never run fewer than two',
  async run(bench) {
    const last = await bench.member({ receiveMaximum: 10 });
    await bench.publishAll(await bench.client(), oneEach(bench.topics(sentCount)));
    await bench.settled([last]);
    await last.disconnect();
    const later = await bench.member({ isAcking: true });
    await bench.settled([later]);
    const came = distinct([later]).size;
    return findingOf(came === sentCount, `${came} of ${sentCount}`);
  },
};

const unsubscribes: Probe = {
  name: 'unsubscribes',
  sentence: 'After UNSUBSCRIBE what a member holds stays with it alone.',
  need: 'told',
  otherwise: 'nothing: a bridge that drains stops reading and never unsubscribes',
  async run(bench) {
    const { holder, other } = await openScene(bench);
    const held = distinct([holder]);
    await holder.unsubscribe(bench.sharedFilter);
    await bench.settled([other]);
    const twice = other.arrivals.filter(({ text }) => held.has(text)).length;
    return findingOf(twice === 0, `${twice} of ${held.size} held came to the other, too`);
  },
};

export const leavingProbes: readonly Probe[] = [
  ackedThenGone,
  othersAtOnce,
  reset,
  disconnect,
  halfOpen,
  kicked,
  takeover,
  absent,
  lastMember,
  unsubscribes,
];
