// Names of metrics, and that those of others which we look at are listed with their source: no test
// has an EMQX, a KEDA or a cluster that could say so.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { expressionsOf } from '#deploy/check/expressions.ts';
import { findKustomize, render } from '#deploy/check/manifests/kustomize.ts';
import { isOurs, namedIn } from '#deploy/check/metric-names.ts';
import { metricsOf } from '#deploy/check/promql.ts';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { MissingPartError } from '#deploy/local/missing.ts';

interface ForeignMetric {
  readonly name: string;
  readonly from: string;
  readonly labels: readonly string[];
  readonly source: string;
}

const read = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8');
const listed: readonly ForeignMetric[] = JSON.parse(
  read('deploy/observability/foreign-metrics.json'),
);
const names = listed.map(({ name }) => name);

test('names are found where they stand as code, and only there', () => {
  const text =
    'The `emqx_a` of kube_b: `rate(keda_c{x="y"}[5m])`, `emqx_prometheus.erl`\n```\nkafka_d 1\n```';
  assert.deepEqual(namedIn(text), ['emqx_a', 'keda_c', 'kafka_d']);
});

test('metrics of others stand in the list once, with whose they are and who says so', () => {
  assert.equal(new Set(names).size, names.length);
  for (const { name, from, source } of listed) {
    assert.ok(!isOurs(name) && from !== '' && source !== '', name);
  }
});

const inDocuments = documents().flatMap((path) => {
  return namedIn(read(path)).map((name) => ({ path, name }));
});

test('documents name no metric of others that is not in the list', () => {
  const unknown = inDocuments.filter(({ name }) => !isOurs(name) && !names.includes(name));
  assert.deepEqual(unknown, []);
});

for (const overlay of ['dev', 'prod']) {
  test(`${overlay}: the list holds the metrics of others that are asked for, and no more`, async (t) => {
    const kustomize = kustomizeOr((words) => t.skip(words));
    if (kustomize === undefined) return;
    const objects = await render(kustomize, join(repositoryRoot, 'deploy/overlays', overlay));
    const expressions = expressionsOf(objects);
    const recorded = new Set(expressions.map(({ where }) => where.split(': ')[1]));
    const asked = expressions.flatMap(({ expr }) => metricsOf(expr));
    const foreign = asked.filter((name) => !isOurs(name) && !recorded.has(name));
    const missing = foreign.filter((name) => !names.includes(name));
    const named = new Set([...foreign, ...inDocuments.map(({ name }) => name)]);
    const stale = names.filter((name) => !named.has(name));
    assert.deepEqual({ missing, stale }, { missing: [], stale: [] });
  });
}

function documents(): readonly string[] {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];
  const paths = execFileSync('git', list, { cwd: repositoryRoot, encoding: 'utf8' });
  return paths.trim().split('\n');
}

function kustomizeOr(skip: (words: string) => void) {
  try {
    return findKustomize();
  } catch (error) {
    if (!(error instanceof MissingPartError)) throw error;
    process.stderr.write(`NOBODY LOOKED AT THE METRICS OF OTHERS. ${error.message}\n`);
    skip(error.message);
    return undefined;
  }
}
