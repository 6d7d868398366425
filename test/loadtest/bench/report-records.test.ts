// Reports as records of Kafka: as a bridge writes them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordsOf } from '#loadtest/bench/report-records.ts';
import { createCars, typicalReports } from '#loadtest/bench/typical-report.ts';
import { createDecoder } from '#shared/avro/decoder.ts';
import { createEncoders, type SchemaIds } from '#shared/avro/encoder.ts';
import { createIngest } from '#shared/ingest/ingest.ts';
import { partitionOf } from '#shared/kafka/partitioner.ts';
import { defaultRoutes, topicSpecs } from '#shared/topics.ts';

const ids = Object.fromEntries(topicSpecs.map(({ topic }, at) => [topic, at + 1])) as SchemaIds;
const startAt = Date.UTC(2026, 0, 1);

async function planOf() {
  const ingest = await createIngest({
    routes: defaultRoutes,
    encoders: createEncoders(ids),
    payloadBytesMax: 65_536,
    answerReports: false,
    answerRefusals: false,
  });
  return { ingest, topic: 'any', partitions: 12, receivedAt: startAt + 60_000 };
}

test('each report is one record of its vehicle, in its partition, with the time that it says', async () => {
  const frames = typicalReports({ count: 60, vehicles: 20, seed: 7, startAt: startAt + 400 });
  const records = recordsOf(frames, await planOf());
  const decoder = createDecoder({ ids, schemaById: async () => null });
  const found = records.map(({ key, partition, value }) => {
    const decoded = decoder.decode(value);
    assert.ok(!(decoded instanceof Promise) && decoded.kind === 'telemetry.v1');
    assert.equal(partition, partitionOf(key, 12));
    const { vehicleId, eventTime } = decoded.value;
    assert.equal(String(key), vehicleId);
    return { vehicleId, reportedAt: eventTime };
  });
  assert.deepEqual(
    found,
    frames.map(({ vehicleId, reportedAt }) => ({ vehicleId, reportedAt })),
  );
});

test('a car drives on from report to report', () => {
  const reportOf = createCars({ vehicles: 2, seed: 1 });
  const [first, second] = [reportOf(1, startAt), reportOf(1, startAt)];
  assert.equal(first.vehicleId, second.vehicleId);
  assert.notDeepEqual(first.payload, second.payload);
});

test('a frame that a bridge would refuse is a fault of the bench', async () => {
  const [frame] = typicalReports({ count: 1, vehicles: 1, seed: 1, startAt });
  const broken = { ...frame!, payload: frame!.payload.subarray(0, 20) };
  const plan = await planOf();
  assert.throws(() => recordsOf([broken], plan), /refused/);
});
