// What the fuzz has seen of a codec.

export interface Tally {
  payloadCount: number;
  byteCount: number;
  /** Frames by outcome; `refused` are those that decode and are refused later. */
  readonly outcomes: Record<string, number>;
  /** Frames by reason code. */
  readonly reasons: Record<string, number>;
  slowest: Slowest;
  /** Of a frame, on the average of its message. */
  slowestFrameMicros: number;
  /** The highest ratios to the bytes of a payload, among those of 100 bytes or more. */
  entriesPerByteMax: number;
  recordBytesPerByteMax: number;
  /** All that a decode allocates, among the longest payloads. */
  allocatedPerByteMax: number;
}

/** The payload that took longest from bytes to records. */
export interface Slowest {
  readonly micros: number;
  readonly bytes: number;
  readonly frames: number;
  readonly index: number;
}

/** No frame may hold a bridge up for longer. */
export const frameMicrosMax = 20_000;

/** Of 64 KiB: 6,000 frames of 11 bytes take 18 ms. */
export const messageMicrosMax = 60_000;

export function openTally(): Tally {
  return {
    payloadCount: 0,
    byteCount: 0,
    outcomes: {},
    reasons: {},
    slowest: { micros: 0, bytes: 0, frames: 0, index: -1 },
    slowestFrameMicros: 0,
    entriesPerByteMax: 0,
    recordBytesPerByteMax: 0,
    allocatedPerByteMax: 0,
  };
}

export function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
