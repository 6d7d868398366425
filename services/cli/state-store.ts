// The state of the processors in Redis, as the commands reach it.

import { type Environment, loadConfig } from '#shared/runtime/config.ts';
import { FatalError } from '#shared/runtime/retry.ts';
import { createRedisClient } from '#shared/stream/redis-client.ts';
import { RedisAwayError } from '#shared/stream/redis-failures.ts';
import { redisSettings } from '#shared/stream/redis-settings.ts';
import { createRedisStore } from '#shared/stream/redis-store.ts';
import type { StateStore } from '#shared/stream/store.ts';
import { consumerGroups } from '#shared/topics.ts';
import { CommandFailed } from './context.ts';
import { silent } from './neighbours.ts';
import { stateInputs } from './stream-inputs.ts';

/** What does not take a partition from its owner. */
export type StateDesk = Pick<StateStore, 'load' | 'forget' | 'close'>;

/** Throws ConfigError, also where REDIS_URL is not set. */
export function requireStateStore(env: Environment): StateDesk {
  const config = loadConfig(redisSettings, { env });
  const redis = createRedisClient(config, silent);
  return createRedisStore({ redis, group: consumerGroups.state, inputCount: stateInputs.length });
}

/** Null is handed over where REDIS_URL is not set: a command that can do without then does. */
export async function withStateStore<T>(
  env: Environment,
  work: (store: StateDesk | null) => Promise<T>,
): Promise<T> {
  if (env['REDIS_URL'] === undefined || env['REDIS_URL'] === '') return work(null);
  const store = requireStateStore(env);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** What is no failure of Redis's comes back as it is. */
export function redisFailure(error: unknown): unknown {
  const isOfRedis = error instanceof RedisAwayError || error instanceof FatalError;
  return isOfRedis ? new CommandFailed(error.message, { cause: error }) : error;
}
