// A decoded record as people read it: long lists shortened, bytes as hex digits.

import { inspect } from 'node:util';
import type { Sampled } from './live-view.ts';

const titles: Readonly<Record<Sampled['kind'], string>> = {
  'telemetry.v1': 'A report, as vehicle.telemetry.v1 holds it (null: not reported)',
  'lifecycle.v1': 'A login, as vehicle.lifecycle.v1 holds it',
  'quarantine.v1': 'A refused frame, as vehicle.quarantine.v1 holds it',
};

/** The VIN may be shown: it belongs to no real car. */
export function showSample({ kind, value }: Sampled, isColoured: boolean): string {
  const text = inspect(readable(value), {
    depth: 4,
    maxArrayLength: 6,
    breakLength: 100,
    compact: 30,
    colors: isColoured,
  });
  return `${titles[kind]}:\n${text}`;
}

const bytesShownMax = 40;

function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return hexOf(value);
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]));
}

function hexOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, bytesShownMax)).toString('hex');
  return bytes.length > bytesShownMax ? `${hex}… (${bytes.length} bytes)` : hex;
}
