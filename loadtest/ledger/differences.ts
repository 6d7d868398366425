// Compares what a record should hold with what it holds, field by field.

import { asReceived, type ExpectedFrame } from '../fleet/planned.ts';
import type { StoredRecord } from './record-fields.ts';

/** One line a field that differs: path, wanted and found. Empty: nothing was altered. */
export function differences(expected: ExpectedFrame, record: StoredRecord): readonly string[] {
  const found: string[] = [];
  compare(found, 'topic', { wanted: expected.kafkaTopic, found: record.kafkaTopic });
  compare(found, 'key', { wanted: record.vehicleId, found: record.key });
  for (const [name, wanted] of Object.entries(expected.fields)) {
    compare(found, name, {
      wanted: wanted === asReceived ? record.receivedAt : sorted(name, wanted),
      found: sorted(name, record.fields[name]),
    });
  }
  return found;
}

interface Pair {
  readonly wanted: unknown;
  readonly found: unknown;
}

/** Marks come in the order of the items, which is the terminal's own. */
function sorted(name: string, value: unknown): unknown {
  if (name !== 'fieldStates' || !Array.isArray(value)) return value;
  return [...(value as { path: string }[])].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function compare(into: string[], path: string, { wanted, found }: Pair): void {
  if (Object.is(wanted, found)) return;
  if (isObject(wanted) && isObject(found)) {
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
      const inner = Array.isArray(wanted) ? `${path}[${name}]` : `${path}.${name}`;
      compare(into, inner, { wanted: wanted[name], found: found[name] });
    }
    return;
  }
  into.push(`${path}: ${shown(wanted)} wanted, found ${shown(found)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
