// One field of JT/T 808 told by its row of the layout table: raw, value, verdict, and what was
// wanted. Places are those of the un-escaped content.

import { explained, hexBytes } from '../explain-parts.ts';
import type { Explained } from '../explained.ts';
import { epochMsOf, isBcd, timeSize, unpack } from './bcd.ts';
import { signedMagnitude } from './describe-location.ts';
import { readText, replacement } from './gbk.ts';
import { hexId, readInteger } from './integers.ts';
import {
  type BcdField,
  type BytesField,
  type Edition,
  isInRange,
  type ScalarField,
  type TextField,
  type TimeField,
} from './layout.ts';
import { bitsOfEdition, loadNames, loadShift, statusBits } from './layout-location.ts';
import { messageName } from './message-ids.ts';

/** What is walked: nothing at or behind `end` is touched. */
export interface Unit {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly edition: Edition;
  readonly clause: string;
}

/** Raw values of the scalars before, by name: what counts, sizes and signs are looked up in. */
export type Scope = ReadonlyMap<string, number>;

/** The caller has checked that the bytes are there. */
export function explainScalar(unit: Unit, field: ScalarField, at: number, scope: Scope): Explained {
  const raw = readInteger(unit.bytes, at, field.size);
  const isGood = isInRange(field, raw);
  return explained({
    name: field.name,
    at,
    end: at + field.size,
    raw: `${raw}`,
    value: valueText(unit, field, raw, scope),
    unit: field.unit,
    verdict: isGood ? 'ok' : 'out_of_range',
    clause: unit.clause,
    meaning: field.meaning,
    expected: isGood ? null : wantedText(field),
  });
}

function valueText(
  { edition }: Unit,
  field: ScalarField,
  raw: number,
  scope: Scope,
): string | null {
  switch (field.role) {
    case 'enum':
      return field.names?.[raw] ?? null;
    case 'flags':
      return flagsText(field, raw, edition);
    case 'signMagnitude':
      return `${signedMagnitude(raw)}`;
    case 'number':
    case 'count':
    case 'size': {
      if (field.name === 'answerId') return `${hexId(raw)} ${messageName(raw)?.name ?? ''}`.trim();
      const isNegative = field.signBit !== null && isSet(scope.get('status') ?? 0, field.signBit);
      return `${isNegative && raw > 0 ? '-' : ''}${raw / field.divisor}`;
    }
  }
}

function flagsText({ bits }: ScalarField, raw: number, edition: Edition): string {
  const names = bitsOfEdition(bits ?? [], edition);
  const load = bits === statusBits ? 3 << loadShift : 0;
  const set = Array.from({ length: 32 }, (_, bit) => bit)
    .filter((bit) => isSet(raw & ~load, bit))
    .map((bit) => names[bit] ?? `reserved_bit_${bit}`);
  if (load !== 0) set.push(`load ${loadNames[((raw >>> loadShift) & 3) as 0 | 1 | 2 | 3]}`);
  return set.join(', ') || 'none';
}

function isSet(flags: number, bit: number): boolean {
  return ((flags >>> bit) & 1) === 1;
}

function wantedText(field: ScalarField): string {
  if (field.names === null) return `${field.rawMin}..${field.rawMax}`;
  return Object.entries(field.names)
    .map(([raw, name]) => `${raw} ${name}`)
    .join(', ');
}

export function explainTime(unit: Unit, { name, meaning }: TimeField, at: number): Explained {
  const raw = unpack(unit.bytes, at, timeSize);
  const isGood = epochMsOf(unit.bytes, at) !== null;
  const [year, month, day, hour, minute, second] = raw.match(/../g) ?? [];
  const isDigits = isBcd(unit.bytes.subarray(at, at + timeSize));
  return explained({
    name,
    at,
    end: at + timeSize,
    raw,
    value: isGood ? `20${year}-${month}-${day}T${hour}:${minute}:${second}+08:00` : null,
    verdict: isGood ? 'ok' : 'out_of_range',
    clause: unit.clause,
    meaning,
    expected: isGood ? null : isDigits ? 'a moment YYMMDDhhmmss' : 'BCD digits, no nibble above 9',
  });
}

export function explainBcd(unit: Unit, { name, size, meaning }: BcdField, at: number): Explained {
  const raw = unpack(unit.bytes, at, size);
  const isGood = isBcd(unit.bytes.subarray(at, at + size));
  return explained({
    ...{ name, at, end: at + size, raw, value: raw, clause: unit.clause, meaning },
    verdict: isGood ? 'ok' : 'out_of_range',
    expected: isGood ? null : 'BCD digits, no nibble above 9',
  });
}

interface Range {
  readonly at: number;
  readonly end: number;
}

export function explainText(unit: Unit, field: TextField, { at, end }: Range): Explained {
  const value = readText(unit.bytes, { at, end }, field.padding);
  const isGood = !value.includes(replacement);
  return explained({
    ...{ name: field.name, at, end, raw: value, value, clause: unit.clause },
    verdict: isGood ? 'ok' : 'out_of_range',
    meaning: field.meaning,
    expected: isGood ? null : 'GBK text',
  });
}

export function explainBytes(
  unit: Unit,
  { name, meaning }: Pick<BytesField, 'name' | 'meaning'>,
  { at, end }: Range,
): Explained {
  const raw = at === end ? null : hexBytes(unit.bytes.subarray(at, end));
  return explained({ name, at, end, raw, clause: unit.clause, meaning });
}
