// Changes settings of Kafka while it runs, and gives back what was there.

import { describeTopics } from '#shared/kafka/admin.ts';
import { createKafkaClient, type KafkaClient } from '#shared/kafka/client.ts';
import type { KafkaConfig } from '#shared/kafka/settings.ts';
import { withAdmin } from '#shared/kafka/with-admin.ts';
import { createLogger } from '#shared/runtime/log.ts';

export interface TopicSetting {
  readonly name: string;
  readonly value: string;
}

/** Kafka's number for a resource that is a topic. */
const topicResource = 2;

/** Straight to Kafka. Answers what gives the topics their settings back. */
export async function setOnTopics(
  config: KafkaConfig,
  topics: readonly string[],
  { name, value }: TopicSetting,
): Promise<() => Promise<void>> {
  const before = await withClient(config, (client) => describeTopics(client, topics));
  const write = (toOwn: (own: ReadonlyMap<string, string>) => ReadonlyMap<string, string>) =>
    withClient(config, (client) =>
      withAdmin(client, (admin) =>
        admin.alterConfigs({
          validateOnly: false,
          // Replaces all that is set on a topic: what was there must be said again.
          resources: before.map(({ topic, ownConfig }) => ({
            type: topicResource,
            name: topic,
            configEntries: [...toOwn(ownConfig)].map(([key, wanted]) => {
              return { name: key, value: wanted };
            }),
          })),
        }),
      ),
    );
  await write((own) => new Map([...own, [name, value]]));
  return async () => void (await write((own) => own));
}

async function withClient<T>(
  config: KafkaConfig,
  work: (client: KafkaClient) => Promise<T>,
): Promise<T> {
  const client = createKafkaClient(config, createLogger({ level: 'silent', name: 'chaos' }));
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}
