// What of @platformatic/kafka stands behind the producer port: its connections (TLS, SASL, time
// limits), what it reads of the cluster, and producer ids. The only place that loads it, and only
// where KAFKA_CLIENT asks for it.

import { isIP } from 'node:net';
import type { Broker, ConnectionPool, Producer } from '@platformatic/kafka';
import { encodeProduceBody, type ProduceBody } from './produce-body.ts';
import type { ProducerIdentity } from './sequences.ts';
import { checkKafkaConfig, type KafkaConfig, kafkaTlsOf } from './settings.ts';

type Library = typeof import('@platformatic/kafka');

export interface ClusterTopic {
  /** Node id of each partition's leader. */
  readonly leaders: readonly number[];
}

export interface AnsweredNumber {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's; 0: stored. */
  readonly errorNumber: number;
}

export class PlatformaticClient {
  readonly #library: Library;
  /** Asks who leads and for producer ids, on connections that no batch can hold up. */
  readonly #asking: Producer;
  readonly #pool: ConnectionPool;
  readonly #brokers = new Map<number, Broker>();

  static async load(config: KafkaConfig): Promise<PlatformaticClient> {
    checkKafkaConfig(config);
    return new PlatformaticClient(await import('@platformatic/kafka'), config);
  }

  private constructor(library: Library, config: KafkaConfig) {
    this.#library = library;
    const options = optionsOf(config);
    this.#asking = new library.Producer({
      ...options,
      bootstrapBrokers: [...config.kafkaBrokers],
      // A frozen broker takes questions too; the next attempt asks another one.
      requestTimeout: config.kafkaConnectTimeoutMs,
      retries: config.kafkaBrokers.length - 1,
      retryDelay: 50,
      metadataMaxAge: 0,
    });
    const { kafkaClientId, kafkaRequestTimeoutMs: requestTimeout } = config;
    this.#pool = new library.ConnectionPool(kafkaClientId, { ...options, requestTimeout });
    for (const pool of [this.#asking.connections, this.#pool]) {
      // Each failure is also told to whoever waits; without a listener it would end the process.
      pool.on('connecting', ({ connection }) => connection.on('error', () => undefined));
    }
  }

  /** Rejects when no broker answers or the topic is missing. */
  async readTopic(topic: string): Promise<ClusterTopic> {
    const { brokers, topics } = await this.#asking.metadata({ topics: [topic], forceUpdate: true });
    for (const [id, broker] of brokers) this.#brokers.set(id, broker);
    return { leaders: topics.get(topic)!.partitions.map(({ leader }) => leader) };
  }

  async newIdentity(): Promise<ProducerIdentity> {
    const { producerId: id, producerEpoch: epoch } = await this.#asking.initIdempotentProducer({});
    return { id, epoch };
  }

  /** Whether it is known where this broker is. */
  knows(nodeId: number): boolean {
    return this.#brokers.has(nodeId);
  }

  /** One Produce request to one broker, which must be known. */
  async produce(leader: number, body: ProduceBody): Promise<readonly AnsweredNumber[]> {
    const connection = await this.#pool.get(this.#brokers.get(leader)!);
    const { Writer } = this.#library;
    const write = () => Writer.create().append(encodeProduceBody(body));
    return new Promise((resolve, reject) => {
      const { key, version } = produceRequest;
      connection.send(key, version, write, readAnswer, false, false, (error, answer) => {
        if (error) reject(error);
        else resolve(answer ?? []);
      });
    });
  }

  /** At once; what is under way rejects. */
  destroy(): void {
    for (const pool of [this.#asking.connections, this.#pool]) {
      for (const [, connection] of pool) connection.socket?.destroy();
      pool.close(() => undefined);
    }
    this.#asking.close(true, () => undefined);
  }
}

function optionsOf(config: KafkaConfig) {
  const { kafkaSaslMechanism: mechanism, kafkaTlsServerName } = config;
  const tls = kafkaTlsOf(config);
  const isNamed = config.kafkaBrokers.every((broker) => isIP(broker.replace(/:\d+$/, '')) === 0);
  return {
    clientId: config.kafkaClientId,
    connectTimeout: config.kafkaConnectTimeoutMs,
    timeout: config.kafkaRequestTimeoutMs,
    ...(tls && {
      // Read anew for each connection, since the library spreads this object then.
      tls: {
        get secureContext() {
          return tls();
        },
      },
      tlsServerName: kafkaTlsServerName ?? isNamed,
    }),
    ...(mechanism !== 'none' && {
      sasl: {
        mechanism: saslNames[mechanism],
        username: config.kafkaSaslUsername ?? '',
        password: config.kafkaSaslPassword ?? '',
      },
    }),
  };
}

const saslNames = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;

/** The version that encodeProduceBody writes; the later ones bring nothing to us. */
const produceRequest = { key: 0, version: 7 };

interface AnswerReader {
  readInt16(): number;
  readInt32(): number;
  readString(isCompact?: boolean): string;
  skip(count: number): unknown;
}

// Produce answer, version 7 (Kafka's ProduceResponse.json): array of
//   topic: name string, partitions array of
//   partition: index int32, errorCode int16, baseOffset int64, logAppendTimeMs int64,
//     logStartOffset int64
// throttleTimeMs int32
function readAnswer(
  _correlationId: number,
  _key: number,
  _version: number,
  reader: AnswerReader,
): readonly AnsweredNumber[] {
  const answers: AnsweredNumber[] = [];
  for (let topics = reader.readInt32(); topics > 0; topics -= 1) {
    const topic = reader.readString(false);
    for (let partitions = reader.readInt32(); partitions > 0; partitions -= 1) {
      const partition = reader.readInt32();
      answers.push({ topic, partition, errorNumber: reader.readInt16() });
      reader.skip(offsetsBytes);
    }
  }
  return answers;
}

const offsetsBytes = 24;
