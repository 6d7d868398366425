// The committed types are what the schemas say.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { avroTypesPath } from '#deploy/generate/avro-types.ts';
import { generatedFiles, generatedText, repositoryRoot } from '#deploy/generate/files.ts';

test('the committed types equal what the schemas generate', () => {
  const file = generatedFiles.find(({ path }) => path === avroTypesPath);
  assert.ok(file);
  const committed = readFileSync(join(repositoryRoot, avroTypesPath), 'utf8');
  assert.equal(committed, generatedText(file), 'run npm run generate');
});
