// A record for people and for programs: all that is there, no secret, and nothing too long.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordJson } from '#services/cli/record-json.ts';
import { recordLines } from '#services/cli/record-lines.ts';
import type { Decoded } from '#shared/avro/decoder.ts';
import type { ReadRecord } from '#shared/kafka/reader.ts';
import {
  sampleLifecycle,
  sampleQuarantined,
  sampleTelemetry,
} from '#test/shared/avro/sample-records.ts';
import { sampleState } from './sample-state.ts';

const record: ReadRecord = {
  topic: 'vehicle.telemetry.v1',
  partition: 3,
  offset: 1203,
  timestamp: Date.UTC(2026, 4, 17, 8, 30, 12, 345),
  key: Buffer.from('LTEST000000000042'),
  value: Buffer.from('0102', 'hex'),
};

const telemetry: Decoded = { kind: 'telemetry.v1', value: sampleTelemetry() };
const platformLogin = { username: 'platform', password: 'hunter2', encryptionRule: 1 };
const login: Decoded = { kind: 'lifecycle.v1', value: sampleLifecycle({ platformLogin }) };

test('begins with the time, the vehicle and the place', () => {
  const [first] = recordLines(record, telemetry);
  assert.equal(first, '2026-05-17T08:30:12.345Z  LTEST000000000042  vehicle.telemetry.v1 3/1203');
});

test('shows what is there, leaves out what is not, and keeps lines to 100 columns', () => {
  const lines = recordLines(record, telemetry);
  const text = lines.join('\n');
  assert.match(text, /frameId 0123456789abcdef/);
  assert.match(text, /eventTime 2026-05-17T08:30:11\.000Z/);
  assert.match(text, /^ {2}packs\[0\] +no 1/m);
  assert.match(text, /cellVoltagesMv \d+(,\d+){7},… \(96\)/);
  assert.doesNotMatch(text, /null|fuelCell|custom/);
  assert.deepEqual(
    lines.filter((line) => line.length > 100 && line.trim().includes('  ')),
    [],
  );
});

test('shows a state with the time of each signal', () => {
  const text = recordLines(record, { kind: 'state.v1', value: sampleState() }).join('\n');
  assert.match(text, /speedKmh 43\.2 \(2026-05-17T08:30:11\.000Z\)/);
});

test('shortens bytes for people and keeps them whole for programs', () => {
  const value = sampleQuarantined({ payload: Buffer.alloc(400, 0xab), payloadLength: 400 });
  const refused: Decoded = { kind: 'quarantine.v1', value };
  assert.match(recordLines(record, refused).join('\n'), /payload (ab){24}… \(400 bytes\)/);
  assert.equal(JSON.parse(recordJson(record, refused)[0]!).value.payload, 'ab'.repeat(400));
});

test('never shows the password of a platform', () => {
  for (const text of [recordLines(record, login).join('\n'), recordJson(record, login)[0]!]) {
    assert.match(text, /\*\*\*/);
    assert.doesNotMatch(text, /hunter2/);
  }
});

test('says why a record cannot be decoded, and shows its bytes', () => {
  const fault: Decoded = {
    ...{ kind: 'fault', code: 'not_framed', detail: 'want 0x00', schemaId: null },
  };
  const [head, ...rest] = recordLines(record, fault);
  assert.match(head!, /UNDECODABLE$/);
  assert.deepEqual(rest, ['  not_framed: want 0x00', '  bytes 0102']);
  const { kind, code, bytes } = JSON.parse(recordJson(record, fault)[0]!);
  assert.deepEqual([kind, code, bytes], ['undecodable', 'not_framed', '0102']);
});

test('shows a tombstone as one', () => {
  const tombstone = { ...record, value: null };
  assert.match(recordLines(tombstone, null)[0]!, /tombstone: forgotten$/);
  const { kind, value } = JSON.parse(recordJson(tombstone, null)[0]!);
  assert.deepEqual([kind, value], ['tombstone', null]);
});

test('JSON keeps times as the numbers that the schema has', () => {
  const { timestamp, schema, value } = JSON.parse(recordJson(record, telemetry)[0]!);
  assert.deepEqual([timestamp, schema], [record.timestamp, 'telemetry.v1']);
  assert.equal(value.eventTime, sampleTelemetry().eventTime);
});
