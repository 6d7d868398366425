// Waits for what must come true, and says what was found instead when it does not.

import { setTimeout as pause } from 'node:timers/promises';

const withinMsDefault = 20_000;
const lookEveryMs = 40;

/**
 * Looks again and again until `look` throws no more, and answers what it answered; after the
 * deadline rejects with what it threw last. `look` is a handful of assertions.
 */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  withinMs = withinMsDefault,
): Promise<T> {
  const deadlineAt = performance.now() + withinMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > deadlineAt) {
        const found = error instanceof Error ? error.message : String(error);
        throw new Error(`wanted within ${withinMs} ms: ${what}; found: ${found}`, { cause: error });
      }
    }
    await pause(lookEveryMs);
  }
}
