// A decoded value as JSON can hold it: bytes as hex digits, secrets masked, the rest as it is.

import type { Field, FieldType } from './schema-fields.ts';

export const mask = '***';

/** Times stay numbers, epoch ms, as the schema and every reader of the topic have them. */
export function plainValue(type: FieldType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'record':
      return plainRecord(type.fields, value);
    case 'list':
      return (value as readonly unknown[]).map((item) => plainValue(type.items, item));
    case 'bytes':
      return hexOf(value as Uint8Array);
    case 'time':
    case 'plain':
      return value;
  }
}

export function plainRecord(fields: readonly Field[], value: unknown): Record<string, unknown> {
  const record = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    fields.map(({ name, type, isSecret }) => {
      return [name, isSecret ? mask : plainValue(type, record[name])];
    }),
  );
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
