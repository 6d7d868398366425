// Our own schemas: text, compiled type and fingerprint of each. The .avsc files are the contract.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type avro from 'avsc';
import type { SchemaName } from '../topics.ts';
import { compileSchema } from './compile.ts';

export interface OwnSchema {
  readonly name: SchemaName;
  /** What is registered: as committed, documentation and all, without white space. */
  readonly text: string;
  /** Full name of the record: `vehicle.v1.Telemetry`. */
  readonly recordName: string;
  /** Hex SHA-256 of the schema without regard to white space and the order of keys. */
  readonly fingerprint: string;
  readonly type: avro.Type;
}

export const ownSchemas: Readonly<Record<SchemaName, OwnSchema>> = {
  'telemetry.v1': load('telemetry.v1'),
  'lifecycle.v1': load('lifecycle.v1'),
  'quarantine.v1': load('quarantine.v1'),
  'state.v1': load('state.v1'),
};

/** Documentation and defaults count: readers are shown them, so changing one is a new version. */
export function fingerprintOf(schemaText: string): string {
  return createHash('sha256')
    .update(canonical(JSON.parse(schemaText)))
    .digest('hex');
}

function load(name: SchemaName): OwnSchema {
  const file = readFileSync(join(import.meta.dirname, 'schemas', `${name}.avsc`), 'utf8');
  const text = JSON.stringify(JSON.parse(file));
  const type = compileSchema(text);
  return { name, text, recordName: type.name ?? '', fingerprint: fingerprintOf(text), type };
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
  return `{${entries.join(',')}}`;
}
