// What watches production, tried on the real services: everything that dashboards, rules, scalers
// and documents ask for is there, every expression runs, and nothing is alarmed while all is well.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Expression, expressionsOf } from '#deploy/check/expressions.ts';
import { isOurs, namedIn } from '#deploy/check/metric-names.ts';
import { metricsOf, withoutFilters } from '#deploy/check/promql.ts';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { MissingPartError } from '#deploy/local/missing.ts';
import { eventually } from './eventually.ts';
import { needTools, openWatchedRun, type WatchedRun } from './watched-run.ts';

const missing = await needTools().catch((error: unknown) => error);
if (missing instanceof MissingPartError) {
  test('dashboards, rules and scalers find what they ask for', (t) => {
    process.stderr.write(`NOBODY LOOKED AT DASHBOARDS AND RULES. ${missing.message}\n`);
    t.skip(missing.message);
  });
} else if (missing !== undefined) {
  throw missing;
} else {
  testAll(await openWatchedRun());
}

/** There is neither EMQX nor a cluster. */
const alertsOfHere = ['FleetwireBrokerScrapeAbsent', 'FleetwireClusterScrapeAbsent'];

/**
 * They weigh a month's budget against ten seconds, of a machine that may be busy, and of a fleet
 * that sends broken frames on purpose.
 */
const alertsOfTheMonth = [
  'FleetwireAgeBudgetBurnsFast',
  'FleetwireAgeBudgetBurnsSlowly',
  'FleetwireReportsBudgetBurnsSlowly',
];

/** Only there with a client certificate, which no service has here. */
const withCertificates = ['fleetwire_tls_certificate_expiry_timestamp_seconds'];

/** Silent while all is well, whatever is compared. */
const isSilent = (expr: string) => /\babsent\(/.test(expr);

function testAll({ view, objects }: WatchedRun): void {
  const expressions = expressionsOf(objects);
  const asksOursOnly = createJudge(expressions);

  test('every rule is evaluated, and no alert holds while all is well', async () => {
    await eventually('rules that are well and silent', async () => {
      const rules = await view.rules();
      assert.equal(rules.length, expressions.filter(isRule).length);
      const ill = rules.filter(({ health }) => health !== 'ok');
      assert.deepEqual(ill, []);
      const active = rules.filter(({ activeCount }) => activeCount > 0).map(({ name }) => name);
      const unexpected = active.filter((name) => !alertsOfTheMonth.includes(name));
      assert.deepEqual(unexpected.sort(), alertsOfHere);
    });
  });

  test('every metric of ours that is asked for or written about has a series', async () => {
    const names = await view.metricNames();
    const exists = (name: string) => names.has(name) || names.has(`${name}_bucket`);
    const asked = expressions.flatMap(namesIn);
    const unknown = [...asked, ...inDocuments()].filter(({ name }) => {
      return isOurs(name) && !exists(name) && !withCertificates.includes(name);
    });
    assert.ok(asked.length > 100);
    assert.deepEqual(unknown, []);
  });

  test('every expression runs, and those on our metrics find a number', async () => {
    const empty: string[] = [];
    for (const expression of expressions) {
      const { where, expr } = expression;
      // What a rule leaves out is what it does not want to see, not what is not there.
      const found = await view.query(isRule(expression) ? withoutFilters(expr) : concrete(expr));
      if (isSilent(expr) || !asksOursOnly(expr)) continue;
      if (!found.some(({ value }) => !Number.isNaN(value))) empty.push(`${where}: ${expr}`);
    }
    assert.deepEqual(empty, []);
  });

  test('a query of a scaler has one answer, so that KEDA can count on it', async () => {
    const triggers = expressions.filter(({ use }) => use === 'trigger');
    assert.ok(triggers.length > 0);
    for (const { where, expr } of triggers) {
      const found = await view.query(expr);
      assert.equal(found.length, 1, where);
      assert.ok(found[0]!.value >= 0, `${where}: ${found[0]!.value}`);
    }
  });
}

/** Tells whether an expression asks for metrics that our services have here, recorded or not. */
function createJudge(expressions: readonly Expression[]): (expr: string) => boolean {
  const recordings = expressions.filter(({ use }) => use === 'record');
  const recorded = new Map(recordings.map(({ where, expr }) => [where.split(': ')[1], expr]));
  const judge = (expr: string): boolean =>
    metricsOf(expr).every((metric) => {
      const rule = recorded.get(metric);
      if (rule !== undefined) return judge(rule);
      return isOurs(metric) && !withCertificates.includes(metric);
    });
  return judge;
}

function namesIn({ where, expr }: Expression) {
  return metricsOf(expr).map((name) => ({ where, name }));
}

function isRule({ use }: Expression): boolean {
  return use === 'alert' || use === 'record';
}

/** As Grafana asks once its variables are chosen; over all that was sent, however long ago. */
function concrete(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('$__range', '5m')
    .replaceAll('$namespace', 'fleetwire')
    .replaceAll('$pod', '.+');
}

function inDocuments(): readonly { readonly where: string; readonly name: string }[] {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];
  const paths = execFileSync('git', list, { cwd: repositoryRoot, encoding: 'utf8' });
  return paths
    .trim()
    .split('\n')
    .flatMap((path) => {
      const text = readFileSync(join(repositoryRoot, path), 'utf8');
      return namedIn(text).map((name) => ({ where: path, name }));
    });
}
