// The processor of vehicle state: the rules as the stream calls them.

import type { Decoder } from '#shared/avro/decoder.ts';
import type { Encoders } from '#shared/avro/encoder.ts';
import type { Processor, StreamInput } from '#shared/stream/processor.ts';
import { consumerGroups, kafkaTopics } from '#shared/topics.ts';
import { applyDuplicate, applyRecord, type StateTiming } from './apply.ts';
import { changeOf } from './change.ts';
import { decodeState, encodeState } from './codec.ts';
import type { Fleet } from './fleet.ts';
import { presenceDueAt, tickPresence } from './presence.ts';
import { createState, type WorkingState } from './vehicle-state.ts';

export interface StateProcessorParts {
  readonly timing: StateTiming;
  readonly encoders: Pick<Encoders, 'encodeVehicleState'>;
  readonly decoder: Decoder;
  /** Figures over the vehicles of this replica; none are kept without it. */
  readonly fleet?: Pick<Fleet, 'observe' | 'release'>;
}

/** In the order of `provenance.appliedOffsets` in the schema: never changed. */
export const stateInputs: readonly StreamInput[] = [
  { topic: kafkaTopics.telemetry, urgency: 'live' },
  { topic: kafkaTopics.backfill, urgency: 'backfill' },
  { topic: kafkaTopics.lifecycle, urgency: 'live' },
  { topic: kafkaTopics.heartbeat, urgency: 'live' },
];

export function createStateProcessor(parts: StateProcessorParts): Processor<WorkingState> {
  const { timing, encoders, decoder, fleet } = parts;
  return {
    group: consumerGroups.state,
    inputs: stateInputs,
    stateTopic: kafkaTopics.state,
    create: createState,
    apply: (state, record) => applyRecord(state, record, timing),
    applyDuplicate: (state, record) => applyDuplicate(state, record, timing),
    tick: (state, nowMs) => changeOf(tickPresence(state, nowMs, timing)),
    dueAt: (state) => presenceDueAt(state, timing),
    encode: (state, provenance) => encodeState(encoders, state, provenance),
    decode: (value) => decodeState(decoder, value),
    observe: (partition, vehicleId, state) => fleet?.observe(partition, vehicleId, state),
    release: (partition) => fleet?.release(partition),
  };
}
