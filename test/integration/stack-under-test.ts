// The addresses that integration tests talk to: of the stack that `npm test` shares among the
// files, else of one that is started for this file alone.
import { after } from 'node:test';
import { type External, startStack } from '#deploy/local/stack.ts';

export interface StackAddresses {
  readonly mqttUrl: string;
  /** host:port, comma-separated. */
  readonly kafkaBrokers: string;
  readonly registryUrl: string;
  readonly redisUrl: string;
}

/** How `npm test` hands the addresses to the files it runs. */
export const STACK_ENV = {
  mqttUrl: 'STACK_MQTT_URL',
  kafkaBrokers: 'STACK_KAFKA_BROKERS',
  registryUrl: 'STACK_REGISTRY_URL',
  redisUrl: 'STACK_REDIS_URL',
} as const;

/**
 * Call it at the top level of a test file: `const stack = await sharedStack();`. Nobody may stop
 * what it returns; a test that takes Kafka, the registry or Redis away starts a stack of its own.
 */
export async function sharedStack(): Promise<StackAddresses> {
  const external = stackOfEnv();
  const { mqttUrl, kafkaBrokers, registryUrl, redisUrl } = external;
  if (mqttUrl && kafkaBrokers && registryUrl && redisUrl) {
    return { mqttUrl, kafkaBrokers, registryUrl, redisUrl };
  }
  const stack = await startStack({ external, say: (line) => process.stderr.write(`${line}\n`) });
  after(() => stack.stop());
  return stack;
}

function stackOfEnv(): External {
  return {
    mqttUrl: process.env[STACK_ENV.mqttUrl],
    kafkaBrokers: process.env[STACK_ENV.kafkaBrokers],
    registryUrl: process.env[STACK_ENV.registryUrl],
    redisUrl: process.env[STACK_ENV.redisUrl],
  };
}
