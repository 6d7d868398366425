// From what a frame was brought to, to its records.

import type { Encoders } from '../avro/encoder.ts';
import type { Reason } from '../frame/outcome.ts';
import type { Interpretation, Interpreted } from '../telemetry/interpretation.ts';
import type { Draft } from './draft.ts';
import { encodeRecord, recordBytesMax } from './frame-record.ts';

/**
 * Of one frame. A payload of 64 KiB holds no more locations than this; only a batch that came in
 * parts can, and one without a bound would hold the loop up for longer than 20 ms.
 */
export const recordsMax = 2500;

/**
 * Adds the records of a frame, or says why there can be none; then some of them may be there
 * already, and the caller takes them back. Throws where a value does not fit its schema.
 */
export function appendRecords(
  encoders: Encoders,
  draft: Draft,
  interpreted: Interpreted,
): Reason | null {
  // The common case first: one frame, one record.
  if ('kind' in interpreted) return appendRecord(encoders, draft, interpreted);
  let count = 0;
  for (const interpretation of interpreted) {
    count += 1;
    if (count > recordsMax) {
      const detail = `at most ${recordsMax} records of one frame wanted, found more`;
      return { code: 'record_refused', offset: 0, detail };
    }
    const refusal = appendRecord(encoders, draft, interpretation);
    if (refusal !== null) return refusal;
  }
  if (count > 0) return null;
  return { code: 'record_refused', offset: 0, detail: 'a record wanted, found none' };
}

function appendRecord(
  encoders: Encoders,
  { address, ingested }: Draft,
  interpretation: Interpretation,
): Reason | null {
  if (interpretation.kind === 'rejection') return interpretation.reason;
  const { kafkaTopic, value } = encodeRecord(encoders, interpretation);
  if (value.length > recordBytesMax) {
    const detail = `record of at most ${recordBytesMax} bytes wanted, found ${value.length}`;
    return { code: 'record_refused', offset: 0, detail };
  }
  ingested.records.push({ kafkaTopic, key: address.key, value });
  return null;
}
