// One field told by its row of the layout table: raw, value, verdict, and what was wanted.

import { explained, hexBytes } from '../explain-parts.ts';
import type { Explained } from '../explained.ts';
import { epochMsOf, timeSize } from './device-time.ts';
import type { Unit } from './explain-unit.ts';
import { type FieldState, stateOf, valueOfRaw } from './field-value.ts';
import { type ScalarField, sentinelFrom } from './layout.ts';
import {
  brakeForceMask,
  driveForceMask,
  gearMask,
  gearNames,
  noFixMask,
  southMask,
  westMask,
} from './layout-2016.ts';
import { readScalar } from './layout-size.ts';
import { readText } from './text.ts';

/** Raw values of the fields before, by name: what counts and signs are looked up in. */
export type Scope = ReadonlyMap<string, number>;

/** The caller has checked that the bytes are there. */
export function explainScalar(unit: Unit, field: ScalarField, at: number, scope: Scope): Explained {
  const raw = readScalar(field, unit.view, at);
  const state = stateOf(field, raw);
  const { value, note } = valueText(unit, field, raw, isNegative(field, scope));
  return explained({
    name: field.name,
    at,
    end: at + field.size,
    raw: `${raw}`,
    value: state === 'abnormal' || state === 'invalid' ? null : value,
    unit: field.unit,
    verdict: state,
    clause: unit.clause,
    meaning: note === '' ? field.meaning : note,
    expected: state === 'ok' ? null : wantedText(field, state),
  });
}

interface Told {
  readonly value: string | null;
  /** In place of the meaning of the row. */
  readonly note: string;
}

function valueText(unit: Unit, field: ScalarField, raw: number, negative: boolean): Told {
  switch (field.role) {
    case 'plain':
    case 'count':
      return { value: `${raw}`, note: '' };
    case 'code':
      return { value: raw.toString(16).padStart(8, '0').toUpperCase(), note: '' };
    case 'flags':
      return { value: alarmNames(unit, raw).join(', ') || 'none', note: '' };
    case 'gear':
      return { value: gearText(raw), note: '' };
    case 'gearOrInvalid':
      return { value: raw >= 0x80 ? `invalid, ${gearText(raw)}` : gearText(raw), note: '' };
    case 'positionStatus':
      return { value: positionText(raw), note: '' };
    case 'number':
    case 'enum': {
      const value = valueOfRaw(field, raw);
      if (value === null) return { value: null, note: '' };
      return { value: negative && value !== 0 ? `-${value}` : `${value}`, note: '' };
    }
  }
}

function isNegative({ signBit }: ScalarField, scope: Scope): boolean {
  return signBit !== null && (((scope.get('status') ?? 0) >> signBit) & 1) === 1;
}

function alarmNames({ edition }: Unit, flags: number): readonly string[] {
  const bits = Array.from({ length: 32 }, (_, bit) => bit);
  return bits
    .filter((bit) => ((flags >>> bit) & 1) === 1)
    .map((bit) => edition.alarmBitNames[bit] ?? `reserved_bit_${bit}`);
}

function gearText(raw: number): string {
  const gear = gearNames[raw & gearMask] ?? '';
  const forces = [
    ...((raw & driveForceMask) === 0 ? [] : ['drive force']),
    ...((raw & brakeForceMask) === 0 ? [] : ['brake force']),
  ];
  return [gear, ...forces].join(', ');
}

function positionText(raw: number): string {
  const fix = (raw & noFixMask) === 0 ? 'fix' : 'no fix';
  const half = (raw & southMask) === 0 ? 'north' : 'south';
  return `${fix}, ${half}, ${(raw & westMask) === 0 ? 'east' : 'west'}`;
}

function wantedText(field: ScalarField, state: FieldState): string {
  const range = rangeText(field);
  if (state !== 'out_of_range') return `${range}; this means: ${state}`;
  if (field.sentinels === 'none') return range;
  const abnormal = sentinelFrom(field.size);
  return `${range}, or ${abnormal} abnormal, ${abnormal + 1} invalid`;
}

/** `0..2200 (0..220 km/h)`, or the names of an enumeration. */
export function rangeText(field: ScalarField): string {
  if (field.names !== null) {
    return Object.entries(field.names)
      .map(([raw, name]) => `${raw} ${name}`)
      .join(', ');
  }
  const { rawMin, rawMax, rawOffset, divisor, unit } = field;
  const raws = `${rawMin}..${rawMax}`;
  if (rawOffset === 0 && divisor === 1) return unit === '' ? raws : `${raws} ${unit}`;
  const values = `${(rawMin + rawOffset) / divisor}..${(rawMax + rawOffset) / divisor}`;
  return `${raws} (${values} ${unit})`;
}

export function explainText(
  unit: Unit,
  { name, meaning }: { readonly name: string; readonly meaning: string },
  at: number,
  size: number,
): Explained {
  const raw = readText(unit.bytes, at, size);
  const { clause } = unit;
  return explained({ name, at, end: at + size, raw, value: raw, clause, meaning });
}

const timeParts = [
  { name: 'year', least: 0, most: 99 },
  { name: 'month', least: 1, most: 12 },
  { name: 'day', least: 1, most: 31 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'minute', least: 0, most: 59 },
  { name: 'second', least: 0, most: 59 },
];

/** Table 5. The caller has checked that six bytes are there. */
export function explainTime(unit: Unit, name: string, meaning: string, at: number): Explained {
  const parts = unit.bytes.subarray(at, at + timeSize);
  const isGood = epochMsOf(unit.bytes, at) !== null;
  return explained({
    name,
    at,
    end: at + timeSize,
    raw: hexBytes(parts),
    value: isGood ? timeText(parts) : null,
    verdict: isGood ? 'ok' : 'out_of_range',
    clause: `${unit.standard} table 5`,
    meaning,
    expected: isGood ? null : timeFault(parts),
  });
}

/** As sent, also where the day does not exist in its month. */
export function timeText(parts: Uint8Array): string {
  const [year, month, day, hour, minute, second] = [...parts].map((part) =>
    `${part}`.padStart(2, '0'),
  );
  return `20${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`;
}

function timeFault(parts: Uint8Array): string {
  return timeParts
    .flatMap(({ name, least, most }, at) => {
      const found = parts[at] as number;
      const isGood = found >= least && found <= most;
      return isGood ? [] : [`${name} ${least}..${most} wanted, found ${found}`];
    })
    .join('; ');
}
