// A decoded record as one line of JSON.

import type { Decoded } from '#shared/avro/decoder.ts';
import type { ReadRecord } from '#shared/kafka/reader.ts';
import { hexOf, plainRecord } from './plain-value.ts';
import { fieldsOf } from './schema-fields.ts';

/** Null: a tombstone. */
export function recordJson(record: ReadRecord, decoded: Decoded | null): readonly string[] {
  return [JSON.stringify(recordObject(record, decoded))];
}

/** What a line of `fleetwire tail --json` holds. */
export function recordObject(record: ReadRecord, decoded: Decoded | null): object {
  const { topic, partition, offset, timestamp } = record;
  const key = record.key?.toString() ?? null;
  const place = { topic, partition, offset, timestamp, key };
  if (decoded === null) return { kind: 'tombstone', ...place, schema: null, value: null };
  if (decoded.kind === 'fault') {
    const { code, detail, schemaId } = decoded;
    const bytes = hexOf(record.value ?? Buffer.alloc(0));
    return { kind: 'undecodable', ...place, schema: null, code, detail, schemaId, bytes };
  }
  const value = plainRecord(fieldsOf(decoded.kind), decoded.value);
  return { kind: 'record', ...place, schema: decoded.kind, value };
}
