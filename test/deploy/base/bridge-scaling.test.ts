// What KEDA asks Prometheus about the bridges, as rendered, and what it is answered.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findKustomize, render } from '#deploy/check/manifests/kustomize.ts';
import { find, type Tree } from '#deploy/check/manifests/manifest.ts';
import { deployFolder } from '#deploy/check/manifests/repository.ts';
import { Scratch } from '#deploy/check/manifests/scratch.ts';
import { findPromtool, runPromtool } from '#deploy/check/rules.ts';
import { MissingPartError } from '#deploy/local/missing.ts';

const cases: readonly Case[] = [
  {
    promise: 'the sum over all bridges while Kafka is quick',
    fleet: { bridges: 4, windowUse: 0.95, loopUse: 0.9, kafka: 'quick' },
    window: () => 3.8,
    loop: () => 3.6,
  },
  {
    promise: 'fewer when there is little to do',
    fleet: { bridges: 2, windowUse: 0.01, loopUse: 0.05, kafka: 'quick' },
    window: () => 0.02,
    loop: () => 0.1,
  },
  {
    promise: 'as many as now while Kafka is slow, however full the windows are',
    fleet: { bridges: 4, windowUse: 0.95, loopUse: 0.9, kafka: 'slow' },
    window: (threshold) => 4 * threshold,
    loop: (threshold) => 4 * threshold,
  },
  {
    promise: 'as many as now while Kafka takes nothing at all',
    fleet: { bridges: 3, windowUse: 1, loopUse: 0.1, kafka: 'away' },
    window: (threshold) => 3 * threshold,
    loop: (threshold) => 3 * threshold,
  },
  {
    promise: 'nothing, which KEDA takes for an error, when no bridge is scraped',
    fleet: { bridges: 0, windowUse: 0, loopUse: 0, kafka: 'away' },
    window: () => null,
    loop: () => null,
  },
];

for (const { promise, fleet, window, loop } of cases) {
  test(`the queries answer ${promise}`, async (t) => {
    const triggers = await triggersOrSkip(t, join(deployFolder, 'overlays', 'prod'));
    if (triggers === undefined) return;
    const answers = { window, 'event-loop': loop };
    const asked = Object.entries(answers).map(([name, answer]) => {
      const { metadata } = triggers.find((trigger) => trigger.name === name)!;
      const value = answer(Number(metadata.threshold));
      const samples = value === null ? [] : [{ labels: '{}', value }];
      return { expr: metadata.query, eval_time: '5m', exp_samples: samples };
    });
    await assertAnswers(t, seriesOf(fleet), asked);
  });
}

test('a threshold of tuning.yaml reaches the query too, and the limit of a slow Kafka both', async (t) => {
  const scratch = new Scratch();
  t.after(() => scratch.remove());
  scratch.change('overlays/prod/tuning.yaml', (text) =>
    text
      .replace(/(bridge\.saturationThreshold:) .*/, '$1 "0.11"')
      .replace(/(bridge\.eventLoopThreshold:) .*/, '$1 "0.22"')
      .replace(/(bridge\.kafkaSlowSeconds:) .*/, '$1 "0.33"'),
  );
  const triggers = await triggersOrSkip(t, join(scratch.folder, 'overlays', 'prod'));
  if (triggers === undefined) return;
  assert.deepEqual(
    triggers.map(({ name, metadata: { threshold, query } }) => {
      return [name, threshold, query.match(/\b0\.\d{2}$/gm)];
    }),
    [
      ['window', '0.11', ['0.33', '0.11']],
      ['event-loop', '0.22', ['0.33', '0.22']],
    ],
  );
});

interface Case {
  readonly promise: string;
  readonly fleet: Fleet;
  /** By the threshold of its trigger; null: no answer. */
  readonly window: (threshold: number) => number | null;
  readonly loop: (threshold: number) => number | null;
}

interface Fleet {
  readonly bridges: number;
  readonly windowUse: number;
  readonly loopUse: number;
  readonly kafka: 'quick' | 'slow' | 'away';
}

interface Series {
  readonly series: string;
  readonly values: string;
}

const intervalSeconds = 15;
const samples = 24;

/** As the PodMonitor labels them. The canary is there, busy, and counts for nothing. */
function seriesOf({ bridges, windowUse, loopUse, kafka }: Fleet): readonly Series[] {
  const pods = Array.from({ length: bridges }, (_, index) => `bridge-${index}`);
  return [
    ...pods.flatMap((pod) => {
      const labels = `job="fleetwire/bridge",namespace="fleetwire",pod="${pod}"`;
      return [...saturation(labels, windowUse, loopUse), ...sends(labels, kafka)];
    }),
    ...saturation('job="fleetwire/bridge-canary",namespace="fleetwire",pod="canary"', 1, 1),
  ];
}

function saturation(labels: string, windowUse: number, loopUse: number): readonly Series[] {
  const busy = loopUse * intervalSeconds;
  return [
    {
      series: `fleetwire_bridge_window_use_ratio{${labels}}`,
      values: `${windowUse}x${samples}`,
    },
    {
      series: `fleetwire_event_loop_active_seconds_total{${labels}}`,
      values: `0+${busy}x${samples}`,
    },
  ];
}

/** Quick: all within 100 ms. Slow: all within a second, none within half of it. */
function sends(labels: string, kafka: Fleet['kafka']): readonly Series[] {
  return ['0.1', '0.25', '0.5', '1', '+Inf'].map((le) => {
    const isWithin = kafka === 'quick' || (kafka === 'slow' && (le === '1' || le === '+Inf'));
    const series = `fleetwire_bridge_kafka_send_seconds_bucket{${labels},le="${le}"}`;
    return { series, values: `0+${isWithin ? 10 : 0}x${samples}` };
  });
}

async function assertAnswers(t: TestContext, input: readonly Series[], asked: readonly object[]) {
  const folder = await mkdtemp(join(tmpdir(), 'fleetwire-scaling-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'queries.yaml');
  const interval = `${intervalSeconds}s`;
  const tests = [{ interval, input_series: input, promql_expr_test: asked }];
  // JSON is YAML.
  await writeFile(path, JSON.stringify({ rule_files: [], evaluation_interval: interval, tests }));
  const { isGood, words } = await runPromtool(findPromtool(), ['test', 'rules', path]);
  assert.ok(isGood, words);
}

async function triggersOrSkip(t: TestContext, overlay: string): Promise<Tree[] | undefined> {
  try {
    findPromtool();
    const objects = await render(findKustomize(), overlay);
    return find(objects, 'ScaledObject', 'bridge')!.spec.triggers;
  } catch (error) {
    if (!(error instanceof MissingPartError)) throw error;
    t.skip(error.message);
    return undefined;
  }
}
