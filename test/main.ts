// `npm test`: checks, unit tests, and integration tests on one local stack that they share.
import { Command } from 'commander';
import { runChecks } from '#deploy/check/checks.ts';
import { MissingPartError } from '#deploy/local/missing.ts';
import { type Stack, startStack } from '#deploy/local/stack.ts';
import { addStackOptions, stackOptionsOf } from '#deploy/local/stack-options.ts';
import { STACK_ENV } from './integration/stack-under-test.ts';
import { addTallies, runTests, type Tally } from './run-tests.ts';
import { apartFiles, chooseTests, type TestChoice } from './test-choice.ts';

const noTests: Tally = { passed: 0, failed: 0, skipped: 0 };
// Each waits most of its time for faults to be noticed; more than two would time each other out.
const oneAtATime = { atOnce: 1, fileMsMax: 240_000, show: 'all' } as const;

await main();

async function main(): Promise<void> {
  const command = addStackOptions(new Command('npm test --'))
    .description('Checks, unit tests, integration tests; the last line counts what passed.')
    .argument('[what]', 'unit, integration, or a path of a test file or folder; default: all')
    .parse();
  const choice = chooseTests(command.args[0]);
  if (choice.unit.length + choice.integration.length === 0) refuse(command.args[0]);

  // It fetches and starts while the checks and the unit tests run.
  const stack = choice.integration.length > 0 ? beginStack(command) : undefined;
  const checked = await check(choice);
  // They wait for most of their time, so the unit tests fill it.
  const apart = runApartTests(choice, stack);
  const tallies = [
    checked,
    await runUnitTests(choice),
    await runSharedTests(choice, stack),
    await apart,
  ];
  await stopStack(stack);
  const { passed, failed, skipped } = addTallies(tallies);
  say(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exit(failed > 0 ? 1 : 0);
}

function beginStack(command: Command): Promise<Stack | Error> {
  return startStack({ ...stackOptionsOf(command), say }).catch((error: Error) => error);
}

async function check({ withChecks }: TestChoice): Promise<Tally> {
  if (!withChecks) return noTests;
  const results = await runChecks({ mode: 'report', say });
  const passed = results.filter(({ isGood }) => isGood).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}

async function runUnitTests({ unit, isDetailed }: TestChoice): Promise<Tally> {
  if (unit.length === 0) return noTests;
  say(`Running the unit tests (${unit.length} files).`);
  // Two at once: as many as the smallest machine we care for has cores.
  return runTests({
    files: unit,
    atOnce: 2,
    fileMsMax: 120_000,
    show: isDetailed ? 'all' : 'failures',
  });
}

/** On brokers of their own; only where a stack can be had at all. */
async function runApartTests(
  { integration }: TestChoice,
  begun: Promise<Stack | Error> | undefined,
): Promise<Tally> {
  const stack = await begun;
  const files = integration.filter((file) => apartFiles.includes(file));
  if (stack === undefined || files.length === 0) return noTests;
  if (stack instanceof Error) return { ...noTests, failed: files.length };
  return runTests({ ...oneAtATime, files });
}

async function runSharedTests(
  { integration }: TestChoice,
  begun: Promise<Stack | Error> | undefined,
): Promise<Tally> {
  const stack = await begun;
  if (stack === undefined) return noTests;
  const files = integration.filter((file) => !apartFiles.includes(file));
  if (stack instanceof Error) return stackIsMissing(stack, integration.length, files.length);
  process.env[STACK_ENV.mqttUrl] = stack.mqttUrl;
  process.env[STACK_ENV.kafkaBrokers] = stack.kafkaBrokers;
  process.env[STACK_ENV.registryUrl] = stack.registryUrl;
  process.env[STACK_ENV.redisUrl] = stack.redisUrl;
  say(`Running the integration tests (${integration.length} files); logs in ${stack.dir}`);
  return runTests({ ...oneAtATime, files });
}

async function stopStack(begun: Promise<Stack | Error> | undefined): Promise<void> {
  const stack = await begun;
  if (stack !== undefined && !(stack instanceof Error)) await stack.stop();
}

function stackIsMissing(error: Error, files: number, failed: number): Tally {
  const why = error instanceof MissingPartError ? error.message : (error.stack ?? error.message);
  say(`THE LOCAL STACK CANNOT BE HAD; ${files} integration test files did not run. ${why}`);
  return { ...noTests, failed };
}

function refuse(what: string | undefined): never {
  process.stderr.write(`Wanted tests at ${what ?? 'test/'}, found none.\n`);
  process.exit(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
