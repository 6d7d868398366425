// What Grafana gets: whole, readable, of one environment, and linked to pages that exist. That the
// files are what their tables say is files.test.ts.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { selectorsOf } from '#deploy/check/promql.ts';
import { dashboardPath, dashboards } from '#deploy/generate/dashboards.ts';
import { repositoryRoot } from '#deploy/generate/files.ts';

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface PanelJson {
  readonly id: number;
  readonly type: 'row' | 'stat' | 'timeseries';
  readonly title: string;
  readonly description?: string;
  readonly gridPos: Place;
  readonly datasource?: { readonly uid: string };
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
  readonly fieldConfig?: {
    readonly defaults: { readonly thresholds: { readonly steps: readonly Step[] } };
  };
}

interface Step {
  readonly value: number | null;
}

interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly links: readonly { readonly url: string }[];
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly { name: string; definition?: string }[] };
}

const read = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8');
const files: readonly DashboardJson[] = dashboards.map((one) =>
  JSON.parse(read(dashboardPath(one))),
);

test('each dashboard has a table, an id of its own, and is handed to Grafana', () => {
  const folder = 'deploy/observability';
  const names = dashboards.map(({ name }) => name);
  const found = readdirSync(join(repositoryRoot, folder, 'dashboards')).filter(isJson);
  assert.deepEqual(found.sort(), names.map((name) => `${name}.json`).sort());
  const kustomization = read(`${folder}/kustomization.yaml`);
  const missing = names.filter((name) => !kustomization.includes(`dashboards/${name}.json`));
  assert.deepEqual(missing, []);
  assert.equal(new Set(files.map(({ uid }) => uid)).size, files.length);
  for (const { uid } of files) assert.match(uid, /^[a-z-]{1,40}$/);
});

test('links lead to dashboards that exist and take the environment along', () => {
  const uids = new Set(files.map(({ uid }) => uid));
  for (const { links } of files) {
    assert.equal(links.length, files.length);
    for (const { url } of links) {
      assert.ok(uids.has(/^\/d\/([^?]+)/.exec(url)?.[1] ?? ''), url);
      assert.match(url, /\$\{datasource:queryparam\}&\$\{namespace:queryparam\}$/);
    }
  }
});

for (const { title, panels, templating } of files) {
  const shown = panels.filter(({ type }) => type !== 'row');
  const targets = shown.flatMap((panel) => panel.targets!.map(({ expr }) => ({ panel, expr })));

  test(`${title}: panels have ids of their own and stand beside each other on the grid`, () => {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    for (const [index, { gridPos, title: name }] of panels.entries()) {
      const { x, y, w, h } = gridPos;
      assert.ok([x, y, w, h].every(Number.isInteger) && x + w <= 24, name);
      const others = panels.slice(index + 1).filter((other) => overlap(gridPos, other.gridPos));
      assert.deepEqual(
        others.map((other) => other.title),
        [],
        name,
      );
    }
  });

  test(`${title}: a panel says what good looks like, has a query and limits in order`, () => {
    for (const { title: name, description = '', fieldConfig, targets: queries = [] } of shown) {
      assert.match(description, /^\S.{2,}\.$/, name);
      assert.ok(queries.length > 0, name);
      assert.equal(new Set(queries.map(({ refId }) => refId)).size, queries.length, name);
      const [first, ...values] = fieldConfig!.defaults.thresholds.steps.map(({ value }) => value);
      assert.equal(first, null, name);
      assert.deepEqual(
        values,
        values.toSorted((a, b) => a! - b!),
        name,
      );
    }
  });

  test(`${title}: every series is of the chosen environment`, () => {
    const others = targets.flatMap(({ panel, expr }) =>
      selectorsOf(expr)
        // Figures of tuning.yaml, recorded as rules without labels.
        .filter(({ metric }) => !metric.startsWith('fleetwire:'))
        .filter(({ matchers }) => !matchers.some(({ label, value }) => isOfNamespace(label, value)))
        .map(({ metric }) => `${panel.title}: ${metric}`),
    );
    assert.deepEqual(others, []);
  });

  test(`${title}: variables that are used are there, and the other way round`, () => {
    const names = templating.list.map(({ name }) => name);
    const used = new Set(['datasource']);
    const queries = templating.list.map(({ definition = '' }) => definition);
    for (const text of [...targets.map(({ expr }) => expr), ...queries]) {
      for (const [, name] of text.matchAll(/\$\{?([a-z]\w*)/g)) used.add(name!);
    }
    assert.deepEqual([...used].sort(), names.toSorted());
    for (const { datasource, title: name } of shown) {
      assert.equal(datasource?.uid, `\${datasource}`, name);
    }
  });

  test(`${title}: runbooks that are linked are those of the alerts`, () => {
    const rules = readdirSync(join(repositoryRoot, 'deploy/observability/rules'))
      .map((name) => read(`deploy/observability/rules/${name}`))
      .join('\n');
    for (const { title: name, url } of shown.flatMap(({ links = [] }) => links)) {
      const alert = name.replace('Runbook of ', '');
      const rule = rules.slice(rules.indexOf(`alert: ${alert}\n`));
      assert.ok(rule.startsWith('alert:'), `${alert} is no alert`);
      assert.equal(/runbook_url: (\S+)/.exec(rule)?.[1], url);
    }
  });
}

function isJson(name: string): boolean {
  return name.endsWith('.json');
}

function isOfNamespace(label: string, value: string): boolean {
  return ['namespace', 'exported_namespace'].includes(label) && value === '$namespace';
}

function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
