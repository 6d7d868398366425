// What every partition of a stream works with.

import type { Decoder } from '../avro/decoder.ts';
import type { StreamConsumer } from '../kafka/consumer.ts';
import type { Producer } from '../kafka/producer.ts';
import type { Logger } from '../runtime/log.ts';
import type { CommitClock } from './commit-clock.ts';
import type { Life } from './life.ts';
import type { StreamLogs } from './logs.ts';
import type { StreamCounters } from './metrics.ts';
import type { Absences } from './neighbours.ts';
import type { Outputs } from './outputs.ts';
import type { Processor } from './processor.ts';
import type { Quarantine } from './quarantine.ts';
import type { StreamConfig } from './settings.ts';
import type { StateStore } from './store.ts';
import type { Turns } from './turns.ts';

export interface StreamParts<State> {
  readonly processor: Processor<State>;
  readonly config: StreamConfig;
  readonly consumer: StreamConsumer;
  readonly store: StateStore;
  readonly producer: Pick<Producer, 'partitions'>;
  readonly onPartitions: (trouble: string | null) => void;
  readonly outputs: Outputs;
  readonly quarantine: Quarantine;
  /** Of an output topic. Throws where the producer is not connected to it. */
  readonly partitionOf: (topic: string, key: Buffer) => number;
  readonly decoder: Decoder;
  readonly logs: StreamLogs;
  readonly commits: CommitClock;
  readonly counters: StreamCounters;
  readonly absences: Absences;
  /** Each holds a partition's vehicles in memory: never many at once. */
  readonly rebuildTurns: Turns;
  /** Share of STREAM_CACHE_VEHICLES that a partition has. */
  readonly cachedMax: () => number;
  readonly life: Life;
  readonly log: Logger;
  /** Epoch ms. */
  readonly now: () => number;
  readonly monotonicNow: () => number;
}
