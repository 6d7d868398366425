// Plants follow the code: a mistake that cannot be made any more would be caught by nobody.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { test } from 'node:test';
import { scenarios } from '../scenarios/table.ts';
import { editedText } from '../tree.ts';
import { plants } from './table.ts';

const root = new URL('../../../', import.meta.url);

for (const { name, edits, caughtBy } of plants) {
  test(`${name}: fits into the code, and a scenario is to catch it`, () => {
    const texts = new Map<string, string>();
    for (const edit of edits) {
      const text = texts.get(edit.file) ?? readFileSync(new URL(edit.file, root), 'utf8');
      texts.set(edit.file, editedText(text, edit));
    }
    for (const [file, text] of texts) {
      if (file.endsWith('.ts')) assert.doesNotThrow(() => stripTypeScriptTypes(text), file);
    }
    const known = scenarios.map((scenario) => scenario.name);
    assert.ok(caughtBy.length > 0);
    assert.deepEqual(
      caughtBy.filter((scenario) => !known.includes(scenario)),
      [],
    );
  });
}

test('names are unique', () => {
  assert.equal(new Set(plants.map(({ name }) => name)).size, plants.length);
  assert.equal(new Set(scenarios.map(({ name }) => name)).size, scenarios.length);
});

test('a text that is not there exactly once is told with its place', () => {
  const edit = { file: 'shared/x.ts', from: 'a', to: 'b' };
  assert.equal(editedText('cad', edit), 'cbd');
  assert.throws(() => editedText('cd', edit), /must follow the code.*shared\/x\.ts, found 0 times/);
  assert.throws(() => editedText('aa', edit), /found 2 times/);
});
