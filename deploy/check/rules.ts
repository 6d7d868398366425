// Reads deploy/observability/rules and their tests, and has promtool judge both. promtool knows
// files of rules, not the objects that hold them in a cluster: it gets what stands under `spec`.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { installCommand, MissingPartError } from '#deploy/local/missing.ts';

const folder = resolve(import.meta.dirname, '..', 'observability');

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Recording {
  readonly record: string;
  readonly expr: string;
}

export interface RuleFile {
  /** `bridge.yaml`. */
  readonly name: string;
  readonly object: PrometheusRule;
  readonly alerts: readonly Alert[];
  readonly recordings: readonly Recording[];
}

interface PrometheusRule {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly groups: readonly RuleGroup[] };
}

interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (Alert | Recording)[];
}

/** What our tests say of alerts, out of all that promtool would understand. */
export interface RuleTestFile {
  readonly name: string;
  readonly tests: readonly RuleTest[];
}

export interface RuleTest {
  readonly name: string;
  readonly alert_rule_test: readonly AlertTest[];
}

export interface AlertTest {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>> }[];
}

export async function readRuleFiles(): Promise<readonly RuleFile[]> {
  const files = await readFolder('rules');
  return files.map(({ name, text }) => {
    const object = parse(text) as PrometheusRule;
    const rules = object.spec.groups.flatMap((group) => group.rules);
    return {
      name,
      object,
      alerts: rules.filter((rule): rule is Alert => 'alert' in rule),
      recordings: rules.filter((rule): rule is Recording => 'record' in rule),
    };
  });
}

export async function readRuleTests(): Promise<readonly RuleTestFile[]> {
  const files = await readFolder('tests');
  return files.map(({ name, text }) => ({ ...(parse(text) as RuleTestFile), name }));
}

async function readFolder(name: string) {
  const names = (await readdir(join(folder, name))).sort();
  return Promise.all(
    names.map(async (file) => ({
      name: file,
      text: await readFile(join(folder, name, file), 'utf8'),
    })),
  );
}

/** Throws MissingPartError where promtool is not on the PATH. */
export function findPromtool(env: NodeJS.ProcessEnv = process.env): string {
  const folders = (env['PATH'] ?? '').split(delimiter);
  const found = folders.map((path) => join(path, 'promtool')).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new MissingPartError({
    wanted: 'promtool, to check and test the alerts of deploy/observability',
    found: 'none on the PATH',
    command: installCommand({ debian: 'prometheus', brew: 'prometheus' }),
  });
}

/**
 * Writes the rules to `target`/rules as promtool reads them, and beside them the tests. There the
 * rules lack their annotations: a test says which alert, of which pod, and not its prose once more.
 */
export async function writeForPromtool(target: string, files: readonly RuleFile[]): Promise<void> {
  for (const name of ['whole', 'rules', 'tests']) await mkdir(join(target, name));
  for (const { name, object } of files) {
    await writeFile(join(target, 'whole', name), stringify(object.spec));
    await writeFile(join(target, 'rules', name), stringify(withoutAnnotations(object.spec)));
  }
  for (const { name, text } of await readFolder('tests')) {
    await writeFile(join(target, 'tests', name), text);
  }
}

function withoutAnnotations({ groups }: PrometheusRule['spec']) {
  const bare = groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => ({ ...rule, annotations: undefined })),
  }));
  return { groups: bare };
}

export interface Judgement {
  readonly isGood: boolean;
  /** What promtool said. */
  readonly words: string;
}

export function runPromtool(promtool: string, args: readonly string[]): Promise<Judgement> {
  return new Promise((done) => {
    execFile(promtool, args, { encoding: 'utf8' }, (error, out, words) => {
      done({ isGood: error === null, words: `${out}${words}` });
    });
  });
}
