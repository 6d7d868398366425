// Numbers of JSON that no vehicle means: they come to a record all the same.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Telemetry } from '#shared/avro/types.generated.ts';
import { vehicleId } from '#test/shared/telemetry/sample-frames.ts';
import { decodeRecord, messageOf, testIngest } from './ingest-bed.ts';

const ingest = await testIngest();

function reportOf(speed: string): Telemetry {
  const payload = Buffer.from(`{"v":1,"ts":1777608306000,"vehicle":{"speedKmh":${speed}}}`);
  const { records } = ingest(messageOf(payload, `v1/up/${vehicleId}/json`));
  const record = decodeRecord(records[0]!);
  assert.ok(record.schema === 'telemetry.v1', JSON.stringify(record.value));
  return record.value;
}

test('a number beyond what a long holds is kept, and marked with the nearest that it does', () => {
  const most = Number.MAX_SAFE_INTEGER - 1;
  const rows = [
    ['1e300', most],
    ['-1e300', -(2 ** 52)],
    ['-4503599627370497', -(2 ** 52)],
    ['9007199254740991', most],
    ['9007199254740992', most],
    ['1e15', 1e15],
  ] as const;
  for (const [speed, raw] of rows) {
    const { vehicle, fieldStates } = reportOf(speed);
    assert.equal(vehicle?.speedKmh, Number(speed));
    const marks = fieldStates.map(({ path, state, raw: marked }) => [path, state, marked]);
    assert.deepEqual(marks, [['vehicle.speedKmh', 'out_of_range', raw]]);
  }
});

test('a whole number of a login that no long holds is text, digit by digit', () => {
  const numbers = '{"a":9007199254740991,"b":-4503599627370497,"c":5}';
  const text = `{"v":1,"ts":1777608306000,"type":"login","signals":${numbers}}`;
  const { records } = ingest(messageOf(Buffer.from(text), `v1/up/${vehicleId}/json`));
  const record = decodeRecord(records[0]!);
  assert.ok(record.schema === 'lifecycle.v1', JSON.stringify(record.value));
  const found = record.value.fields.map(({ path, number, text: kept }) => [path, number, kept]);
  assert.deepEqual(found.slice(-3), [
    ['a', null, '9007199254740991'],
    ['b', null, '-4503599627370497'],
    ['c', 5, null],
  ]);
});
