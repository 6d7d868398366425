// Moves the leaders of all our topics to another broker, again and again.

import { setTimeout as pause } from 'node:timers/promises';
import { createKafkaClient, type KafkaClient } from '#shared/kafka/client.ts';
import type { KafkaConfig } from '#shared/kafka/settings.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { topicSpecs } from '#shared/topics.ts';
import { electPreferredLeaders, type Leadership, readLeaders } from './kafka-requests.ts';
import { type Place, placeOf } from './kafka-wire.ts';

const topics = topicSpecs.map(({ topic }) => topic);

export class LeaderMover {
  /** Rounds in which every partition was given another leader. */
  roundCount = 0;
  /** Partitions that were seen with another leader than a round before. */
  movedCount = 0;

  readonly #places: readonly Place[];
  readonly #client: KafkaClient;
  #isStopped = false;
  #running: Promise<void> | undefined;

  constructor(config: KafkaConfig) {
    this.#places = config.kafkaBrokers.map(placeOf);
    this.#client = createKafkaClient(config, createLogger({ level: 'silent', name: 'proof' }));
  }

  start(everyMs: number): void {
    this.#running = this.#run(everyMs);
    // Told by `stop`.
    this.#running.catch(() => undefined);
  }

  /** Rejects when the leaders could not be read any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    this.#client.destroy();
  }

  async #run(everyMs: number): Promise<void> {
    let before = await this.#leaders();
    while (!this.#isStopped) {
      const nextAt = Date.now() + everyMs;
      // One that asks a broker just killed fails; the next one is made all the same.
      await this.#round(before).catch(() => undefined);
      await pause(Math.max(0, nextAt - Date.now()));
      const after = await this.#leaders();
      this.movedCount += after.filter(({ leader }, at) => leader !== before[at]?.leader).length;
      before = after;
    }
  }

  #leaders(): Promise<readonly Leadership[]> {
    return this.#ofAny((place) => readLeaders(place, topics));
  }

  async #round(leaderships: readonly Leadership[]): Promise<void> {
    const byTopic = Map.groupBy(leaderships, ({ topic }) => topic);
    // The same replicas in another order: nothing is copied, another one is preferred.
    const assignments = [...byTopic].map(([topic, partitions]) => ({
      topic,
      partitionAssignment: partitions.map(({ partition, replicas }) => {
        return { partition, replicas: [...replicas.slice(1), replicas[0] as number] };
      }),
    }));
    const admin = this.#client.kafka.admin();
    try {
      await admin.connect();
      await admin.alterPartitionReassignments({ topics: assignments });
    } finally {
      await admin.disconnect();
    }
    await this.#ofAny((place) => electPreferredLeaders(place, leaderships));
    this.roundCount += 1;
  }

  /** The first broker that answers will do: it hands on what is the controller's. */
  async #ofAny<T>(request: (place: Place) => Promise<T>): Promise<T> {
    const faults: unknown[] = [];
    for (const place of this.#places) {
      try {
        return await request(place);
      } catch (error) {
        faults.push(error);
      }
    }
    throw new AggregateError(faults, 'no broker answers');
  }
}
