// States survive encoding whole, and no report that can be decoded stops a partition.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type avro from 'avsc';
import fc from 'fast-check';
import { ownSchemas } from '#shared/avro/schemas.ts';
import type { Telemetry } from '#shared/avro/types.generated.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { sampleTelemetry } from '#test/shared/avro/sample-records.ts';
import {
  bareReportAt,
  encoders,
  eventAt,
  noEmit,
  plain,
  processor,
  reportAt,
  stateOf,
  vehicleId,
} from './reports.ts';

const provenance = {
  epoch: 3,
  appliedOffsets: [4, -1, 2, 9],
  replayFromOffsets: [3, 0, 1, 10],
};

test('decode gives back what encode was given', async () => {
  const fuelCell = {
    ...{ voltageV: 1, currentA: null, fuelConsumptionKgPer100Km: 0.5 },
    ...{ hydrogenMaxTemperatureC: null, hydrogenMaxTemperatureProbe: null },
    ...{ hydrogenMaxConcentrationMgPerKg: 3, hydrogenMaxConcentrationSensor: 1 },
    ...{ hydrogenMaxPressureMpa: 35, hydrogenMaxPressureSensor: 2, hvDcdcStatus: 'working' },
    ...{ hydrogenMaxConcentrationPercent: 2.5, remainingHydrogenPercent: null },
    hvDcdcTemperatureC: 41,
    probeTemperaturesC: [20, null, -40],
  };
  const engine = { status: 'on', crankshaftSpeedRpm: 900, fuelConsumptionLPer100Km: null };
  const states = [
    processor.create(vehicleId),
    stateOf([eventAt(1, 'logout')]),
    stateOf([eventAt(1, 'login'), reportAt(10), reportAt(20, { fuelCell, engine }), reportAt(30)]),
  ];
  for (const state of states) {
    const decoded = await processor.decode(processor.encode(state, provenance));
    assert.deepEqual(plain(decoded), plain({ state, provenance }));
  }
});

test('a state that was read goes on like one that was never stored', async () => {
  const records = [reportAt(10), bareReportAt(20), eventAt(25, 'logout'), reportAt(30)];
  const kept = stateOf(records.slice(0, 2));
  const { state } = await processor.decode(processor.encode(kept, provenance));
  for (const record of records.slice(2)) {
    assert.equal(
      processor.apply(state, record, noEmit),
      processor.apply(kept, record, noEmit),
      record.kind,
    );
  }
  assert.deepEqual(plain(state), plain(kept));
});

test('refuses bytes that are no state, with a code', async () => {
  const telemetry = encoders.encodeTelemetry(kafkaTopics.telemetry, sampleTelemetry());
  const decode = async (bytes: Buffer) => await processor.decode(bytes);
  await assert.rejects(decode(telemetry), { code: 'not_state' });
  await assert.rejects(decode(Buffer.from('none')), { code: 'not_framed' });
  await assert.rejects(decode(Buffer.from([0, 0, 0, 0, 99])), { code: 'schema_unknown' });
});

test('any report that can be decoded is applied, and its state can be stored', () => {
  const { type } = ownSchemas['telemetry.v1'];
  // avsc draws values of a schema; the seed makes the draws those of every run.
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { maxLength: 4 }), (seeds) => {
      const state = processor.create(vehicleId);
      for (const seed of seeds) {
        const value = anyTelemetry(type, seed);
        const record = { ...bareReportAt(0), value };
        processor.apply(state, record, noEmit);
        processor.applyDuplicate(state, record);
      }
      processor.tick(state, 0, noEmit);
      processor.encode(state, provenance);
    }),
    { seed: 20_260_517, numRuns: 300 },
  );
});

test('times and numbers at the ends of their types are applied and stored', () => {
  const ends = [Number.MAX_SAFE_INTEGER - 1, Number.MIN_SAFE_INTEGER + 1, 0, -1, 2 ** 31];
  for (const eventTime of ends) {
    for (const receivedTime of ends) {
      const state = stateOf([
        bareReportAt(0, { eventTime, receivedTime }),
        bareReportAt(1, { eventTime: receivedTime, receivedTime: eventTime }),
        bareReportAt(2, { vehicle: { ...sampleTelemetry().vehicle!, speedKmh: Number.NaN } }),
      ]);
      processor.tick(state, Number.MAX_SAFE_INTEGER, noEmit);
      processor.encode(state, provenance);
    }
  }
});

/** A value of the schema, drawn by a small generator with a seed. */
function anyTelemetry(type: avro.Type, seed: number): Telemetry {
  const random = Math.random;
  let next = seed;
  Math.random = () => {
    next = (Math.imul(next, 1_103_515_245) + 12_345) >>> 0;
    return next / 2 ** 32;
  };
  try {
    return type.fromBuffer(type.toBuffer(type.random())) as Telemetry;
  } finally {
    Math.random = random;
  }
}
