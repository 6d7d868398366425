// One number, one place: what is changed in tuning.yaml reaches every object that needs it and no
// other; where two of them no longer fit, a rule says which.

import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { faultLine } from '#deploy/check/manifests/fault.ts';
import { findingsOf, readInstallation } from '#deploy/check/manifests/installations.ts';
import { leavesOf, type Manifest, nameOf } from '#deploy/check/manifests/manifest.ts';
import type { Installation } from '#deploy/check/manifests/rule.ts';
import { Scratch } from '#deploy/check/manifests/scratch.ts';
import { consumerGroups, kafkaTopics, topicSpecs } from '#shared/topics.ts';
import { kustomizeOrSkip, overlay } from './rendered.ts';

type Values = Readonly<Record<string, string>>;

/** prod as it is, and with other values in tuning.yaml. */
async function changed(t: TestContext, values: Values) {
  const kustomize = kustomizeOrSkip(t);
  if (kustomize === undefined) return undefined;
  const scratch = new Scratch();
  t.after(() => scratch.remove());
  const folder = join(scratch.folder, 'overlays', 'prod');
  scratch.tune(folder, values);
  const before = await overlay(kustomize, 'prod');
  const after = await readInstallation({ kustomize, folder, isShipped: true });
  return { before, after };
}

/** Objects that differ, by name; a generated ConfigMap without its hash. */
function differing(before: Installation, after: Installation): readonly string[] {
  const [one, other] = [textsOf(before.objects), textsOf(after.objects)];
  return [...one.keys()].filter((name) => one.get(name) !== other.get(name)).toSorted();
}

function textsOf(objects: readonly Manifest[]): ReadonlyMap<string, string> {
  const bareName = (object: Manifest) => nameOf(object).replace(/-[a-z0-9]{10}$/, '');
  return new Map(objects.map((object) => [bareName(object), JSON.stringify(object)]));
}

/** What a change has brought about. */
function newFaults(before: Installation, after: Installation): readonly string[] {
  const known = new Set(linesOf(before));
  return linesOf(after).filter((line) => !known.has(line));
}

function linesOf(installation: Installation): readonly string[] {
  return findingsOf(installation).flatMap(({ faults }) => faults.map(faultLine));
}

test('partitions reach every topic, the release and the alerts, and nothing else', async (t) => {
  const rendered = await changed(t, { 'kafka.partitions': '48' });
  if (rendered === undefined) return;
  const topics = topicSpecs.map(({ topic }) => `KafkaTopic/${topic}`);
  const figures = 'PrometheusRule/fleetwire-figures';
  const wanted = [...topics, 'ConfigMap/release-config', 'Job/release', figures].toSorted();
  assert.deepEqual(differing(rendered.before, rendered.after), wanted);
  assert.deepEqual(newFaults(rendered.before, rendered.after), []);
});

test('fewer partitions than replicas: a rule names the scaler that does not follow', async (t) => {
  const rendered = await changed(t, { 'kafka.partitions': '3' });
  if (rendered === undefined) return;
  const most = rendered.before.tuning.get('state.maxReplicas');
  assert.deepEqual(newFaults(rendered.before, rendered.after), [
    'ScaledObject/state spec.maxReplicaCount: want at most 3 partitions: ' +
      `KEDA asks for one too many; found ${most}`,
  ]);
});

test('a threshold reaches every trigger of its kind', async (t) => {
  const rendered = await changed(t, { 'state.lagThreshold': '123', 'kafka.latencyMs': '71' });
  if (rendered === undefined) return;
  assert.deepEqual(differing(rendered.before, rendered.after), ['ScaledObject/state']);
  const scaled = rendered.after.objects.find((one) => nameOf(one) === 'ScaledObject/state')!;
  const found = scaled.spec.triggers.map(
    ({ metadata }: { metadata: Values }) => metadata['lagThreshold'],
  );
  const backfill = rendered.before.tuning.get('state.backfillLagThreshold');
  assert.deepEqual(found, ['123', backfill, '123', '123']);
});

test('a threshold far from rate times delay: a rule names each trigger', async (t) => {
  const rendered = await changed(t, { 'state.lagThreshold': '10' });
  if (rendered === undefined) return;
  const faults = newFaults(rendered.before, rendered.after);
  assert.equal(faults.length, 3);
  for (const line of faults) assert.match(line, /lagThreshold: want \d+ within 10 %.*; found 10$/);
});

test('the window reaches the bridge and the broker', async (t) => {
  const rendered = await changed(t, { 'bridge.windowFrames': '2000' });
  if (rendered === undefined) return;
  const wanted = ['ConfigMap/bridge-config', 'Deployment/bridge', 'EMQX/emqx'];
  assert.deepEqual(differing(rendered.before, rendered.after), wanted);
  assert.deepEqual(newFaults(rendered.before, rendered.after), []);
});

test('an image reaches every program of ours', async (t) => {
  const image = `registry.example.org/fleetwire@sha256:${'ab'.repeat(32)}`;
  const rendered = await changed(t, { 'images.fleetwire': image });
  if (rendered === undefined) return;
  const wanted = ['CronJob/toolbox', 'Deployment/bridge', 'Deployment/state', 'Job/release'];
  assert.deepEqual(differing(rendered.before, rendered.after), wanted);
});

test('one changed setting rolls the pods of its service, and no others', async (t) => {
  const kustomize = kustomizeOrSkip(t);
  if (kustomize === undefined) return;
  const scratch = new Scratch();
  t.after(() => scratch.remove());
  scratch.change('base/bridge/config.env', (text) => `${text}\nBRIDGE_BATCH_AGE_MS=25\n`);
  const folder = join(scratch.folder, 'overlays', 'prod');
  const before = await overlay(kustomize, 'prod');
  const after = await readInstallation({ kustomize, folder, isShipped: true });
  const wanted = ['ConfigMap/bridge-config', 'Deployment/bridge'];
  assert.deepEqual(differing(before, after), wanted);
  const reference = ({ objects }: Installation) => {
    const bridge = objects.find((one) => nameOf(one) === 'Deployment/bridge')!;
    return bridge.spec.template.spec.containers[0].envFrom[0].configMapRef.name as string;
  };
  assert.match(reference(after), /^bridge-config-[a-z0-9]{10}$/);
  assert.notEqual(reference(after), reference(before));
});

/** As if the code had another name for it: every object that still has the old one is named. */
async function renamed(t: TestContext, from: string, to: string) {
  const kustomize = kustomizeOrSkip(t);
  if (kustomize === undefined) return undefined;
  const good = await overlay(kustomize, 'prod');
  const inQuotes = (text: string) => new RegExp(`${text.replaceAll('.', '\\.')}(?![\\w-])`, 'g');
  const objects = good.objects.map((object) => {
    return JSON.parse(JSON.stringify(object).replace(inQuotes(from), to)) as Manifest;
  });
  const having = good.objects.filter((object, at) => {
    return JSON.stringify(object) !== JSON.stringify(objects[at]);
  });
  return { having, faults: newFaults(good, { ...good, objects }) };
}

test('a topic by another name: rules name every object that has it', async (t) => {
  const result = await renamed(t, kafkaTopics.telemetry, 'vehicle.telemetry.v2');
  if (result === undefined) return;
  assert.ok(result.having.length > 4);
  const unnamed = result.having
    .map((object) => nameOf(object))
    .filter((name) => name !== `KafkaTopic/${kafkaTopics.telemetry}`)
    .filter((name) => !result.faults.some((line) => line.startsWith(`${name} `)));
  assert.deepEqual(unnamed, []);
});

test('a group by another name: rules name every object that has it', async (t) => {
  const result = await renamed(t, consumerGroups.state, 'fleetwire-vehicles');
  if (result === undefined) return;
  const named = (name: string) => result.faults.some((line) => line.startsWith(name));
  assert.ok(named('ScaledObject/state spec.triggers[name=telemetry].metadata.consumerGroup'));
  assert.ok(named('KafkaUser/state acls of group literal'));
  assert.ok(named('KafkaUser/keda-lag acls of group literal'));
  assert.ok(named('ConfigMap/valkey-config'));
  const asGroup = result.having.filter((object) =>
    [...leavesOf(object)].some(
      ([path, value]) =>
        /consumerGroup$|acls\[\d+\]\.resource\.name$|valkey\.conf/.test(path) &&
        String(value).includes(consumerGroups.state),
    ),
  );
  for (const object of asGroup) assert.ok(named(nameOf(object).slice(0, 23)), nameOf(object));
});

test('an overlay outside of the repository is checked like ours', async (t) => {
  const kustomize = kustomizeOrSkip(t);
  if (kustomize === undefined) return;
  const scratch = new Scratch();
  t.after(() => scratch.remove());
  const own = join(scratch.folder, 'overlays', 'plant-seven');
  cpSync(join(scratch.folder, 'overlays', 'prod'), own, { recursive: true });
  const installation = await readInstallation({ kustomize, folder: own });
  assert.equal(installation.environment, 'prod');
  const faults = newFaults(await overlay(kustomize, 'prod'), installation);
  // What only its owner knows is still to be filled in, and the words say so.
  assert.ok(faults.length > 0);
  const words = /want the digest of your image; found zeros|want a name or address of yours/;
  for (const line of faults) assert.match(line, words);
});
