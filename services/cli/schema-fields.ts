// What the Avro schemas say about each field, for people: its kind, its unit, whether it is a
// secret. The commands render any record by it, so that a new field needs no new code here.

import { ownSchemas } from '#shared/avro/schemas.ts';
import type { SchemaName } from '#shared/topics.ts';

export type FieldType =
  | { readonly kind: 'record'; readonly fields: readonly Field[] }
  | { readonly kind: 'list'; readonly items: FieldType }
  | { readonly kind: 'time' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'plain' };

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** As the schema writes it: `km/h`; empty where there is none. */
  readonly unit: string;
  /** Never shown. */
  readonly isSecret: boolean;
}

/** The fields of a record, in the order of the schema. */
export function fieldsOf(schema: SchemaName): readonly Field[] {
  const known = trees.get(schema);
  if (known !== undefined) return known;
  const fields = recordFields(JSON.parse(ownSchemas[schema].text) as AvroRecord, new Map());
  trees.set(schema, fields);
  return fields;
}

const trees = new Map<SchemaName, readonly Field[]>();

type AvroType = string | readonly AvroType[] | AvroRecord | AvroOther;

interface AvroRecord {
  readonly type: 'record';
  readonly name: string;
  readonly fields: readonly AvroField[];
}

interface AvroOther {
  readonly type: 'array' | 'fixed' | 'long';
  readonly name?: string;
  readonly items?: AvroType;
  readonly logicalType?: string;
}

interface AvroField {
  readonly name: string;
  readonly type: AvroType;
  readonly doc?: string;
}

/** Types that have been given a name before, and are named only from then on. */
type Named = Map<string, FieldType>;

function recordFields({ fields }: AvroRecord, named: Named): readonly Field[] {
  return fields.map(({ name, type, doc = '' }) => ({
    name,
    type: typeOf(type, named),
    unit: unitOf(doc),
    isSecret: /\bsecret\b/.test(doc),
  }));
}

function typeOf(type: AvroType, named: Named): FieldType {
  if (typeof type === 'string') return named.get(type) ?? scalarOf(type);
  if (isUnion(type)) return typeOf(type.find((branch) => branch !== 'null') ?? 'null', named);
  const found = structureOf(type, named);
  if (type.name !== undefined) named.set(type.name, found);
  return found;
}

function isUnion(type: AvroType): type is readonly AvroType[] {
  return Array.isArray(type);
}

function structureOf(type: AvroRecord | AvroOther, named: Named): FieldType {
  if (type.type === 'record') return { kind: 'record', fields: recordFields(type, named) };
  if (type.type === 'array') return { kind: 'list', items: typeOf(type.items ?? 'null', named) };
  if (type.type === 'fixed') return { kind: 'bytes' };
  return type.logicalType === 'timestamp-millis' ? { kind: 'time' } : { kind: 'plain' };
}

function scalarOf(name: string): FieldType {
  return { kind: name === 'bytes' ? 'bytes' : 'plain' };
}

/** `Speed. Unit: km/h. Range: 0..220.` and `No unit.` */
function unitOf(doc: string): string {
  return /\bUnit: (.+?)\.(?: |$)/.exec(doc)?.[1] ?? '';
}
