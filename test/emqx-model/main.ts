// The EMQX model as a process of its own: says its address in one line and stays. On SIGTERM it
// says what it counted, in one line, and ends.

import { Command, InvalidArgumentError, Option } from 'commander';
import { shareName } from '#shared/topics.ts';
import { EmqxModel } from './emqx-model.ts';
import { settingsDefault } from './settings.ts';
import type { Strategy } from './strategy.ts';

const strategies: readonly Strategy[] = [
  'hash_topic',
  'hash_clientid',
  'round_robin',
  'sticky',
  'random',
];

interface Options {
  readonly port: number;
  readonly maxInflight: number;
  readonly maxMqueueLen: number;
  readonly strategy: Strategy;
  readonly seed: number;
}

const options = new Command('emqx-model')
  .description('A model of EMQX on loopback, for tests; no EMQX.')
  .option('--port <n>', '0: any free one', count, 0)
  .option('--max-inflight <n>', 'mqtt.max_inflight', count, settingsDefault.maxInflight)
  .option('--max-mqueue-len <n>', 'mqtt.max_mqueue_len', count, settingsDefault.maxMqueueLen)
  .addOption(
    new Option('--strategy <name>', `of the group ${shareName}`)
      .choices(strategies)
      .default('hash_topic'),
  )
  .option('--seed <n>', 'of what is left to chance', count, settingsDefault.seed)
  .parse()
  .opts<Options>();

const { strategy, ...settings } = options;
const model = await EmqxModel.start({ ...settings, groupStrategies: { [shareName]: strategy } });
say({ mqttUrl: model.url });
process.once('SIGTERM', () => {
  say({ counters: model.counters });
  void model.stop();
});

function say(facts: object): void {
  process.stdout.write(`${JSON.stringify(facts)}\n`);
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('Want a count.');
  return number;
}
