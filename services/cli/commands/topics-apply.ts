// `fleetwire topics apply`: brings Kafka to the topics of this release.

import type { Command } from 'commander';
import { applyTopics, PartitionCountError, type TopicChange } from '#shared/kafka/admin.ts';
import { createKafkaClient } from '#shared/kafka/client.ts';
import { failureOf } from '#shared/kafka/failures.ts';
import { ConfigError, loadConfig } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { topicSpecs } from '#shared/topics.ts';
import { checkTopicsApply, type TopicsApplyConfig, topicsApplyTable } from '../config.ts';
import { type CliContext, CommandFailed, withOptions } from '../context.ts';

export function addTopicsCommands(program: Command, context: CliContext): void {
  program
    .command('topics')
    .description('the Kafka topics')
    .command('apply')
    .description(
      'create the topics of this release and mend their settings, never their partitions',
    )
    .option('--kafka <host:port,…>', 'brokers (KAFKA_BROKERS)')
    .option('--partitions <count>', 'of each topic (TOPICS_PARTITIONS)')
    .option('--replication <count>', 'brokers that hold a partition (TOPICS_REPLICATION)')
    .option('--min-isr <count>', 'brokers that must have a record (TOPICS_MIN_ISR)')
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--json', 'print the result as JSON')
    .action((options: TopicsApplyOptions) => topicsApply(options, context));
}

interface TopicsApplyOptions {
  readonly kafka?: string;
  readonly partitions?: string;
  readonly replication?: string;
  readonly minIsr?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

async function topicsApply(options: TopicsApplyOptions, context: CliContext): Promise<void> {
  const given = {
    KAFKA_BROKERS: options.kafka,
    TOPICS_PARTITIONS: options.partitions,
    TOPICS_REPLICATION: options.replication,
    TOPICS_MIN_ISR: options.minIsr,
  };
  const config = loadConfig(topicsApplyTable, { env: withOptions(context.env, given) });
  checkTopicsApply(config);
  const mode = options.dryRun ? 'report' : 'apply';
  const client = createKafkaClient(config, createLogger({ level: 'silent', name: 'fleetwire' }));
  const changes = await applyTopics({
    client,
    specs: topicSpecs,
    partitions: config.topicsPartitions,
    replication: config.topicsReplication,
    minIsr: config.topicsMinIsr,
    mode,
  })
    .catch((error: unknown) => fail(error, config))
    .finally(() => client.destroy());
  if (options.json) context.out(JSON.stringify({ mode, changes }));
  else for (const line of linesOf(changes, mode)) context.out(line);
}

function fail(error: unknown, config: TopicsApplyConfig): never {
  if (error instanceof ConfigError) throw error;
  if (error instanceof PartitionCountError) {
    throw new CommandFailed(`refused, nothing was changed: ${error.message}`, { cause: error });
  }
  const { code, detail } = failureOf(error);
  const brokers = config.kafkaBrokers.join(',');
  throw new CommandFailed(`Kafka at ${brokers}: ${code}: ${detail}${hintOf(code)}`, {
    cause: error,
  });
}

function hintOf(code: string): string {
  if (code !== 'INVALID_REPLICATION_FACTOR') return '';
  return ' (a Kafka of one node wants --replication 1 --min-isr 1)';
}

function linesOf(changes: readonly TopicChange[], mode: 'apply' | 'report'): readonly string[] {
  const changed = changes.map((change) => lineOf(change, mode));
  const touched = new Set(changes.map(({ topic }) => topic)).size;
  const unchanged = topicSpecs.length - touched;
  return [...changed, `${topicSpecs.length} topics: ${touched} changed, ${unchanged} unchanged`];
}

function lineOf(change: TopicChange, mode: 'apply' | 'report'): string {
  const { topic } = change;
  switch (change.kind) {
    case 'created': {
      const verb = mode === 'apply' ? 'created' : 'would create';
      const { partitions, replication } = change;
      return `${verb} ${topic}: ${partitions} partitions, replication ${replication}`;
    }
    case 'config-changed': {
      const verb = mode === 'apply' ? 'changed' : 'would change';
      return `${verb} ${topic}: ${change.name} from ${change.from || 'unset'} to ${change.to}`;
    }
  }
}
