// Work that needs a neighbour: tried until it is done, or until the partition must be let go.

import { backoffMs, FatalError } from '../runtime/retry.ts';
import type { Neighbour } from './neighbours.ts';
import type { StreamParts } from './parts.ts';

/** The partition is let go: nothing of what was under way may be counted on. */
export const abandoned = Symbol('abandoned');

export type Abandoned = typeof abandoned;

export type Hold = <T>(neighbour: Neighbour, attempt: () => Promise<T>) => Promise<T | Abandoned>;

const pauseBounds = { minMs: 50, maxMs: 2000 };

/**
 * Rejects only for a fault of ours. Heartbeats go on meanwhile; a rebalance ends the wait, so that
 * the join of the whole group is not held up by one neighbour's absence.
 */
export function createHold(
  parts: Pick<StreamParts<never>, 'absences' | 'consumer' | 'life'>,
  partition: number,
  tenure: AbortSignal,
): Hold {
  const { absences, consumer, life } = parts;
  return async (neighbour, attempt) => {
    for (let count = 1; ; count += 1) {
      if (tenure.aborted) return abandoned;
      try {
        const result = await attempt();
        absences.back(neighbour, partition);
        return result;
      } catch (error) {
        if (isOurs(error)) throw error;
        const missing = isRegistryAway(error) ? 'registry' : neighbour;
        absences.away(missing, partition, messageOf(error));
      }
      // An absence that is known is no standstill.
      life.stepped();
      if ((await consumer.heartbeat()) !== 'member') return abandoned;
      await pause(backoffMs(count, Math.random, pauseBounds), tenure);
    }
  };
}

/** What an adapter means when it cannot reach its neighbour is an error of its own, never these. */
export function isOurs(error: unknown): boolean {
  return (
    error instanceof FatalError ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError
  );
}

export function isRegistryAway(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'registry_away';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Ends early, without a word, when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
