// The walk over parameters and their values (tables B.9 to B.17): the id alone decides the size,
// so one id without a known size ends it.
//
//   params = (id(1) value(size of id))*;  a domain name is as long as the parameter before it says

import type { Parameter } from './frame-downlink.ts';
import { type ParameterLayout, parameterLayout } from './layout-2016-parameters.ts';
import { readText } from './text.ts';

export interface ReadParameters {
  readonly params: readonly Parameter[];
  /** Behind the last parameter that was read. */
  readonly end: number;
  /** Why the parameter at `end` could not be read; null when all were. */
  readonly fault: ParameterFault | null;
}

export interface ParameterFault {
  readonly code: 'item_unknown' | 'item_truncated';
  readonly detail: string;
}

export interface ParametersAt {
  readonly at: number;
  readonly end: number;
  readonly count: number;
  /** Of the edition. */
  readonly parameters: readonly ParameterLayout[];
}

/** Reads up to `count` parameters from `at`; nothing at or behind `end` is touched. */
export function readParameters(
  bytes: Uint8Array,
  { at, end, count, parameters }: ParametersAt,
): ReadParameters {
  const params: Parameter[] = [];
  const sizes = new TextSizes();
  let next = at;
  while (params.length < count) {
    const place = `parameter ${params.length + 1} of ${count}`;
    if (next === end) {
      const detail = `${place} wanted, found the end of the data unit`;
      return { params, end: next, fault: { code: 'item_truncated', detail } };
    }
    const id = bytes[next] as number;
    const layout = parameterLayout(parameters, id);
    const size = layout === null ? null : sizes.of(layout);
    if (layout === null || size === null) {
      const detail = `${place} of a known size wanted, found id ${hexByte(id)}`;
      return { params, end: next, fault: { code: 'item_unknown', detail } };
    }
    const left = end - next - 1;
    if (size > left) {
      const detail = `${place}, id ${hexByte(id)}, wants ${size} bytes, found ${left}`;
      return { params, end: next, fault: { code: 'item_truncated', detail } };
    }
    const value = layout.isText ? readText(bytes, next + 1, size) : integer(bytes, next + 1, size);
    sizes.note(id, value);
    params.push({ id, value });
    next += 1 + size;
  }
  return { params, end: next, fault: null };
}

/** Sizes of values, of which some are announced by a parameter that was read before. */
export class TextSizes {
  readonly #announced = new Map<number, number>();

  /** Null where nothing before announced it. */
  of({ size, sizeId }: ParameterLayout): number | null {
    if (size !== null) return size;
    return sizeId === null ? null : (this.#announced.get(sizeId) ?? null);
  }

  /** To be called for each parameter in turn. */
  note(id: number, value: Parameter['value']): void {
    if (typeof value === 'number') this.#announced.set(id, value);
  }
}

function integer(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let index = at; index < at + size; index += 1) {
    value = value * 256 + (bytes[index] as number);
  }
  return value;
}

function hexByte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0').toUpperCase()}`;
}
