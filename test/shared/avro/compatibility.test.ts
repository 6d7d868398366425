// FULL_TRANSITIVE as we check it before the registry is asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incompatibilityOf, type SchemaVersion } from '#shared/avro/compatibility.ts';

const a = { name: 'a', type: 'int', default: 0 };
const b = { name: 'b', type: ['null', 'string'], default: null };

function version(label: string, ...fields: readonly object[]): SchemaVersion {
  return { label, text: JSON.stringify({ type: 'record', name: 'R', fields }) };
}

const first = version('version 1', a);

test('accepts a field with a default that comes or goes', () => {
  assert.equal(incompatibilityOf(version('ours', a, b), [first]), null);
  assert.equal(incompatibilityOf(version('ours'), [first]), null);
});

test('accepts a first version', () => {
  assert.equal(incompatibilityOf(first, []), null);
});

test('refuses a new field without default: the new version cannot read the old', () => {
  const ours = version('ours', a, { name: 'c', type: 'int' });
  assert.match(incompatibilityOf(ours, [first]) ?? '', /^ours cannot read version 1: /);
});

test('refuses a wider type: the old version cannot read the new', () => {
  const ours = version('ours', { ...a, type: 'long' });
  assert.match(incompatibilityOf(ours, [first]) ?? '', /^version 1 cannot read ours: /);
});

test('looks at every earlier version, not only the latest', () => {
  const without = version('version 2');
  const ours = version('ours', { ...a, type: 'string', default: '' });
  assert.equal(incompatibilityOf(ours, [without]), null);
  assert.match(incompatibilityOf(ours, [first, without]) ?? '', /version 1/);
});
