// The schemas are strict, and their faults say where, what was wanted and what was there.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { faultLine } from '#deploy/check/manifests/fault.ts';
import type { Manifest, Tree } from '#deploy/check/manifests/manifest.ts';
import { deployFolder } from '#deploy/check/manifests/repository.ts';
import { validate } from '#deploy/check/manifests/validate.ts';
import { definitionsFile, schemaFileOf, schemaSources } from '#deploy/schemas/kinds.ts';
import { strict } from '#deploy/schemas/strict.ts';

const folder = join(deployFolder, 'schemas');

const topic = (spec: Tree): Manifest => ({
  apiVersion: 'kafka.strimzi.io/v1',
  kind: 'KafkaTopic',
  metadata: { name: 'cars' },
  spec,
});

function faultsOf(object: Manifest): readonly string[] {
  return validate([object]).map(faultLine);
}

test('takes what the schema says, open fields included', () => {
  assert.deepEqual(faultsOf(topic({ partitions: 3, config: { 'any.thing': 1 } })), []);
});

test('refuses a field that the schema does not name, and says which it knows', () => {
  assert.deepEqual(faultsOf(topic({ partition: 3 })), [
    'KafkaTopic/cars spec.partition: want one of topicName, partitions, replicas, config; ' +
      'found a field that the schema does not know',
  ]);
});

test('refuses another type and a value out of range', () => {
  assert.deepEqual(faultsOf(topic({ partitions: '3' })), [
    'KafkaTopic/cars spec.partitions: want integer; found "3"',
  ]);
  assert.deepEqual(faultsOf(topic({ partitions: 0 })), [
    'KafkaTopic/cars spec.partitions: want must be >= 1; found 0',
  ]);
});

test('refuses an empty value, which is a slip of the pen', () => {
  assert.equal(faultsOf(topic({ partitions: null })).length, 1);
});

test('refuses status: only the cluster writes it', () => {
  const object = { ...topic({ partitions: 3 }), status: {} };
  assert.match(faultsOf(object)[0]!, /^KafkaTopic\/cars status: /);
});

test('refuses a kind and a version without a schema', () => {
  const object = { ...topic({ partitions: 3 }), apiVersion: 'kafka.strimzi.io/v1beta2' };
  assert.deepEqual(faultsOf(object), [
    'KafkaTopic/cars kind: want a kind that deploy/schemas knows; ' +
      'found kafka.strimzi.io/v1beta2 KafkaTopic',
  ]);
});

test('refuses a key twice in a list that is a map', () => {
  const container = { name: 'a', image: 'a', env: [{ name: 'A' }, { name: 'A' }] };
  const object: Manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a' },
    spec: { selector: {}, template: { spec: { containers: [container] } } },
  };
  assert.deepEqual(faultsOf(object), [
    'Deployment/a spec.template.spec.containers[0].env: want each name once; found one twice',
  ]);
});

test('takes numbers and texts where Kubernetes does, and nothing else', () => {
  const budget = (maxUnavailable: unknown): Manifest => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'a' },
    spec: { maxUnavailable },
  });
  assert.deepEqual([...faultsOf(budget(1)), ...faultsOf(budget('25%'))], []);
  assert.ok(faultsOf(budget(true)).length > 0);
});

test('every kind has its schema, and every schema its kind, source and licence', () => {
  const wanted = [...schemaSources.map(schemaFileOf), definitionsFile].toSorted();
  // Compose's own schema is no kind of Kubernetes.
  const found = readdirSync(folder).filter((name) => /(?<!^compose-spec)\.json$/.test(name));
  assert.deepEqual(found.toSorted(), wanted);
  for (const file of found) {
    const { $comment } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    assert.match($comment, /Apache-2\.0|by hand/, file);
  }
  assert.ok(existsSync(join(folder, 'README.md')));
});

test('a published schema becomes strict: open fields stay open, branches only narrow', () => {
  const published = {
    type: 'object',
    description: 'prose',
    properties: {
      open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      map: { type: 'object', additionalProperties: { type: 'string' } },
      shut: { type: 'object', properties: { a: { type: 'integer', nullable: true } } },
      either: { 'x-kubernetes-int-or-string': true, type: 'string' },
      level: { type: 'string', pattern: '^(?i)(low|high)$' },
    },
    oneOf: [{ required: ['open'] }, { properties: { map: {} }, required: ['map'] }],
  };
  assert.deepEqual(strict(published), {
    type: 'object',
    properties: {
      open: { type: 'object' },
      map: { type: 'object', additionalProperties: { type: 'string' } },
      shut: {
        type: 'object',
        properties: { a: { type: ['integer', 'null'] } },
        additionalProperties: false,
      },
      either: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
      level: { type: 'string', pattern: '^(?i:(low|high))$' },
    },
    oneOf: [{ required: ['open'] }, { properties: { map: {} }, required: ['map'] }],
    additionalProperties: false,
  });
});
