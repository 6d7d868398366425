// One life of a kafkajs client: connected once, thrown away whole when it hangs. Knows no batches'
// fate; that is the producer's.

import type { Admin, Producer as KafkajsClient, RequestTimeoutEvent } from 'kafkajs';
import type { Logger } from '../runtime/log.ts';
import { createKafkaClient, type KafkaClient } from './client.ts';
import { failureOf } from './failures.ts';
import { kafkajs } from './kafkajs-patched.ts';
import type {
  AnsweredPartition,
  ProducerSession,
  TopicMessages,
  TopicPartitions,
} from './producer-session.ts';
import type { KafkaConfig } from './settings.ts';

// After a request that timed out kafkajs does not look again who leads; only age makes it look.
// Shorter than any useful request timeout, so that the next send goes to the new leader.
const metadataAgeMaxMs = 5_000;

export class KafkajsSession implements ProducerSession {
  readonly #client: KafkaClient;
  readonly #producer: KafkajsClient;
  readonly #admin: Admin;
  readonly #sendOptions: { readonly timeout: number; readonly compression: number };
  readonly #log: Logger;
  /** Topic → node id of each partition's leader. */
  readonly #leaders = new Map<string, readonly number[]>();
  #connected: Promise<void> | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(config: KafkaConfig, log: Logger) {
    this.#log = log;
    this.#client = createKafkaClient(config, log);
    this.#admin = this.#client.kafka.admin();
    this.#producer = this.#client.kafka.producer({
      // kafkajs's idempotent mode loses batches when sends run side by side.
      idempotent: false,
      allowAutoTopicCreation: false,
      metadataMaxAge: metadataAgeMaxMs,
      // Its own retry skips brokers that answered, and so forgets partitions that moved to them.
      retry: { retries: 0 },
      createPartitioner: () => partitionAsSet,
    });
    const cut = ({ payload: { broker } }: RequestTimeoutEvent) => this.#client.cut(broker);
    this.#producer.on(this.#producer.events.REQUEST_TIMEOUT, cut);
    this.#admin.on(this.#admin.events.REQUEST_TIMEOUT, cut);
    const { ZSTD, None } = kafkajs.CompressionTypes;
    this.#sendOptions = {
      // The broker gives up first, so that its answer is heard.
      timeout: Math.floor(config.kafkaRequestTimeoutMs * 0.9),
      compression: config.kafkaCompression === 'zstd' ? ZSTD : None,
    };
  }

  /** Safe to call often and side by side; after a failure the next call tries again. */
  connect(): Promise<void> {
    this.#connected ??= this.#connect().catch((error) => {
      this.#connected = undefined;
      throw error;
    });
    return this.#connected;
  }

  async #connect(): Promise<void> {
    await Promise.all([this.#producer.connect(), this.#admin.connect()]);
  }

  async send(batch: readonly TopicMessages[]): Promise<readonly AnsweredPartition[]> {
    await this.connect();
    const topicMessages = batch as { topic: string; messages: [] }[];
    // Its type calls for an error code; a partition with one is thrown, never returned.
    return this.#producer.sendBatch({ acks: -1, ...this.#sendOptions, topicMessages });
  }

  async readTopics(topics: readonly string[]): Promise<readonly TopicPartitions[]> {
    await this.connect();
    const found: TopicPartitions[] = [];
    for (const topic of topics) {
      found.push({ topic, partitionCount: await this.#readTopic(topic) });
    }
    return found;
  }

  async #readTopic(topic: string): Promise<number> {
    try {
      await this.#readLeaders([topic]);
      return this.#leaders.get(topic)?.length ?? 0;
    } catch (error) {
      if (failureOf(error).code === 'UNKNOWN_TOPIC_OR_PARTITION') return 0;
      throw error;
    }
  }

  leaderOf(topic: string, partition: number): number {
    return this.#leaders.get(topic)?.[partition] ?? -1;
  }

  refreshLeaders(): void {
    this.#refreshing ??= this.#readLeaders([...this.#leaders.keys()])
      .catch((error) => this.#log.debug({ err: error }, 'Could not read the leaders.'))
      .finally(() => {
        this.#refreshing = undefined;
      });
  }

  async #readLeaders(topics: string[]): Promise<void> {
    const metadata = await this.#admin.fetchTopicMetadata({ topics });
    for (const { name, partitions } of metadata.topics) {
      const leaders: number[] = [];
      for (const { partitionId, leader } of partitions) leaders[partitionId] = leader;
      this.#leaders.set(name, leaders);
    }
  }

  async close(graceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    const closed = Promise.allSettled([this.#producer.disconnect(), this.#admin.disconnect()]);
    await Promise.race([closed, grace]);
    clearTimeout(timer);
    this.destroy();
  }

  destroy(): void {
    this.#client.destroy();
  }
}

function partitionAsSet({ message }: { message: { partition?: number } }): number {
  return message.partition!;
}
