// The command tells rule by rule what holds, and each fault in words that lead to it.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkOverlays } from '#deploy/check/manifests/check-overlays.ts';
import { rules } from '#deploy/check/manifests/rules.ts';
import { Scratch } from '#deploy/check/manifests/scratch.ts';
import { kustomizeOrSkip } from './rendered.ts';

test('tells every rule, and of a fault the object, the field, what is wanted and what is there', async (t) => {
  if (kustomizeOrSkip(t) === undefined) return;
  const scratch = new Scratch();
  t.after(() => scratch.remove());
  const folder = join(scratch.folder, 'overlays', 'dev');
  scratch.tune(folder, { 'state.maxReplicas': '13' });
  const lines: string[] = [];
  assert.equal(await checkOverlays({ folders: [folder], say: (line) => lines.push(line) }), false);
  for (const { promise } of rules) {
    assert.ok(lines.includes(`  ✔ ${promise}`) || lines.includes(`  ✖ ${promise}`), promise);
  }
  const at = lines.indexOf('  ✖ no group has more members than partitions');
  assert.equal(
    lines[at + 1],
    '      ScaledObject/state spec.maxReplicaCount: want at most 12 partitions: ' +
      'KEDA asks for one too many; found 13',
  );
});

test('a folder that is no overlay is told as such', async (t) => {
  if (kustomizeOrSkip(t) === undefined) return;
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  assert.equal(await checkOverlays({ folders: ['/nowhere'], say }), false);
  assert.deepEqual(lines, ['/nowhere: want a folder with a kustomization.yaml, found none']);
});

test('an overlay that Kustomize refuses is told in its words', async (t) => {
  if (kustomizeOrSkip(t) === undefined) return;
  const scratch = new Scratch();
  t.after(() => scratch.remove());
  const folder = join(scratch.folder, 'overlays', 'prod');
  scratch.change('overlays/prod/tuning.yaml', (text) => text.replace('mqtt.url:', 'mqtt.uri:'));
  const lines: string[] = [];
  assert.equal(await checkOverlays({ folders: [folder], say: (line) => lines.push(line) }), false);
  assert.match(lines.join('\n'), /cannot be rendered: .*mqtt\.url/);
});
