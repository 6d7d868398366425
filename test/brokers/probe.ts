// A probe: a sentence about a broker, the act that finds out, and what was measured. The bench is
// what it does that with: clients and topics of its own, closed when it ends.

import { setTimeout as pause } from 'node:timers/promises';
import { shareName } from '#shared/topics.ts';
import { type Address, RawClient, type RawOptions } from './raw-client.ts';

export interface BrokerUnderTest {
  readonly name: string;
  /** With its version and what it is set to. */
  readonly title: string;
  readonly address: Address;
  /** Ends a client as an operator would; null where the broker offers it not, or not to us. */
  readonly kick: ((clientId: string) => Promise<void>) | null;
  close(): Promise<void>;
}

export interface Probe {
  readonly name: string;
  /** What holds when the answer is yes. */
  readonly sentence: string;
  /** `needed`: a promise of the bridge rests on it. `told`: the answer may be no; see below. */
  readonly need: 'needed' | 'told';
  /** What a no means for who runs the bridge. */
  readonly otherwise: string;
  /** Takes long, so it runs in the proof only. */
  readonly isLong?: true;
  run(bench: ProbeBench): Promise<Finding>;
}

export interface Finding {
  /** `fact`: there is no yes or no, the detail says it. */
  readonly verdict: 'yes' | 'no' | 'fact' | 'not offered';
  /** What was measured, in a few words. */
  readonly detail: string;
}

export function findingOf(isTrue: boolean, detail: string): Finding {
  return { verdict: isTrue ? 'yes' : 'no', detail };
}

/** So long must nothing come until nothing more is thought to come. */
const quietMs = 400;
/** The same where it is known that more should come: a busy machine may stand still for a while. */
const patienceMsMax = 5000;
const lookEveryMs = 20;

let benchCount = 0;

export class ProbeBench {
  readonly broker: BrokerUnderTest;
  readonly isLong: boolean;
  /** Of this probe alone: one level, the last, is free. */
  readonly root: string;
  readonly sharedFilter: string;
  readonly #clients: RawClient[] = [];

  constructor(broker: BrokerUnderTest, isLong: boolean) {
    this.broker = broker;
    this.isLong = isLong;
    this.root = `probe/${process.pid}-${Date.now().toString(36)}-${++benchCount}`;
    // The group of the bridge: EMQX may have a strategy for it.
    this.sharedFilter = `$share/${shareName}/${this.root}/+`;
  }

  /** Topics that the shared filter takes. */
  topics(count: number): readonly string[] {
    return Array.from({ length: count }, (_, n) => `${this.root}/${n}`);
  }

  async client(options?: RawOptions): Promise<RawClient> {
    const client = await RawClient.open(this.broker.address, options);
    this.#clients.push(client);
    const code = client.connack?.reasonCode ?? 0;
    if (code !== 0) throw new Error(`CONNACK 0x${code.toString(16)}`);
    return client;
  }

  /** Of the shared group. One after the other: Artemis trips over two that open it at once. */
  async member(options?: RawOptions): Promise<RawClient> {
    const client = await this.client(options);
    const [code] = await client.subscribe(this.sharedFilter);
    if (code !== 1) throw new Error(`SUBACK 0x${code?.toString(16)}`);
    return client;
  }

  /** To each topic the numbers of these, all on their way at once; resolves with the reasons. */
  publishAll(publisher: RawClient, messages: readonly Outgoing[]): Promise<readonly number[]> {
    return Promise.all(messages.map(({ topic, text }) => publisher.publish(topic, text)));
  }

  /** Resolves when so many have come to them in all, or when nothing more comes. */
  async settled(clients: readonly RawClient[], wantedCount = Number.POSITIVE_INFINITY) {
    const isBounded = Number.isFinite(wantedCount);
    const patienceMs = isBounded ? patienceMsMax : quietMs;
    let [before, sinceAt] = [-1, performance.now()];
    for (;;) {
      const count = clients.reduce((sum, { arrivals }) => sum + arrivals.length, 0);
      if (count >= wantedCount) return;
      const now = performance.now();
      if (count !== before) [before, sinceAt] = [count, now];
      if (now - sinceAt > patienceMs) return;
      await pause(lookEveryMs);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.disconnect().catch(() => undefined)));
  }
}

export interface Outgoing {
  readonly topic: string;
  readonly text: string;
}

/** One message for each topic, its text the topic's number. */
export function oneEach(topics: readonly string[], from = 0): readonly Outgoing[] {
  return topics.map((topic, n) => ({ topic, text: String(from + n) }));
}

/** Texts that came to any of them, each once. */
export function distinct(clients: readonly RawClient[]): ReadonlySet<string> {
  return new Set(clients.flatMap(({ arrivals }) => arrivals.map(({ text }) => text)));
}
