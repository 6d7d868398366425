// Keeps one subscribed MQTT link up: a new link for every connection, full-jitter back-off between
// them, every granted code checked. Knows nothing about what the messages are for.

import { randomBytes } from 'node:crypto';
import type { Logger } from '#shared/runtime/log.ts';
import { type BackoffBounds, backoffMs, delay } from '#shared/runtime/retry.ts';
import { unsafeIn, warningsOf } from './broker-limits.ts';
import { Link, type LinkSettings, type LinkUser } from './link.ts';

export interface ConnectionOptions {
  /** Connection of the process, from 1. */
  readonly index: number;
  readonly link: Omit<LinkSettings, 'clientId'>;
  /** A fresh client id, this and a random part, for every link. */
  readonly clientIdPrefix: string;
  readonly filters: readonly string[];
  /** Of the largest message that is expected; a broker that takes less is warned of. */
  readonly payloadBytesMax?: number;
  readonly log: Logger;
  /** Numbers the links of a process, from 1. */
  readonly nextEpoch: () => number;
  readonly accept: (link: Link) => LinkUser;
  /** Told whenever the status has changed. */
  readonly onStatus?: (status: ConnectionStatus) => void;
  readonly backoff?: BackoffBounds;
  /** For tests. */
  readonly random?: () => number;
}

export type ConnectionStatus =
  | { readonly kind: 'subscribed' }
  | { readonly kind: 'connected' | 'away'; readonly detail: string };

const backoffDefault: BackoffBounds = { minMs: 500, maxMs: 30_000 };
const subackTimeoutMs = 10_000;
// A subscription that lasted so long starts the back-off anew; shorter ones count as failures.
const stableAfterMs = 10_000;

export class Connection {
  status: ConnectionStatus = { kind: 'away', detail: 'not connected yet' };
  /** The link in use; null between two. */
  link: Link | null = null;
  /** Links opened so far. */
  linkCount = 0;
  /** Resolves when the first attempt has come to something: subscribed, failed or stopped. */
  readonly tried: Promise<void>;

  readonly #options: ConnectionOptions;
  readonly #stop = new AbortController();
  #failureCount = 0;
  #subscribedAt: number | null = null;
  #onTried: () => void = () => undefined;
  /** Why there shall be no link for now; null: there shall. */
  #leftBecause: string | null = null;
  /** The link in use ends because we leave: no trouble. */
  #isLeaving = false;
  #onJoin: () => void = () => undefined;
  #isTroubleTold = false;
  /** Sentences told already. */
  readonly #warned = new Set<string>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.tried = new Promise((resolve) => {
      this.#onTried = resolve;
    });
  }

  get index(): number {
    return this.#options.index;
  }

  /** Connects, subscribes and stays so; resolves after `stop` when the last link has closed. */
  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const reason = await this.#live();
      this.link = null;
      if (this.#isLeaving || this.#leftBecause !== null) {
        this.#isLeaving = false;
        await this.#joinedOrStopped();
        continue;
      }
      this.#become({ kind: 'away', detail: reason });
      if (Date.now() - (this.#subscribedAt ?? Date.now()) > stableAfterMs) this.#failureCount = 0;
      this.#subscribedAt = null;
      if (this.#stop.signal.aborted) break;
      this.#tellTrouble(reason, 'The MQTT connection is away; connecting again.');
      await this.#pause();
    }
    this.#onTried();
  }

  /** No further link or subscription; the link in use stays until its owner closes it. */
  stop(): void {
    this.#stop.abort();
    this.#onJoin();
  }

  /**
   * No further link until `join`; the link in use stays until its owner closes it, which makes the
   * broker give what we have not acknowledged to the other members.
   */
  leave(why: string): void {
    this.#leftBecause = why;
    this.#isLeaving = this.link !== null;
    this.#become({ kind: 'away', detail: `left the shared group: ${why}` });
  }

  /** Connects and subscribes again. */
  join(): void {
    this.#leftBecause = null;
    this.#onJoin();
  }

  async #joinedOrStopped(): Promise<void> {
    this.#subscribedAt = null;
    this.#failureCount = 0;
    this.#onTried();
    await new Promise<void>((resolve) => {
      this.#onJoin = resolve;
      if (this.#leftBecause === null || this.#stop.signal.aborted) resolve();
    });
  }

  /** The life of one link; resolves with why it ended. */
  async #live(): Promise<string> {
    if (this.#leftBecause !== null) return this.#leftBecause;
    const link = this.#open();
    if (!(link instanceof Link)) return link;
    this.link = link;
    this.linkCount += 1;
    try {
      await link.connected;
      this.#become({ kind: 'connected', detail: 'not subscribed yet' });
      this.#warnOfLimits(link);
      this.#refuseUnsafe(link);
      await this.#subscribe(link);
    } catch (error) {
      link.destroy(messageOf(error));
    }
    return link.closed;
  }

  #open(): Link | string {
    const { clientIdPrefix, nextEpoch, accept, link } = this.#options;
    // Never the id of the link before: taking a session over makes EMQX drop what it had in flight.
    const clientId = `${clientIdPrefix}-${randomBytes(6).toString('hex')}`;
    try {
      return new Link({ ...link, clientId }, nextEpoch(), accept);
    } catch (error) {
      return messageOf(error);
    }
  }

  /** Asks until all filters are granted at QoS 1, or the link closes. */
  async #subscribe(link: Link): Promise<void> {
    while (link.isOpen && !this.#stop.signal.aborted) {
      const refusal = await this.#askOnce(link);
      if (refusal === null) return this.#onSubscribed(link);
      this.#become({ kind: 'connected', detail: refusal });
      this.#tellTrouble(refusal, 'The broker refused a subscription; asking again.');
      await Promise.race([this.#pause(), link.closed]);
    }
  }

  async #askOnce(link: Link): Promise<string | null> {
    const { filters } = this.#options;
    const granted = await withTimeout(link.subscribe(filters), subackTimeoutMs, 'SUBACK');
    const faults = filters
      .map((filter, i) => ({ filter, code: granted[i] ?? 0x80 }))
      .filter(({ code }) => code !== 1)
      .map(({ filter, code }) => `${filter}: SUBACK code 0x${code.toString(16).padStart(2, '0')}`);
    return faults.length === 0 ? null : `wanted QoS 1 granted, found ${faults.join('; ')}`;
  }

  #become(status: ConnectionStatus): void {
    // A link that is still being closed has nothing more to say.
    if (this.#leftBecause !== null && status.kind !== 'away') return;
    this.status = status;
    this.#options.onStatus?.(status);
  }

  #onSubscribed(link: Link): void {
    const { index, filters, log } = this.#options;
    this.#become({ kind: 'subscribed' });
    this.#onTried();
    this.#subscribedAt = Date.now();
    const facts = { connection: index, epoch: link.epoch, filters };
    if (this.#isTroubleTold) log.info(facts, 'MQTT is back: connected and subscribed.');
    else log.debug(facts, 'Connected and subscribed.');
    this.#isTroubleTold = false;
  }

  #warnOfLimits({ limits }: Link): void {
    const { index, link, payloadBytesMax: packetBytes = 0, log } = this.#options;
    for (const { sentence, ...facts } of warningsOf(limits, { ...link, packetBytes })) {
      if (this.#warned.has(sentence)) continue;
      this.#warned.add(sentence);
      log.warn({ connection: index, ...facts }, sentence);
    }
  }

  /** Throws where subscribing would lose, double or strand frames. */
  #refuseUnsafe({ limits }: Link): void {
    const faults = unsafeIn(limits, this.#options.filters);
    if (faults.length === 0) return;
    const reason = faults.join('; ');
    this.#tellTrouble(reason, 'The settings of the broker are not safe; not subscribing.', 'error');
    throw new Error(reason);
  }

  #tellTrouble(reason: string, sentence: string, level: 'warn' | 'error' = 'warn'): void {
    this.#onTried();
    if (this.#isTroubleTold || this.#leftBecause !== null) return;
    this.#isTroubleTold = true;
    const { index, link, log } = this.#options;
    log[level]({ connection: index, broker: `${link.host}:${link.port}`, reason }, sentence);
  }

  /** Ends at once when stopped. */
  async #pause(): Promise<void> {
    this.#failureCount += 1;
    const { random = Math.random, backoff = backoffDefault } = this.#options;
    const pauseMs = backoffMs(this.#failureCount, random, backoff);
    await delay(pauseMs, this.#stop.signal).catch(() => undefined);
  }
}

async function withTimeout<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
