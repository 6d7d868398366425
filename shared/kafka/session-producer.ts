// The producer port on a client's sessions: bounded in bytes and in time, exact per partition.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../runtime/log.ts';
import { backoffMs, delay, retryForever } from '../runtime/retry.ts';
import { type ByteBudget, createByteBudget } from './byte-budget.ts';
import { sendCovered } from './covered-send.ts';
import { type Failure, failureOf } from './failures.ts';
import { failureClassOf } from './kafka-errors.ts';
import { KafkajsSession } from './kafkajs-session.ts';
import { PartitionCounts } from './partition-counts.ts';
import { PlatformaticSession } from './platformatic-session.ts';
import type { PartitionResult, ProduceRecord, Producer } from './producer.ts';
import type { ProducerSession, TopicPartitions } from './producer-session.ts';
import type { KafkaConfig } from './settings.ts';

/** Plain cells, read when metrics are collected. */
export interface ProducerCounts {
  /** Partitions that a resolved send did not name, and that were therefore sent again. */
  uncovered: number;
  /** Clients that hung beyond every time limit and were replaced whole. */
  clientsReplaced: number;
}

export interface KafkaProducer extends Producer {
  readonly counts: Readonly<ProducerCounts>;
}

export interface KafkaProducerOptions {
  readonly config: KafkaConfig;
  readonly log: Logger;
  /** Between two looks at the partition counts. Default 10 s. */
  readonly partitionsLookMs?: number;
}

/** Throws ConfigError for settings that contradict each other. Opens nothing before `connect`. */
export function createKafkaProducer(options: KafkaProducerOptions): KafkaProducer {
  return new SessionProducer(options);
}

function openSession(config: KafkaConfig, log: Logger): ProducerSession {
  switch (config.kafkaClient) {
    case 'kafkajs':
      return new KafkajsSession(config, log);
    case 'platformatic':
      return new PlatformaticSession(config, log);
  }
}

// Topics are made by a release job that runs beside us: seconds, not minutes.
const missingTopicsWaitMs = 2_000;

const connectWaitMsMax = 5_000;
/** One small request a topic, and as long a bridge may be wrong about being well. */
const partitionsLookMsDefault = 10_000;
const closeGraceMs = 1_000;

// A leader moves within 0.2 s (measured); what lasts longer is the caller's to wait for.
const retryWindowMs = 1_000;
const retryPause = { minMs: 50, maxMs: 400 };

class SessionProducer implements KafkaProducer {
  readonly counts: ProducerCounts = { uncovered: 0, clientsReplaced: 0 };
  readonly #config: KafkaConfig;
  readonly #log: Logger;
  readonly #budget: ByteBudget;
  readonly partitions: PartitionCounts;
  readonly #partitionsLookMs: number;
  #looks: NodeJS.Timeout | undefined;
  /** Whom the latest look has asked, until the answer has come. */
  #asked: ProducerSession | undefined;
  #session: ProducerSession;
  #isClosed = false;

  constructor({ config, log, partitionsLookMs = partitionsLookMsDefault }: KafkaProducerOptions) {
    this.#config = config;
    this.#log = log;
    this.#partitionsLookMs = partitionsLookMs;
    this.#budget = createByteBudget(config.kafkaInFlightBytesMax);
    this.partitions = new PartitionCounts(log);
    this.#session = openSession(config, log);
  }

  get inFlightBytes(): number {
    return this.#budget.bytesInUse;
  }

  async connect(topics: readonly string[], signal: AbortSignal): Promise<void> {
    const cut = () => this.#session.destroy();
    signal.addEventListener('abort', cut, { once: true });
    try {
      this.partitions.begin(await this.#awaitTopics(topics, signal));
    } finally {
      // Later the signal means "drain", and the last batches still need the connection.
      signal.removeEventListener('abort', cut);
    }
    this.#looks = setInterval(() => void this.#look(topics), this.#partitionsLookMs).unref();
  }

  /** Never rejects: a Kafka that is away is told by those who send. One at a time. */
  async #look(topics: readonly string[]): Promise<void> {
    const session = this.#session;
    if (session === this.#asked) return;
    this.#asked = session;
    this.partitions.look(await session.readTopics(topics).catch(() => []));
    if (session === this.#asked) this.#asked = undefined;
  }

  async #awaitTopics(
    topics: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly TopicPartitions[]> {
    let told = '';
    for (;;) {
      const away = { what: 'Kafka', log: this.#log, signal, maxMs: connectWaitMsMax };
      const found = await retryForever(away, () =>
        this.#inTime((session) => session.readTopics(topics)),
      );
      if (isWhole(found)) return found;
      const news = JSON.stringify(found);
      if (told !== news) this.#tellTopics(found);
      told = news;
      await delay(missingTopicsWaitMs, signal);
    }
  }

  #tellTopics(found: readonly TopicPartitions[]): void {
    const missing = found.filter(({ partitionCount }) => partitionCount === 0);
    if (missing.length > 0) {
      this.#log.warn(
        { missing: missing.map(({ topic }) => topic) },
        'Kafka topics are missing; waiting for them. `fleetwire topics apply` makes them.',
      );
      return;
    }
    this.#log.error(
      { partitions: Object.fromEntries(found.map((one) => [one.topic, one.partitionCount])) },
      'Kafka topics differ in their partition counts, so keys have moved; writing nothing.',
    );
  }

  partitionCount(topic: string): number {
    const count = this.partitions.of(topic);
    if (count === undefined) throw new Error(`topic ${topic} was not among those connected`);
    return count;
  }

  async produce(records: readonly ProduceRecord[]): Promise<readonly PartitionResult[]> {
    const bytes = bytesOf(records);
    const { kafkaInFlightBytesMax: bytesMax } = this.#config;
    if (bytes > bytesMax) return failAll(records, tooLarge(bytes, bytesMax));
    await this.#budget.acquire(bytes);
    try {
      return await this.#inTime((session) => this.#send(session, records));
    } catch (error) {
      if (error instanceof ClientHungError) return failAll(records, failureOf(error));
      throw error;
    } finally {
      this.#budget.release(bytes);
    }
  }

  async #send(session: ProducerSession, records: readonly ProduceRecord[]) {
    const startedAt = Date.now();
    const results = await sendCovered(records, {
      send: (batch) => session.send(batch),
      leaderOf: (topic, partition) => session.leaderOf(topic, partition),
      onUncovered: (topic, partition) => {
        this.counts.uncovered++;
        this.#log.debug({ topic, partition }, 'A send did not name a partition; sending it again.');
      },
      beforeRetry: async (round) => {
        session.refreshLeaders();
        if (Date.now() - startedAt > retryWindowMs) return false;
        await sleep(backoffMs(round - 1, Math.random, retryPause));
        return true;
      },
    });
    // After a freeze kafkajs can say "Broker not connected" for ever: it never leaves that state.
    // One that answers without naming a partition, time and again, has lost its way as well.
    const isBroken = results.length > 0 && results.every(isOfBrokenClient);
    if (isBroken || results.some(isUncovered)) this.#replace(session);
    return results;
  }

  /**
   * kafkajs limits each request in time, but not what it does between requests: while it drops a
   * frozen broker it waits for that broker's answers without limit, and so does every send after.
   * Then the whole client is cut off and replaced.
   */
  async #inTime<T>(work: (session: ProducerSession) => Promise<T>): Promise<T> {
    const session = this.#session;
    const limitMs = this.#config.kafkaRequestTimeoutMs * 2;
    let timer: NodeJS.Timeout | undefined;
    const hung = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#replace(session);
        reject(new ClientHungError(limitMs));
      }, limitMs);
    });
    try {
      return await Promise.race([work(session), hung]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Called by each send that hung; the first of them replaces, for all. */
  #replace(session: ProducerSession): void {
    session.destroy();
    if (session !== this.#session || this.#isClosed) return;
    this.counts.clientsReplaced++;
    this.#log.debug({ replaced: this.counts.clientsReplaced }, 'The Kafka client hung; replaced.');
    this.#session = openSession(this.#config, this.#log);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#looks);
    await this.#session.close(closeGraceMs);
  }
}

/**
 * All there, with equal counts: they were made so together, and a count that was changed later
 * puts what a vehicle sends now elsewhere than what it sent before.
 */
function isWhole(found: readonly TopicPartitions[]): boolean {
  const counts = new Set(found.map(({ partitionCount }) => partitionCount));
  return counts.size <= 1 && !counts.has(0);
}

class ClientHungError extends Error {
  /** As Kafka calls it when a broker was too slow. */
  readonly type = 'REQUEST_TIMED_OUT';

  constructor(limitMs: number) {
    super(`no answer from the Kafka client within ${limitMs} ms`);
    this.name = 'ClientHungError';
  }
}

/** What could never leave is the record's fault, as where a broker says so: it is split. */
function tooLarge(bytes: number, bytesMax: number): Failure {
  const detail = `${bytes} bytes, KAFKA_IN_FLIGHT_BYTES_MAX is ${bytesMax}`;
  return { code: 'MESSAGE_TOO_LARGE', isRetriable: false, detail };
}

function isOfBrokenClient(result: PartitionResult): boolean {
  return result.kind === 'failed' && failureClassOf(result.code) === 'client';
}

function isUncovered(result: PartitionResult): boolean {
  return result.kind === 'failed' && result.code === 'UNCOVERED';
}

function bytesOf(records: readonly ProduceRecord[]): number {
  let bytes = 0;
  for (const { key, value } of records) bytes += key.length + value.length;
  return bytes;
}

function failAll(records: readonly ProduceRecord[], failure: Failure): PartitionResult[] {
  const partitions = new Map<string, PartitionResult>();
  for (const { topic, partition } of records) {
    partitions.set(`${topic}/${partition}`, { kind: 'failed', topic, partition, ...failure });
  }
  return [...partitions.values()];
}
