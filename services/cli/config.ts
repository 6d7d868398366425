// The settings of the commands, from the environment; options of a command stand in for some.

import { registrySettings } from '#shared/avro/settings.ts';
import { kafkaSettings } from '#shared/kafka/settings.ts';
import { ConfigError, type ConfigOf, setting } from '#shared/runtime/config.ts';
import { integer } from '#shared/runtime/config-schemas.ts';

const topicsSettings = {
  topicsPartitions: setting({
    name: 'TOPICS_PARTITIONS',
    schema: integer({ min: 1, max: 10_000, unit: 'partitions' }),
    default: 12,
    example: 96,
    doc: 'Partitions of each topic; never changed once a topic exists.',
  }),
  topicsReplication: setting({
    name: 'TOPICS_REPLICATION',
    schema: integer({ min: 1, max: 100, unit: 'replicas' }),
    default: 3,
    example: 1,
    doc: 'Brokers that hold each partition; 1 for a Kafka of one node.',
  }),
  topicsMinIsr: setting({
    name: 'TOPICS_MIN_ISR',
    schema: integer({ min: 1, max: 100, unit: 'replicas' }),
    default: 2,
    example: 1,
    doc: 'Brokers that must have a record before it is acknowledged; 1 for a Kafka of one node.',
  }),
};

/** `fleetwire topics apply`. */
export const topicsApplyTable = { ...kafkaSettings, ...topicsSettings };

export type TopicsApplyConfig = ConfigOf<typeof topicsApplyTable>;

/** What no single setting can see. Throws ConfigError. */
export function checkTopicsApply({ topicsReplication, topicsMinIsr }: TopicsApplyConfig): void {
  if (topicsMinIsr <= topicsReplication) return;
  const name = 'TOPICS_MIN_ISR';
  const wanted = `want at most TOPICS_REPLICATION, which is ${topicsReplication}`;
  throw new ConfigError([{ name, text: `${name}="${topicsMinIsr}": ${wanted}` }]);
}

/** `fleetwire schemas apply`. */
export const schemasApplyTable = registrySettings;

export type SchemasApplyConfig = ConfigOf<typeof schemasApplyTable>;

/** What reads topics: `fleetwire tail`. */
export const readTable = { ...kafkaSettings, ...registrySettings };
