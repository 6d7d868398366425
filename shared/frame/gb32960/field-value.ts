// What a raw integer means by its row in the layout table.

import { type ScalarField, sentinelFrom } from './layout.ts';

export type FieldState = 'ok' | 'abnormal' | 'invalid' | 'out_of_range';

/** A sentinel is never out of range, and a value out of range never a sentinel. */
export function stateOf(field: ScalarField, raw: number): FieldState {
  if (raw >= field.rawMin && raw <= field.rawMax) return 'ok';
  const abnormal = sentinelFrom(field.size);
  if (field.sentinels === 'none' || raw < abnormal) return 'out_of_range';
  return raw === abnormal ? 'abnormal' : 'invalid';
}

/** The number in the field's unit, or the name of an enumeration; null for what has neither. */
export function valueOfRaw(field: ScalarField, raw: number): number | string | null {
  const state = stateOf(field, raw);
  if (state === 'abnormal' || state === 'invalid') return null;
  return field.names === null
    ? (raw + field.rawOffset) / field.divisor
    : (field.names[raw] ?? null);
}
