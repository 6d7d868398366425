// Where a run's brokers are, as every program and client here takes it: the environment, with the
// addresses of the stack put in. TLS and credentials for outside brokers come from the environment.

import { registrySettings } from '#shared/avro/settings.ts';
import { kafkaSettings } from '#shared/kafka/settings.ts';
import { mqttSettings } from '#shared/mqtt/settings.ts';
import { type ConfigOf, type Environment, loadConfig } from '#shared/runtime/config.ts';

export interface Addresses {
  readonly mqttUrl: string;
  readonly kafkaBrokers: string;
  readonly registryUrl: string;
  /** Not needed by bridges. */
  readonly redisUrl?: string | undefined;
}

/** The environment of a service. */
export function environmentOf(addresses: Addresses, env: Environment): Environment {
  return {
    ...env,
    MQTT_URL: addresses.mqttUrl,
    KAFKA_BROKERS: addresses.kafkaBrokers,
    REGISTRY_URL: addresses.registryUrl,
    ...(addresses.redisUrl !== undefined && { REDIS_URL: addresses.redisUrl }),
  };
}

const clientTable = { ...mqttSettings, ...kafkaSettings, ...registrySettings };

export type ClientConfig = ConfigOf<typeof clientTable>;

/** What the clients of this process want. Throws ConfigError. */
export function clientConfigOf(addresses: Addresses, env: Environment): ClientConfig {
  return loadConfig(clientTable, { env: environmentOf(addresses, env) });
}
