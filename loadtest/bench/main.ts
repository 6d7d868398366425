// `npm run bench -- decode` and `npm run bench -- bridge`: what a frame costs, in CPU time.

import { Command, InvalidArgumentError, Option } from 'commander';
import { MissingPartError } from '#deploy/local/missing.ts';
import { ConfigError } from '#shared/runtime/config.ts';
import { type BridgeBenchOptions, benchBridge } from './bridge-bench.ts';
import { bridgeLines, bridgeSummary } from './bridge-table.ts';
import { benchDecode, type DecodeOptions } from './decode-bench.ts';
import { decodeLines, decodeSummary } from './decode-table.ts';

const program = new Command('bench').description('Measures CPU time per frame.');

program
  .command('decode')
  .description('each stage between payload and record, and the slowest mutated frame')
  .option('--rounds <count>', 'rounds measured', integer(1, 1000), 11)
  .option('--frames <count>', 'frames of a round', integer(100, 100_000), 10_000)
  .option('--mutations <count>', 'frames mutated', integer(0, 10_000_000), 20_000)
  .option('--seed <number>', 'the same seed, the same frames', integer(0, 2 ** 48), 1)
  .option('--json', 'end with one line of JSON')
  .action(async (options: DecodeOptions & Ending) => {
    const result = await benchDecode(options);
    for (const line of decodeLines(result)) say(line);
    if (options.json) say(JSON.stringify(decodeSummary(result)));
  });

program
  .command('bridge')
  .description('a backlog through the bridge, and through one written by hand')
  .option('--frames <count>', 'frames of a round', integer(1000, 1_000_000), 100_000)
  .option('--hand-frames <count>', 'the same, hand-written; 0: none', integer(0, 100_000), 10_000)
  .option('--rounds <count>', 'rounds measured', integer(1, 100), 3)
  .addOption(
    new Option('--mqtt <broker>', 'MQTT broker')
      .choices(['mosquitto', 'artemis'])
      .default('mosquitto'),
  )
  .option('--seed <number>', 'the same seed, the same frames', integer(0, 2 ** 48), 1)
  .option('--profile <folder>', 'V8 CPU profile of the bridge; its figures then do not count')
  .option('--json', 'end with one line of JSON')
  .action(async (options: BridgeBenchOptions & Ending) => {
    const result = await benchBridge(options, { say: tell, signal: stopSignal() });
    for (const line of bridgeLines(result)) say(line);
    if (options.json) say(JSON.stringify(bridgeSummary(result)));
  });

interface Ending {
  readonly json?: true;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = 1;
  // For people, who need no stack of calls.
  if (!(error instanceof MissingPartError || error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
}

function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Wanted an integer from ${min} to ${max}.`);
  };
}

/** The first Ctrl-C ends the bench in order; a second one ends this process at once. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(1);
      stop.abort();
    });
  }
  return stop.signal;
}

/** Progress, kept apart from the result. */
function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
