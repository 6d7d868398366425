// The stream: what all processors share between Kafka and the state of their vehicles. This is its
// wiring and its life; partition-worker.ts is one partition, slice.ts what happens to its records.

import type { Decoder } from '../avro/decoder.ts';
import type { Encoders } from '../avro/encoder.ts';
import type { ConsumerOptions, StreamConsumer } from '../kafka/consumer.ts';
import type { Producer } from '../kafka/producer.ts';
import type { Logger } from '../runtime/log.ts';
import type { MetricsRegistry } from '../runtime/metrics.ts';
import type { StreamLogs } from './logs.ts';
import type { Processor } from './processor.ts';
import type { StreamConfig } from './settings.ts';
import type { StateStore } from './store.ts';

export interface StreamOptions<State> {
  readonly processor: Processor<State>;
  readonly config: StreamConfig;
  /** `(options) => createKafkaConsumer({ config, log, ...options })`: the stream handles. */
  readonly createConsumer: (options: ConsumerOptions) => StreamConsumer;
  readonly store: StateStore;
  /** Connected to the state topic, the quarantine and whatever the processor emits. */
  readonly producer: Producer;
  readonly encoders: Pick<Encoders, 'encodeQuarantined'>;
  readonly decoder: Decoder;
  /** `createKafkaLogs(client)`. */
  readonly logs: StreamLogs;
  readonly registry: MetricsRegistry;
  readonly log: Logger;
  /** For readiness: null, the neighbour is there. Told when it changes. */
  readonly onTrouble?: (neighbour: Neighbour, trouble: string | null) => void;
  /** Epoch ms; ages, silence and refresh are judged by it. */
  readonly now?: () => number;
  /** `performance.now`: membership is judged by it. */
  readonly monotonicNow?: () => number;
}

export type Neighbour = 'Redis' | 'Kafka' | 'registry';

export interface Stream {
  /** Joins the group; resolves when it has. Rejects as `StreamConsumer.start` does. */
  start(signal: AbortSignal): Promise<void>;
  /** Rejects when it cannot go on: a fault of ours, or what no retry mends. Never resolves. */
  readonly failed: Promise<never>;
  /**
   * Slices under way end, their places are committed, the group is left; then producer and store
   * are closed. Resolves within STREAM_DRAIN_MS, more or less. Safe to call twice.
   */
  stop(): Promise<void>;
  /** Why no progress can be expected any more, for /livez; null while there is life. */
  aliveFault(): string | null;
}

export function createStream<State>(options: StreamOptions<State>): Stream {
  throw new Error(`the stream of ${options.processor.group} is not built yet`);
}
