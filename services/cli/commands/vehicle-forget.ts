// `fleetwire vehicle forget <id>`: removes what is kept of a vehicle, and says what ages out when.

import type { Command } from 'commander';
import { describeTopics } from '#shared/kafka/admin.ts';
import type { KafkaClient } from '#shared/kafka/client.ts';
import { kafkaSettings } from '#shared/kafka/settings.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { topicSpecs } from '#shared/topics.ts';
import { agesOutText } from '../ages-out.ts';
import { type CliContext, CommandFailed, withOptions } from '../context.ts';
import { type Forgotten, forgetVehicle } from '../forget-vehicle.ts';
import { withKafka } from '../neighbours.ts';
import { redisFailure, requireStateStore } from '../state-store.ts';

export function addForgetCommand(vehicle: Command, context: CliContext): void {
  vehicle
    .command('forget')
    .description('remove its state from Redis and vehicle.state.v1; the rest ages out by itself')
    .argument('<id>', 'of the vehicle')
    .option('--yes', 'do not ask; without a terminal it is needed')
    .option('--kafka <host:port,…>', 'brokers (KAFKA_BROKERS)')
    .option('--redis <url>', 'where the state processor keeps its state (REDIS_URL)')
    .addHelpText('after', '\nExample:\n  fleetwire vehicle forget LFVTEST0000000001 --yes')
    .action((id: string, _options: unknown, command: Command) => {
      // Options before the word `forget` are those of `vehicle`.
      return forget(id, command.optsWithGlobals<ForgetOptions>(), context);
    });
}

interface ForgetOptions {
  readonly yes?: true;
  readonly kafka?: string;
  readonly redis?: string;
}

/** An owner stores a slice in far less; what it remembered lands within. */
const waitMs = 2_000;

async function forget(id: string, options: ForgetOptions, context: CliContext): Promise<void> {
  const given = { KAFKA_BROKERS: options.kafka, REDIS_URL: options.redis };
  const env = withOptions(context.env, given);
  const config = loadConfig(kafkaSettings, { env });
  const store = requireStateStore(env);
  try {
    if (!options.yes) await confirm(id, context);
    await withKafka(config, async (client) => {
      const forgotten = await forgetVehicle({ client, store, vehicleId: id, waitMs });
      for (const line of doneLines(id, forgotten)) context.out(line);
      for (const line of await agingLines(client)) context.out(line);
      if (forgotten.outcome === 'unsettled') throw new CommandFailed(unsettled(id));
    });
  } catch (error) {
    throw redisFailure(error);
  } finally {
    await store.close();
  }
}

async function confirm(id: string, { terminal }: CliContext): Promise<void> {
  if (terminal === null) {
    throw new CommandFailed('want --yes where nobody can be asked, found no terminal');
  }
  const answer = await terminal.ask(`Forget the state of ${id}, for good? Type its id: `);
  if (answer.trim() === id) return;
  throw new CommandFailed(`want ${id}, found ${JSON.stringify(answer)}; nothing was changed`);
}

function doneLines(id: string, forgotten: Forgotten): readonly string[] {
  const { partition, wasInRedis, tombstones, outcome } = forgotten;
  const places = tombstones.map((offset) => `${partition}/${offset}`).join(', ');
  const told = {
    gone: `${id} is forgotten. If it still sends, it appears again, as one never seen before.`,
    back: `${id} still sends: it has a new state already, as one never seen before.`,
    unsettled: `${id} is NOT forgotten for sure.`,
  };
  return [
    wasInRedis ? 'Redis: removed' : 'Redis: there was nothing',
    `vehicle.state.v1: tombstone at ${places}`,
    told[outcome],
  ];
}

async function agingLines(client: KafkaClient): Promise<readonly string[]> {
  const topics = await describeTopics(
    client,
    topicSpecs.map(({ topic }) => topic),
  );
  const nowAt = Date.now();
  return [
    'What Kafka still holds of it ages out by itself:',
    ...topics.map((topic) => `  ${agesOutText(topic, nowAt)}`),
  ];
}

function unsettled(id: string): string {
  return `want no old state of ${id} after its tombstone, found one each time; run it again`;
}
