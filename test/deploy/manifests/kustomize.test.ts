// Kustomize is found where people have it, and its absence is said with the command that ends it.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  findKustomize,
  kustomizeInstall,
  RenderError,
  render,
} from '#deploy/check/manifests/kustomize.ts';
import { MissingPartError } from '#deploy/local/missing.ts';
import { kustomizeOrSkip } from './rendered.ts';

/** A machine with these programs: path under its home → what it prints. */
function machine(t: TestContext, programs: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const home = mkdtempSync(join(tmpdir(), 'fleetwire-kustomize-'));
  t.after(() => rmSync(home, { recursive: true }));
  for (const [path, words] of Object.entries(programs)) {
    mkdirSync(join(home, path, '..'), { recursive: true });
    writeFileSync(join(home, path), `#!/bin/sh\necho '${words}'\n`);
    chmodSync(join(home, path), 0o755);
  }
  return { HOME: home, PATH: join(home, 'bin'), FLEETWIRE_CACHE: join(home, 'cache') };
}

test('finds kustomize on the PATH, in the cache and among Go’s programs', (t) => {
  for (const place of ['bin', 'cache/bin', 'go/bin']) {
    const env = machine(t, { [`${place}/kustomize`]: '' });
    assert.deepEqual(findKustomize(env), {
      path: join(env['HOME']!, place, 'kustomize'),
      args: ['build'],
    });
  }
});

test('takes a kubectl that is new enough, and no older one', (t) => {
  const recent = machine(t, { 'bin/kubectl': 'Client Version: v1.30.0' });
  assert.deepEqual(findKustomize(recent).args, ['kustomize']);
  const old = machine(t, { 'bin/kubectl': 'Client Version: v1.29.9' });
  assert.throws(() => findKustomize(old), MissingPartError);
});

test('where neither is, the words hold the one command', (t) => {
  assert.throws(
    () => findKustomize(machine(t, {})),
    (error: Error) => error instanceof MissingPartError && error.message.includes(kustomizeInstall),
  );
});

test('a folder that cannot be rendered is told in Kustomize’s own words', async (t) => {
  const kustomize = kustomizeOrSkip(t);
  if (kustomize === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'fleetwire-kustomize-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'kustomization.yaml'), 'resources: [absent.yaml]\n');
  await assert.rejects(render(kustomize, folder), (error: Error) => {
    return error instanceof RenderError && error.message.includes('absent.yaml');
  });
});
