// What is generated is committed as its generator would write it today.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generatedFiles, generatedText, repositoryRoot } from '#deploy/generate/files.ts';

for (const file of generatedFiles) {
  test(`${file.path} equals what npm run generate writes`, () => {
    const committed = readFileSync(join(repositoryRoot, file.path), 'utf8');
    assert.equal(committed, generatedText(file));
  });
}
