// What the benches of processors stand on: Kafka, registry and Redis with topics and schemas, and
// the way from a frame to a record in Kafka without MQTT.

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimPorts, type PortBlock } from '#deploy/local/ports.ts';
import { type Stack, startStack } from '#deploy/local/stack.ts';
import { createDecoder, type Decoder } from '#shared/avro/decoder.ts';
import { createEncoders } from '#shared/avro/encoder.ts';
import { loadSchemaIds } from '#shared/avro/schema-ids.ts';
import type { Ingest } from '#shared/ingest/contract.ts';
import { createIngest } from '#shared/ingest/ingest.ts';
import { applyTopics } from '#shared/kafka/admin.ts';
import { createKafkaClient, type KafkaClient } from '#shared/kafka/client.ts';
import type { Producer } from '#shared/kafka/producer.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import type { Environment } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { defaultRoutes, kafkaTopics } from '#shared/topics.ts';
import { clientConfigOf, environmentOf } from '../demo/addresses.ts';
import { applyTopicsAndSchemas } from '../demo/topics-and-schemas.ts';

export interface ProcessorStage {
  readonly kafkaPid: number;
  readonly redisPid: number;
  /** Of a processor. */
  readonly env: Environment;
  readonly dir: string;
  readonly ports: PortBlock;
  readonly client: KafkaClient;
  readonly decoder: Decoder;
  readonly ingest: Ingest;
  /** Knows telemetry and the topics of the naive processor. */
  readonly producer: Producer;
  /** Records stored so far, over all partitions. */
  storedCount(topic: string): Promise<number>;
  /** To the bench's log. */
  note(line: string): void;
  takeDown(): Promise<void>;
}

/** The naive processor has topics of its own, so that both can work off the same reports. */
export const naiveTopics = { telemetry: 'naive.telemetry', state: 'naive.state' } as const;

export const partitionCount = 12;

export interface ProcessorStageOptions {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Rejects with nothing left behind. */
export async function raiseProcessorStage(options: ProcessorStageOptions): Promise<ProcessorStage> {
  const stack = await startStack({ parts: ['kafka', 'registry', 'redis'], say: options.say });
  const ports = await claimPorts();
  const takeDown = async (): Promise<void> => {
    await ports.release();
    await stack.stop();
  };
  try {
    return await raise({ stack, ports, takeDown }, options.signal);
  } catch (error) {
    await takeDown();
    throw error;
  }
}

interface Ground {
  readonly stack: Stack;
  readonly ports: PortBlock;
  readonly takeDown: () => Promise<void>;
}

async function raise({ stack, ports, takeDown }: Ground, signal: AbortSignal) {
  const { dir, kafkaBrokers, registryUrl, redisUrl } = stack;
  const note = (line: string) => appendFileSync(join(dir, 'bench.log'), `${line}\n`);
  const log = createLogger({ level: 'info', name: 'bench', destination: { write: note } });
  const idsFile = join(dir, 'schema-ids.json');
  // No program here opens a connection to MQTT; the table of addresses wants one all the same.
  const addresses = { mqttUrl: 'mqtt://127.0.0.1:1', kafkaBrokers, registryUrl, redisUrl };
  const config = { ...clientConfigOf(addresses, process.env), registryIdsFile: idsFile };
  const client = createKafkaClient(config, log);
  await applyTopicsAndSchemas({ client, brokers: 1, registry: config, idsFile, signal });
  await applyNaiveTopics(client);
  const ids = await loadSchemaIds({ config, log, signal });
  const producer = createKafkaProducer({ config, log });
  await producer.connect([kafkaTopics.telemetry, naiveTopics.telemetry], signal);
  const admin = client.kafka.admin();
  await admin.connect();
  return {
    kafkaPid: stack.kafka.nodes[0]!.pid,
    redisPid: stack.redis.nodes[0]!.pid,
    env: { ...environmentOf(addresses, process.env), REGISTRY_IDS_FILE: idsFile },
    dir,
    ports,
    client,
    decoder: createDecoder({ ids, schemaById: async () => null }),
    ingest: await createIngest({
      routes: defaultRoutes,
      encoders: createEncoders(ids),
      payloadBytesMax: 65_536,
      answerReports: false,
      answerRefusals: false,
    }),
    producer,
    storedCount: async (topic: string) => {
      const offsets = await admin.fetchTopicOffsets(topic);
      return offsets.reduce((sum, { high }) => sum + Number(high), 0);
    },
    note,
    takeDown: async () => {
      client.destroy();
      await producer.close();
      await takeDown();
    },
  };
}

async function applyNaiveTopics(client: KafkaClient): Promise<void> {
  await applyTopics({
    client,
    specs: [
      { topic: naiveTopics.telemetry, retention: { deleteAfterMs: 86_400_000 } },
      { topic: naiveTopics.state, retention: 'compacted' },
    ],
    partitions: partitionCount,
    replication: 1,
    minIsr: 1,
    mode: 'apply',
  });
}
