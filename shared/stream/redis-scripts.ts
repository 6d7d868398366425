// The Lua scripts of the state store, called by their digest so that their text travels once.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FatalError } from '../runtime/retry.ts';
import type { RedisArgument, RedisClient } from './redis-client.ts';

export interface RedisScript {
  readonly text: string;
  readonly sha1: string;
}

export const redisScripts = {
  claim: readScript('claim'),
  write: readScript('write'),
  beginRebuild: readScript('begin-rebuild'),
  fillRebuild: readScript('fill-rebuild'),
  finishRebuild: readScript('finish-rebuild'),
  forget: readScript('forget'),
};

export interface ScriptCall {
  readonly script: RedisScript;
  readonly key: string;
  readonly args: readonly RedisArgument[];
}

/** One round trip; two when Redis has not the script yet, or forgot it. Rejects as `call` does. */
export async function runScript(
  redis: RedisClient,
  { script, key, args }: ScriptCall,
): Promise<unknown> {
  const rest = ['1', key, ...args];
  try {
    return await redis.call('evalsha', [script.sha1, ...rest]);
  } catch (error) {
    if ((error as FatalError).code !== 'REDIS_NOSCRIPT') throw error;
    return redis.call('eval', [script.text, ...rest]);
  }
}

function readScript(name: string): RedisScript {
  const text = readFileSync(new URL(`scripts/${name}.lua`, import.meta.url), 'utf8');
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}
