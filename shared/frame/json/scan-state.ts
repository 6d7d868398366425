// What a scan of JSON bytes knows while it runs, and how it stops.

import type { Reason, RejectCode } from '../outcome.ts';
import type { JsonLimits } from './limits.ts';

export interface Scan {
  readonly bytes: Uint8Array;
  readonly limits: JsonLimits;
  readonly containersMax: number;
  /** The payload is an array of documents. */
  isArray: boolean;
  at: number;
  /** Of the last text that was read. */
  hasEscape: boolean;
  depth: number;
  containerCount: number;
  memberCount: number;
  elementCount: number;
  /** Why the scan stopped. */
  reason: Reason | null;
  /** The first wrong key of the document at hand. */
  keyFault: Reason | null;
  /** Begin and end of each, in the document at hand. */
  wideIntegers: number[];
}

export function fail(scan: Scan, code: RejectCode, offset: number, detail: string): false {
  scan.reason = { code, offset, detail };
  return false;
}

/** As people name a byte of text. */
export function byteName(byte: number | undefined): string {
  if (byte === undefined) return 'the end of the payload';
  if (byte > 0x20 && byte < 0x7f) return JSON.stringify(String.fromCharCode(byte));
  return `byte 0x${byte.toString(16).padStart(2, '0').toUpperCase()}`;
}
