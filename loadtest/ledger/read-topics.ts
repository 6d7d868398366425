// Feeds the check with every record of every topic, as any reader of the topics would see them.

import type { Decoded, Decoder } from '#shared/avro/decoder.ts';
import type { KafkaClient } from '#shared/kafka/client.ts';
import { type PartitionEnds, type ReadRecord, readAll } from '#shared/kafka/reader.ts';
import { topicsOf } from '#shared/topics.ts';
import type { LedgerCheck } from './check.ts';
import { storedRecordOf } from './record-fields.ts';

export interface TopicReading {
  readonly client: KafkaClient;
  readonly decoder: Decoder;
  /** Where the topics ended before the run. */
  readonly from: PartitionEnds;
}

/** What bridges write: the ledger is about their promise. */
export const ledgerTopics: readonly string[] = topicsOf('bridge');

/** What wants to see the records: a check, or a check and whoever looks on. */
export type Sink = Pick<LedgerCheck, 'add' | 'addUnreadable'>;

/** Rejects when Kafka goes away meanwhile. */
export async function feedCheck(check: Sink, reading: TopicReading): Promise<void> {
  const { client, decoder, from } = reading;
  const late: Promise<void>[] = [];
  const onRecord = (record: ReadRecord): void => {
    const decoded = decoder.decode(record.value ?? Buffer.alloc(0));
    if (decoded instanceof Promise) late.push(decoded.then((value) => add(check, record, value)));
    else add(check, record, decoded);
  };
  await readAll({ client, topics: ledgerTopics, from, onRecord });
  await Promise.all(late);
}

function add(check: Sink, record: ReadRecord, decoded: Decoded): void {
  const { topic: kafkaTopic, partition, offset, timestamp: appendedAt } = record;
  if (decoded.kind === 'fault' || decoded.kind === 'state.v1') {
    const found = decoded.kind === 'fault' ? decoded.detail : 'the state of a vehicle';
    check.addUnreadable(`${kafkaTopic}/${partition} offset ${offset}: ${found}`);
    return;
  }
  const key = record.key?.toString('utf8') ?? '';
  check.add(storedRecordOf({ kafkaTopic, partition, offset, appendedAt, key }, decoded.value));
}
