// One line a minute while nothing arrives, with the likely causes: silence has many fathers.

import type { Logger } from '#shared/runtime/log.ts';

export interface QuietOptions {
  readonly log: Logger;
  /** Frames received so far. */
  readonly receivedCount: () => number;
  /** What the bridge knows to be wrong; null where nothing is. */
  readonly troubles: () => readonly (string | null)[];
  readonly filters: readonly string[];
  readonly intervalMs?: number;
}

const usualCauses = [
  'no vehicle publishes to these filters',
  'the broker’s rules keep this account from reading them',
  'the other members of the group get all frames',
];

/** Answers with what stops it. */
export function watchQuiet(options: QuietOptions): () => void {
  const { log, receivedCount, troubles, filters, intervalMs = 60_000 } = options;
  let before = receivedCount();
  const look = (): void => {
    const now = receivedCount();
    if (now === before) {
      const known = troubles().filter((trouble) => trouble !== null);
      const likelyCauses = known.length > 0 ? known : usualCauses;
      log.info({ filters, likelyCauses }, 'Nothing has arrived for a minute.');
    }
    before = now;
  };
  const timer = setInterval(look, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
