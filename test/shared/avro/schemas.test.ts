// The schemas keep the house's rules: what a reader in any language can rely on.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AvscField, type AvscType, readAvsc } from '#deploy/generate/avro-types.ts';
import { incompatibilityOf } from '#shared/avro/compatibility.ts';
import { fingerprintOf, ownSchemas } from '#shared/avro/schemas.ts';
import { topicSpecs } from '#shared/topics.ts';

const names = Object.values(ownSchemas).map(({ name }) => name);
const schemasDir = join(import.meta.dirname, '../../../shared/avro/schemas');

interface PlacedField extends AvscField {
  readonly path: string;
}

function fieldsOf(type: AvscType, path: string): readonly PlacedField[] {
  if (typeof type === 'string') return [];
  if (Array.isArray(type)) return type.flatMap((branch: AvscType) => fieldsOf(branch, path));
  const node = type as Exclude<AvscType, string | readonly AvscType[]>;
  if (node.items !== undefined) return fieldsOf(node.items, path);
  if (node.fields === undefined) return fieldsOf(node.type, path);
  return node.fields.flatMap((field) => {
    const at = `${path}.${field.name}`;
    return [{ ...field, path: at }, ...fieldsOf(field.type, at)];
  });
}

const numbers = ['int', 'long', 'float', 'double'];

function isNumeric(type: AvscType): boolean {
  const text = JSON.stringify(type);
  return !text.includes('"record"') && numbers.some((name) => text.includes(`"${name}"`));
}

const allFields = names.flatMap((name) => fieldsOf(readAvsc(name), name));

function pathsWhere(isFault: (field: PlacedField) => boolean): readonly string[] {
  return allFields.filter(isFault).map(({ path }) => path);
}

test('every file beside the schemas is one that is loaded, and every topic has one', () => {
  assert.deepEqual(readdirSync(schemasDir).sort(), names.map((name) => `${name}.avsc`).sort());
  for (const { schema } of topicSpecs) assert.ok(ownSchemas[schema]);
});

test('every record stands in the namespace of version one', () => {
  for (const { recordName } of Object.values(ownSchemas))
    assert.match(recordName, /^vehicle\.v1\./);
});

test('every field has a default, so that any later version can read and be read', () => {
  assert.ok(allFields.length > 100);
  assert.deepEqual(
    pathsWhere((field) => field.default === undefined),
    [],
  );
});

test('every field says what it is, and every number its unit or range', () => {
  assert.deepEqual(
    pathsWhere(({ doc }) => doc === undefined || doc.length < 10),
    [],
  );
  const isSilent = ({ type, doc }: PlacedField) =>
    isNumeric(type) && !/Unit: |Range: |No unit\./.test(doc);
  assert.deepEqual(pathsWhere(isSilent), []);
});

test('every text of a closed or open set names its values or has no unit to name', () => {
  const isSilent = ({ type, doc }: PlacedField) =>
    !isNumeric(type) && !/Values: |No unit\.|Unit: /.test(doc);
  assert.deepEqual(pathsWhere(isSilent), []);
});

test('unions are null and one type, so that no value is ambiguous and null comes first', () => {
  const unionFault = (type: AvscType): boolean =>
    Array.isArray(type) && (type.length !== 2 || type[0] !== 'null' || Array.isArray(type[1]));
  const isFault = ({ type }: PlacedField) => {
    const items = typeof type === 'object' && 'items' in type ? type.items : undefined;
    return unionFault(type) || (items !== undefined && unionFault(items));
  };
  assert.deepEqual(pathsWhere(isFault), []);
});

test('no schema holds an enum or a map: open sets are texts, and a map has no bound', () => {
  for (const { text } of Object.values(ownSchemas)) assert.doesNotMatch(text, /"(enum|map)"/);
});

test('a fingerprint stands for content, not for layout, and sees documentation and defaults', () => {
  const text = '{"type":"int","doc":"A."}';
  assert.equal(fingerprintOf('{ "doc": "A.",\n "type": "int" }'), fingerprintOf(text));
  assert.notEqual(fingerprintOf('{"type":"int","doc":"B."}'), fingerprintOf(text));
});

test('every schema is compatible with all its committed earlier versions', () => {
  for (const { name, text } of Object.values(ownSchemas)) {
    const older = [{ label: 'itself', text }, ...committedEarlier(name)];
    assert.equal(incompatibilityOf({ label: name, text }, older), null);
  }
});

/** `test/golden/schemas/telemetry.v1/1.avsc`, …: put there when a release changes a schema. */
function committedEarlier(name: string) {
  const folder = join(import.meta.dirname, '../../golden/schemas', name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((file) => {
    return { label: `${name}/${file}`, text: readFileSync(join(folder, file), 'utf8') };
  });
}
