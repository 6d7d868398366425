// Writes tombstones: in a compacted topic, a record without a value makes Kafka forget its key.

import type { KafkaClient } from './client.ts';

export interface Tombstone {
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer;
}

/**
 * With acks=all; resolves with its offset. Rejects when Kafka does not say that it is stored: then
 * it may be all the same, and writing it again does no harm.
 */
export async function writeTombstone(client: KafkaClient, tombstone: Tombstone): Promise<number> {
  const { topic, partition, key } = tombstone;
  const producer = client.kafka.producer({ allowAutoTopicCreation: false });
  try {
    await producer.connect();
    const stored = await producer.send({
      topic,
      acks: -1,
      messages: [{ key, value: null, partition }],
    });
    // kafkajs has resolved sends that it had lost: only a place is proof.
    const place = stored.find((answer) => answer.partition === partition);
    if (place?.baseOffset !== undefined && place.errorCode === 0) return Number(place.baseOffset);
    throw new Error(`${topic}/${partition}: want the offset of a tombstone, found no answer`);
  } finally {
    await producer.disconnect();
  }
}
