// Envelopes for property tests, drawn from the schema itself: every field, at the edges of its
// range more often than chance would have it.

import fc from 'fast-check';
import type { EnvelopeInput } from '#shared/frame/json/encode-envelope.ts';
import published from '#shared/frame/json/envelope-1.schema.json' with { type: 'json' };

type Node = Readonly<Record<string, unknown>>;

/** The same on each run; a failure prints the path to its counterexample. */
export const fixedSeed = { seed: 20_260_501 } as const;

const forbidden = ['__proto__', 'constructor', 'prototype'];

const text = (maxLength: number, minLength = 0) =>
  fc.string({ unit: 'binary', minLength, maxLength }).filter((drawn) => drawn.isWellFormed());

/** Those of JSON: no negative zero, which JSON.stringify writes as 0. */
const double = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((drawn) => (Object.is(drawn, -0) ? 0 : drawn))
  // A whole number beyond 2^53 - 1 comes back as its digits.
  .filter((drawn) => !Number.isInteger(drawn) || Number.isSafeInteger(drawn));

function schemaOf(node: Node): Node {
  const reference = node['$ref'] as string | undefined;
  if (reference === undefined) return node;
  const definitions = published.$defs as Readonly<Record<string, Node>>;
  return definitions[reference.slice('#/$defs/'.length)] as Node;
}

function drawOf(unresolved: Node): fc.Arbitrary<unknown> {
  const node = schemaOf(unresolved);
  if (Array.isArray(node['enum'])) return fc.constantFrom(...node['enum']);
  const types = [node['type']].flat();
  if (types.includes('object')) return objectOf(node);
  if (types.includes('array')) return fc.array(drawOf(node['items'] as Node), { maxLength: 4 });
  return fc.oneof(...types.map((type) => scalarOf(String(type), node)));
}

function scalarOf(type: string, node: Node): fc.Arbitrary<unknown> {
  const { minimum, maximum } = node as { readonly minimum?: number; readonly maximum?: number };
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'string':
      if (typeof node['pattern'] === 'string')
        return fc.stringMatching(new RegExp(node['pattern']));
      return text(Math.min(20, (node['maxLength'] as number | undefined) ?? 20));
    case 'integer':
      return fc.integer({ min: minimum ?? -1000, max: maximum ?? 1000 });
    default:
      return fc.oneof(double, ...[minimum, maximum].flatMap(edgesOf));
  }
}

function edgesOf(edge: number | undefined): readonly fc.Arbitrary<number>[] {
  return edge === undefined ? [] : [fc.constantFrom(edge - 1, edge, edge + 1)];
}

function objectOf(node: Node): fc.Arbitrary<object> {
  const properties = node['properties'] as Readonly<Record<string, Node>>;
  const requiredKeys = (node['required'] ?? []) as string[];
  const fields = Object.entries(properties).map(([name, inner]) => [name, drawOf(inner)]);
  return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys,
    noNullPrototype: true,
  });
}

const signalValue = drawOf(published.$defs.signalValue as Node);
const name = text(24, 1).filter((drawn) => !forbidden.includes(drawn));

const signals = fc.oneof(
  fc.dictionary(name, signalValue, { maxKeys: 6, noNullPrototype: true }),
  fc.array(
    fc.record(
      { name: text(24, 1), value: signalValue, unit: text(8) },
      { requiredKeys: ['name', 'value'], noNullPrototype: true },
    ),
    { maxLength: 6 },
  ),
);

const ts = fc.oneof(fc.integer({ min: 0, max: 4e12 }), text(40));
const id = text(20, 1);
const around = { id, ts, vin: text(17, 1), signals };
const { position, vehicle, motors, engine, extremes, alarms, packs } = published.properties;
const contents = { position, vehicle, motors, engine, extremes, alarms, packs };

const report = fc.record(
  {
    ...around,
    type: fc.constant('report'),
    isReissued: fc.boolean(),
    ...Object.fromEntries(
      Object.entries(contents).map(([key, node]) => [key, drawOf(node as Node)]),
    ),
  },
  { requiredKeys: ['ts'], noNullPrototype: true },
);

const other = fc.record(
  {
    ...around,
    type: fc.constantFrom('login', 'logout', 'heartbeat', 'time_sync'),
    serial: fc.integer({ min: 0, max: 65_535 }),
    iccid: text(20),
  },
  { requiredKeys: ['ts', 'type'], noNullPrototype: true },
);

export const envelopeInputs = fc.oneof(report, other) as fc.Arbitrary<EnvelopeInput>;
