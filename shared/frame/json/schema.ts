// The published schema of the envelope, compiled once, and what it says of a measured number's
// range: such a number is kept and marked, so ranges are no part of what is compiled.

import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import published from './envelope-1.schema.json' with { type: 'json' };

export interface SchemaFault {
  /** Of the value that is wrong; of a key that should not be there, of its value. */
  readonly pointer: string;
  /** What was wanted and what was found. */
  readonly detail: string;
}

type Node = { readonly [key: string]: unknown };

const isEnvelope: ValidateFunction = new Ajv2020({
  strict: false,
  ownProperties: true,
}).compile(withoutRanges(published) as Node);

/** The first thing that is wrong with a value; null when it is an envelope of version 1. */
export function envelopeFault(value: unknown): SchemaFault | null {
  if (isEnvelope(value)) return null;
  // Where an inner schema refuses, the error of the one around it follows.
  return toFault(isEnvelope.errors?.[0] as ErrorObject, value);
}

/** Fields of a record, in the order of the schema. */
export function fieldNames(record: string): readonly string[] {
  const definitions = published.$defs as Readonly<Record<string, Node>>;
  return Object.keys(definitions[record]?.['properties'] as Node);
}

/** What the schema says of one field; null of a field that it does not name. */
export function fieldSchema(record: string, field: string): Node | null {
  const definitions = published.$defs as Readonly<Record<string, unknown>>;
  const properties = (definitions[record] as { readonly properties?: Node } | undefined)
    ?.properties;
  const node = properties?.[field] as Node | undefined;
  if (node === undefined) return null;
  const reference = node['$ref'] as string | undefined;
  return reference === undefined ? node : definition(reference);
}

/** What the schema says of the value at a JSON pointer; null where it names none. */
export function schemaAt(pointer: string): Node | null {
  let node: Node | null = published as Node;
  for (const step of pointer.split('/').slice(1)) {
    node = node === null ? null : innerSchema(node, step);
  }
  return node;
}

function innerSchema(node: Node, step: string): Node | null {
  if (node === published.properties.signals) {
    return published.$defs[/^\d+$/.test(step) ? 'signal' : 'signalValue'];
  }
  const properties = node['properties'] as Readonly<Record<string, Node>> | undefined;
  const inner = properties?.[step] ?? (node['items'] as Node | undefined);
  if (inner === undefined) return null;
  const reference = inner['$ref'] as string | undefined;
  return reference === undefined ? inner : definition(reference);
}

function definition(reference: string): Node {
  const definitions = published.$defs as Readonly<Record<string, Node>>;
  return definitions[reference.slice('#/$defs/'.length)] as Node;
}

/** Valid values of a measured number, both bounds included; null where there is no such range. */
export function measuredRange(
  node: Node,
): { readonly minimum: number; readonly maximum: number } | null {
  const { minimum, maximum } = node;
  if (typeof minimum !== 'number' || typeof maximum !== 'number') return null;
  return { minimum, maximum };
}

/** A number that counts something must be in its range; one that was measured need not. */
function withoutRanges(node: unknown, isItem = false): unknown {
  if (Array.isArray(node)) return node.map((part) => withoutRanges(part));
  if (typeof node !== 'object' || node === null) return node;
  const types = (node as Node)['type'];
  const isMeasured = isItem || (Array.isArray(types) && types.includes('number'));
  const entries = Object.entries(node).filter(
    ([key]) => !(isMeasured && (key === 'minimum' || key === 'maximum')),
  );
  return Object.fromEntries(
    entries.map(([key, part]) => [key, withoutRanges(part, key === 'items')]),
  );
}

function toFault(error: ErrorObject, value: unknown): SchemaFault {
  const { instancePath: pointer, keyword } = error;
  const params = error.params as Readonly<Record<string, unknown>>;
  const found = foundName(valueAt(value, pointer));
  switch (keyword) {
    case 'required':
      return { pointer, detail: `${params['missingProperty']} wanted, found none` };
    case 'additionalProperties': {
      const name = String(params['additionalProperty']);
      const step = name.replaceAll('~', '~0').replaceAll('/', '~1');
      return {
        pointer: `${pointer}/${step}`,
        detail: 'a name of the schema wanted, found another',
      };
    }
    case 'type':
      return { pointer, detail: `${typeNames(params['type'])} wanted, found ${found}` };
    case 'const':
      return { pointer, detail: `${params['allowedValue']} wanted, found ${found}` };
    case 'enum': {
      const names = (params['allowedValues'] as readonly unknown[]).map(String).join(', ');
      return { pointer, detail: `one of ${names} wanted, found ${found}` };
    }
    case 'false schema':
      return { pointer, detail: `nothing wanted in a message of this type, found ${found}` };
    default:
      return { pointer, detail: `${error.message ?? keyword}, found ${found}` };
  }
}

function typeNames(types: unknown): string {
  const names = Array.isArray(types) ? types.map(String) : String(types).split(',');
  return names.join(' or ');
}

function valueAt(value: unknown, pointer: string): unknown {
  let at = value;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    at = (at as Readonly<Record<string, unknown>> | undefined)?.[name];
  }
  return at;
}

/** As people name a value, short whatever it is. */
export function foundName(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (value === undefined) return 'none';
  const text = JSON.stringify(value);
  return text.length <= 48 ? text : `${text.slice(0, 45)}…`;
}
