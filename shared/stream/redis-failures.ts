// What a failed command means: Redis is away and will be back, or no retry can mend it.
// Never passes on the client's own errors: they carry the arguments of the command, AUTH's too.

import { FatalError } from '../runtime/retry.ts';

/** Redis cannot be used now: unreachable, starting, full, failing over. Trying again may help. */
export class RedisAwayError extends Error {
  readonly code = 'REDIS_AWAY';
  /** Host and port. */
  readonly redis: string;

  constructor(redis: string, found: string) {
    super(`Redis at ${redis} is away: ${found}`);
    this.name = 'RedisAwayError';
    this.redis = redis;
  }
}

/** What is wrong with us, by the first word of Redis's answer, and what to do about it. */
const ourFaults: Readonly<Record<string, string>> = {
  NOAUTH: 'give REDIS_USERNAME and REDIS_PASSWORD',
  WRONGPASS: 'correct REDIS_USERNAME or REDIS_PASSWORD',
  NOPERM: 'let the ACL user of REDIS_USERNAME do that',
  WRONGTYPE: 'another program uses our keys: give fleetwire a database or a Redis of its own',
  MOVED: 'REDIS_URL leads to a cluster: set REDIS_CLUSTER_ENABLED=true',
  NOSCRIPT: 'its scripts vanish as soon as they are loaded',
  CROSSSLOT: 'keys of one script must share a hash tag, a fault of ours',
};

/** Answers that begin with ERR, or that a script of Redis 6 wraps, told by their words. */
const ourFaultsByWords: readonly (readonly [RegExp, string])[] = [
  [/\bWRONGTYPE\b/, 'WRONGTYPE'],
  [/\bNOPERM\b|script can't run this command|permissions/i, 'NOPERM'],
  [/max number of clients|\b(OOM|READONLY|MISCONF|NOREPLICAS|MASTERDOWN)\b/, ''],
  [/cluster support disabled/, 'NO_CLUSTER'],
  [/unknown command|\bscript\b|\bLua\b/i, 'SCRIPT'],
  [/DB index is out of range/, 'DATABASE'],
];

const whatToDo: Readonly<Record<string, string>> = {
  ...ourFaults,
  NO_CLUSTER: 'REDIS_URL leads to a single Redis: set REDIS_CLUSTER_ENABLED=false',
  SCRIPT: 'Redis 7 or newer, or what answers like it, is wanted',
  DATABASE: 'correct the database in REDIS_URL',
};

/**
 * RedisAwayError, or FatalError with the code `REDIS_<word>`. What we don't know is away: waiting
 * loses nothing, giving up might.
 */
export function failureOf(error: unknown, redis: string): RedisAwayError | FatalError {
  if (error instanceof RedisAwayError || error instanceof FatalError) return error;
  const found = messageOf(error);
  const code = isAnswer(error) ? faultOf(found) : '';
  if (code === '') return new RedisAwayError(redis, found);
  const message = `Redis at ${redis} refuses: ${found}; ${whatToDo[code]}`;
  return new FatalError(`REDIS_${code}`, message);
}

/** The text without anything that was sent: no arguments, no credentials. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // An AggregateError of a refused connect has an empty message.
  const { message, code } = error as NodeJS.ErrnoException;
  const text = message || String(code ?? error.name);
  return text.replace(/,? with args beginning with.*/s, '');
}

function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

function faultOf(answer: string): string {
  const word = answer.split(' ', 1)[0]!;
  if (word in ourFaults) return word;
  if (word !== 'ERR') return '';
  return ourFaultsByWords.find(([pattern]) => pattern.test(answer))?.[1] ?? '';
}
