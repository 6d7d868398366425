// What goes into ingest and what comes out: the one way from payload to records and answers.

import type { Codec, KafkaTopic } from '../topics.ts';

export interface IngestMessage {
  readonly mqttTopic: string;
  /** May be a view into a socket chunk: ingest copies what it keeps. */
  readonly payload: Uint8Array;
  /** Epoch ms. */
  readonly receivedAt: number;
  /** Of the message's first frame; further frames count on. */
  readonly origin: Origin;
}

/**
 * `bridge` is unique per process life; (`bridge`, `epoch`) is a tenure; `sequence` counts frames
 * in it.
 */
export interface Origin {
  readonly bridge: string;
  readonly epoch: number;
  readonly sequence: number;
}

export interface IngestedRecord {
  readonly kafkaTopic: KafkaTopic;
  /** vehicleId as UTF-8; the record's key. */
  readonly key: Buffer;
  /** Confluent wire format. Owned by the record: never reused. */
  readonly value: Buffer;
}

export interface Answer {
  readonly mqttTopic: string;
  readonly payload: Buffer;
}

export interface Ingested {
  /** Of the route; 'unknown' where no route matches. The ledger's label. */
  readonly codec: Codec | 'unknown';
  /** Frames of the message: produced + quarantined. */
  readonly frameCount: number;
  readonly quarantinedCount: number;
  /** Reason codes of the quarantined frames, one each. */
  readonly quarantineReasons: readonly string[];
  readonly records: readonly IngestedRecord[];
  /** To be sent only when every record is stored. */
  readonly answers: readonly Answer[];
}

/** Pure and total: any bytes on any topic end as records. */
export type Ingest = (message: IngestMessage) => Ingested;
