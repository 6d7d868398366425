// A neighbour is away: try again with full jitter until it answers or we are told to stop.
// Says so once at the start and once at the end, however long it lasts.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './log.ts';

export interface RetryOptions {
  /** The neighbour, as it shall stand in the log: `Kafka`. */
  readonly what: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Upper bound of the first wait; doubles with every attempt. */
  readonly minMs?: number;
  /** Upper bound of any wait. */
  readonly maxMs?: number;
  /** For tests. */
  readonly random?: () => number;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly now?: () => number;
}

/**
 * Resolves with the first result of `attempt`. Rejects only with the signal's reason once it
 * aborts, or with a FatalError of the attempt. `attempt` must end by itself when the signal aborts:
 * a connection that it still opens would have no owner.
 */
export async function retryForever<T>(
  options: RetryOptions,
  attempt: (signal: AbortSignal, count: number) => Promise<T>,
): Promise<T> {
  const { what, log, signal, wait = delay, random = Math.random, now = Date.now } = options;
  const bounds = { minMs: options.minMs ?? 500, maxMs: options.maxMs ?? 30_000 };
  let awaySince = 0;
  for (let count = 1; ; count++) {
    signal.throwIfAborted();
    try {
      const result = await attempt(signal, count);
      if (count > 1) {
        log.info({ what, attempts: count, awayMs: now() - awaySince }, 'A neighbour is back.');
      }
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof FatalError) throw error;
      if (count === 1) {
        awaySince = now();
        log.warn(
          { what, cause: messageOf(error) },
          'A neighbour is away; trying until it is back.',
        );
      }
      log.debug({ what, attempt: count, cause: messageOf(error) }, 'An attempt failed.');
    }
    await wait(backoffMs(count, random, bounds), signal);
  }
}

/** No retry can mend this: refused credentials, a wrong setting. */
export class FatalError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FatalError';
    this.code = code;
  }
}

export interface BackoffBounds {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * Full jitter: anywhere between 0 and the bound, so that a thousand replicas that lost a broker at
 * the same instant don't come back at the same instant. `attempt` counts from 1.
 */
export function backoffMs(
  attempt: number,
  random: () => number = Math.random,
  { minMs, maxMs }: BackoffBounds = { minMs: 500, maxMs: 30_000 },
): number {
  return Math.floor(random() * Math.min(maxMs, minMs * 2 ** (attempt - 1)));
}

/** Rejects with the signal's reason as soon as it aborts. */
export async function delay(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    // The timer rejects with an AbortError of its own; callers compare with the signal's reason.
    signal.throwIfAborted();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
