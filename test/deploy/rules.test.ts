// Alerts are code: each is tested three ways, has a page for the one whom it wakes, and asks for
// series that somebody writes.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { metricsOf } from '#deploy/check/promql.ts';
import {
  findPromtool,
  type RuleTest,
  readRuleFiles,
  readRuleTests,
  runPromtool,
  writeForPromtool,
} from '#deploy/check/rules.ts';
import { MissingPartError } from '#deploy/local/missing.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pagesFolder = join(root, 'docs', 'runbooks');
const pagesUrl = 'https://github.com/fleetwire/fleetwire/blob/main/docs/runbooks/';

const files = await readRuleFiles();
const testFiles = await readRuleTests();
const alerts = files.flatMap((file) => file.alerts);
const recordings = files.flatMap((file) => file.recordings);
const cases = testFiles.flatMap(({ tests }) => tests);

test('promtool finds no fault in any rule', async (t) => {
  const promtool = promtoolOrSkip(t);
  if (promtool === undefined) return;
  const folder = await folderOf(t);
  for (const { name } of files) {
    const { isGood, words } = await runPromtool(promtool, [
      ...['check', 'rules', '--lint-fatal'],
      join(folder, 'whole', name),
    ]);
    assert.ok(isGood, words);
  }
});

for (const { name } of testFiles) {
  test(`the alerts of ${name} fire, stay silent and clear as their tests say`, async (t) => {
    const promtool = promtoolOrSkip(t);
    if (promtool === undefined) return;
    const folder = await folderOf(t);
    const path = join(folder, 'tests', name);
    const { isGood, words } = await runPromtool(promtool, ['test', 'rules', path]);
    assert.ok(isGood, words);
  });
}

test('each alert has a test in which it fires and then clears, and one in which it is silent', () => {
  const lacking = alerts.flatMap(({ alert }) => {
    const own = cases.filter(({ name }) => name.startsWith(`${alert} `));
    const lacks = (what: string, isThere: boolean) => (isThere ? [] : [`${alert}: ${what}`]);
    return [
      ...lacks('fires, then clears', own.some(firesThenClears)),
      ...lacks('stays silent', own.some(staysSilent)),
    ];
  });
  assert.deepEqual(lacking, []);
});

test('a test asks only for the alert that its name says', () => {
  const strangers = cases.filter(({ name, alert_rule_test: asked }) =>
    asked.some(({ alertname }) => !name.startsWith(`${alertname} `)),
  );
  assert.deepEqual(
    strangers.map(({ name }) => name),
    [],
  );
  const known = new Set(alerts.map(({ alert }) => alert));
  const unknown = cases.filter(({ name }) => !known.has(name.split(' ')[0]!));
  assert.deepEqual(
    unknown.map(({ name }) => name),
    [],
  );
});

test('each alert has one name, a severity, a summary and a description', () => {
  const names = alerts.map(({ alert }) => alert);
  assert.equal(new Set(names).size, names.length);
  const bad = alerts.filter(
    ({ labels, annotations: { summary, description } }) =>
      !['page', 'ticket'].includes(labels['severity']!) || !summary || !description,
  );
  assert.deepEqual(
    bad.map(({ alert }) => alert),
    [],
  );
});

test('an alert says only what it knows: labels that it carries when it fires', () => {
  const unknown = alerts.flatMap(({ alert, annotations }) => {
    const fired = cases
      .flatMap((one) => one.alert_rule_test)
      .filter(({ alertname }) => alertname === alert)
      .flatMap(({ exp_alerts: expected }) => expected);
    const said = Object.values(annotations)
      .join(' ')
      .matchAll(/\$labels\.(\w+)/g);
    return [...said]
      .map(([, label]) => label!)
      .filter((label) => fired.some(({ exp_labels: labels }) => labels[label] === undefined))
      .map((label) => `${alert}: ${label}`);
  });
  assert.deepEqual(unknown, []);
});

test('each alert has a page, and each page an alert', async () => {
  const wanted = alerts.map(({ annotations }) => annotations['runbook_url']);
  const pages = (await readdir(pagesFolder)).filter((page) => page !== 'README.md');
  assert.deepEqual(
    [...wanted].sort(),
    pages.map((page) => `${pagesUrl}${page}`).sort((a, b) => (a < b ? -1 : 1)),
  );
  const misnamed = alerts.filter(
    ({ alert, annotations }) => annotations['runbook_url'] !== `${pagesUrl}${pageOf(alert)}`,
  );
  assert.deepEqual(
    misnamed.map(({ alert }) => alert),
    [],
  );
});

test('a page names its alert, and says what it means, harms, shows, wants, and whom to call', async () => {
  const sections = ['Meaning', 'Impact', 'Look', 'Do', 'Escalate'];
  const bad: string[] = [];
  for (const { alert } of alerts) {
    const text = await readFile(join(pagesFolder, pageOf(alert)), 'utf8');
    const found = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    if (!text.startsWith(`# ${alert}\n`)) bad.push(`${alert}: title`);
    if (found.join() !== sections.join()) bad.push(`${alert}: ${found.join(', ')}`);
  }
  assert.deepEqual(bad, []);
});

test('the index lists each page under the severity of its alert', async () => {
  const index = await readFile(join(pagesFolder, 'README.md'), 'utf8');
  const [, page = '', ticket = ''] = index.split(/^## (?:page|ticket)$/m);
  const linked = (text: string) => [...text.matchAll(/\]\(([a-z-]+\.md)\)/g)].map(([, to]) => to!);
  const of = (severity: string) =>
    alerts
      .filter(({ labels }) => labels['severity'] === severity)
      .map(({ alert }) => pageOf(alert));
  assert.deepEqual(linked(page).sort(), of('page').sort());
  assert.deepEqual(linked(ticket).sort(), of('ticket').sort());
});

test('a rule asks for series of ours, of other rules, or of those listed with their source', async () => {
  const path = join(root, 'deploy', 'observability', 'foreign-metrics.json');
  const foreign = JSON.parse(await readFile(path, 'utf8')) as readonly { readonly name: string }[];
  const known = new Set(
    [...foreign, ...recordings.map(({ record }) => ({ name: record }))].map(({ name }) => name),
  );
  const unknown = [...alerts, ...recordings]
    .flatMap(({ expr }) => metricsOf(expr))
    // Ours are looked up elsewhere, in the code and in a Prometheus that scraped it.
    .filter((metric) => !metric.startsWith('fleetwire_') && !known.has(metric));
  assert.deepEqual([...new Set(unknown)], []);
});

test('each figure of figures.yaml comes from tuning.yaml', async () => {
  const path = join(root, 'deploy', 'observability', 'tuning', 'kustomization.yaml');
  const { replacements } = parse(await readFile(path, 'utf8'));
  const filled = replacements.flatMap((one: { targets: { fieldPaths: string[] }[] }) =>
    one.targets.flatMap(({ fieldPaths }) => fieldPaths),
  );
  const figures = files.find(({ name }) => name === 'figures.yaml')!;
  assert.deepEqual(
    filled.map((field: string) => /record=([^\]]*)/.exec(field)?.[1]).sort(),
    figures.recordings.map(({ record }) => record).sort(),
  );
});

function promtoolOrSkip(t: TestContext): string | undefined {
  try {
    return findPromtool();
  } catch (error) {
    if (!(error instanceof MissingPartError)) throw error;
    t.skip(error.message);
    return undefined;
  }
}

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fleetwire-rules-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeForPromtool(folder, files);
  return folder;
}

function firesThenClears({ alert_rule_test: asked }: RuleTest): boolean {
  const fires = asked.findIndex(({ exp_alerts: expected }) => expected.length > 0);
  return fires >= 0 && asked.slice(fires + 1).some(({ exp_alerts: expected }) => !expected.length);
}

function staysSilent({ alert_rule_test: asked }: RuleTest): boolean {
  return asked.length > 0 && asked.every(({ exp_alerts: expected }) => expected.length === 0);
}

/** FleetwireBridgeAbsent → bridge-absent.md. */
function pageOf(alert: string): string {
  const words = alert.replace('Fleetwire', '').match(/[A-Z][a-z]*/g) ?? [];
  return `${words.join('-').toLowerCase()}.md`;
}
