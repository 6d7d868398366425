// What a processor is to the stream: pure rules over the records of one vehicle. The stream brings
// the state, drops duplicates, stores what comes of it, and says when time has passed.

import type { Lifecycle, Telemetry } from '../avro/types.generated.ts';
import type { KafkaTopic } from '../topics.ts';

export interface Processor<State> {
  /** The Kafka consumer group, and the first word of every Redis key. */
  readonly group: string;
  readonly inputs: readonly StreamInput[];
  /** Compacted; holds each vehicle's state, so that Redis can be rebuilt from it. */
  readonly stateTopic: KafkaTopic;
  create(vehicleId: string): State;
  /**
   * Changes the state in place. Pure otherwise: the same state and record give the same change.
   * Idempotent by event time, since a duplicate older than the ring comes here too. A throw is a
   * poison record: tried again twice on a fresh copy of the state, then put into quarantine.
   */
  apply(state: State, record: StreamRecord, emit: Emit): Change;
  /** For a record that has been applied before: what it tells beside its content. */
  applyDuplicate(state: State, record: StreamRecord): Change;
  /** Nothing more came before `nowMs` (epoch ms): everything stored until then has been applied. */
  tick(state: State, nowMs: number, emit: Emit): Change;
  /** Epoch ms from which a tick may change something; Infinity: never. */
  dueAt(state: State): number;
  /** Confluent wire format of `stateTopic`. */
  encode(state: State, provenance: StateProvenance): Buffer;
  /** What `encode` wrote, also an earlier version of it. Rejects where it cannot be read. */
  decode(value: Buffer): DecodedState<State> | Promise<DecodedState<State>>;
  /**
   * For figures over the vehicles that are owned: this state is stored. After each write, and for
   * each vehicle that the scan of a claimed partition or a rebuild finds. Must not change it.
   */
  observe?(partition: number, vehicleId: string, state: State): void;
  /** What was observed of the partition counts no more: it is lost, or will be observed anew. */
  release?(partition: number): void;
}

export interface DecodedState<State> {
  readonly state: State;
  readonly provenance: StateProvenance;
}

/**
 * live: always read. backfill: waits while a live input of the same partition lags, so that old
 * data never delays new data.
 */
export interface StreamInput {
  readonly topic: KafkaTopic;
  readonly urgency: 'live' | 'backfill';
}

export type StreamRecord = StreamTelemetry | StreamLifecycle;

interface StreamPlace {
  readonly topic: KafkaTopic;
  readonly partition: number;
  readonly offset: number;
  readonly vehicleId: string;
}

export interface StreamTelemetry extends StreamPlace {
  readonly kind: 'telemetry.v1';
  readonly value: Telemetry;
}

export interface StreamLifecycle extends StreamPlace {
  readonly kind: 'lifecycle.v1';
  readonly value: Lifecycle;
}

/**
 * none: nothing. quiet: the state moved on, but readers can wait for it (written to the state topic
 * within STREAM_REFRESH_MS). loud: readers want to know now.
 */
export type Change = 'none' | 'quiet' | 'loud';

/** An output beside the state: same key, stored before the state is. Ids must be deterministic. */
export type Emit = (topic: KafkaTopic, value: Buffer) => void;

/** Offsets in the order of `Processor.inputs`; -1 for none. */
export interface StateProvenance {
  readonly epoch: number;
  /** Latest record of this vehicle that is in the state. */
  readonly appliedOffsets: readonly number[];
  /** Everything before these, in this partition, is in the state topic already. */
  readonly replayFromOffsets: readonly number[];
}
