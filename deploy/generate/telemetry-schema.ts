// The records of the Telemetry schema, for generators that write their fields in its order.

import { type AvscField, type AvscNode, type AvscType, readAvsc } from './avro-types.ts';

/** The fields of a record of the Telemetry schema, in its order. */
export function schemaFields(record: string): readonly AvscField[] {
  const found = findRecord(readAvsc('telemetry.v1'), record);
  if (found?.fields === undefined) throw new Error(`the Telemetry schema has no ${record}`);
  return found.fields;
}

function findRecord(type: AvscType | undefined, record: string): AvscNode | null {
  if (type === undefined || typeof type === 'string') return null;
  if (!('type' in type)) return firstRecord(type, record);
  if (type.name === record) return type;
  const inner = [type.items, type.type, ...(type.fields ?? []).map((field) => field.type)];
  return firstRecord(inner, record);
}

function firstRecord(types: readonly (AvscType | undefined)[], record: string): AvscNode | null {
  for (const type of types) {
    const found = findRecord(type, record);
    if (found !== null) return found;
  }
  return null;
}
