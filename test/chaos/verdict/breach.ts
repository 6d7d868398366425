// A promise that was broken, and whose message shows it.

export interface Breach {
  /** "lost after the bridge's PUBACK". */
  readonly promise: string;
  /** What was found. */
  readonly found: string;
  /** Where one vehicle is concerned: its story is told. */
  readonly vehicleId?: string;
  readonly messageNo?: number;
}
