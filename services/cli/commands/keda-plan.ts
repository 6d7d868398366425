// `fleetwire keda plan`: KEDA's and EMQX's numbers from measured rates and times, with reasons.

import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ConfigError, type Environment } from '#shared/runtime/config.ts';
import { type CliContext, CommandFailed } from '../context.ts';
import { scaledObjectFragment } from '../keda/fragment.ts';
import { flagInputs } from '../keda/inputs.ts';
import { type Plan, planFleet, planOneProcessor } from '../keda/plan.ts';
import { differences, planLines } from '../keda/plan-lines.ts';
import { parseTuning, type TuningFile, withAnswers } from '../keda/tuning-file.ts';

export function addKedaCommands(program: Command, context: CliContext): void {
  const plan = program
    .command('keda')
    .description('the numbers by which KEDA scales')
    .command('plan')
    .description('thresholds, least and most replicas, window and queue, each with its reason')
    .argument('[tuning.yaml]', 'the inputs, and where the answers belong')
    .option('--check', 'end with 1 where the file holds other answers')
    .option('--write', 'put the answers into the file; all else stays as it is');
  for (const { name, doc } of Object.values(flagInputs)) {
    plan.option(`${name} <n>`, `without a file: ${doc}`);
  }
  plan
    .option('--json', 'one object: answers with reasons and traps, and figures')
    .addHelpText('after', example)
    .action((path: string | undefined, options: PlanOptions) => {
      const given = givenFlags(options);
      const wrong = wrongUse(path, { given, options });
      if (wrong !== null) plan.error(`error: ${wrong}`, { exitCode: 2 });
      return path === undefined
        ? planFlags(given, { options, context, plan })
        : planFile(path, options, context);
    });
}

const example = `
Examples:
  fleetwire keda plan deploy/overlays/prod/tuning.yaml --check
  fleetwire keda plan --rate 30000 --peak 90000 --per-replica 13300 --delay 90 \\
    --partitions 96 --start 15 --rebalance 1`;

interface PlanOptions extends Readonly<Record<string, unknown>> {
  readonly check?: true;
  readonly write?: true;
  readonly json?: true;
}

/** `--per-replica` → its text, of the options that describe a processor. */
function givenFlags(options: PlanOptions): Environment {
  const names = Object.values(flagInputs).map(({ name }) => name);
  const property = (name: string) =>
    name.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const given: Record<string, string> = {};
  for (const name of names) {
    const value = options[property(name)];
    if (typeof value === 'string') given[name] = value;
  }
  return given;
}

interface Use {
  readonly given: Environment;
  readonly options: PlanOptions;
}

function wrongUse(path: string | undefined, { given, options }: Use): string | null {
  const flags = Object.keys(given);
  if (path !== undefined && flags.length > 0) {
    return `want a file or ${flags.join(' ')}, found both`;
  }
  if (path === undefined && flags.length === 0)
    return 'want a file or --rate and the others, found none';
  if (path === undefined && (options.check || options.write)) {
    return 'want a file for --check and --write, found none';
  }
  if (options.check && options.write) return 'want --check or --write, found both';
  return null;
}

interface Asked {
  readonly options: PlanOptions;
  readonly context: CliContext;
  readonly plan: Command;
}

function planFlags(given: Environment, { options, context, plan: command }: Asked): void {
  const plan = planned(given, command);
  const fragment = scaledObjectFragment(plan);
  if (options.json) {
    context.out(JSON.stringify({ ...plan, scaledObject: fragment }));
    return;
  }
  const lines = [...planLines(plan, null), '', 'In the spec of the ScaledObject:', ''];
  for (const line of [...lines, ...fragment.split('\n')]) context.out(line);
}

/** Options that do not fit are wrong usage, all of them at once. */
function planned(given: Environment, command: Command): Plan {
  try {
    return planOneProcessor(given);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = error.faults.map(({ text }) => `error: ${text}`);
    return command.error(lines.join('\n'), { exitCode: 2 });
  }
}

async function planFile(path: string, options: PlanOptions, context: CliContext): Promise<void> {
  const file = parseTuning(path, await textOf(path));
  const plan = planFleet(file.values);
  const wrong = differences(plan, file.values);
  if (options.write) await writeAnswers(path, file, plan);
  if (options.json) context.out(JSON.stringify(withFound(plan, file)));
  else for (const line of linesOf(plan, { file, options, wrong })) context.out(line);
  if (!options.check || wrong.length === 0) return;
  const todo = `${path}: run \`fleetwire keda plan ${path} --write\``;
  throw new CommandFailed([...wrong.map((text) => `${path}: ${text}`), todo].join('\n'));
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new CommandFailed(`${path}: want a readable tuning file, found ${code}`, {
      cause: error,
    });
  }
}

async function writeAnswers(path: string, file: TuningFile, plan: Plan): Promise<void> {
  const text = withAnswers(file, plan.answers);
  if (text === file.text) return;
  try {
    await writeFile(path, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unwritable';
    throw new CommandFailed(`${path}: want to write it, found ${code}`, { cause: error });
  }
}

interface Outcome {
  readonly file: TuningFile;
  readonly options: PlanOptions;
  readonly wrong: readonly string[];
}

function linesOf(plan: Plan, { file, options, wrong }: Outcome): readonly string[] {
  const all = `${plan.answers.length} answers`;
  if (options.write) {
    const changed = plan.answers.filter(({ key, value }) => file.values[key] !== value);
    const lines = changed.map(
      ({ key, value }) => `${key}: "${file.values[key] ?? ''}" -> "${value}"`,
    );
    return [...lines, `${all}: ${changed.length} changed`];
  }
  if (options.check) return wrong.length === 0 ? [`${all}: the file holds them all`] : [];
  return planLines(plan, file.values);
}

function withFound(plan: Plan, file: TuningFile) {
  const answers = plan.answers.map((one) => ({ ...one, found: file.values[one.key] ?? null }));
  return { answers, figures: plan.figures };
}
