// Feeds the check with every record of every topic, as any reader of the topics would see them.

import type { Decoded, Decoder } from '#shared/avro/decoder.ts';
import type { KafkaClient } from '#shared/kafka/client.ts';
import { type PartitionEnds, type ReadRecord, readAll } from '#shared/kafka/reader.ts';
import { topicSpecs } from '#shared/topics.ts';
import type { LedgerCheck } from './check.ts';
import { storedRecordOf } from './record-fields.ts';

export interface TopicReading {
  readonly client: KafkaClient;
  readonly decoder: Decoder;
  /** Where the topics ended before the run. */
  readonly from: PartitionEnds;
}

export const ledgerTopics: readonly string[] = topicSpecs.map(({ topic }) => topic);

/** Rejects when Kafka goes away meanwhile. */
export async function feedCheck(check: LedgerCheck, reading: TopicReading): Promise<void> {
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

function add(check: LedgerCheck, record: ReadRecord, decoded: Decoded): void {
  const { topic: kafkaTopic, partition, offset, timestamp: appendedAt } = record;
  if (decoded.kind === 'fault') {
    check.addUnreadable(`${kafkaTopic}/${partition} offset ${offset}: ${decoded.detail}`);
    return;
  }
  const key = record.key?.toString('utf8') ?? '';
  check.add(storedRecordOf({ kafkaTopic, partition, offset, appendedAt, key }, decoded.value));
}
