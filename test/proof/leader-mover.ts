// Moves the leaders of all our topics to another broker, again and again.

import { setTimeout as pause } from 'node:timers/promises';
import { createKafkaClient, type KafkaClient } from '#shared/kafka/client.ts';
import type { KafkaConfig } from '#shared/kafka/settings.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { topicSpecs } from '#shared/topics.ts';
import { electPreferredLeaders } from './elect-leaders.ts';

const topics = topicSpecs.map(({ topic }) => topic);

type Admin = ReturnType<KafkaClient['kafka']['admin']>;

export interface Leadership {
  readonly topic: string;
  readonly partition: number;
  /** Node id; -1: none. */
  readonly leader: number;
  readonly replicas: readonly number[];
}

export class LeaderMover {
  /** Rounds in which every partition was given another leader. */
  roundCount = 0;
  /** Partitions that were seen with another leader than a round before. */
  movedCount = 0;

  readonly #config: KafkaConfig;
  readonly #client: KafkaClient;
  #isStopped = false;
  #running: Promise<void> | undefined;

  constructor(config: KafkaConfig) {
    this.#config = config;
    this.#client = createKafkaClient(config, createLogger({ level: 'silent', name: 'proof' }));
  }

  start(everyMs: number): void {
    this.#running = this.#run(everyMs);
  }

  /** Rejects with what kept a round from being made. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    this.#client.destroy();
  }

  leaders(): Promise<readonly Leadership[]> {
    return this.#withAdmin(async (admin) => {
      const found = await admin.fetchTopicMetadata({ topics });
      return found.topics.flatMap(({ name: topic, partitions }) =>
        partitions.map(({ partitionId: partition, leader, replicas }) => {
          return { topic, partition, leader, replicas };
        }),
      );
    });
  }

  async #withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.#client.kafka.admin();
    try {
      await admin.connect();
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  async #run(everyMs: number): Promise<void> {
    let before = await this.leaders();
    while (!this.#isStopped) {
      const nextAt = Date.now() + everyMs;
      // One that asks a broker just killed fails, and is made again.
      await this.#round(before).catch(() => undefined);
      await pause(Math.max(0, nextAt - Date.now()));
      const after = await this.leaders().catch(() => before);
      this.movedCount += after.filter(({ leader }, at) => leader !== before[at]?.leader).length;
      before = after;
    }
  }

  async #round(leaderships: readonly Leadership[]): Promise<void> {
    const byTopic = Map.groupBy(leaderships, ({ topic }) => topic);
    // The same replicas in another order: nothing is copied, another one is preferred.
    const topics = [...byTopic].map(([topic, partitions]) => ({
      topic,
      partitionAssignment: partitions.map(({ partition, replicas }) => {
        return { partition, replicas: [...replicas.slice(1), replicas[0] as number] };
      }),
    }));
    await this.#withAdmin((admin) => admin.alterPartitionReassignments({ topics }));
    await this.#elect(leaderships);
    this.roundCount += 1;
  }

  /** By the first broker that answers: it hands the request to the controller. */
  async #elect(leaderships: readonly Leadership[]): Promise<void> {
    const byTopic = Map.groupBy(leaderships, ({ topic }) => topic);
    const partitions = new Map(
      [...byTopic].map(([topic, own]) => [topic, own.map(({ partition }) => partition)]),
    );
    const faults: unknown[] = [];
    for (const broker of this.#config.kafkaBrokers) {
      const [host = '', port = ''] = broker.split(':');
      try {
        return await electPreferredLeaders({ host, port: Number(port), partitions });
      } catch (error) {
        faults.push(error);
      }
    }
    throw new AggregateError(faults, 'no broker took ElectLeaders');
  }
}
