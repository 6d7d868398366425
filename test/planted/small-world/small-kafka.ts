// Kafka behind the producer port, in memory: it stores, it refuses by chance, it loses answers, it
// leaves partitions out of its answers, it stands still. Each bridge has a port of its own, which
// dies with it.

import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '#loadtest/fleet/random.ts';
import type { PartitionResult, ProduceRecord } from '#shared/kafka/producer.ts';
import type { ReadRecord } from '#shared/kafka/reader.ts';
import type { KafkaProducer } from '#shared/kafka/session-producer.ts';

const partitionCount = 12;
/** So that whoever answers before Kafka has stored is seen to do so. */
const appendMs = 8;

interface Request {
  readonly port: SmallKafkaPort;
  readonly records: readonly ProduceRecord[];
  readonly answer: (results: readonly PartitionResult[]) => void;
}

export class SmallKafka {
  readonly records: ReadRecord[] = [];
  /** Requests that are still to be treated badly. */
  moodyRequests = 0;
  readonly #random: Random;
  readonly #offsets = new Map<string, number>();
  #held: Request[] | null = null;

  constructor(random: Random) {
    this.#random = random;
  }

  port(): SmallKafkaPort {
    return new SmallKafkaPort(this);
  }

  /** Requests of ports that live and are held. */
  get heldCount(): number {
    return this.#held?.filter(({ port }) => port.isAlive).length ?? 0;
  }

  freeze(): void {
    this.#held ??= [];
  }

  /** What was held is stored now, in order; of ports that have died nothing is. */
  thaw(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const request of held) this.#serve(request);
  }

  async take(request: Request): Promise<void> {
    await pause(appendMs);
    if (this.#held === null) this.#serve(request);
    else this.#held.push(request);
  }

  #serve({ port, records, answer }: Request): void {
    if (!port.isAlive) return;
    const isMoody = this.moodyRequests > 0;
    this.moodyRequests -= isMoody ? 1 : 0;
    const groups = Map.groupBy(records, ({ topic, partition }) => `${topic}/${partition}`);
    answer([...groups.values()].flatMap((group) => this.#serveGroup(group, isMoody)));
  }

  #serveGroup(group: readonly ProduceRecord[], isMoody: boolean): readonly PartitionResult[] {
    const [{ topic, partition }] = group as [ProduceRecord];
    const fate = isMoody ? this.#random.next() : 1;
    const failed = { kind: 'failed', topic, partition, isRetriable: true } as const;
    if (fate < 0.2) return [{ ...failed, code: 'NOT_LEADER_OR_FOLLOWER', detail: 'moved' }];
    if (fate < 0.4) return [];
    this.#append(group);
    if (fate < 0.5) return [{ ...failed, code: 'REQUEST_TIMED_OUT', detail: 'no answer' }];
    return [{ kind: 'stored', topic, partition }];
  }

  #append(group: readonly ProduceRecord[]): void {
    const timestamp = Date.now();
    for (const { topic, partition, key, value } of group) {
      const place = `${topic}/${partition}`;
      const offset = this.#offsets.get(place) ?? 0;
      this.#offsets.set(place, offset + 1);
      this.records.push({ topic, partition, offset, timestamp, key, value });
    }
  }
}

export class SmallKafkaPort implements KafkaProducer {
  readonly counts = { uncovered: 0, clientsReplaced: 0 };
  readonly partitions = { changedCount: 0, trouble: null };
  readonly inFlightBytes = 0;
  isAlive = true;
  readonly #kafka: SmallKafka;

  constructor(kafka: SmallKafka) {
    this.#kafka = kafka;
  }

  async connect(): Promise<void> {}

  partitionCount(): number {
    return partitionCount;
  }

  produce(records: readonly ProduceRecord[]): Promise<readonly PartitionResult[]> {
    return new Promise((answer) => void this.#kafka.take({ port: this, records, answer }));
  }

  /** Of what it has sent and Kafka has not stored, nothing will be. */
  async close(): Promise<void> {
    this.isAlive = false;
  }
}
