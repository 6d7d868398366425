// The addresses that integration tests talk to: of the stack that `npm test` shares among the
// files, else of one that is started for this file alone.
import { after } from 'node:test';
import { startStack } from '#deploy/local/stack.ts';

export interface StackAddresses {
  readonly mqttUrl: string;
  /** host:port, comma-separated. */
  readonly kafkaBrokers: string;
  readonly registryUrl: string;
}

/** How `npm test` hands the addresses to the files it runs. */
export const STACK_ENV = {
  mqttUrl: 'STACK_MQTT_URL',
  kafkaBrokers: 'STACK_KAFKA_BROKERS',
  registryUrl: 'STACK_REGISTRY_URL',
} as const;

/**
 * Call it at the top level of a test file: `const stack = await sharedStack();`. Nobody may stop
 * what it returns; a test that takes Kafka or the registry away starts a stack of its own.
 */
export async function sharedStack(): Promise<StackAddresses> {
  const mqttUrl = process.env[STACK_ENV.mqttUrl];
  const kafkaBrokers = process.env[STACK_ENV.kafkaBrokers];
  const registryUrl = process.env[STACK_ENV.registryUrl];
  const external = { mqttUrl, kafkaBrokers, registryUrl };
  if (mqttUrl && kafkaBrokers && registryUrl) return { mqttUrl, kafkaBrokers, registryUrl };
  const stack = await startStack({ external, say: (line) => process.stderr.write(`${line}\n`) });
  after(() => stack.stop());
  return stack;
}
