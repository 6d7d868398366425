// The consumer port on kafkajs: heartbeats while handlers run, a membership that is known, and
// nothing that throws into the client. kafkajs-membership.ts keeps what the coordinator has said.

import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Logger } from '../runtime/log.ts';
import { backoffMs, delay, FatalError, retryForever } from '../runtime/retry.ts';
import { createKafkaClient, type KafkaClient } from './client.ts';
import type {
  CommitPlace,
  ConsumedBatch,
  ConsumerOptions,
  Membership,
  StreamConsumer,
} from './consumer.ts';
import { failureOf } from './failures.ts';
import { createAssigner, unequalFault } from './kafkajs-assigner.ts';
import { GroupMembership } from './kafkajs-membership.ts';
import type { ReadRecord } from './reader.ts';
import type { KafkaConfig } from './settings.ts';
import { withAdmin } from './with-admin.ts';

export interface KafkaConsumerOptions extends ConsumerOptions {
  readonly config: KafkaConfig;
  readonly log: Logger;
}

/** Throws ConfigError for settings that contradict each other. Opens nothing before `start`. */
export function createKafkaConsumer(options: KafkaConsumerOptions): StreamConsumer {
  return new KafkajsConsumer(options);
}

// A stop waits for the fetch that is under way.
const fetchWaitMs = 250;
// Half a slice more than what is handled at once; a batch is held in memory twice while decoded.
const partitionBytesMax = 512 * 1024;
const fetchBytesMax = 4 * 1024 * 1024;
const stopMsMax = 5_000;
const restartPause = { minMs: 200, maxMs: 5_000 };

class KafkajsConsumer implements StreamConsumer {
  readonly failed: Promise<never>;
  readonly #options: KafkaConsumerOptions;
  readonly #client: KafkaClient;
  readonly #membership: GroupMembership;
  readonly #fail: (error: unknown) => void;
  readonly #joined = Promise.withResolvers<void>();
  readonly #ended = new AbortController();
  #consumer: Consumer | undefined;
  #crashCount = 0;
  #stopped: Promise<void> | undefined;

  constructor(options: KafkaConsumerOptions) {
    this.#options = options;
    this.#client = createKafkaClient(options.config, options.log);
    this.#membership = new GroupMembership(options);
    const { promise, reject } = Promise.withResolvers<never>();
    // Whoever started it races it; before that nobody listens.
    promise.catch(() => undefined);
    this.failed = promise;
    this.#fail = reject;
  }

  get aliveAt(): number {
    return this.#membership.aliveAt;
  }

  get memberAt(): number {
    return this.#membership.memberAt;
  }

  async start(signal: AbortSignal): Promise<void> {
    const { log } = this.#options;
    const either = AbortSignal.any([signal, this.#ended.signal]);
    await retryForever({ what: 'Kafka', log, signal: either }, () => this.#checkTopics());
    await this.#open(either);
    const aborted = Promise.withResolvers<never>();
    either.addEventListener('abort', () => aborted.reject(either.reason), { once: true });
    await Promise.race([this.#joined.promise, this.failed, aborted.promise]);
  }

  heartbeat(): Promise<Membership> {
    return this.#membership.beat();
  }

  seek(topic: string, partition: number, offset: number): void {
    this.#consumer?.seek({ topic, partition, offset: String(offset) });
  }

  pause(topic: string, partition: number): void {
    this.#consumer?.pause([{ topic, partitions: [partition] }]);
  }

  resume(topic: string, partition: number): void {
    this.#consumer?.resume([{ topic, partitions: [partition] }]);
  }

  async commit(places: readonly CommitPlace[]): Promise<'committed' | 'failed'> {
    if (this.#consumer === undefined || this.#membership.state === 'expelled') return 'failed';
    const offsets = places.map(({ topic, partition, next }) => {
      return { topic, partition, offset: String(next) };
    });
    try {
      await this.#consumer.commitOffsets(offsets);
      return 'committed';
    } catch {
      return 'failed';
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#ended.abort(new Error('the consumer was stopped'));
    const leaving = this.#consumer?.disconnect().catch(() => undefined);
    const late = new AbortController();
    const timeout = delay(stopMsMax, late.signal).catch(() => undefined);
    await Promise.race([leaving, timeout]);
    late.abort();
    this.#membership.end();
    this.#client.destroy();
  }

  async #checkTopics(): Promise<void> {
    const { topics } = this.#options;
    const counts = await withAdmin(this.#client, async (admin) => {
      const found = await admin.fetchTopicMetadata({ topics: [...topics] });
      const countOf = new Map(found.topics.map((each) => [each.name, each.partitions.length]));
      return topics.map((topic) => ({ topic, count: countOf.get(topic) ?? 0 }));
    }).catch((error: unknown) => {
      const { code, detail, isRetriable } = failureOf(error);
      if (code !== 'UNKNOWN_TOPIC_OR_PARTITION' && isRetriable) throw error;
      const text = `want the topics ${topics.join(', ')}, found ${code}: ${detail}`;
      throw new FatalError('KAFKA_TOPICS_UNUSABLE', `${text}. fleetwire topics apply makes them.`);
    });
    const fault = unequalFault(counts);
    if (fault !== null) throw fault;
  }

  /** A kafkajs consumer that has crashed for good cannot run again: each life has its own. */
  async #open(signal: AbortSignal): Promise<void> {
    const { log, topics } = this.#options;
    const consumer = this.#create();
    await retryForever({ what: 'Kafka', log, signal }, async () => {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    });
    this.#consumer = consumer;
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.#options.concurrentPartitions,
      eachBatch: (payload) => this.#handle(payload),
    });
  }

  #create(): Consumer {
    const { groupId, sessionTimeoutMs, heartbeatMs } = this.#options;
    const membership = this.#membership;
    const consumer = this.#client.kafka.consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: heartbeatMs,
      // A member that does not come to a join in time is gone as one whose session has ended.
      rebalanceTimeout: sessionTimeoutMs,
      maxWaitTimeInMs: fetchWaitMs,
      maxBytesPerPartition: partitionBytesMax,
      maxBytes: fetchBytesMax,
      allowAutoTopicCreation: false,
      partitionAssigners: [
        createAssigner({ owned: () => membership.partitions, onFault: this.#fail }),
      ],
    });
    const { events } = consumer;
    consumer.on(events.FETCH, () => membership.alive());
    consumer.on(events.HEARTBEAT, () => membership.answered());
    consumer.on(events.REBALANCING, () => membership.revoked());
    consumer.on(events.GROUP_JOIN, ({ payload }) => {
      if (this.#crashCount > 0) {
        this.#options.log.info({ groupId }, 'Kafka is back; the group was joined again.');
      }
      this.#crashCount = 0;
      membership.joined(payload.memberAssignment);
      this.#joined.resolve();
    });
    consumer.on(events.CRASH, ({ payload }) => this.#crashed(payload.error, payload.restart));
    return consumer;
  }

  #crashed(error: Error, isRestarting: boolean): void {
    this.#membership.expelled();
    if (this.#ended.signal.aborted) return;
    const { code, detail, isRetriable } = failureOf(error);
    // kafkajs calls its own TypeErrors and ours final, and so do we.
    if (!isRestarting && (code === 'CLIENT_ERROR' || !isRetriable)) {
      this.#fail(
        new FatalError('KAFKA_CONSUMER_ENDED', `the consumer has ended: ${code}: ${detail}`, {
          cause: error,
        }),
      );
      return;
    }
    this.#crashCount += 1;
    if (this.#crashCount === 1) {
      const { groupId, log } = this.#options;
      log.warn({ groupId, code, detail }, 'Kafka is away; trying to join the group again.');
    }
    if (!isRestarting) void this.#reopen();
  }

  async #reopen(): Promise<void> {
    const { signal } = this.#ended;
    try {
      await delay(backoffMs(this.#crashCount, Math.random, restartPause), signal);
      await this.#open(signal);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  async #handle(payload: EachBatchPayload): Promise<void> {
    const membership = this.#membership;
    const batch = batchOf(payload, membership);
    if (batch.records.length === 0 || batch.isStale()) return;
    const release = membership.hold(payload.heartbeat);
    try {
      await this.#options.handlers.batch(batch);
    } catch (error) {
      // Never into kafkajs, which would read the batch again for ever, or end without a word.
      this.#fail(error);
    } finally {
      release();
      membership.alive();
    }
  }
}

function batchOf(payload: EachBatchPayload, membership: GroupMembership): ConsumedBatch {
  const { topic, partition, messages, highWatermark } = payload.batch;
  const { generation } = membership;
  const records: ReadRecord[] = new Array(messages.length);
  for (let at = 0; at < messages.length; at += 1) {
    const { offset, timestamp, key, value } = messages[at]!;
    records[at] = {
      topic,
      partition,
      offset: Number(offset),
      timestamp: Number(timestamp),
      key,
      value,
    };
  }
  return {
    topic,
    partition,
    records,
    highOffset: Number(highWatermark),
    resolve: (offset) => payload.resolveOffset(String(offset)),
    isStale: () =>
      payload.isStale() ||
      !payload.isRunning() ||
      membership.generation !== generation ||
      membership.state !== 'member',
  };
}
