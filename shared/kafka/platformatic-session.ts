// One life of a @platformatic/kafka client. Its own idempotent mode is not used: a send that fails
// resets the numbers of all the others, and one that waits for metadata meanwhile can take numbers
// that were used; sequences.ts keeps them for each partition instead.

import type { Logger } from '../runtime/log.ts';
import { failureOf } from './failures.ts';
import { kafkaErrorOfNumber } from './kafka-errors.ts';
import { type AnsweredNumber, PlatformaticClient } from './platformatic-client.ts';
import { platformaticError } from './platformatic-errors.ts';
import type {
  AnsweredPartition,
  ProducerSession,
  TopicMessages,
  TopicPartitions,
} from './producer-session.ts';
import { encodeRecordBatch, type ProducerFacts } from './record-batch.ts';
import { type Company, Sequences } from './sequences.ts';
import type { KafkaConfig } from './settings.ts';
import { compressZstdInPlace, zstdAttributes } from './zstd.ts';

/** By its number; the names differ between clients. */
const ofNumbers: ReadonlySet<number> = new Set([45, 46, 47, 59]);

export class PlatformaticSession implements ProducerSession {
  readonly #config: KafkaConfig;
  readonly #log: Logger;
  readonly #sequences = new Sequences(() => this.#newIdentity());
  /** Topic → node id of each partition's leader. */
  readonly #leaders = new Map<string, readonly number[]>();
  readonly #pending = new Set<Promise<unknown>>();
  #loading: Promise<PlatformaticClient> | undefined;
  #client: PlatformaticClient | undefined;
  #refreshing: Promise<unknown> | undefined;
  #isDestroyed = false;

  constructor(config: KafkaConfig, log: Logger) {
    this.#config = config;
    this.#log = log;
  }

  async send(batch: readonly TopicMessages[]): Promise<readonly AnsweredPartition[]> {
    const sending = this.#send(companiesOf(batch));
    this.#pending.add(sending);
    try {
      return await sending;
    } catch (error) {
      throw platformaticError(error);
    } finally {
      this.#pending.delete(sending);
    }
  }

  async #send(companies: readonly Company[]): Promise<readonly AnsweredPartition[]> {
    const client = await this.#load();
    const { topic, partition } = companies[0]![0]!;
    const leader = this.leaderOf(topic, partition);
    if (!client.knows(leader)) throw await this.#withoutLeader(companies);
    const stamps = await this.#sequences.stamp(companies);
    try {
      const answers = await client.produce(leader, this.#bodyOf(companies, stamps));
      return this.#settle(companies, answers);
    } catch (error) {
      for (const company of companies) this.#sequences.failed(company, { isOfNumbers: false });
      throw error;
    }
  }

  /** So that the next attempt knows more; a session begins without any knowledge. */
  async #withoutLeader(companies: readonly Company[]): Promise<Error> {
    await this.readTopics([...new Set(companies.map(([first]) => first!.topic))]);
    return typedError('LEADER_NOT_AVAILABLE', 'it was not known who leads');
  }

  #bodyOf(companies: readonly Company[], stamps: readonly ProducerFacts[]) {
    const isPlain = this.#config.kafkaCompression === 'none';
    const facts = {
      timestamp: Date.now(),
      attributes: isPlain ? 0 : zstdAttributes,
      compress: isPlain ? undefined : compressZstdInPlace,
    };
    const entries = companies.map((company, at) => {
      const { topic, partition } = company[0]!;
      const batch = encodeRecordBatch(company, { ...facts, producer: stamps[at] });
      return { topic, partition, batch };
    });
    const topics = [...Map.groupBy(entries, ({ topic }) => topic)];
    return {
      acks: -1,
      // The broker gives up first, so that its answer is heard.
      timeoutMs: Math.floor(this.#config.kafkaRequestTimeoutMs * 0.9),
      topics: topics.map(([topic, partitions]) => ({ topic, partitions })),
    };
  }

  #settle(companies: readonly Company[], answers: readonly AnsweredNumber[]): AnsweredPartition[] {
    const numbers = new Map(answers.map((each) => [keyOf(each), each.errorNumber]));
    for (const company of companies) {
      const number = numbers.get(keyOf(company[0]!));
      if (number === 0) this.#sequences.stored(company);
      else this.#sequences.failed(company, { isOfNumbers: ofNumbers.has(number ?? 0) });
    }
    return answers.map(({ topic: topicName, partition, errorNumber }) => {
      if (errorNumber === 0) return { topicName, partition };
      return { topicName, partition, error: errorOfNumber(errorNumber) };
    });
  }

  async readTopics(topics: readonly string[]): Promise<readonly TopicPartitions[]> {
    const found: TopicPartitions[] = [];
    for (const topic of topics) {
      found.push({ topic, partitionCount: await this.#readTopic(topic) });
    }
    return found;
  }

  async #readTopic(topic: string): Promise<number> {
    try {
      const client = await this.#load();
      const { leaders } = await client.readTopic(topic);
      this.#leaders.set(topic, leaders);
      return leaders.length;
    } catch (error) {
      const told = platformaticError(error);
      if (failureOf(told).code === 'UNKNOWN_TOPIC_OR_PARTITION') return 0;
      throw told;
    }
  }

  leaderOf(topic: string, partition: number): number {
    return this.#leaders.get(topic)?.[partition] ?? -1;
  }

  refreshLeaders(): void {
    this.#refreshing ??= this.readTopics([...this.#leaders.keys()])
      .catch((error) => this.#log.debug({ err: error }, 'Could not read the leaders.'))
      .finally(() => {
        this.#refreshing = undefined;
      });
  }

  async #newIdentity() {
    const client = await this.#load();
    return client.newIdentity();
  }

  async #load(): Promise<PlatformaticClient> {
    this.#loading ??= PlatformaticClient.load(this.#config);
    this.#client = await this.#loading;
    if (!this.#isDestroyed) return this.#client;
    this.#client.destroy();
    throw new Error('this Kafka client is closed');
  }

  async close(graceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.allSettled(this.#pending), grace]);
    clearTimeout(timer);
    this.destroy();
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.#client?.destroy();
  }
}

function companiesOf(batch: readonly TopicMessages[]): readonly Company[] {
  return batch.flatMap(({ messages }) => [
    ...Map.groupBy(messages, ({ partition }) => partition).values(),
  ]);
}

interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

/** As `failureOf` reads it. */
function errorOfNumber(number: number): Error {
  const type = kafkaErrorOfNumber(number)?.name ?? `KAFKA_ERROR_${number}`;
  return typedError(type, `the broker answered ${type}`);
}

function typedError(type: string, message: string): Error {
  return Object.assign(new Error(message), { type });
}
