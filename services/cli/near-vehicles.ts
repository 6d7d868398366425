// Vehicles that were heard lately: for "did you mean …?". One that is typed wrong lies in any
// other partition, so all are looked at, a little of each.

import type { KafkaClient } from '#shared/kafka/client.ts';
import { readPartitionSpans, readStretches } from '#shared/kafka/stretches.ts';
import { kafkaTopics } from '#shared/topics.ts';

const recordsMax = 200;

/** Ids in the latest records of states and of reports. */
export async function seenVehicles(client: KafkaClient): Promise<readonly string[]> {
  const spans = await readPartitionSpans(client, [kafkaTopics.state, kafkaTopics.telemetry]);
  const seen = new Set<string>();
  const stretches = spans.map(({ topic, partition, low, high }) => {
    return { topic, partition, from: Math.max(low, high - recordsMax), end: high };
  });
  await readStretches({
    client,
    stretches,
    onRecord: ({ key }) => {
      if (key !== null) seen.add(key.toString());
    },
  });
  return [...seen];
}
