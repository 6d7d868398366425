// The look at topics beside consuming them, in Kafka: leaves no consumer group behind.

import type { KafkaClient } from '../kafka/client.ts';
import { readPartitionSpans, readStretches } from '../kafka/stretches.ts';
import type { StreamLogs } from './logs.ts';

/** The client stays the caller's. */
export function createKafkaLogs(client: KafkaClient): StreamLogs {
  return {
    spans: (topics) => readPartitionSpans(client, topics),
    async readPartition({ topic, partition }, onRecord) {
      const spans = await readPartitionSpans(client, [topic]);
      const span = spans.find((each) => each.partition === partition);
      if (span === undefined) throw new RangeError(`want partition ${partition} of ${topic}`);
      const stretch = { topic, partition, from: span.low, end: span.high };
      await readStretches({ client, stretches: [stretch], onRecord });
    },
  };
}
