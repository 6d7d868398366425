// Records of a slice to what a processor takes. Any bytes are survived; what cannot be read keeps
// its place, so that items and records stay side by side.

import type { Decoded, DecodeFaultCode, Decoder } from '../avro/decoder.ts';
import type { ReadRecord } from '../kafka/reader.ts';
import type { KafkaTopic } from '../topics.ts';
import type { StreamRecord } from './processor.ts';

export interface Undecoded {
  readonly kind: 'undecoded';
  readonly code: DecodeFaultCode | 'not_input';
  readonly detail: string;
}

export type SliceItem = StreamRecord | Undecoded;

/** Answers a promise only while a schema is looked up: most slices cost no turn of the loop. */
export function decodeSlice(
  decoder: Decoder,
  records: readonly ReadRecord[],
): SliceItem[] | Promise<SliceItem[]> {
  const items = new Array<SliceItem>(records.length);
  let lookUps: Promise<void>[] | null = null;
  for (let at = 0; at < records.length; at += 1) {
    const record = records[at]!;
    if (record.value === null) {
      items[at] = undecoded('not_input', 'want a value, found none');
      continue;
    }
    const decoded = decoder.decode(record.value);
    if (decoded instanceof Promise) {
      const late = decoded.then((found) => {
        items[at] = itemOf(record, found);
      });
      lookUps ??= [];
      lookUps.push(late);
    } else items[at] = itemOf(record, decoded);
  }
  return lookUps === null ? items : Promise.all(lookUps).then(() => items);
}

function itemOf(record: ReadRecord, decoded: Decoded): SliceItem {
  const { kind } = decoded;
  if (kind === 'fault') return undecoded(decoded.code, decoded.detail);
  if (kind !== 'telemetry.v1' && kind !== 'lifecycle.v1') {
    return undecoded('not_input', `want telemetry.v1 or lifecycle.v1, found ${kind}`);
  }
  const { vehicleId } = decoded.value;
  if (vehicleId === '') return undecoded('not_input', 'want a vehicleId, found none');
  const { partition, offset } = record;
  // Only topics of the processor's inputs are consumed.
  const topic = record.topic as KafkaTopic;
  if (kind === 'telemetry.v1') {
    return { kind, topic, partition, offset, vehicleId, value: decoded.value };
  }
  return { kind, topic, partition, offset, vehicleId, value: decoded.value };
}

function undecoded(code: Undecoded['code'], detail: string): Undecoded {
  return { kind: 'undecoded', code, detail };
}
