// Looks at the headroom each second, and says once when the broker must be dropping frames.

import type { Logger } from '#shared/runtime/log.ts';
import type { Headroom } from './headroom.ts';

export interface HeadroomWatchOptions {
  readonly headroom: Pick<Headroom, 'look' | 'seconds' | 'isInUse'>;
  readonly log: Logger;
  /** After each look. */
  readonly onLook?: () => void;
}

const lookMs = 1000;

/** A window that is full now and then at its limit is one trouble, not many. */
const endAfterLooks = 10;

/** Answers with what stops it. */
export function watchHeadroom({ headroom, log, onLook }: HeadroomWatchOptions): () => void {
  let isTold = false;
  let calmLooks = 0;
  const look = (): void => {
    headroom.look();
    onLook?.();
    const isUsedUp = headroom.isInUse && headroom.seconds === 0;
    calmLooks = headroom.isInUse ? 0 : calmLooks + 1;
    if (isUsedUp && !isTold) {
      isTold = true;
      log.error(usedUpSentence);
    } else if (isTold && calmLooks >= endAfterLooks) {
      isTold = false;
      log.info('Nothing waits with the broker any more.');
    }
  };
  const timer = setInterval(look, lookMs);
  timer.unref();
  return () => clearInterval(timer);
}

const usedUpSentence =
  'The broker’s queue for us is full by our reckoning: it drops frames until Kafka takes more.';
