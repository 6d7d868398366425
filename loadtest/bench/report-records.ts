// Frames to Kafka records as a bridge would write them, and a backlog of them.

import type { Ingest } from '#shared/ingest/contract.ts';
import { partitionOf } from '#shared/kafka/partitioner.ts';
import type { ProduceRecord, Producer } from '#shared/kafka/producer.ts';
import type { BenchFrame } from './typical-report.ts';

export interface RecordsPlan {
  readonly ingest: Ingest;
  readonly topic: string;
  readonly partitions: number;
  /** Epoch ms. */
  readonly receivedAt: number;
}

/** One record for each frame; throws for a frame that does not become one. */
export function recordsOf(frames: readonly BenchFrame[], plan: RecordsPlan): ProduceRecord[] {
  const { ingest, topic, partitions, receivedAt } = plan;
  return frames.map(({ mqttTopic, payload }, sequence) => {
    const origin = { bridge: 'bench', epoch: 1, sequence };
    const { records, quarantinedCount } = ingest({ mqttTopic, payload, receivedAt, origin });
    const [record] = records;
    if (record === undefined || quarantinedCount > 0) throw new Error('the frame was refused');
    const { key, value } = record;
    return { topic, partition: partitionOf(key, partitions), key, value };
  });
}

// About what the batches of a bridge hold of one partition: 1,000 records of a lane of four.
const batchRecords = 4_000;

/** Rejects when a partition refuses its part. */
export async function produceAll(
  producer: Producer,
  records: readonly ProduceRecord[],
): Promise<void> {
  for (let at = 0; at < records.length; at += batchRecords) {
    const results = await producer.produce(records.slice(at, at + batchRecords));
    const failed = results.find(({ kind }) => kind === 'failed');
    if (failed?.kind === 'failed') throw new Error(`${failed.code}: ${failed.detail}`);
  }
}
