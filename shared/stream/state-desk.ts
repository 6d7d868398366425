// One vehicle at a time, for people: reads a value and removes it, and never takes a partition from
// its owner. A Redis that is away is told at once.

import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { failureOf } from './redis-failures.ts';
import { addressOf, checkRedisConfig, type RedisConfig, tlsMaterialOf } from './redis-settings.ts';
import type { StateStore } from './store.ts';

export type StateDesk = Pick<StateStore, 'load' | 'forget' | 'close'>;

export interface StateDeskOptions {
  /** Of the processor: the first word of its keys. */
  readonly group: string;
  readonly config: RedisConfig;
}

/** Throws ConfigError. Connects with the first call, which then rejects where it cannot. */
export function createStateDesk({ group, config }: StateDeskOptions): StateDesk {
  checkRedisConfig(config);
  const { host, port } = addressOf(config);
  const redis = clientOf(config);
  // Each call rejects with it; without a listener it would end the process.
  redis.on('error', () => {});
  const keyOf = (partition: number) => `${group}:{${group}:${partition}}`;
  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      if (redis.status === 'wait') await redis.connect();
      return await work();
    } catch (error) {
      throw failureOf(error, `${host}:${port}`);
    }
  };
  return {
    load: (partition, vehicleIds) => {
      const fields = vehicleIds.map((vehicleId) => `v${vehicleId}`);
      return asked(() => redis.hmgetBuffer(keyOf(partition), ...fields));
    },
    forget: (partition, vehicleId) =>
      asked(async () => {
        const key = keyOf(partition);
        const removed = await redis.eval(forgetScript, 1, key, `v${vehicleId}`);
        return removed === 1;
      }),
    close: async () => redis.disconnect(),
  };
}

/** The count tells the owner to drop what it remembers; a key without an epoch has no owner. */
const forgetScript = `
local removed = redis.call('HDEL', KEYS[1], ARGV[1])
if redis.call('HEXISTS', KEYS[1], 'e') == 1 then redis.call('HINCRBY', KEYS[1], 'f', 1) end
return removed
`;

function clientOf(config: RedisConfig): Redis | Cluster {
  const { host, port, database, isTls } = addressOf(config);
  const options = {
    connectTimeout: config.redisTimeoutMs,
    commandTimeout: config.redisTimeoutMs,
    maxRetriesPerRequest: 0,
    ...(config.redisUsername !== undefined && { username: config.redisUsername }),
    ...(config.redisPassword !== undefined && { password: config.redisPassword }),
    ...(isTls && { tls: { ...tlsMaterialOf(config), ...serverNameOf(config) } }),
  } satisfies RedisOptions;
  const once = { lazyConnect: true, retryStrategy: () => null };
  if (!config.redisClusterEnabled) {
    return new Redis({ host, port, db: database, ...options, ...once });
  }
  return new Cluster([{ host, port }], {
    lazyConnect: true,
    clusterRetryStrategy: () => null,
    redisOptions: options,
  });
}

function serverNameOf({ redisTlsServerName: servername }: RedisConfig) {
  return servername === undefined ? {} : { servername };
}
