// Every installation that is offered renders, and keeps every rule.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { unexpectedDifferences } from '#deploy/check/manifests/differences.ts';
import { externals } from '#deploy/check/manifests/externals.ts';
import { faultLine } from '#deploy/check/manifests/fault.ts';
import { findingsOf, readInstallation } from '#deploy/check/manifests/installations.ts';
import { findKubectl, type Kustomize, render } from '#deploy/check/manifests/kustomize.ts';
import { type Pairing, pairings, titleOf } from '#deploy/check/manifests/pairings.ts';
import { referencesOf } from '#deploy/check/manifests/referenced.ts';
import { deployFolder } from '#deploy/check/manifests/repository.ts';
import type { Installation } from '#deploy/check/manifests/rule.ts';
import { cloudFaults } from '#deploy/check/manifests/rules/images.ts';
import { Scratch } from '#deploy/check/manifests/scratch.ts';
import { kustomizeOrSkip, overlay } from './rendered.ts';

const scratch = new Scratch();
test.after(() => scratch.remove());

/** Rendered ahead, two at a time, while the rules look at those before. */
const renders = new Map<Pairing, Promise<Installation>>();
const atOnce = 2;

function rendered(kustomize: Kustomize, pairing: Pairing): Promise<Installation> {
  const from = pairings.indexOf(pairing);
  for (const ahead of pairings.slice(from, from + atOnce)) {
    if (renders.has(ahead)) continue;
    const folder = scratch.overlayOf(ahead);
    const { overlay: environment } = ahead;
    const options = { kustomize, folder, name: titleOf(ahead), environment, isShipped: true };
    const made = readInstallation(options);
    // Whoever asks for it hears of its failure; until then it is nobody's.
    made.catch(() => undefined);
    renders.set(ahead, made);
  }
  return renders.get(pairing)!;
}

for (const pairing of pairings) {
  test(`${titleOf(pairing)} renders and keeps every rule`, async (t) => {
    const kustomize = kustomizeOrSkip(t);
    if (kustomize === undefined) return;
    const installation = await rendered(kustomize, pairing);
    const faults = findingsOf(installation).flatMap(({ promise, faults: found }) =>
      found.map((fault) => `${promise} | ${faultLine(fault)}`),
    );
    assert.deepEqual(faults, []);
  });
}

test('every component that is there is offered', () => {
  const entries = readdirSync(join(deployFolder, 'components'), { withFileTypes: true });
  const offered = new Set(pairings.flatMap(({ components }) => components));
  for (const name of ['dev', 'prod']) {
    const text = readFileSync(join(deployFolder, 'overlays', name, 'kustomization.yaml'), 'utf8');
    for (const [, own] of text.matchAll(/- \.\.\/\.\.\/components\/(\S+)/g)) offered.add(own!);
  }
  const others = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => !offered.has(name));
  assert.deepEqual(others, []);
});

test('dev and prod differ in nothing that is not on the list', async (t) => {
  const kustomize = kustomizeOrSkip(t);
  if (kustomize === undefined) return;
  const [dev, prod] = await Promise.all([overlay(kustomize, 'dev'), overlay(kustomize, 'prod')]);
  assert.deepEqual(unexpectedDifferences(dev.objects, prod.objects).map(faultLine), []);
});

test('without an overlay nothing belongs to one cloud', async (t) => {
  const kustomize = kustomizeOrSkip(t);
  if (kustomize === undefined) return;
  for (const name of ['base', 'messaging', 'observability']) {
    const objects = await render(kustomize, join(deployFolder, name));
    assert.deepEqual(cloudFaults(objects).map(faultLine), []);
  }
});

test('kustomize and kubectl render the same', async (t) => {
  const kustomize = kustomizeOrSkip(t);
  if (kustomize === undefined) return;
  const kubectl = findKubectl();
  if (kubectl === undefined || kubectl.path === kustomize.path) {
    t.skip('Only one of kustomize and kubectl (1.30 or newer) is here to be compared.');
    return;
  }
  const objects = await render(kubectl, join(deployFolder, 'overlays', 'prod'));
  assert.deepEqual(objects, (await overlay(kustomize, 'prod')).objects);
});

test('every external that is listed is named by some installation', async (t) => {
  const kustomize = kustomizeOrSkip(t);
  if (kustomize === undefined) return;
  const all = await Promise.all(pairings.map((pairing) => rendered(kustomize, pairing)));
  const named = new Set(
    all
      .flatMap(({ objects }) => objects.flatMap(referencesOf))
      .map(({ kind, name }) => `${kind}/${name}`),
  );
  assert.deepEqual(
    externals.filter(({ kind, name }) => !named.has(`${kind}/${name}`)),
    [],
  );
});
