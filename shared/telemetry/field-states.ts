// Marks: why a field is null or doubtful. The callers test for the normal case themselves, so
// that a healthy frame builds no path and calls nothing here.

import type { FieldState } from '../avro/types.generated.ts';

/** The marks of one report: up to one more than `fieldStatesMax`, which shows the excess. */
export type Marks = FieldState[];

/**
 * A pack of 250 cells with every second one broken has 125. Only a made-up frame has more than
 * this; without a bound, 64 KiB of alternating sentinels would be 2.6 MB of marks.
 */
export const fieldStatesMax = 4096;

type State = 'abnormal' | 'invalid' | 'out_of_range';

/** Sentinel 0xFE of a BYTE; the next integer is 0xFF, invalid. Likewise below for wider ones. */
export const byteAbnormal = 0xfe;
export const wordAbnormal = 0xfffe;
export const dwordAbnormal = 0xfffffffe;

/**
 * Marks a raw value outside its range and answers what the field becomes: null for a sentinel,
 * else `value`, which is the computed number, or null for an enumeration.
 */
export function markByte<T>(marks: Marks, path: string, raw: number, value: T): T | null {
  return mark(marks, path, raw, byteAbnormal, value);
}

export function markWord<T>(marks: Marks, path: string, raw: number, value: T): T | null {
  return mark(marks, path, raw, wordAbnormal, value);
}

export function markDword<T>(marks: Marks, path: string, raw: number, value: T): T | null {
  return mark(marks, path, raw, dwordAbnormal, value);
}

/** For plain integers, which have no sentinel: the value stands as sent. */
export function markPlain(marks: Marks, path: string, raw: number, value: number): number {
  push(marks, path, 'out_of_range', raw);
  return value;
}

/** Marks the elements of an array above `rawMax`; a run of equal raw values is one entry. */
export function markRuns(
  marks: Marks,
  path: string,
  raws: readonly number[],
  limits: { readonly rawMax: number; readonly abnormal: number },
): void {
  let from = 0;
  while (from < raws.length && marks.length <= fieldStatesMax) {
    const raw = raws[from] as number;
    let to = from + 1;
    while (to < raws.length && raws[to] === raw) to += 1;
    if (raw > limits.rawMax) {
      const range = to - from === 1 ? `${from}` : `${from}..${to - 1}`;
      push(marks, `${path}[${range}]`, stateOf(raw, limits.abnormal), raw);
    }
    from = to;
  }
}

function mark<T>(marks: Marks, path: string, raw: number, abnormal: number, value: T): T | null {
  const state = stateOf(raw, abnormal);
  push(marks, path, state, raw);
  return state === 'out_of_range' ? value : null;
}

function push(marks: Marks, path: string, state: State, raw: number): void {
  if (marks.length <= fieldStatesMax) marks.push({ path, state, raw });
}

function stateOf(raw: number, abnormal: number): State {
  if (raw === abnormal) return 'abnormal';
  return raw === abnormal + 1 ? 'invalid' : 'out_of_range';
}
