// Follows the topics while a demo runs, for the live table and for the states that come of it.

import { follow, type ReadRecord } from '#shared/kafka/reader.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { ledgerTopics } from '../ledger/read-topics.ts';
import type { LiveView } from './live-view.ts';
import type { Stage } from './stage.ts';
import type { StateView } from './state-view.ts';

export interface Watching {
  stop(): Promise<void>;
}

export interface Views {
  readonly view: LiveView;
  readonly stateView: StateView;
}

/** From now on; resolves when every further record will be seen. */
export async function watch(
  { client, decoder }: Pick<Stage, 'client' | 'decoder'>,
  { view, stateView }: Views,
  signal: AbortSignal,
): Promise<Watching> {
  const stop = new AbortController();
  const onRecord = ({ topic, timestamp, value }: ReadRecord): void => {
    const decoded = decoder.decode(value ?? Buffer.alloc(0));
    if (decoded instanceof Promise) return;
    if (topic === kafkaTopics.state) stateView.stored(decoded);
    else view.stored(topic, timestamp, decoded);
  };
  const ready = Promise.withResolvers<void>();
  const following = follow({
    client,
    topics: [...ledgerTopics, kafkaTopics.state],
    onRecord,
    from: 'end',
    signal: AbortSignal.any([stop.signal, signal]),
    onReady: ready.resolve,
  });
  await Promise.race([ready.promise, following]);
  return {
    async stop(): Promise<void> {
      stop.abort();
      await following;
    },
  };
}
