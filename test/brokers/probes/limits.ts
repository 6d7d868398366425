// What a broker allows: what its CONNACK says, how large a message may be, how much waits.

import { distinct, findingOf, type Probe } from '../probe.ts';

const payloadBytes = 65_536;

const sessionEnds: Probe = {
  name: 'session-ends',
  sentence: 'A session that is to end with its connection is granted so.',
  need: 'needed',
  otherwise: 'the bridge does not subscribe: frames would wait for connections that are gone',
  async run(bench) {
    const { connack } = await bench.client({ expirySeconds: 0 });
    const granted = connack?.properties?.sessionExpiryInterval ?? 0;
    return findingOf(granted === 0, `expiry ${granted} s`);
  },
};

const large: Probe = {
  name: 'large',
  sentence: 'A payload of 64 KiB, the largest that the bridge decodes, comes as it was sent.',
  need: 'needed',
  otherwise: 'large frames never reach the bridge',
  async run(bench) {
    const member = await bench.member({ isAcking: true });
    const payload = Buffer.alloc(payloadBytes, 'fleetwire ');
    const [topic = ''] = bench.topics(1);
    await (await bench.client()).publish(topic, payload);
    await member.until('the message', () => member.arrivals.length > 0);
    const found = member.arrivals[0]!.payload;
    return findingOf(found.equals(payload), `${found.length} bytes`);
  },
};

const connack: Probe = {
  name: 'connack',
  sentence: 'What CONNACK says where 4,000 are asked for.',
  need: 'told',
  otherwise: '',
  async run(bench) {
    const client = await bench.client({ receiveMaximum: 4000, keepaliveSeconds: 15 });
    const properties = client.connack?.properties ?? {};
    const facts = [
      `Receive Maximum ${properties.receiveMaximum ?? 'not said'}`,
      `Topic Alias Maximum ${properties.topicAliasMaximum ?? 'not said'}`,
      `Maximum Packet Size ${properties.maximumPacketSize ?? 'not said'}`,
      `Server Keep Alive ${properties.serverKeepAlive ?? 'not said'}`,
    ];
    return { verdict: 'fact', detail: facts.join('; ') };
  },
};

const queueSentCount = 20_000;

const queue: Probe = {
  name: 'queue',
  sentence: 'Of 20,000 messages for a member that acknowledges nothing, none is dropped.',
  need: 'told',
  otherwise: 'an outage of Kafka may last until window and queue are full, then frames are lost',
  isLong: true,
  async run(bench) {
    const holder = await bench.member({ receiveMaximum: 10 });
    const [topic = ''] = bench.topics(1);
    const publisher = await bench.client();
    const messages = Array.from({ length: queueSentCount }, (_, n) => ({ topic, text: String(n) }));
    await bench.publishAll(publisher, messages);
    await bench.settled([holder]);
    const windowCount = holder.arrivals.length;
    holder.isAcking = true;
    holder.ack();
    await bench.settled([holder], queueSentCount);
    const came = distinct([holder]);
    const missing = messages.filter(({ text }) => !came.has(text)).map(({ text }) => Number(text));
    return findingOf(missing.length === 0, queueDetail({ windowCount, missing }));
  },
};

interface QueueFacts {
  /** Delivered before the first PUBACK. */
  readonly windowCount: number;
  /** Numbers of those that never came, rising. */
  readonly missing: readonly number[];
}

function queueDetail({ windowCount, missing }: QueueFacts): string {
  if (missing.length === 0) return 'none dropped';
  const queueLength = queueSentCount - missing.length - windowCount;
  const [first = 0] = missing;
  const isBlock = missing.at(-1)! - first === missing.length - 1;
  const isOldest = isBlock && first === windowCount;
  const isNewest = isBlock && missing.at(-1) === queueSentCount - 1;
  const which = isOldest ? 'the oldest dropped' : isNewest ? 'the newest dropped' : 'some dropped';
  return `window ${windowCount}, queue ${queueLength.toLocaleString('en-US')}, then ${which}`;
}

export const limitProbes: readonly Probe[] = [sessionEnds, large, queue, connack];
