// A payload told byte by byte: what `fleetwire explain` shows and `fleetwire conform` counts. Every
// codec answers with these; plain JSON values.

/**
 * - `ok`: as the standard says; `abnormal`, `invalid`: a sentinel of the standard;
 *   `out_of_range`: a raw value beyond its valid range, kept all the same.
 * - `broken`: here the walk ends or the frame is refused; `expected` says what was wanted.
 * - `opaque`: bytes that no table lays out, or that are encrypted.
 */
export type Verdict = 'ok' | 'abnormal' | 'invalid' | 'out_of_range' | 'broken' | 'opaque';

/** One field, or a part with fields of its own. Parts lie in the order of the bytes. */
export interface Explained {
  /** Name of the layout table, such as `speed` or `item 0x01 vehicle`. */
  readonly name: string;
  /** First byte, from the start of the payload. */
  readonly at: number;
  /** The byte after its last one. */
  readonly end: number;
  /** As on the wire: a number in decimal, a text, or hex bytes; null for a part with fields. */
  readonly raw: string | null;
  /** In `unit`; null where there is none (a sentinel, a part, bytes). */
  readonly value: string | null;
  /** Empty where the value has none. */
  readonly unit: string;
  readonly verdict: Verdict;
  /** Of the standard, such as `GB/T 32960.3-2016 table 9`; empty where none says it. */
  readonly clause: string;
  /** What it is, in a short sentence; empty where the name says it all. */
  readonly meaning: string;
  /** Of what is not `ok`: what was wanted here. Null otherwise. */
  readonly expected: string | null;
  readonly parts: readonly Explained[];
}
