// Records for the tests of the rules: of one vehicle, at simulated times.

import { defaultTiming } from '#services/state/apply.ts';
import { createStateProcessor } from '#services/state/processor.ts';
import { createDecoder } from '#shared/avro/decoder.ts';
import { createEncoders, type SchemaIds } from '#shared/avro/encoder.ts';
import type { Lifecycle, Telemetry } from '#shared/avro/types.generated.ts';
import type { StreamLifecycle, StreamRecord, StreamTelemetry } from '#shared/stream/processor.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { sampleLifecycle, sampleTelemetry } from '#test/shared/avro/sample-records.ts';

export const vehicleId = 'LTEST000000000042';

/** Epoch ms; tests count from here. */
export const startAt = Date.UTC(2026, 4, 17, 8);

export const timing = defaultTiming;

const ids: SchemaIds = {
  'vehicle.telemetry.v1': 1,
  'vehicle.backfill.v1': 1,
  'vehicle.lifecycle.v1': 2,
  'vehicle.heartbeat.v1': 2,
  'vehicle.part.v1': 2,
  'vehicle.quarantine.v1': 3,
  'vehicle.state.v1': 4,
};

export const encoders = createEncoders(ids);
export const decoder = createDecoder({ ids, schemaById: async () => null });
export const processor = createStateProcessor({ timing, encoders, decoder });

/** A report `atS` seconds after the start, received half a second later. */
export function reportAt(atS: number, change: Partial<Telemetry> = {}): StreamTelemetry {
  const eventTime = startAt + atS * 1000;
  const value = sampleTelemetry({ eventTime, receivedTime: eventTime + 500, ...change });
  const topic = value.isReissued ? kafkaTopics.backfill : kafkaTopics.telemetry;
  return { kind: 'telemetry.v1', topic, partition: 0, offset: 0, vehicleId, value };
}

/** A report in which nothing stands, so that a test says what it is about. */
export function bareReportAt(atS: number, change: Partial<Telemetry> = {}): StreamTelemetry {
  const nothing = {
    ...{ position: null, vehicle: null, motors: [], fuelCell: null, engine: null },
    ...{ extremes: null, alarms: [], packs: [] },
  };
  return reportAt(atS, { ...nothing, ...change });
}

/** Received `atS` seconds after the start. */
export function eventAt(
  atS: number,
  event: string,
  change: Partial<Lifecycle> = {},
): StreamLifecycle {
  const receivedTime = startAt + atS * 1000;
  const value = sampleLifecycle({ event, eventTime: receivedTime, receivedTime, ...change });
  const topic = event === 'heartbeat' ? kafkaTopics.heartbeat : kafkaTopics.lifecycle;
  return { kind: 'lifecycle.v1', topic, partition: 0, offset: 0, vehicleId, value };
}

export function stateOf(records: readonly StreamRecord[]) {
  const state = processor.create(vehicleId);
  for (const record of records) processor.apply(state, record, noEmit);
  return state;
}

export function noEmit(): never {
  throw new Error('vehicle state has no outputs beside the state');
}

/** Without the classes of avsc, which no comparison cares for. */
export function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
