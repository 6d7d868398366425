// The end of a stream: what is under way ends, its places are committed, the group is left at once,
// so that others go on where we stopped.

import type { Logger } from '../runtime/log.ts';
import type { Looks } from './looks.ts';
import type { Ownership } from './ownership.ts';
import type { StreamParts } from './parts.ts';

export interface DrainOptions<State> {
  readonly parts: StreamParts<State>;
  readonly ownership: Pick<Ownership<State>, 'idle' | 'endTenure'>;
  readonly looks: Pick<Looks<State>, 'stop'>;
  /** At the very end, in this order. */
  readonly closing: readonly { close(): Promise<void> }[];
  readonly log: Logger;
}

/** Of the drain's time, for the group to be left and connections to close. */
const leavingMsMax = 3000;

/** Resolves within STREAM_DRAIN_MS, more or less. */
export async function drain<State>(options: DrainOptions<State>): Promise<void> {
  const { parts, ownership, looks, closing, log } = options;
  const { drainMs } = parts.config;
  const leavingMs = Math.min(leavingMsMax, drainMs / 4);
  parts.life.stopping();
  looks.stop();
  if (!(await isDoneWithin(ownership.idle(), drainMs - leavingMs))) {
    log.warn('Not all slices ended in time; the next owner applies their records.');
    ownership.endTenure();
  }
  await isDoneWithin(parts.commits.flush(), leavingMs / 3);
  await isDoneWithin(parts.consumer.stop(), leavingMs / 3);
  const closed = Promise.all(closing.map((part) => part.close()));
  await isDoneWithin(closed, leavingMs / 3);
}

/** What is late or fails changes nothing any more: the process ends. */
async function isDoneWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  const done = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
