// Which test files a run takes, and which of them may run beside the others.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { apartFiles, chooseTests } from './test-choice.ts';

test('files that run apart are there, and touch nothing of the stack that others share', () => {
  const { integration } = chooseTests(undefined);
  for (const file of apartFiles) {
    assert.ok(integration.includes(file), file);
    const source = readFileSync(join(import.meta.dirname, '..', file), 'utf8');
    assert.doesNotMatch(
      source,
      /stack-under-test|own-parts|own-redis|watched-run|read-side-bed/,
      file,
    );
  }
});

test('a path takes its own files alone, and nothing else is checked', () => {
  const { withChecks, unit, integration } = chooseTests('test/integration/chaos-short.test.ts');
  assert.deepEqual(
    { withChecks, unit, integration },
    {
      withChecks: false,
      unit: [],
      integration: ['test/integration/chaos-short.test.ts'],
    },
  );
});
