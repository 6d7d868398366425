// Windows and acknowledgements: how many messages a broker gives a member un-acknowledged, and what
// it makes of PUBACKs.

import { setTimeout as pause } from 'node:timers/promises';
import { distinct, findingOf, oneEach, type Probe, type ProbeBench } from '../probe.ts';
import type { RawClient } from '../raw-client.ts';

const receiveMaximum = 10;
const sentCount = 60;

/** A member that has its window full, and so many more that wait for it. */
async function openHolder(bench: ProbeBench): Promise<RawClient> {
  const holder = await bench.member({ receiveMaximum, keepaliveSeconds: 10 });
  await bench.publishAll(await bench.client(), oneEach(bench.topics(sentCount)));
  await bench.settled([holder]);
  return holder;
}

const windowHeld: Probe = {
  name: 'window',
  sentence: 'No more than Receive Maximum come un-acknowledged.',
  need: 'told',
  otherwise: 'the bridge stops reading at its own bound',
  async run(bench) {
    const { length } = (await openHolder(bench)).arrivals;
    return findingOf(length === receiveMaximum, `${length} at Receive Maximum ${receiveMaximum}`);
  },
};

const windowKept: Probe = {
  name: 'window-after-acks',
  sentence: 'Each PUBACK lets one more come, from the first one on.',
  need: 'told',
  otherwise: 'the bridge stops reading at its own bound',
  async run(bench) {
    const holder = await openHolder(bench);
    for (let acked = 0; acked < 5; acked += 1) {
      holder.ack(1);
      await holder.ping();
    }
    await bench.settled([holder]);
    const { length } = holder.arrivals;
    const wanted = receiveMaximum + 5;
    return findingOf(length === wanted, `${length} after 5 PUBACKs, ${wanted} wanted`);
  },
};

const lateAcks: Probe = {
  name: 'late-pubacks',
  sentence:
    'PUBACKs that come late and many in one write are all taken: nothing stalls or repeats.',
  need: 'needed',
  otherwise: 'a bridge that acknowledges after Kafka gets one frame at a time, or stalls',
  async run(bench) {
    const holder = await bench.member({ receiveMaximum: 50 });
    const window = Math.min(50, holder.connack?.properties?.receiveMaximum ?? 50);
    const publisher = await bench.client();
    const topics = bench.topics(500);
    const sending = bench.publishAll(publisher, oneEach(topics));
    while (holder.arrivals.length < topics.length) {
      const before = holder.arrivals.length;
      await holder.until('more', () => holder.arrivals.length > before).catch(() => undefined);
      if (holder.arrivals.length === before) break;
      // A whole window, or what there is: PUBACKs of one Kafka batch.
      await bench.settled([holder], Math.min(before + window, topics.length));
      holder.ack();
    }
    await sending;
    const came = distinct([holder]).size;
    const isExact = came === topics.length && holder.arrivals.length === topics.length;
    return findingOf(
      isExact,
      `${came} of ${topics.length}, ${holder.arrivals.length - came} twice`,
    );
  },
};

const pings: Probe = {
  name: 'pings',
  sentence: 'A member whose window is full is answered its pings.',
  need: 'needed',
  otherwise: 'an outage of Kafka ends the connections to the broker, too',
  async run(bench) {
    const holder = await openHolder(bench);
    const askedAt = performance.now();
    await holder.ping();
    const ms = Math.ceil(performance.now() - askedAt);
    return findingOf(!holder.isClosed, ms <= 100 ? 'within 100 ms' : `after ${ms} ms`);
  },
};

const answers: Probe = {
  name: 'answers',
  sentence: 'A member whose window is full can publish: its answers reach the vehicle.',
  need: 'needed',
  otherwise: 'a bridge that waits for Kafka cannot answer',
  async run(bench) {
    const holder = await openHolder(bench);
    const car = await bench.client({ isAcking: true });
    const topic = `${bench.root}-answers`;
    await car.subscribe(topic);
    const code = await holder.publish(topic, 'answer', { messageExpiryInterval: 60 });
    await bench.settled([car], 1);
    return findingOf(
      code === 0 && car.arrivals.length === 1,
      `PUBACK 0x${code.toString(16).padStart(2, '0')}, ${car.arrivals.length} of 1 came`,
    );
  },
};

const noRepeat: Probe = {
  name: 'no-repeat',
  sentence: 'What is not acknowledged is not sent again while the connection lives.',
  need: 'told',
  otherwise: 'the bridge knows repeats of what it holds and passes over them',
  isLong: true,
  async run(bench) {
    const holder = await openHolder(bench);
    const { length } = holder.arrivals;
    for (let second = 0; second < 20; second += 5) {
      await pause(5_000);
      await holder.ping();
    }
    const again = holder.arrivals.length - length;
    return findingOf(again === 0 && !holder.isClosed, `${again} of ${length} in 20 s`);
  },
};

const reverseAcks: Probe = {
  name: 'reverse-pubacks',
  sentence: 'PUBACKs in another order than that of the messages are taken.',
  need: 'told',
  otherwise: 'nothing: the bridge keeps the order, as MQTT 5 asks',
  async run(bench) {
    const holder = await openHolder(bench);
    holder.ackIds(holder.unackedIds.toReversed());
    await bench.settled([holder], receiveMaximum * 2);
    const more = holder.arrivals.length - receiveMaximum;
    return findingOf(more >= receiveMaximum && !holder.isClosed, `${more} more came`);
  },
};

const negativeAcks: Probe = {
  name: 'negative-pubacks',
  sentence: 'A PUBACK with a reason of failure acknowledges all the same.',
  need: 'told',
  otherwise: 'nothing: the bridge sends none; a frame it cannot use goes to quarantine',
  async run(bench) {
    const holder = await openHolder(bench);
    const other = await bench.member({ isAcking: true });
    const refused = new Set(holder.arrivals.slice(0, receiveMaximum).map(({ text }) => text));
    holder.ack(receiveMaximum, 0x83);
    await bench.settled([holder, other]);
    await holder.disconnect();
    await bench.settled([other]);
    const again = other.arrivals.filter(({ text }) => refused.has(text)).length;
    return findingOf(again === 0, `${again} of ${receiveMaximum} came again`);
  },
};

export const windowProbes: readonly Probe[] = [
  lateAcks,
  pings,
  answers,
  windowHeld,
  windowKept,
  noRepeat,
  reverseAcks,
  negativeAcks,
];
