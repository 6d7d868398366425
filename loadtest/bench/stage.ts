// What the bridge bench stands on: a stack of its own with topics and schemas, and ways to look at
// it that cost it little.

import { appendFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { claimPorts, type PortBlock } from '#deploy/local/ports.ts';
import { type Stack, startStack } from '#deploy/local/stack.ts';
import { createDecoder, type Decoder } from '#shared/avro/decoder.ts';
import { loadSchemaIds } from '#shared/avro/schema-ids.ts';
import { createKafkaClient, type KafkaClient } from '#shared/kafka/client.ts';
import type { Environment } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { clientConfigOf, environmentOf } from '../demo/addresses.ts';
import { applyTopicsAndSchemas } from '../demo/topics-and-schemas.ts';

export interface BenchStage {
  readonly mqttUrl: string;
  readonly mqttPid: number;
  readonly kafkaPid: number;
  /** Of a bridge. */
  readonly env: Environment;
  readonly dir: string;
  readonly ports: PortBlock;
  readonly client: KafkaClient;
  readonly decoder: Decoder;
  /** Records of telemetry stored so far, over all partitions. */
  storedCount(): Promise<number>;
  /** What Kafka keeps of telemetry on disk, without its indexes. */
  storedBytes(): Promise<number>;
  /** To the bench's log. */
  note(line: string): void;
  takeDown(): Promise<void>;
}

export interface StageOptions {
  readonly mqtt: 'artemis' | 'mosquitto';
  /** Of each topic; undefined: as many as locally. */
  readonly partitions?: number | undefined;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Rejects with nothing left behind. */
export async function raiseBenchStage(options: StageOptions): Promise<BenchStage> {
  const { mqtt, say } = options;
  const stack = await startStack({ parts: ['kafka', 'mqtt', 'registry'], mqtt, say });
  const ports = await claimPorts();
  const takeDown = async (): Promise<void> => {
    await ports.release();
    await stack.stop();
  };
  try {
    return await raise({ stack, ports, takeDown }, options);
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

async function raise({ stack, ports, takeDown }: Ground, { partitions, signal }: StageOptions) {
  const { dir, mqttUrl, kafkaBrokers, registryUrl } = stack;
  const note = (line: string) => appendFileSync(join(dir, 'bench.log'), `${line}\n`);
  const log = createLogger({ level: 'info', name: 'bench', destination: { write: note } });
  // A bridge is frozen while its queue is filled: no broker may take it for dead meanwhile.
  const unhurried = { ...process.env, MQTT_KEEPALIVE_SECONDS: '300' };
  const idsFile = join(dir, 'schema-ids.json');
  const addresses = { mqttUrl, kafkaBrokers, registryUrl };
  const env = { ...environmentOf(addresses, unhurried), REGISTRY_IDS_FILE: idsFile };
  const config = { ...clientConfigOf(addresses, unhurried), registryIdsFile: idsFile };
  const client = createKafkaClient(config, log);
  const release = { client, brokers: 1 as const, registry: config, idsFile, partitions, signal };
  await applyTopicsAndSchemas(release);
  const ids = await loadSchemaIds({ config, log, signal });
  const admin = client.kafka.admin();
  await admin.connect();
  return {
    mqttUrl,
    mqttPid: stack.mqtt.nodes[0]!.pid,
    kafkaPid: stack.kafka.nodes[0]!.pid,
    env,
    dir,
    ports,
    client,
    decoder: createDecoder({ ids, schemaById: async () => null }),
    storedCount: async () => {
      const offsets = await admin.fetchTopicOffsets(kafkaTopics.telemetry);
      return offsets.reduce((sum, { high }) => sum + Number(high), 0);
    },
    storedBytes: () => logBytes(join(dir, 'kafka-1'), kafkaTopics.telemetry),
    note,
    takeDown: async () => {
      client.destroy();
      await takeDown();
    },
  };
}

async function logBytes(home: string, topic: string): Promise<number> {
  const folders = (await readdir(home)).filter((name) => name.startsWith(`${topic}-`));
  const sizes = folders.map(async (folder) => {
    const logs = (await readdir(join(home, folder))).filter((name) => name.endsWith('.log'));
    const stats = await Promise.all(logs.map((name) => stat(join(home, folder, name))));
    return stats.reduce((sum, { size }) => sum + size, 0);
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
