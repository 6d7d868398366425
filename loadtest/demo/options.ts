// What can be asked of a demo on its command line.

import { Command, InvalidArgumentError, Option } from 'commander';
import type { StackOptions } from '#deploy/local/stack.ts';
import { addStackOptions, stackOptionsOf } from '#deploy/local/stack-options.ts';
import { type Mix, mixDefault, mixNames, mixText, parseMix } from '../fleet/mix.ts';

export interface DemoOptions {
  readonly vehicles: number;
  readonly mix: Mix;
  readonly seconds: number;
  /** 0 to 1. */
  readonly badShare: number;
  readonly seed: number;
  readonly isKept: boolean;
  readonly isBridgeKilled: boolean;
  readonly isStateKilled: boolean;
  readonly stack: StackOptions;
}

interface Values {
  readonly vehicles: number;
  readonly mix: Mix;
  readonly seconds: number;
  readonly bad: number;
  readonly seed: number;
  readonly keep?: true;
  readonly killBridge?: true;
  readonly killState?: true;
}

/** Prints help or what is wrong, and exits, where the arguments ask for it. */
export function parseDemoOptions(argv: readonly string[]): DemoOptions {
  const command = addFleetOptions(new Command('npm run demo --'))
    .description(
      'Starts a real MQTT broker, Kafka, registry and Redis, two bridges, a state processor and ' +
        'a simulated fleet; shows frames moving and proves that none was lost.',
    )
    .option('--keep', 'leave everything running until Ctrl-C')
    .option('--kill-bridge', 'SIGKILL one bridge half way and start another')
    .option('--kill-state', 'SIGKILL the state processor half way and start another');
  addStackOptions(command).parse([...argv]);
  const values = command.opts<Values>();
  return {
    vehicles: values.vehicles,
    mix: values.mix,
    seconds: values.seconds,
    badShare: values.bad / 100,
    seed: values.seed,
    isKept: values.keep === true,
    isBridgeKilled: values.killBridge === true,
    isStateKilled: values.killState === true,
    stack: stackOptionsOf(command),
  };
}

/** The options of every program that drives a fleet. */
export function addFleetOptions(command: Command): Command {
  return command
    .option('--vehicles <count>', 'simulated cars', integer(1, 100_000), 500)
    .addOption(
      new Option('--mix <weights>', `what they speak: ${mixNames.join(', ')}`)
        .argParser(mix)
        .default(mixDefault, mixText(mixDefault)),
    )
    .option('--seconds <count>', 'how long they drive', integer(3, 86_400), 60)
    .option('--bad <percent>', 'frames that must be refused', percent, 1)
    .option('--seed <number>', 'the same seed, the same fleet', integer(0, 2 ** 48), 1);
}

function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Wanted an integer from ${min} to ${max}.`);
  };
}

function mix(text: string): Mix {
  const parsed = parseMix(text);
  if (typeof parsed === 'string') throw new InvalidArgumentError(parsed);
  return parsed;
}

function percent(text: string): number {
  const value = Number(text);
  if (text !== '' && value >= 0 && value <= 90) return value;
  throw new InvalidArgumentError('Wanted percent from 0 to 90.');
}
