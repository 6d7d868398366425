// Every field that the schema of the envelope names arrives: whatever value it has, the record that
// a consumer reads is another one. Fields that do not are named.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import published from '#shared/frame/json/envelope-1.schema.json' with { type: 'json' };
import { decodeRecord, messageOf, testIngest } from '#test/shared/ingest/ingest-bed.ts';
import { eventAt, vehicleId } from './sample-frames.ts';

type Node = Readonly<Record<string, unknown>>;
type Envelope = Readonly<Record<string, unknown>>;

const ingest = await testIngest();

/** What a consumer reads of an envelope; the frameId tells the `id` alone. */
function deliver(envelope: Envelope): string {
  // An id stands for the bytes, which all differ.
  const payload = Buffer.from(JSON.stringify({ id: 'same', ...envelope }));
  const { records } = ingest(messageOf(payload, `v1/up/${vehicleId}/json`));
  const [record, ...more] = records.map(decodeRecord);
  assert.ok(record !== undefined && more.length === 0, 'one record');
  assert.notEqual(record.schema, 'quarantine.v1', `${payload}: ${JSON.stringify(record.value)}`);
  return JSON.stringify(record);
}

function schemaOf(node: Node): Node {
  const reference = node['$ref'] as string | undefined;
  if (reference === undefined) return node;
  const definitions = published.$defs as Readonly<Record<string, Node>>;
  return definitions[reference.slice('#/$defs/'.length)] as Node;
}

/** Values of a field that all mean something else. */
function valuesOf(unresolved: Node): readonly unknown[] {
  const node = schemaOf(unresolved);
  if (Array.isArray(node['enum'])) return node['enum'];
  const types = [node['type']].flat();
  if (types.includes('boolean') && types.length === 1) return [true, false];
  const { minimum = 0, maximum = 1 } = node as { readonly minimum?: number; maximum?: number };
  const nothing = types.includes('null') ? [null] : [];
  if (types.includes('number')) {
    return [...nothing, minimum, maximum, maximum - 0.5, minimum - 1, maximum + 1, 1e15, -1e300];
  }
  if (types.includes('integer')) return [...nothing, minimum, minimum + 1, maximum];
  if (types.includes('string')) return ['a', 'b', 'a1'];
  throw new Error(`no values of ${JSON.stringify(node)}`);
}

interface Variants {
  readonly field: string;
  readonly values: readonly unknown[];
}

function* variantsOf(unresolved: Node, field: string): Generator<Variants> {
  const node = schemaOf(unresolved);
  if (node['type'] === 'object') {
    const sample = sampleOf(node) as object;
    for (const [name, inner] of Object.entries(
      node['properties'] as Readonly<Record<string, Node>>,
    )) {
      for (const { field: path, values } of variantsOf(inner, `${field}.${name}`)) {
        yield { field: path, values: values.map((value) => ({ ...sample, [name]: value })) };
      }
    }
  } else if (node['type'] === 'array') {
    const item = node['items'] as Node;
    const sample = sampleOf(item);
    yield { field: `${field}.length`, values: [[], [sample], [sample, sample]] };
    for (const { field: path, values } of variantsOf(item, `${field}[]`)) {
      yield { field: path, values: values.flatMap((value) => [[value], [sample, value]]) };
    }
  } else yield { field, values: valuesOf(node) };
}

/** One that differs from nothing else that is tried. */
function sampleOf(unresolved: Node): unknown {
  const node = schemaOf(unresolved);
  if (node['type'] !== 'object') return Array.isArray(node['type']) ? 7 : 'sample';
  const required = (node['required'] ?? []) as readonly string[];
  const properties = node['properties'] as Readonly<Record<string, Node>>;
  return Object.fromEntries(
    required.map((name) => [name, valuesOf(properties[name] as Node).at(-2) as unknown]),
  );
}

function lostFields(variants: Iterable<Variants>, envelopeOf: (value: unknown) => Envelope) {
  const lost: string[] = [];
  for (const { field, values } of variants) {
    assert.ok(values.length > 1, `${field} has more than one value`);
    const arrived = new Set(values.map((value) => deliver(envelopeOf(value))));
    const sent = new Set(values.map((value) => JSON.stringify(value)));
    if (arrived.size < sent.size) lost.push(field);
  }
  return lost;
}

const contents = [
  'position',
  'vehicle',
  'motors',
  'engine',
  'extremes',
  'alarms',
  'packs',
] as const;

for (const name of contents) {
  test(`every field of ${name} arrives`, () => {
    const node = published.properties[name] as Node;
    const variants = [...variantsOf(node, name)];
    assert.deepEqual(
      lostFields(variants, (value) => ({ v: 1, ts: eventAt, [name]: value })),
      [],
    );
  });
}

const signalValues = [1, 1.5, -2, 2 ** 53 - 1, 1e300, 'x', 'y', true, false, null];

test('every signal arrives, in both forms and whatever its value', () => {
  const byPath = signalValues.map((value) => ({ a: value }));
  const named = signalValues.map((value) => [{ name: 'b', value, unit: 'km' }]);
  const units = ['', 'm', 'km'].map((unit) => [{ name: 'c', value: 1, unit }]);
  const wide = ['{"a":9007199254740993}', '{"a":9007199254740992}'].map((text) => JSON.parse(text));
  assert.equal(JSON.stringify(wide[0]), JSON.stringify(wide[1]), 'JSON.parse loses them');
  const variants = [{ field: 'signals', values: [...byPath, ...named, ...units] }];
  assert.deepEqual(
    lostFields(variants, (signals) => ({ v: 1, ts: eventAt, signals })),
    [],
  );
});

test('all that stands around the content arrives', () => {
  const report = (change: object) => ({ v: 1, ts: eventAt, ...change });
  const variants = [
    { field: 'id', values: ['a', 'b', 'c'].map((id) => ({ id })) },
    {
      field: 'ts',
      values: [1, eventAt, `${eventAt}`, 'x', '2026-06-15T03:59:59Z'].map((ts) => ({ ts })),
    },
    { field: 'isReissued', values: [true, false].map((isReissued) => ({ isReissued })) },
    {
      field: 'type',
      values: ['report', 'login', 'logout', 'heartbeat', 'time_sync'].map((type) => ({ type })),
    },
    ...['login', 'logout'].flatMap((type) => [
      { field: `${type}.serial`, values: [0, 7, 65_535].map((serial) => ({ type, serial })) },
      { field: `${type}.iccid`, values: ['', '1', '2'].map((iccid) => ({ type, iccid })) },
      {
        field: `${type}.signals`,
        values: [1, 1.5, 2 ** 53 - 1, 'x', true, null].map((value) => ({
          type,
          signals: { a: value },
        })),
      },
      {
        field: `${type}.signals.unit`,
        values: ['', 'm'].map((unit) => ({ type, signals: [{ name: 'a', value: 1, unit }] })),
      },
    ]),
  ];
  assert.deepEqual(
    lostFields(variants, (change) => report(change as object)),
    [],
  );
});

test('names a field that does not arrive', () => {
  const variants = [{ field: 'motors.no', values: [1, 2] }];
  assert.deepEqual(
    lostFields(variants, () => ({ v: 1, ts: eventAt })),
    ['motors.no'],
  );
});
