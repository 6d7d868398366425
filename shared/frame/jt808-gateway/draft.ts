// What is read from a gateway's payload, up to the first value that does not fit.

import { foundName, type SchemaFault } from '../json/schema.ts';

export interface Draft {
  fault: SchemaFault | null;
}

export interface Place {
  readonly value: unknown;
  readonly pointer: string;
}

export type Source = Readonly<Record<string, unknown>>;

/** The first fault stays. */
export function refuse(draft: Draft, { value, pointer }: Place, wanted: string): void {
  draft.fault ??= { pointer, detail: `${wanted} wanted, found ${foundName(value)}` };
}

export function integerIn(draft: Draft, size: 1 | 2 | 4, place: Place): number {
  const most = 2 ** (8 * size) - 1;
  const { value } = place;
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most) {
    return value as number;
  }
  refuse(draft, place, `a whole number of 0 to ${most}`);
  return 0;
}

/** Base64, as the gateway hands on bytes. */
export function bytesIn(draft: Draft, place: Place): Uint8Array {
  const { value } = place;
  if (typeof value === 'string' && /^[0-9A-Za-z+/]*={0,2}$/.test(value)) {
    return Buffer.from(value, 'base64');
  }
  refuse(draft, place, 'bytes in Base64');
  return new Uint8Array(0);
}

/**
 * BCD digits; null for what is none. The gateway adds each half of a byte to the character 0, so
 * that those above 9 are `:` to `?`.
 */
export function digitsOf(value: unknown): string | null {
  if (typeof value !== 'string' || !/^[0-9:-?a-f]*$/i.test(value)) return null;
  return value.toLowerCase().replace(/[:-?]/g, (half) => (half.charCodeAt(0) - 0x30).toString(16));
}

export function objectIn(draft: Draft, place: Place): Source {
  const { value } = place;
  if (isObject(value)) return value;
  refuse(draft, place, 'an object');
  return {};
}

export function listIn(draft: Draft, place: Place): readonly unknown[] {
  const { value } = place;
  if (Array.isArray(value)) return value;
  refuse(draft, place, 'an array');
  return [];
}

export function isObject(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
