// The data unit of one frame while it is decoded, and what decoding makes of it.

import type { Reason } from '../outcome.ts';
import type { Edition } from './editions.ts';
import type { Body } from './frame.ts';
import { dataOffset } from './outer-frame.ts';

/** `at` up to, not including, `end`. */
export interface Unit {
  readonly edition: Edition;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Start of the frame. */
  readonly frameAt: number;
  readonly at: number;
  readonly end: number;
}

export type Decoded =
  | { readonly kind: 'accept' | 'answer'; readonly body: Body; readonly reason: null }
  | { readonly kind: 'partial' | 'opaque'; readonly body: Body; readonly reason: Reason }
  | { readonly kind: 'reject'; readonly body: null; readonly reason: Reason };

/** What is left of the data unit from `at` on; null when nothing is. */
export function restOf({ bytes, end }: Unit, at: number): Uint8Array | null {
  return at === end ? null : bytes.subarray(at, end);
}

export function truncated(unit: Unit, wanted: number): Decoded {
  const found = unit.end - unit.at;
  const detail = `data unit of at least ${wanted} bytes wanted, found ${found}`;
  const reason: Reason = { code: 'body_truncated', offset: dataOffset + found, detail };
  return { kind: 'reject', body: null, reason };
}

export function hexByte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0').toUpperCase()}`;
}
