// The layout tables of GB/T 32960 as rows of a byte table.

import type { Element, ScalarField } from '#shared/frame/gb32960/layout.ts';
import { fixedSizeOf } from '#shared/frame/gb32960/layout-size.ts';
import { table } from '../markdown.ts';

const titles = ['offset', 'size', 'field', 'raw', 'value', 'sentinels', 'meaning'];

/** Offsets count from the first byte of the body; behind a list they depend on it. */
export function elementsTable(elements: readonly Element[]): string {
  return table(titles, rowsOf(elements, { path: '', at: 0 }));
}

interface Place {
  readonly path: string;
  /** Null where it depends on a list before. */
  readonly at: number | null;
}

function rowsOf(elements: readonly Element[], { path, at }: Place): readonly (readonly string[])[] {
  let next = at;
  return elements.flatMap((element) => {
    const place = { path, at: next };
    const isFixed = ['time', 'text', 'scalar'].includes(element.kind);
    next = next === null || !isFixed ? null : next + fixedSizeOf(element);
    return elementRows(element, place);
  });
}

function elementRows(element: Element, place: Place): readonly (readonly string[])[] {
  const { path, at } = place;
  const name = (suffix = '') => `\`${path}${element.name}${suffix}\``;
  const offset = at === null ? '' : `${at}`;
  switch (element.kind) {
    case 'time':
      return [[offset, '6', name(), 'six bytes', 'Beijing time', '', element.meaning]];
    case 'text':
      return [[offset, `${element.size}`, name(), 'ASCII', 'text', '', element.meaning]];
    case 'scalar':
      return [[offset, `${element.size}`, name(), ...scalarCells(element)]];
    case 'values': {
      const { element: one, countName } = element;
      const size = `${one.size} x \`${countName}\``;
      return [[offset, size, name('[]'), ...scalarCells(one)]];
    }
    case 'records': {
      const head = [offset, `\`${element.countName}\` entries`, name('[]'), '', '', '', ''];
      const inner = { path: `${path}${element.name}[].`, at: 0 };
      return [head, ...rowsOf(element.entry, inner)];
    }
    case 'texts': {
      const size = `\`${element.sizeName}\` x \`${element.countName}\``;
      return [[offset, size, name('[]'), 'ASCII', 'text', '', element.meaning]];
    }
    case 'textGroups': {
      const size = `${element.size} x the sum of \`${element.countsName}\``;
      return [[offset, size, name('[][]'), 'ASCII', 'text', '', element.meaning]];
    }
    case 'bytes':
      return [[offset, '2 + n', name(), 'length, then n bytes', 'bytes', '', element.meaning]];
    case 'signature':
      return signatureRows(offset, `${path}${element.name}`);
    case 'rest':
      return [[offset, 'all that is left', name(), 'bytes', 'bytes', '', element.meaning]];
  }
}

function signatureRows(offset: string, name: string): readonly (readonly string[])[] {
  const bytes = ['length, then n bytes', 'bytes', ''];
  return [
    [offset, '1', `\`${name}.algorithm\``, '1..3', '1 SM2, 2 RSA, 3 ECC', '', 'How it is signed.'],
    ['', '2 + n', `\`${name}.r\``, ...bytes, 'R, or the whole of an RSA signature.'],
    ['', '2 + n', `\`${name}.s\``, ...bytes, 'S; empty for RSA.'],
  ];
}

/** Raw range, value, sentinels, meaning. */
function scalarCells(field: ScalarField): readonly [string, string, string, string] {
  const { rawMin, rawMax, sentinels, meaning } = field;
  return [`${rawMin}..${rawMax}`, valueCell(field), sentinelCell(field, sentinels), meaning];
}

function valueCell(field: ScalarField): string {
  const { names, role, rawMin, rawMax, rawOffset, divisor, unit } = field;
  if (names !== null) {
    return Object.entries(names)
      .map(([raw, name]) => `${raw} ${name}`)
      .join(', ');
  }
  const roles: Partial<Record<ScalarField['role'], string>> = {
    flags: 'bits, see below',
    gear: 'bits, see below',
    gearOrInvalid: 'bits, see below',
    positionStatus: 'bits, see below',
    count: 'count',
    plain: 'number',
    code: '8 hex digits',
  };
  const told = roles[role];
  if (told !== undefined) return told;
  if (rawOffset === 0 && divisor === 1) return unit === '' ? 'number' : `raw ${unit}`;
  const sum = rawOffset === 0 ? 'raw' : `(raw ${rawOffset < 0 ? '-' : '+'} ${Math.abs(rawOffset)})`;
  const scale = divisor === 1 ? sum : `${sum} / ${divisor}`;
  const low = (rawMin + rawOffset) / divisor;
  const high = (rawMax + rawOffset) / divisor;
  const sign = field.signBit === null ? '' : `; negative by status bit ${field.signBit}`;
  return `${scale} ${unit}: ${low}..${high}${sign}`;
}

/** `FE FF` as printed, in brackets as we read them where the standard is silent. */
function sentinelCell({ size }: ScalarField, policy: ScalarField['sentinels']): string {
  if (policy === 'none') return '';
  const digits = 'FF'.repeat(size - 1);
  const pair = `0x${digits}FE, 0x${digits}FF`;
  return policy === 'printed' ? pair : `(${pair})`;
}
