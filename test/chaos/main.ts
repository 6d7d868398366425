// `npm run chaos`: faults on a seeded schedule under the load of a fleet; ends with one line, and
// with exit code 1 where a promise was broken.

import { AssertionError } from 'node:assert';
import { Command, InvalidArgumentError, Option } from 'commander';
import { MissingPartError } from '#deploy/local/missing.ts';
import { figuresText } from '../proof/report.ts';
import { type ChaosPlan, playChaos } from './chaos.ts';
import { chooseFaults, faults } from './faults/table.ts';
import { type Scenario, scenarioOf, scenarios } from './scenarios/table.ts';
import { type ChaosSum, emptySum, lineOf } from './sum.ts';

await main();

async function main(): Promise<void> {
  const { plan, scenario } = taskOf(process.argv);
  const steps: (() => unknown)[] = [];
  const scope = { passed: false, after: (act: () => unknown) => void steps.push(act) };
  let sum = emptySum;
  const tell = () => say(`seed ${plan.seed}: ${lineOf(sum)}`);
  const stopping = stopOnSignal(async () => {
    await takeDown(steps);
    say('Stopped before the end; nothing is left running.');
    if (sum.rounds > 0) tell();
  });
  try {
    if (scenario) {
      const figures = await scenario.run({ ...scope, say }, plan.minutes);
      await takeDown(steps);
      say(`${scenario.name}: ${figuresText(figures)}; every promise kept`);
    } else {
      const onRound = (latest: ChaosSum) => {
        sum = latest;
      };
      await playChaos(plan, { scope, say, onRound });
      if (sum.breaches > 0) process.exitCode = 1;
      await takeDown(steps);
      tell();
    }
  } catch (error) {
    // What fails while it is taken down is no news.
    if (stopping.isBegun) return;
    process.exitCode = 1;
    await takeDown(steps);
    if (error instanceof AssertionError) say(`A PROMISE WAS BROKEN: ${error.message}`);
    else if (error instanceof MissingPartError) process.stderr.write(`${error.message}\n`);
    else throw error;
  }
  process.exit();
}

interface Values {
  readonly minutes: number;
  readonly seed: number;
  readonly only?: string;
  readonly vehicles: number;
  readonly rate: number;
  readonly broker: ChaosPlan['broker'];
  readonly scenario?: string;
}

interface Task {
  readonly plan: ChaosPlan;
  /** Null: the mix. */
  readonly scenario: Scenario | null;
}

function taskOf(argv: readonly string[]): Task {
  const known = faults.map(({ id, name, sentence }) => `  ${id} ${name}: ${sentence}`);
  const told = scenarios.map(({ name, sentence }) => `  ${name}: ${sentence}`);
  const command = new Command('npm run chaos --')
    .description('Breaks things under load and tells whether a promise was broken.')
    .option('--minutes <count>', 'how long', positive, 5)
    .option('--seed <number>', 'the same seed, the same faults at the same times', positive, 1)
    .option('--only <faults>', 'ids or names, separated by commas')
    .option('--vehicles <count>', 'simulated cars', positive, 150)
    .option('--rate <count>', 'messages of each car in a second', positive, 1)
    .addOption(
      new Option('--broker <name>', 'the real broker or the model of EMQX')
        .choices(['artemis', 'emqx-model'])
        .default('artemis'),
    )
    .option('--scenario <name>', 'one of those below in place of the mix')
    .addHelpText('after', `\nFaults:\n${known.join('\n')}\nScenarios:\n${told.join('\n')}`)
    .parse([...argv]);
  const { minutes, seed, only, vehicles, rate, broker, scenario } = command.opts<Values>();
  try {
    const chosen = chooseFaults(only === undefined ? [] : only.split(','));
    return {
      plan: { minutes, seed, faults: chosen, vehicles, messagesPerSecond: rate, broker },
      scenario: scenario === undefined ? null : scenarioOf(scenario),
    };
  } catch (error) {
    return command.error((error as Error).message);
  }
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('Wanted a number above 0.');
}

/** The latest first; one that fails does not keep the others. */
async function takeDown(steps: (() => unknown)[]): Promise<void> {
  for (const step of steps.splice(0).reverse()) {
    try {
      await step();
    } catch (error) {
      process.stderr.write(`At the end: ${(error as Error).message}\n`);
    }
  }
}

/** The first Ctrl-C takes everything down; a second one ends this process at once. */
function stopOnSignal(stop: () => Promise<void>): { readonly isBegun: boolean } {
  const stopping = { isBegun: false };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      say(`${name}: ${stopping.isBegun ? 'ending at once.' : 'taking everything down.'}`);
      if (stopping.isBegun) process.exit(1);
      stopping.isBegun = true;
      void stop().finally(() => process.exit(1));
    });
  }
  return stopping;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
