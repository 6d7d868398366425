// A vehicle's value in the state store. Grammar:
//
//   value  = version ring record
//   version = u8, 1
//   ring   = u8 count, count × 8 bytes (frame ids, the oldest first)
//   record = the value of the vehicle's record in the state topic: 0x00, u32 schema id, Avro

import { type FrameRing, frameIdBytes, readRing } from './ring.ts';

const layoutVersion = 1;

export type StoredValue =
  | { readonly kind: 'stored'; readonly ring: FrameRing; readonly record: Buffer }
  | StoredFault;

/** Not ours, of a later release, or broken. */
interface StoredFault {
  readonly kind: 'fault';
  /** What was wanted and what was found. */
  readonly detail: string;
}

export function encodeStored(ring: FrameRing, record: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(1 + ring.byteLength + record.length);
  bytes[0] = layoutVersion;
  record.copy(bytes, ring.writeTo(bytes, 1));
  return bytes;
}

/** `record` is a view of `bytes`. The ring has room for `ringFrames`, whatever was stored. */
export function decodeStored(bytes: Buffer, ringFrames: number): StoredValue {
  const head = headOf(bytes);
  if (typeof head === 'string') return { kind: 'fault', detail: head };
  const ring = readRing(bytes, 1, ringFrames)!;
  return { kind: 'stored', ring, record: bytes.subarray(head) };
}

/** For those who want no ring: the record alone, null where `decodeStored` has a fault. */
export function recordOfStored(bytes: Buffer): Buffer | null {
  const head = headOf(bytes);
  return typeof head === 'string' ? null : bytes.subarray(head);
}

/** How many bytes stand before the record, or what is wrong with them. */
function headOf(bytes: Buffer): number | string {
  const version = bytes[0];
  if (version === undefined) return 'no bytes at all';
  if (version !== layoutVersion) return `layout ${version}, want ${layoutVersion}`;
  const length = 2 + (bytes[1] ?? 0) * frameIdBytes;
  if (bytes.length > length) return length;
  return `${bytes.length} bytes, want more than ${length} of layout and ring`;
}
