// What a test stands on: topics and schemas applied, and a look into Kafka that tells what was
// stored since the test began. Only one test at a time has bridges, so all of that is its own.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { type Addresses, type ClientConfig, clientConfigOf } from '#loadtest/demo/addresses.ts';
import { applyTopicsAndSchemas } from '#loadtest/demo/topics-and-schemas.ts';
import { createDecoder, type DecodedFrame, type Decoder } from '#shared/avro/decoder.ts';
import { createRegistry } from '#shared/avro/registry.ts';
import { createKafkaClient, type KafkaClient } from '#shared/kafka/client.ts';
import { type PartitionEnds, type ReadRecord, readAll, readEnds } from '#shared/kafka/reader.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { topicsOf } from '#shared/topics.ts';
import type { Settings } from './bridge-process.ts';
import type { Scope } from './scope.ts';

/** A record and what it says. */
export interface Stored {
  readonly record: ReadRecord;
  readonly decoded: DecodedFrame;
}

export interface Ground {
  readonly addresses: Addresses;
  /** schema-ids.json as the release wrote it. */
  readonly idsFile: string;
  readonly config: ClientConfig;
  /** Where the topics end now. */
  mark(): Promise<PartitionEnds>;
  /** Fails where a record is not one of ours. */
  storedSince(mark: PartitionEnds): Promise<readonly Stored[]>;
}

const topics = topicsOf('bridge');
const silent = createLogger({ level: 'silent', name: 'test' });

export interface GroundOptions {
  /** Kafka nodes. Default 1. */
  readonly brokers?: 1 | 3;
  /** TLS and credentials of the stack's parts. Default: none. */
  readonly env?: Settings;
  /** Default: after the file's last test. */
  readonly scope?: Pick<Scope, 'after'>;
}

/** Call it at the top level of a test file. Idempotent on a stack that is shared. */
export async function openGround(
  { mqttUrl, kafkaBrokers, registryUrl, redisUrl }: Addresses,
  { brokers = 1, env = {}, scope = { after } }: GroundOptions = {},
): Promise<Ground> {
  const addresses = { mqttUrl, kafkaBrokers, registryUrl, redisUrl };
  const config = clientConfigOf(addresses, env);
  const dir = await mkdtemp(join(tmpdir(), 'fleetwire-test-'));
  scope.after(() => rm(dir, { recursive: true, force: true }));
  const idsFile = join(dir, 'schema-ids.json');
  const signal = AbortSignal.timeout(60_000);
  await withClient(config, (client) =>
    applyTopicsAndSchemas({ client, brokers, registry: config, idsFile, signal }),
  );
  const registry = createRegistry(config);
  const decoder = createDecoder({ schemaById: (id) => registry.schemaById(id) });
  return {
    addresses,
    idsFile,
    config,
    mark: () => withClient(config, (client) => readEnds(client, topics)),
    storedSince: (mark) => withClient(config, (client) => readSince({ client, mark, decoder })),
  };
}

async function withClient<T>(
  config: ClientConfig,
  work: (client: KafkaClient) => Promise<T>,
): Promise<T> {
  const client = createKafkaClient(config, silent);
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

interface Reading {
  readonly client: KafkaClient;
  readonly mark: PartitionEnds;
  readonly decoder: Decoder;
}

async function readSince({ client, mark, decoder }: Reading): Promise<readonly Stored[]> {
  const records: ReadRecord[] = [];
  await readAll({ client, topics, from: mark, onRecord: (record) => records.push(record) });
  const stored: Stored[] = [];
  for (const record of records) stored.push({ record, decoded: await decode(decoder, record) });
  return stored;
}

async function decode(decoder: Decoder, record: ReadRecord): Promise<Stored['decoded']> {
  const decoded = await decoder.decode(record.value ?? Buffer.alloc(0));
  if (decoded.kind !== 'fault' && decoded.kind !== 'state.v1') return decoded;
  const { topic, partition, offset } = record;
  const found = decoded.kind === 'fault' ? `${decoded.code} ${decoded.detail}` : decoded.kind;
  throw new Error(`${topic}/${partition} offset ${offset}: ${found}`);
}
