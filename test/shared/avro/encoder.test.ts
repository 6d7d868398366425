// What the encoders write equals what avsc writes, behind the header, wherever the slab ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import avro from 'avsc';
import fc from 'fast-check';
import { createEncoders, headerBytes, type SchemaIds } from '#shared/avro/encoder.ts';
import { ownSchemas } from '#shared/avro/schemas.ts';
import type { Telemetry } from '#shared/avro/types.generated.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { sampleLifecycle, sampleQuarantined, sampleTelemetry } from './sample-records.ts';

const ids: SchemaIds = {
  'vehicle.telemetry.v1': 1,
  'vehicle.backfill.v1': 0x01020304,
  'vehicle.lifecycle.v1': 3,
  'vehicle.heartbeat.v1': 4,
  'vehicle.part.v1': 7,
  'vehicle.quarantine.v1': 0x7fffffff,
  'vehicle.state.v1': 6,
};

/** As avsc compiles it without any type of ours. */
const plain = (name: keyof typeof ownSchemas) =>
  avro.Type.forSchema(JSON.parse(ownSchemas[name].text));
const plainTelemetry = plain('telemetry.v1');

function framed(id: number, body: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeInt32BE(id, 1);
  return Buffer.concat([header, body]);
}

test('writes the Confluent wire format: 0x00, the id of the topic, then what avsc writes', () => {
  const encoders = createEncoders(ids);
  const [telemetry, lifecycle] = [sampleTelemetry(), sampleLifecycle()];
  const quarantined = sampleQuarantined();
  assert.deepEqual(
    encoders.encodeTelemetry(kafkaTopics.backfill, telemetry),
    framed(0x01020304, plainTelemetry.toBuffer(telemetry)),
  );
  assert.deepEqual(
    encoders.encodeLifecycle(kafkaTopics.heartbeat, lifecycle),
    framed(4, plain('lifecycle.v1').toBuffer(lifecycle)),
  );
  assert.deepEqual(
    encoders.encodeQuarantined(kafkaTopics.quarantine, quarantined),
    framed(0x7fffffff, plain('quarantine.v1').toBuffer(quarantined)),
  );
});

test('a record that meets the end of the slab by any number of bytes is whole', () => {
  const wanted = framed(1, plainTelemetry.toBuffer(sampleTelemetry()));
  for (let slabBytes = wanted.length - 1; slabBytes <= 2 * wanted.length + 6; slabBytes += 1) {
    const encoders = createEncoders(ids, { slabBytes });
    for (let count = 0; count < 3; count += 1) {
      assert.deepEqual(encoders.encodeTelemetry(kafkaTopics.telemetry, sampleTelemetry()), wanted);
    }
  }
});

test('never writes again over a record that it gave away', () => {
  const encoders = createEncoders(ids, { slabBytes: 2_000 });
  const given = Array.from({ length: 50 }, (_, index) => {
    const vehicleId = `LTEST${index}`.padEnd(17, '0');
    const record = encoders.encodeTelemetry(kafkaTopics.telemetry, sampleTelemetry({ vehicleId }));
    return { record, copy: Buffer.from(record) };
  });
  for (const { record, copy } of given) assert.deepEqual(record, copy);
});

test('a record larger than a slab gets a buffer of its own length', () => {
  const encoders = createEncoders(ids, { slabBytes: 1_000 });
  const value = sampleQuarantined({ payload: Buffer.alloc(1024 * 1024, 7) });
  const record = encoders.encodeQuarantined(kafkaTopics.quarantine, value);
  assert.deepEqual(record.subarray(headerBytes), plain('quarantine.v1').toBuffer(value));
  assert.equal(record.buffer.byteLength, record.length);
});

test('a value that does not fit throws with the place, and leaves the next record whole', () => {
  const encoders = createEncoders(ids);
  const wrong = sampleLifecycle({ vehicleId: 'LTEST', serial: 'secret text' as unknown as number });
  assert.throws(() => encoders.encodeLifecycle(kafkaTopics.lifecycle, wrong), {
    code: 'AVRO_VALUE_INVALID',
    schema: 'lifecycle.v1',
    message: 'a value does not fit lifecycle.v1: serial is a string',
  });
  const right = sampleLifecycle();
  const record = encoders.encodeLifecycle(kafkaTopics.lifecycle, right);
  assert.deepEqual(record, framed(3, plain('lifecycle.v1').toBuffer(right)));
});

test('numbers beyond an int or beyond 2^53 are refused, their neighbours kept', () => {
  const encoders = createEncoders(ids);
  const encode = (value: Telemetry) => encoders.encodeTelemetry(kafkaTopics.telemetry, value);
  const sequenced = (sequence: number) =>
    sampleTelemetry({ origin: { bridge: 'b', epoch: 1, sequence } });
  const invalid = { code: 'AVRO_VALUE_INVALID' };
  // avsc keeps one away from the last safe integer.
  const longMax = 2 ** 53 - 2;
  assert.deepEqual(
    encode(sequenced(longMax)).subarray(headerBytes),
    plainTelemetry.toBuffer(sequenced(longMax)),
  );
  assert.throws(() => encode(sequenced(longMax + 1)), invalid);
  const withCells = (cell: number) =>
    sampleTelemetry({ packs: [{ ...sampleTelemetry().packs[0]!, cellVoltagesMv: [cell] }] });
  for (const cell of [2 ** 31, -(2 ** 31) - 1, 0.5, Number.NaN]) {
    assert.throws(() => encode(withCells(cell)), invalid, String(cell));
  }
});

test('any lists of nullable ints are written as avsc writes them', () => {
  const encoders = createEncoders(ids, { slabBytes: 4_096 });
  const ints = fc.array(fc.option(fc.integer(), { nil: null }), { maxLength: 300 });
  fc.assert(
    fc.property(ints, ints, (cellVoltagesMv, temperaturesC) => {
      const packs = [{ ...sampleTelemetry().packs[0]!, cellVoltagesMv, temperaturesC }];
      const value = sampleTelemetry({ packs });
      const record = encoders.encodeTelemetry(kafkaTopics.telemetry, value);
      assert.deepEqual(record.subarray(headerBytes), plainTelemetry.toBuffer(value));
    }),
    { seed: 20_260_517, numRuns: 200 },
  );
});
