// Whether this Redis may hold state: one that evicts keys throws partitions away without a word.

import type { Logger } from '../runtime/log.ts';
import { FatalError } from '../runtime/retry.ts';
import type { RedisClient } from './redis-client.ts';

/**
 * Throws FatalError where Redis would evict our keys, logs a WARN where it would some day. Rejects
 * as `RedisClient.call` does, except that a user without the right to ask is no fault.
 */
export async function checkRedis(redis: RedisClient, log: Logger): Promise<void> {
  const fields = { redis: redis.address };
  for (const memory of await readMemory(redis, log)) {
    const verdict = judge(memory);
    if (verdict === 'good') continue;
    if (verdict === 'fatal')
      throw new FatalError('REDIS_EVICTS', evictsText(redis.address, memory));
    log.warn(
      { ...fields, wanted: 'noeviction', found: memory.policy, maxmemory: memory.limitBytes },
      'Redis has another maxmemory-policy than wanted; set maxmemory-policy noeviction there.',
    );
  }
}

interface Memory {
  readonly policy: string;
  /** 0: none. */
  readonly limitBytes: number;
}

/** One of each master. Empty when we may not ask, or Redis does not tell. */
async function readMemory(redis: RedisClient, log: Logger): Promise<readonly Memory[]> {
  try {
    const replies = await redis.callEach('info', ['memory']);
    return replies.map(String).flatMap(memoryOf);
  } catch (error) {
    if ((error as FatalError).code !== 'REDIS_NOPERM') throw error;
    const sentence =
      'This user may not read INFO; see for yourself to maxmemory-policy noeviction.';
    log.info({ redis: redis.address }, sentence);
    return [];
  }
}

function memoryOf(info: string): Memory[] {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  const limit = /^maxmemory:(\d+)/m.exec(info)?.[1];
  return policy === undefined ? [] : [{ policy, limitBytes: Number(limit ?? 0) }];
}

/** Our keys never expire, so `volatile-…` evicts none of them, and nothing does without a limit. */
function judge({ policy, limitBytes }: Memory): 'good' | 'warn' | 'fatal' {
  if (policy === 'noeviction') return 'good';
  return policy.startsWith('allkeys') && limitBytes > 0 ? 'fatal' : 'warn';
}

function evictsText(address: string, { policy, limitBytes }: Memory): string {
  return (
    `Redis at ${address}: want maxmemory-policy noeviction, found ${policy} with a maxmemory of` +
    ` ${limitBytes} bytes, which throws state away; set maxmemory-policy noeviction there`
  );
}
