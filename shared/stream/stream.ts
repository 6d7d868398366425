// The stream: what all processors share between Kafka and the state of their vehicles. This is its
// wiring and its life; partition-worker.ts is one partition, slice.ts what happens to its records.

import type { Decoder } from '../avro/decoder.ts';
import type { Encoders } from '../avro/encoder.ts';
import type { ConsumerOptions, StreamConsumer } from '../kafka/consumer.ts';
import { partitionOf } from '../kafka/partitioner.ts';
import type { Producer } from '../kafka/producer.ts';
import type { Logger } from '../runtime/log.ts';
import type { MetricsRegistry } from '../runtime/metrics.ts';
import { CommitClock } from './commit-clock.ts';
import { drain } from './drain.ts';
import { Life } from './life.ts';
import type { StreamLogs } from './logs.ts';
import { createCounters, registerMetrics } from './metrics.ts';
import { Absences, type Neighbour } from './neighbours.ts';
import { Outputs } from './outputs.ts';
import { Ownership } from './ownership.ts';
import type { StreamParts } from './parts.ts';
import type { Processor } from './processor.ts';
import { createQuarantine } from './quarantine.ts';
import type { StreamConfig } from './settings.ts';
import type { StateStore } from './store.ts';
import { Turns } from './turns.ts';

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
  /** For readiness: null, no partition waits for it. Told when that changes. */
  readonly onTrouble?: (neighbour: Neighbour, trouble: string | null) => void;
  /** For readiness: null, all topics have as many partitions as they had. Told after each look. */
  readonly onPartitions?: (trouble: string | null) => void;
  /** Epoch ms; ages, silence and refresh are judged by it. */
  readonly now?: () => number;
  /** `performance.now`: membership is judged by it. */
  readonly monotonicNow?: () => number;
}

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
  const { processor, config, createConsumer, store, producer, registry, log } = options;
  const ownership: Ownership<State> = new Ownership(processor.inputs);
  const consumer = createConsumer({
    groupId: processor.group,
    topics: processor.inputs.map(({ topic }) => topic),
    concurrentPartitions: config.concurrentPartitions,
    sessionTimeoutMs: config.sessionMs,
    heartbeatMs: config.heartbeatMs,
    handlers: ownership,
  });
  const parts = partsOf(options, { consumer, cachedMax: () => ownership.cachedMax(config) });
  const looks = ownership.use(parts);
  const { inputs } = processor;
  registerMetrics(registry, { inputs, counters: parts.counters, gauges: looks });
  const { life } = parts;
  consumer.failed.catch((error) => life.fail(error));
  let stopped: Promise<void> | null = null;
  return {
    failed: life.failed,
    async start(signal) {
      await consumer.start(signal);
      looks.start();
      void looks.look();
    },
    stop() {
      stopped ??= drain({ parts, ownership, looks, closing: [producer, store], log });
      return stopped;
    },
    aliveFault: () => life.standstill(consumer.aliveAt),
  };
}

interface Given {
  readonly consumer: StreamConsumer;
  readonly cachedMax: () => number;
}

/** Each holds the vehicles of a partition in memory. */
const rebuildsAtOnce = 2;

function partsOf<State>(
  options: StreamOptions<State>,
  { consumer, cachedMax }: Given,
): StreamParts<State> {
  const { processor, config, store, producer, encoders, decoder, logs, registry, log } = options;
  const { now = Date.now, monotonicNow = () => performance.now() } = options;
  const { onTrouble = () => undefined, onPartitions = () => undefined } = options;
  const counters = createCounters(registry, processor.inputs);
  const onRefused = () => {
    counters.outputsRefusedCount += 1;
  };
  return {
    ...{ processor, config, consumer, store, decoder, logs, counters, log, now, monotonicNow },
    ...{ producer, onPartitions },
    outputs: new Outputs({ producer, log, onRefused }),
    quarantine: createQuarantine({ encoders, now }),
    partitionOf: (topic, key) => partitionOf(key, producer.partitionCount(topic)),
    commits: new CommitClock({ consumer, commitMs: config.commitMs }),
    absences: new Absences({ log, onTrouble, now }),
    rebuildTurns: new Turns(rebuildsAtOnce),
    life: new Life(monotonicNow),
    cachedMax,
  };
}
