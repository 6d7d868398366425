// The end of a bridge: stop reading, let Kafka store what is here, acknowledge exactly that, leave.

import type { Producer } from '#shared/kafka/producer.ts';
import type { Logger } from '#shared/runtime/log.ts';
import type { Lanes } from './lanes.ts';
import type { Source } from './source/source.ts';

export interface DrainOptions {
  readonly source: Pick<Source, 'drain' | 'disconnect' | 'inFlightMessageCount'>;
  readonly lanes: Pick<Lanes, 'flush' | 'idle' | 'stop'>;
  readonly producer: Pick<Producer, 'close'>;
  readonly drainMs: number;
  readonly log: Logger;
}

/** Of the drain's time, for PUBACKs to be written and the brokers to close. */
const closingMsMax = 3000;

/** Resolves within `drainMs`, more or less. No UNSUBSCRIBE: brokers differ in what it does. */
export async function drain(options: DrainOptions): Promise<void> {
  const { source, lanes, producer, drainMs, log } = options;
  const closingMs = Math.min(closingMsMax, drainMs / 4);
  const drained = source.drain();
  lanes.flush();
  // Also records of lost connections: the broker may be gone, and these bytes with it.
  const isStored = await isDoneWithin(Promise.all([drained, lanes.idle()]), drainMs - closingMs);
  lanes.stop();
  if (!isStored) {
    const inFlight = source.inFlightMessageCount;
    log.warn({ inFlight }, 'Kafka did not store all in time; the rest goes back un-acknowledged.');
  }
  await source.disconnect(closingMs / 2);
  await isDoneWithin(producer.close(), closingMs / 2);
}

async function isDoneWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  const done = work.then(() => true);
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
