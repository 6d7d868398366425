// Whether versions of a schema can read each other, by the rules of Avro's schema resolution.

import { compileSchema } from './compile.ts';

/** A version of a subject. */
export interface SchemaVersion {
  /** As it is called in a refusal: `version 3`. */
  readonly label: string;
  readonly text: string;
}

/**
 * FULL_TRANSITIVE: the new version reads every older one, and every older one reads the new one.
 * Answers the first pair that does not, in words, or null.
 */
export function incompatibilityOf(
  newest: SchemaVersion,
  older: readonly SchemaVersion[],
): string | null {
  for (const version of older) {
    const fault = whyUnreadable(newest, version) ?? whyUnreadable(version, newest);
    if (fault !== null) return fault;
  }
  return null;
}

function whyUnreadable(reader: SchemaVersion, writer: SchemaVersion): string | null {
  try {
    compileSchema(reader.text).createResolver(compileSchema(writer.text));
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `${reader.label} cannot read ${writer.label}: ${why}`;
  }
}
