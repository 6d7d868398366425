// The rules on the broker see through both shapes of its resource: Operator 3 keeps settings in a
// tree and not in a text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultLine } from '#deploy/check/manifests/fault.ts';
import { readInstallation } from '#deploy/check/manifests/installations.ts';
import type { Tree } from '#deploy/check/manifests/manifest.ts';
import { rules } from '#deploy/check/manifests/rules.ts';
import { Scratch } from '#deploy/check/manifests/scratch.ts';
import { type Breakable, breakableCopy, kustomizeOrSkip } from './rendered.ts';

const components = ['emqx-operator-3', 'emqx-operator-3/cluster'];

const roots = ({ get }: Breakable): Tree => get('EMQX', 'emqx').spec.config.roots;

const planted: Readonly<Record<string, readonly [string, (broken: Breakable) => void]>> = {
  'another window': [
    'the broker’s window, queue and heap for a bridge are those of tuning.yaml',
    (broken) => {
      roots(broken).zones.bridge.mqtt.max_inflight = 32;
    },
  ],
  'frames in turn': [
    'the broker sends one car’s frames to one bridge',
    (broken) => {
      roots(broken).broker.shared_subscription_group.fleetwire.strategy = 'round_robin';
    },
  ],
  'no certificate asked for': [
    'listeners ask for certificates, and the right authority’s',
    (broken) => {
      roots(broken).listeners.ssl.cars.ssl_options.verify = 'verify_none';
    },
  ],
  'no licence': [
    'more than one node of EMQX from 5.9 on has a licence',
    (broken) => {
      delete roots(broken).license;
    },
  ],
  'no rate': [
    'an EMQX that can evacuate does so at a set rate',
    ({ get }) => {
      get('EMQX', 'emqx').spec.updateStrategy.evacuationStrategy.connectionEvictionRate = 0;
    },
  ],
  'replicas beside the scaler': [
    'what has a ScaledObject names no replicas',
    ({ get }) => {
      get('EMQX', 'emqx').spec.replicantTemplate.spec.replicas = 3;
    },
  ],
};

test('faults of an EMQX by Operator 3 are found', async (t) => {
  const kustomize = kustomizeOrSkip(t);
  if (kustomize === undefined) return;
  const scratch = new Scratch();
  t.after(() => scratch.remove());
  const folder = scratch.overlayOf({ overlay: 'prod', components });
  const good = await readInstallation({ kustomize, folder, isShipped: true });
  for (const [name, [promise, plant]] of Object.entries(planted)) {
    const rule = rules.find((one) => one.promise === promise)!;
    assert.deepEqual(rule.check(good).map(faultLine), [], promise);
    const broken = breakableCopy(good);
    plant(broken);
    assert.ok(rule.check(broken).length > 0, `${name}: nothing was found`);
  }
});
