// schema-ids.json: `fleetwire schemas apply` writes it, services read it, a ConfigMap perhaps.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

export interface SchemaIdsFile {
  /** Subject → id. */
  readonly subjects: Readonly<Record<string, SubjectId>>;
}

export interface SubjectId {
  readonly id: number;
  /** Of the schema that has the id: `fingerprintOf`. */
  readonly sha256: string;
}

const fileSchema: z.ZodType<SchemaIdsFile> = z.object({
  subjects: z.record(
    z.string(),
    z.object({ id: z.int32().positive(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});

/** Throws when the file is missing, not JSON or of another shape. */
export function readSchemaIdsFile(path: string): SchemaIdsFile {
  const parsed = fileSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`);
  throw new Error(places.join('; '));
}

export interface FileChange {
  readonly path: string;
  readonly change: 'written' | 'unchanged';
}

/**
 * Whole or not at all: a service may be reading. 'report' writes nothing and answers what `apply`
 * would do. Throws when the folder cannot be written to.
 */
export function writeSchemaIdsFile(
  path: string,
  file: SchemaIdsFile,
  mode: 'apply' | 'report',
): FileChange {
  const text = schemaIdsText(file);
  if (currentText(path) === text) return { path, change: 'unchanged' };
  if (mode === 'apply') {
    const draft = `${path}.${process.pid}.tmp`;
    writeFileSync(draft, text);
    renameSync(draft, path);
  }
  return { path, change: 'written' };
}

/** As it stands in the file, and in a ConfigMap. */
export function schemaIdsText(file: SchemaIdsFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

function currentText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
