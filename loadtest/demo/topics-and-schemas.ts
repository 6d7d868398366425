// What a release does before any service starts: topics and schemas.

import { applySchemas } from '#shared/avro/apply.ts';
import type { RegistryAccess } from '#shared/avro/registry-http.ts';
import { applyTopics, PartitionCountError } from '#shared/kafka/admin.ts';
import type { KafkaClient } from '#shared/kafka/client.ts';
import { topicSpecs } from '#shared/topics.ts';

export interface Release {
  readonly client: KafkaClient;
  /** Kafka nodes; 3 keep each record twice at least. */
  readonly brokers: 1 | 3;
  readonly registry: RegistryAccess;
  readonly idsFile: string;
  /** Of each topic. Default: as many as locally. */
  readonly partitions?: number | undefined;
  readonly signal: AbortSignal;
}

const localPartitions = 12;

export async function applyTopicsAndSchemas(release: Release): Promise<void> {
  const { client, brokers, registry, idsFile, signal } = release;
  const partitions = release.partitions ?? localPartitions;
  const copies = brokers === 3 ? { replication: 3, minIsr: 2 } : { replication: 1, minIsr: 1 };
  await applyTopics({ client, specs: topicSpecs, partitions, ...copies, mode: 'apply' }).catch(
    keepPartitions,
  );
  const applied = await applySchemas({ registry, mode: 'apply', idsFile, signal });
  if (applied.kind === 'done') return;
  const [first] = applied.refusals;
  throw new Error(`${first?.subject}: wanted ${first?.wanted}, found ${first?.found}`);
}

/** An outside Kafka may have our topics with another count: any count will do here. */
function keepPartitions(error: unknown): void {
  if (!(error instanceof PartitionCountError)) throw error;
}
