// What a vehicle hears back: `{"id": …, "status": "ok" | "refused"}`, for an envelope that has an
// id. Without one it could not tell what is answered.

import type { JsonFrame } from './envelope.ts';
import { envelopeLimits } from './limits.ts';
import { scanJson } from './scan.ts';

export interface AnswerOptions {
  /** Epoch ms: the time that a vehicle is told which asks for it. */
  readonly nowAt: number;
}

/** Null for an envelope without an id. */
export function answerTo(
  { envelope }: Pick<JsonFrame, 'envelope'>,
  { nowAt }: AnswerOptions,
): Buffer | null {
  const { id, type } = envelope;
  if (id === undefined) return null;
  const time = type === 'time_sync' ? { ts: nowAt } : {};
  return Buffer.from(JSON.stringify({ id, status: 'ok', ...time }), 'utf8');
}

/** For the bytes of a refused frame; null when they hold no id that can be trusted. */
export function answerToRefused(bytes: Uint8Array): Buffer | null {
  const scanned = scanJson(bytes, envelopeLimits);
  if (scanned.kind === 'fault' || scanned.documents.length !== 1) return null;
  if (scanned.documents[0]?.fault !== null) return null;
  const id = idOf(JSON.parse(Buffer.from(bytes).toString('utf8')));
  return id === null ? null : Buffer.from(JSON.stringify({ id, status: 'refused' }), 'utf8');
}

/** As the schema has it: 1 to 64 characters. */
function idOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id } = value as { readonly id?: unknown };
  if (typeof id !== 'string' || id.length === 0 || id.length > 64) return null;
  return id;
}
