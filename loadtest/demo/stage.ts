// All that a demo needs before the first frame: brokers, topics, schemas, services. What was
// raised is taken down in the opposite order, also after a failure half way.

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimPorts } from '#deploy/local/ports.ts';
import { type Stack, type StackOptions, startStack } from '#deploy/local/stack.ts';
import { createDecoder, type Decoder } from '#shared/avro/decoder.ts';
import { createRegistry } from '#shared/avro/registry.ts';
import { loadSchemaIds } from '#shared/avro/schema-ids.ts';
import { createKafkaClient, type KafkaClient } from '#shared/kafka/client.ts';
import { type PartitionEnds, readEnds } from '#shared/kafka/reader.ts';
import type { Environment } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { createSigner, type Signer } from '../fleet/signer.ts';
import { ledgerTopics } from '../ledger/read-topics.ts';
import { type Addresses, type ClientConfig, clientConfigOf, environmentOf } from './addresses.ts';
import { BridgeCrew } from './bridge-crew.ts';
import { attempt } from './demo-failed.ts';
import { StateCrew } from './state-crew.ts';
import { applyTopicsAndSchemas } from './topics-and-schemas.ts';

export interface Stage {
  readonly addresses: Addresses;
  /** Logs, ledger, schema ids. */
  readonly dir: string;
  readonly config: ClientConfig;
  readonly client: KafkaClient;
  readonly decoder: Decoder;
  /** Where the topics ended before the first frame. */
  readonly ends: PartitionEnds;
  readonly crew: BridgeCrew;
  readonly stateCrew: StateCrew;
  /** Whose key the bridges have. */
  readonly signer: Signer;
  /** Answers the services that did not stop as they should. Safe to call twice. */
  takeDown(): Promise<readonly string[]>;
}

export interface StageOptions {
  readonly stack: StackOptions;
  readonly env: Environment;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Rejects with nothing left behind. */
export async function raiseStage(options: StageOptions): Promise<Stage> {
  const { say, signal } = options;
  const stack = await startStack({ ...options.stack, say });
  const steps: (() => unknown)[] = [() => stack.stop()];
  const takeDown = createTakeDown(steps);
  try {
    signal.throwIfAborted();
    return { ...(await raise(stack, steps, options)), takeDown };
  } catch (error) {
    await takeDown();
    throw error;
  }
}

type Raised = Omit<Stage, 'takeDown'>;

async function raise(
  stack: Stack,
  steps: (() => unknown)[],
  { stack: { brokers = 1 }, env, say, signal }: StageOptions,
): Promise<Raised> {
  const { dir, mqttUrl, kafkaBrokers, registryUrl, redisUrl } = stack;
  const addresses = { mqttUrl, kafkaBrokers, registryUrl, redisUrl };
  const idsFile = join(dir, 'schema-ids.json');
  const config = { ...clientConfigOf(addresses, env), registryIdsFile: idsFile };
  const log = fileLogger(join(dir, 'demo.log'));
  const client = createKafkaClient(config, log);
  steps.push(() => client.destroy());
  const release = { client, brokers, registry: config, idsFile, signal };
  await attempt('Applying topics and schemas', signal, applyTopicsAndSchemas(release));
  say('Topics and schemas are applied.');
  const ids = await loadSchemaIds({ config, log, signal });
  const decoder = createDecoder({ ids, schemaById: createRegistry(config).schemaById });
  const ends = await readEnds(client, ledgerTopics);
  const ports = await claimPorts();
  steps.push(() => ports.release());
  const signer = createSigner();
  const serviceEnv = {
    ...environmentOf(addresses, env),
    REGISTRY_IDS_FILE: idsFile,
    BRIDGE_SIGNATURES: 'gb32960-2025=check',
    BRIDGE_SIGNATURE_KEYS_FOLDER: keysFolder(dir, signer),
  };
  const crewOptions = { env: serviceEnv, dir, ports, signal };
  const [crew, stateCrew] = [new BridgeCrew(crewOptions), new StateCrew(crewOptions)];
  steps.push(
    () => stateCrew.stop(),
    () => crew.stop(),
  );
  await Promise.all([crew.start(), crew.start(), stateCrew.start()]);
  for (const { name, opsUrl } of [...crew.running, ...stateCrew.running]) {
    say(`${name} is ready: ${opsUrl}/metrics`);
  }
  return { addresses, dir, config, client, decoder, ends, crew, stateCrew, signer };
}

/** With the one key of all cars. */
function keysFolder(dir: string, { publicKeyPem }: Signer): string {
  const folder = join(dir, 'signature-keys');
  mkdirSync(folder);
  writeFileSync(join(folder, 'default.pem'), publicKeyPem);
  return folder;
}

function createTakeDown(steps: (() => unknown)[]): () => Promise<readonly string[]> {
  let result: Promise<readonly string[]> | undefined;
  const run = async () => {
    const faults: string[] = [];
    for (const step of steps.reverse()) {
      const found = await step();
      if (Array.isArray(found)) faults.push(...(found as string[]));
    }
    return faults;
  };
  return () => {
    result ??= run();
    return result;
  };
}

function fileLogger(path: string) {
  const destination = { write: (line: string) => appendFileSync(path, line) };
  return createLogger({ level: 'info', name: 'demo', destination });
}
