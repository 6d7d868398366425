// A bridge and a state processor at work, and a Prometheus that sees them as production does: with
// the labels that a PodMonitor gives, and the rules of the dev overlay.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findKustomize, render } from '#deploy/check/manifests/kustomize.ts';
import { find, type Manifest, ofKind } from '#deploy/check/manifests/manifest.ts';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { claimPorts } from '#deploy/local/ports.ts';
import { obtainProgram } from '#deploy/local/program.ts';
import { PROMETHEUS, preparePrometheus } from '#deploy/local/prometheus.ts';
import { environmentOf } from '#loadtest/demo/addresses.ts';
import { type BridgeProcess, type Metrics, spawnBridge, spawnService } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openFleet } from './fleet-run.ts';
import { type Ground, openGround } from './ground.ts';
import { watchLedgers } from './ledger-watch.ts';
import { stackWithOwn } from './own-parts.ts';
import { PrometheusView } from './prometheus-view.ts';

export interface WatchedRun {
  readonly view: PrometheusView;
  /** Of the dev overlay, as rendered. */
  readonly objects: readonly Manifest[];
}

/** To be had before anything starts. Throws MissingPartError. */
export async function needTools(): Promise<void> {
  findKustomize();
  await obtainProgram(PROMETHEUS, { say });
}

/** Call it at the top level of a test file. Resolves when all that was sent is applied. */
export async function openWatchedRun(): Promise<WatchedRun> {
  const overlay = join(repositoryRoot, 'deploy/overlays/dev');
  const [stack, objects] = await Promise.all([
    // What other tests have left behind would be lag.
    stackWithOwn('kafka', 'redis'),
    render(findKustomize(), overlay),
  ]);
  const ground = await openGround(stack);
  const services = await startServices(ground, objects);
  const { bridge, state } = services;
  // It takes five seconds before it scrapes: the services get ready meanwhile, and the first frames
  // pay for code that is not compiled yet.
  const [view] = await Promise.all([
    startPrometheus({ dir: stack.dir, services, objects }),
    Promise.all([bridge.whenReady(), state.whenReady()]),
  ]);
  const scope = { after, passed: true };
  const plan = { seed: 23, vehicles: 40, messagesPerVehicle: 40, badShare: 0.004 };
  const fleet = await openFleet(scope, { ground, ...plan });
  const watch = watchLedgers(scope, [bridge]);
  await fleet.send(4);
  await whenScraped(view, 1);
  // Not to the end of their journeys: of a fleet that has logged out nobody knows how fresh it is.
  await fleet.send(28, sendingMs);
  await fleet.whenAcked(watch);
  await watch.stop();
  await whenScraped(view, 5);
  await whenApplied(view, await bridge.metrics());
  return { view, objects };
}

const sendingMs = 5_000;

/** Both services, so often. */
async function whenScraped(view: PrometheusView, count: number): Promise<void> {
  await eventually(`${count} scrapes of each service`, async () => {
    const found = await view.query('sum_over_time(up[5m])');
    assert.equal(found.length, 2);
    for (const { labels, value } of found) assert.ok(value >= count, `${labels['job']}: ${value}`);
  });
}

/** Not lag alone: the latest sample of it may be older than the records. */
async function whenApplied(view: PrometheusView, ofBridge: Metrics): Promise<void> {
  const stored = ofBridge.sum('frames_produced_total');
  await eventually('all that was sent seen as applied', async () => {
    const applied = 'fleetwire_stream_records_applied_total';
    const [seen] = await view.query(`sum(${applied}) + sum(fleetwire_stream_duplicates_total)`);
    assert.ok(seen!.value >= stored, `${seen?.value} of ${stored}`);
    const [lag] = await view.query('sum(fleetwire_stream_lag_records)');
    assert.equal(lag?.value, 0);
  });
}

interface Services {
  readonly bridge: BridgeProcess;
  readonly state: BridgeProcess;
}

async function startServices(ground: Ground, objects: readonly Manifest[]): Promise<Services> {
  const env = { ...environmentOf(ground.addresses, {}), REGISTRY_IDS_FILE: ground.idsFile };
  const sizes = settingsOf(objects, 'bridge-config').filter(([name]) => name.startsWith('BRIDGE_'));
  const mainFile = fileURLToPath(new URL('../../services/state/main.ts', import.meta.url));
  const [bridge, state] = await Promise.all([
    spawnBridge({ ...env, ...Object.fromEntries(sizes), BRIDGE_NAME: 'bridge-0' }),
    spawnService({ name: 'state-0', mainFile, env: { ...env, STREAM_LAG_MS: '500' } }),
  ]);
  after(async () => void (await Promise.all([bridge.process.kill(), state.process.kill()])));
  return { bridge, state };
}

/** The name has a hash at its end. */
function settingsOf(objects: readonly Manifest[], name: string): [string, string][] {
  const maps = ofKind(objects, 'ConfigMap');
  const map = maps.find(({ metadata }) => metadata.name.startsWith(`${name}-`));
  return Object.entries(map?.data ?? {});
}

interface Watched {
  readonly dir: string;
  readonly services: Services;
  readonly objects: readonly Manifest[];
}

async function startPrometheus({ dir, services, objects }: Watched): Promise<PrometheusView> {
  const ports = await claimPorts();
  after(() => ports.release());
  const home = join(dir, 'prometheus');
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'rules.json'), JSON.stringify({ groups: rulesOf(objects) }));
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.json'],
    scrape_configs: await Promise.all(
      Object.entries(services).map(([name, service]) => scrapeOf(name, service, objects)),
    ),
  };
  const prometheus = await preparePrometheus({ port: ports.next(), dir, config, say });
  after(() => prometheus.kill());
  await prometheus.start();
  return new PrometheusView(prometheus.url);
}

/** As often as samples come: a test has no time for the intervals of production. */
function rulesOf(objects: readonly Manifest[]): readonly object[] {
  const groups = ofKind(objects, 'PrometheusRule').flatMap(({ spec }) => spec.groups as object[]);
  return groups.map((group) => ({ ...group, interval: '1s' }));
}

/** What Prometheus Operator makes of a PodMonitor, with the address known. */
async function scrapeOf(
  name: string,
  service: BridgeProcess,
  objects: readonly Manifest[],
): Promise<object> {
  const { metadata, spec } = find(objects, 'PodMonitor', name)!;
  const { namespace } = metadata;
  const [{ port: endpoint, path, relabelings = [] }] = spec.podMetricsEndpoints;
  const { ops } = await service.logged(/^Starting\.$/);
  const labels = { namespace, pod: service.name, container: name, endpoint };
  return {
    job_name: `${namespace}/${name}`,
    metrics_path: path,
    static_configs: [{ targets: [new URL(String(ops)).host], labels }],
    relabel_configs: relabelings.map((one: { targetLabel: string; replacement: string }) => {
      return { target_label: one.targetLabel, replacement: one.replacement };
    }),
  };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
