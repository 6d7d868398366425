// `npm run bench`: CPU time of frames and records, and how long a rebalance holds vehicles up.

import { Command, InvalidArgumentError, Option } from 'commander';
import { MissingPartError } from '#deploy/local/missing.ts';
import { ConfigError } from '#shared/runtime/config.ts';
import { type BridgeBenchOptions, benchBridge } from './bridge-bench.ts';
import { bridgeLines, bridgeSummary } from './bridge-table.ts';
import { benchDecode, type DecodeOptions } from './decode-bench.ts';
import { decodeLines, decodeSummary } from './decode-table.ts';
import { benchProcessors, type ProcessorsBenchOptions } from './processors-bench.ts';
import { processorsLines, processorsSummary } from './processors-table.ts';
import { benchRebalance, type RebalanceBenchOptions } from './rebalance-bench.ts';
import { rebalanceLines, rebalanceSummary } from './rebalance-table.ts';

const program = new Command('bench').description('Measures CPU time and pauses.');

program
  .command('decode')
  .description('each stage between payload and record by codec, and the slowest mutated frames')
  .option('--rounds <count>', 'rounds measured', integer(1, 1000), 11)
  .option('--frames <count>', 'frames of a round', integer(100, 100_000), 10_000)
  .option('--mutations <count>', 'frames mutated of each codec', integer(0, 10_000_000), 10_000)
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
  .option('--partitions <count>', 'of each topic', integer(1, 1000), 12)
  .option('--lanes <count>', 'BRIDGE_LANES of the bridge', integer(1, 64))
  .option('--age-ms <ms>', 'BRIDGE_BATCH_AGE_MS of the bridge', integer(0, 5000))
  .addOption(
    new Option('--client <name>', 'KAFKA_CLIENT of the bridge')
      .choices(['kafkajs', 'platformatic'])
      .default('kafkajs'),
  )
  .option('--profile <folder>', 'keep the V8 CPU profile of the profiled round there')
  .option('--json', 'end with one line of JSON')
  .action(async (options: BridgeBenchOptions & Ending) => {
    const result = await benchBridge(options, { say: tell, signal: stopSignal() });
    for (const line of bridgeLines(result)) say(line);
    if (options.json) say(JSON.stringify(bridgeSummary(result)));
  });

program
  .command('processors')
  .description('a backlog through the state processor, and through a naive one')
  .option('--records <count>', 'records of a round', integer(1000, 1_000_000), 100_000)
  .option('--naive-records <count>', 'the same, naive; 0: none', integer(0, 100_000), 3_000)
  .option('--vehicles <count>', 'vehicles that report in turn', integer(1, 1_000_000), 500)
  .option('--rounds <count>', 'rounds measured', integer(1, 100), 3)
  .option('--seed <number>', 'the same seed, the same reports', integer(0, 2 ** 48), 1)
  .option('--profile <folder>', 'V8 CPU profile of the processor; its figures then do not count')
  .option('--json', 'end with one line of JSON')
  .action(async (options: ProcessorsBenchOptions & Ending) => {
    const result = await benchProcessors(options, { say: tell, signal: stopSignal() });
    for (const line of processorsLines(result)) say(line);
    if (options.json) say(JSON.stringify(processorsSummary(result)));
  });

program
  .command('rebalance')
  .description('the pause of each vehicle when state processors join, leave and are killed')
  .option('--vehicles <count>', 'vehicles, a report each second', integer(12, 10_000), 300)
  .option('--seed <number>', 'the same seed, the same fleet', integer(0, 2 ** 48), 1)
  .option('--json', 'end with one line of JSON')
  .action(async (options: RebalanceBenchOptions & Ending) => {
    const result = await benchRebalance(options, { say: tell, signal: stopSignal() });
    for (const line of rebalanceLines(result)) say(line);
    if (options.json) say(JSON.stringify(rebalanceSummary(result)));
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
