// A stored record in the shape in which the ledger holds what it expected: bytes as hex digits, a
// quarantined payload as its hash.

import { createHash } from 'node:crypto';

export type RecordFields = Readonly<Record<string, unknown>>;

export interface Origin {
  readonly bridge: string;
  readonly epoch: number;
  readonly sequence: number;
}

/** What the check knows of one record. */
export interface StoredRecord {
  readonly kafkaTopic: string;
  readonly partition: number;
  readonly offset: number;
  /** Epoch ms: when Kafka appended it. */
  readonly appendedAt: number;
  /** As UTF-8. */
  readonly key: string;
  readonly vehicleId: string;
  /** 16 hex digits. */
  readonly frameId: string | null;
  readonly origin: Origin;
  /** Epoch ms: when a bridge received the frame. */
  readonly receivedAt: number;
  /** As `ExpectedFrame.fields` names them. */
  readonly fields: RecordFields;
}

export type Place = Pick<
  StoredRecord,
  'kafkaTopic' | 'partition' | 'offset' | 'appendedAt' | 'key'
>;

/** `value` is what the Avro decoder made of a record of ours. */
export function storedRecordOf(place: Place, value: object): StoredRecord {
  const fields = toJson(value) as Record<string, unknown>;
  if ('quarantineId' in fields) foldQuarantined(fields);
  if (typeof fields['partialReason'] === 'string') {
    // The code; what follows it is for people.
    fields['partialReason'] = fields['partialReason'].split(':')[0];
  }
  return {
    ...place,
    vehicleId: fields['vehicleId'] as string,
    frameId: fields['frameId'] as string | null,
    origin: fields['origin'] as Origin,
    receivedAt: (fields['receivedTime'] ?? fields['lastSeenTime']) as number,
    fields,
  };
}

function foldQuarantined(fields: Record<string, unknown>): void {
  const payload = Buffer.from(fields['payload'] as string, 'hex');
  fields['payload'] = fields['payloadSha256'] ?? createHash('sha256').update(payload).digest('hex');
  fields['mqttTopic'] = (fields['source'] as { mqttTopic: string | null }).mqttTopic;
}

function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toJson(inner)]));
}
