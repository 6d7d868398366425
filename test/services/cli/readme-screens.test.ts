// The screens of the README are what the command prints today.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { runCommand } from './run-command.ts';

const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
const screens = [...readme.matchAll(/^```\n\$ fleetwire (explain .*)\n([\s\S]*?)^```$/gm)];

test('the README shows a good frame, a flipped bit and a truncated item', () => {
  const files = screens.map(([, line]) => /(\w[\w-]*)\.hex/.exec(line ?? '')?.[1]);
  assert.deepEqual(files, ['good-frame', 'flipped-bit', 'truncated-item']);
});

for (const [, line = '', shown = ''] of screens) {
  test(`the README shows what "fleetwire ${line}" prints`, async () => {
    const { out } = await runCommand(line);
    assert.equal(`${out.join('\n')}\n`, shown);
  });
}
