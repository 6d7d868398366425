// Makes a published schema strict and small: a field that the schema does not name is refused,
// descriptions and what only the API server can check are left out.

import { objectMetaRef } from './kinds.ts';

export type Schema = { readonly [key: string]: unknown };

/** Read by the validator: the two `x-` words are keywords of its own. */
const kept: ReadonlySet<string> = new Set([
  ...['type', 'enum', 'const', 'format', 'pattern', 'required', '$ref', 'nullable'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems'],
  ...['minProperties', 'maxProperties', 'x-kubernetes-list-map-keys'],
]);

const branches = ['allOf', 'anyOf', 'oneOf'] as const;

/** Of a CustomResourceDefinition's openAPIV3Schema, or of the CRDs-catalog made from one. */
export function strictObjectSchema(schema: Schema, of: { apiVersion: string; kind: string }) {
  const { status: _, ...properties } = (strict(schema)['properties'] ?? {}) as Schema;
  return {
    type: 'object',
    properties: {
      ...properties,
      apiVersion: { const: of.apiVersion },
      kind: { const: of.kind },
      metadata: { $ref: objectMetaRef },
    },
    required: [...new Set(['apiVersion', 'kind', 'metadata', ...requiredOf(schema)])],
    additionalProperties: false,
  };
}

function requiredOf(schema: Schema): readonly string[] {
  return ((schema['required'] ?? []) as string[]).filter((name) => name !== 'status');
}

/** A schema that says what a value is, not a branch of one that narrows it. */
export function strict(schema: Schema): Schema {
  const result: Record<string, unknown> = { ...narrowing(schema), ...membersOf(schema, strict) };
  if (schema['x-kubernetes-int-or-string'] === true) {
    delete result['type'];
    delete result['format'];
    result['anyOf'] = [{ type: 'integer' }, { type: 'string' }];
    return result;
  }
  if (isClosed(schema)) result['additionalProperties'] = false;
  if (schema['nullable'] === true) return withNull(result);
  return result;
}

/** The API server prunes what such an object holds beyond its properties; strict refuses it. */
function isClosed(schema: Schema): boolean {
  const type = schema['type'];
  if (type !== 'object' && !(Array.isArray(type) && type.includes('object'))) return false;
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return false;
  const extra = schema['additionalProperties'];
  return extra === undefined || extra === false;
}

/** Inside allOf, anyOf, oneOf and not: what is not named there is not refused there. */
function branch(schema: Schema): Schema {
  return { ...narrowing(schema), ...membersOf(schema, branch) };
}

function narrowing(schema: Schema): Record<string, unknown> {
  const entries = Object.entries(schema).filter(([key]) => kept.has(key) && key !== 'nullable');
  const result = Object.fromEntries(entries);
  if (Array.isArray(result['type'])) result['type'] = withoutNull(result['type']);
  if (typeof result['pattern'] === 'string') result['pattern'] = inJavaScript(result['pattern']);
  for (const key of branches) {
    const list = schema[key] as readonly Schema[] | undefined;
    if (list !== undefined) result[key] = list.map(branch);
  }
  if (schema['not'] !== undefined) result['not'] = branch(schema['not'] as Schema);
  return result;
}

/** Go lets `(?i)` hold to the end of the pattern; here it wants a group. */
function inJavaScript(pattern: string): string {
  return pattern.replace(/^(\^?)\(\?i\)(.*?)(\$?)$/, '$1(?i:$2)$3');
}

function membersOf(schema: Schema, each: (schema: Schema) => Schema): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const { properties, items, additionalProperties: extra } = schema;
  if (properties !== undefined) {
    const entries = Object.entries(properties as Record<string, Schema>);
    result['properties'] = Object.fromEntries(entries.map(([name, of]) => [name, each(of)]));
  }
  if (items !== undefined) result['items'] = each(items as Schema);
  if (typeof extra === 'object' && extra !== null) {
    result['additionalProperties'] = each(extra as Schema);
  }
  return result;
}

/** An empty value in a manifest is a slip of the pen, though the API server reads it as absent. */
function withoutNull(types: readonly string[]): string | readonly string[] {
  const rest = types.filter((type) => type !== 'null');
  return rest.length === 1 ? rest[0]! : rest;
}

function withNull(schema: Record<string, unknown>): Schema {
  const result = { ...schema };
  if (typeof result['type'] === 'string') result['type'] = [result['type'], 'null'];
  if (Array.isArray(result['enum'])) result['enum'] = [...result['enum'], null];
  return result;
}
