// `fleetwire lag`: how far the processors are behind, and whether they catch up.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { KafkaClient } from '#shared/kafka/client.ts';
import { kafkaSettings } from '#shared/kafka/settings.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { consumerGroups } from '#shared/topics.ts';
import { type CliContext, CommandFailed, withOptions } from '../context.ts';
import { type GroupLag, groupLines } from '../lag-lines.ts';
import { type GroupSample, lookAtLag, sampleGroup } from '../lag-look.ts';
import { withKafka } from '../neighbours.ts';
import { wholeNumber } from '../whole-number.ts';

const ourGroups: readonly string[] = Object.values(consumerGroups);

export function addLagCommand(program: Command, context: CliContext): void {
  program
    .command('lag')
    .description(
      'how far the consumer groups are behind: records, seconds, vehicles, time to drain',
    )
    .option('--group <name>', `only this one (default: ${ourGroups.join(', ')})`)
    .option('--watch', 'look again and again; Ctrl-C ends it')
    .option('--interval <s>', 'between two looks', wholeNumber({ min: 1, max: 600 }), 2)
    .option(
      '--read <n>',
      'unread records of each partition to read for seconds and vehicles; 0: none',
      wholeNumber({ min: 0, max: 1_000_000 }),
      500,
    )
    .option('--json', 'an object for each look, on one line')
    .option('--kafka <host:port,…>', 'brokers (KAFKA_BROKERS)')
    .addHelpText('after', '\nExample:\n  fleetwire lag --group fleetwire-state --watch')
    .action((options: LagOptions) => lag(options, context));
}

interface LagOptions {
  readonly group?: string;
  readonly watch?: true;
  readonly interval: number;
  readonly read: number;
  readonly json?: true;
  readonly kafka?: string;
}

async function lag(options: LagOptions, context: CliContext): Promise<void> {
  const given = { KAFKA_BROKERS: options.kafka };
  const config = loadConfig(kafkaSettings, { env: withOptions(context.env, given) });
  const signal = context.untilStopped();
  const show = showerOf(options, context);
  await withKafka(config, async (client) => {
    let before = await sampleAll(client, options);
    do {
      // It rejects when it is ended early, which the loop sees by itself.
      await sleep(options.interval * 1000, null, { signal }).catch(() => {});
      if (signal.aborted) return;
      const now = await sampleAll(client, options);
      const lags: GroupLag[] = [];
      for (const [at, sample] of now.entries()) {
        const look = { before: before[at] ?? sample, now: sample, unreadMax: options.read };
        lags.push(await lookAtLag(client, look));
      }
      show(lags);
      before = now;
    } while (options.watch);
  });
}

async function sampleAll(
  client: KafkaClient,
  { group }: LagOptions,
): Promise<readonly GroupSample[]> {
  const samples: GroupSample[] = [];
  for (const name of group === undefined ? ourGroups : [group]) {
    const sample = await sampleGroup(client, name);
    if (sample === null) throw new CommandFailed(unknownGroup(name));
    samples.push(sample);
  }
  return samples;
}

function unknownGroup(name: string): string {
  const ours = ourGroups.join(', ');
  return `want a consumer group with members or offsets, found none called ${name}; ours: ${ours}`;
}

function showerOf({ watch, json }: LagOptions, context: CliContext) {
  return (lags: readonly GroupLag[]): void => {
    if (json) {
      context.out(JSON.stringify({ at: Date.now(), groups: lags }));
      return;
    }
    const lines = lags.flatMap((one) => groupLines(one));
    if (watch && context.terminal !== null) {
      context.terminal.redraw([new Date().toISOString(), ...lines]);
      return;
    }
    if (watch) context.out(new Date().toISOString());
    for (const line of lines) context.out(line);
  };
}
