// Records are read by the schema that wrote them; strange bytes and ids become faults, no throws.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import avro from 'avsc';
import fc from 'fast-check';
import { compileSchema } from '#shared/avro/compile.ts';
import { createDecoder, type Decoded } from '#shared/avro/decoder.ts';
import { createEncoders, headerBytes, type SchemaIds } from '#shared/avro/encoder.ts';
import { ownSchemas } from '#shared/avro/schemas.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { sampleLifecycle, sampleQuarantined, sampleTelemetry } from './sample-records.ts';

const ids: SchemaIds = {
  'vehicle.telemetry.v1': 11,
  'vehicle.backfill.v1': 11,
  'vehicle.lifecycle.v1': 12,
  'vehicle.heartbeat.v1': 12,
  'vehicle.part.v1': 12,
  'vehicle.quarantine.v1': 13,
  'vehicle.state.v1': 14,
};
const encoders = createEncoders(ids);
const texts = new Map([
  [11, ownSchemas['telemetry.v1'].text],
  [12, ownSchemas['lifecycle.v1'].text],
  [13, ownSchemas['quarantine.v1'].text],
  [14, ownSchemas['state.v1'].text],
]);

/** A registry in memory that counts. */
function createSource(known: ReadonlyMap<number, string> = texts) {
  const asked: number[] = [];
  const schemaById = async (id: number) => {
    asked.push(id);
    return known.get(id) ?? null;
  };
  return { asked, schemaById };
}

const telemetryRecord = () => encoders.encodeTelemetry(kafkaTopics.telemetry, sampleTelemetry());

/** Plain data: avsc's records are of classes of its own. */
const plainOf = (decoded: Decoded) => JSON.parse(JSON.stringify(decoded)) as unknown;

function codeOf(decoded: Decoded): string {
  return decoded.kind === 'fault' ? decoded.code : decoded.kind;
}

/** As any version would come from another fleet: a record of our name with other fields. */
function writtenBy(fields: readonly object[], value: object) {
  const schema = { type: 'record', namespace: 'vehicle.v1', name: 'Lifecycle', fields };
  const body = avro.Type.forSchema(schema as never).toBuffer(value);
  return { text: JSON.stringify(schema), record: framed(99, body) };
}

function framed(id: number, body: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeInt32BE(id, 1);
  return Buffer.concat([header, body]);
}

test('gives back what was encoded, of each schema', async () => {
  const decoder = createDecoder(createSource());
  const lifecycle = encoders.encodeLifecycle(kafkaTopics.heartbeat, sampleLifecycle());
  const refused = encoders.encodeQuarantined(kafkaTopics.quarantine, sampleQuarantined());
  const expected: Decoded[] = [
    { kind: 'telemetry.v1', value: sampleTelemetry() },
    { kind: 'lifecycle.v1', value: sampleLifecycle() },
    { kind: 'quarantine.v1', value: sampleQuarantined() },
  ];
  for (const [index, record] of [telemetryRecord(), lifecycle, refused].entries()) {
    assert.deepEqual(plainOf(await decoder.decode(record)), plainOf(expected[index]!));
  }
});

test('asks once for an id, also while many records of it wait', async () => {
  const source = createSource();
  const decoder = createDecoder(source);
  const record = telemetryRecord();
  await Promise.all(Array.from({ length: 100 }, () => decoder.decode(record)));
  assert.equal(codeOf(await decoder.decode(record)), 'telemetry.v1');
  assert.deepEqual(source.asked, [11]);
});

test('answers at once, and asks nobody, for the ids of our own schemas', () => {
  const source = createSource();
  const decoded = createDecoder({ ...source, ids }).decode(telemetryRecord());
  assert.ok(!(decoded instanceof Promise));
  assert.equal(codeOf(decoded), 'telemetry.v1');
  assert.deepEqual(source.asked, []);
});

test('a thousand records of an unknown id cost one request a minute', async () => {
  const source = createSource();
  let at = 1_000;
  const decoder = createDecoder({ ...source, now: () => at });
  const record = framed(77, Buffer.alloc(9));
  for (let count = 0; count < 1_000; count += 1) {
    assert.equal(codeOf(await decoder.decode(record)), 'schema_unknown');
  }
  at += 59_999;
  await decoder.decode(record);
  assert.deepEqual(source.asked, [77]);
  at += 1;
  await decoder.decode(record);
  assert.deepEqual(source.asked, [77, 77]);
});

test('a registry that is away is asked again after a minute, and then answers', async () => {
  let at = 0;
  let isAway = true;
  const schemaById = async (id: number) => {
    if (isAway) throw new Error('connect ECONNREFUSED');
    return texts.get(id) ?? null;
  };
  const decoder = createDecoder({ schemaById, now: () => at });
  const away = await decoder.decode(telemetryRecord());
  assert.deepEqual(away, {
    kind: 'fault',
    code: 'registry_away',
    detail: 'connect ECONNREFUSED',
    schemaId: 11,
  });
  isAway = false;
  at += 60_000;
  assert.equal(codeOf(await decoder.decode(telemetryRecord())), 'telemetry.v1');
});

test('an older writer is read with our defaults, a newer one without what we do not know', async () => {
  const text = { name: 'vehicleId', type: 'string', default: '' };
  const news = { name: 'news', type: { type: 'array', items: 'string' }, default: [] };
  const value = { news: ['of', 'later'], vehicleId: 'LTEST' };
  const { text: schema, record } = writtenBy([news, text], value);
  const decoder = createDecoder(createSource(new Map([[99, schema]])));
  const decoded = await decoder.decode(record);
  assert.ok(decoded.kind === 'lifecycle.v1');
  assert.equal(decoded.value.vehicleId, 'LTEST');
  assert.equal(decoded.value.encryption, 1);
  assert.equal(decoded.value.login, null);
});

test('a schema that is not ours, or that ours cannot read, is foreign', async () => {
  const { text, record } = writtenBy([{ name: 'vehicleId', type: 'int' }], { vehicleId: 1 });
  const foreign = new Map([
    [99, text],
    [98, '{"type":"record","name":"Other","fields":[]}'],
    [97, 'no JSON'],
    [96, text.replace('"int"', '{"type":"map","values":"null"}')],
  ]);
  const decoder = createDecoder(createSource(foreign));
  assert.equal(codeOf(await decoder.decode(record)), 'schema_foreign');
  for (const id of [98, 97, 96]) {
    assert.equal(codeOf(await decoder.decode(framed(id, Buffer.alloc(3)))), 'schema_foreign');
  }
});

test('bytes without header, cut short or too long are faults', async () => {
  const decoder = createDecoder({ ...createSource(), ids });
  const record = telemetryRecord();
  const cases: readonly [Buffer, string][] = [
    [Buffer.alloc(0), 'not_framed'],
    [Buffer.from([0, 0, 0, 11]), 'not_framed'],
    [Buffer.concat([Buffer.from([1]), record.subarray(1)]), 'not_framed'],
    [record.subarray(0, headerBytes), 'bytes_broken'],
    [record.subarray(0, -1), 'bytes_broken'],
    [Buffer.concat([record, Buffer.from([0])]), 'bytes_broken'],
  ];
  for (const [bytes, code] of cases) assert.equal(codeOf(await decoder.decode(bytes)), code);
});

test('a list that claims billions of items costs no more than the bytes that are there', async () => {
  const huge = Buffer.from('feffffff1f', 'hex');
  const lists = [{ name: 'gone', type: { type: 'array', items: 'null' }, default: [] }];
  const { text } = writtenBy(lists, { gone: [] });
  const decoder = createDecoder({ ...createSource(new Map([[99, text]])), ids });
  assert.equal(codeOf(await decoder.decode(framed(99, huge))), 'bytes_broken', 'a skipped list');
  const record = telemetryRecord();
  const startedAt = performance.now();
  for (let at = headerBytes; at < record.length - huge.length; at += 1) {
    const bytes = Buffer.from(record);
    huge.copy(bytes, at);
    codeOf(await decoder.decode(bytes));
  }
  assert.ok(performance.now() - startedAt < 5_000);
});

test('reads a list of cells as avsc reads it', () => {
  const schema = { type: 'array', items: ['null', 'int'] };
  const [ours, plain] = [
    compileSchema(JSON.stringify(schema)),
    avro.Type.forSchema(schema as never),
  ];
  const cell = fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 100 }), (cells) => {
      assert.deepEqual(ours.fromBuffer(plain.toBuffer(cells)), cells);
    }),
    { seed: 1, numRuns: 500 },
  );
  // A block of two with its length in bytes, as other writers make them, and one more of one.
  const inBlocks = Buffer.from([0x03, 0x06, 0x02, 0x0a, 0x00, 0x02, 0x02, 0x01, 0x00]);
  assert.deepEqual(ours.fromBuffer(inBlocks), [5, null, -1]);
  const sixBytes = Buffer.from([0x02, 0x02, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x00]);
  assert.throws(() => ours.fromBuffer(sixBytes), /more than 5 bytes/);
});

test('any bytes come to an end', () => {
  const decoder = createDecoder({ ...createSource(), ids });
  fc.assert(
    fc.property(fc.constantFrom(11, 12, 13), fc.uint8Array({ maxLength: 400 }), (id, bytes) => {
      const decoded = decoder.decode(framed(id, Buffer.from(bytes)));
      assert.ok(!(decoded instanceof Promise));
    }),
    { seed: 20_260_517, numRuns: 2_000 },
  );
});
