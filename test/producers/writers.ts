// Who writes while Kafka is disturbed: sends one batch after the other, and what failed again until
// it is stored, as a lane does. Every record is different.

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { PartitionResult, ProduceRecord, Producer } from '#shared/kafka/producer.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import type { KafkaConfig } from '#shared/kafka/settings.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { partitions, topic } from './bed.ts';

export interface Contestant {
  readonly client: KafkaConfig['kafkaClient'];
  /** Sends of the same producer side by side, each with records of every partition. */
  readonly inFlight: 1 | 8;
}

export interface Writers {
  readonly contestant: Contestant;
  /** Values whose partition was said to be stored. */
  readonly stored: ReadonlySet<string>;
  /** Of partitions, told by the producer. */
  readonly failedCount: number;
  /** Resolves when all that was begun is stored. */
  stop(): Promise<void>;
}

const log = createLogger({ level: 'silent', name: 'test' });
const recordsPerPartition = 5;
const resendMs = 100;

export async function startWriters(config: KafkaConfig, contestant: Contestant): Promise<Writers> {
  const kafkaClient = contestant.client;
  const producer = createKafkaProducer({ config: { ...config, kafkaClient }, log });
  await producer.connect([topic], AbortSignal.timeout(30_000));
  const writers = new WriterGroup(producer, contestant);
  writers.start();
  return writers;
}

class WriterGroup implements Writers {
  readonly contestant: Contestant;
  readonly stored = new Set<string>();
  failedCount = 0;
  readonly #producer: Producer;
  #isStopped = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(producer: Producer, contestant: Contestant) {
    this.#producer = producer;
    this.contestant = contestant;
  }

  start(): void {
    const writers = Array.from({ length: this.contestant.inFlight }, () => this.#write());
    this.#running = Promise.all(writers);
    // Told by `stop`.
    this.#running.catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    await this.#producer.close();
  }

  async #write(): Promise<void> {
    const name = randomUUID();
    for (let n = 0; !this.#isStopped; n += 1) {
      let rest = batchOf(`${name}:${n}`);
      while (rest.length > 0) {
        const left = this.#settle(rest, await this.#producer.produce(rest));
        if (left.length > 0) await pause(resendMs);
        rest = left;
      }
    }
  }

  /** What goes again. */
  #settle(records: readonly ProduceRecord[], results: readonly PartitionResult[]) {
    const failed = results.filter(({ kind }) => kind === 'failed');
    this.failedCount += failed.length;
    const again = new Set(failed.map(({ partition }) => partition));
    for (const { partition, value } of records) {
      if (!again.has(partition)) this.stored.add(value.toString());
    }
    return records.filter(({ partition }) => again.has(partition));
  }
}

function batchOf(name: string): readonly ProduceRecord[] {
  return Array.from({ length: partitions * recordsPerPartition }, (_, n) => {
    const value = Buffer.from(`${name}:${n}`);
    return { topic, partition: n % partitions, key: Buffer.from(String(n % partitions)), value };
  });
}
