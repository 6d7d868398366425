// The reference pages hold what their tables hold; that they are fresh is held by files.test.ts.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { example } from '#deploy/generate/frames/json-page.ts';
import { edition2016, edition2025 } from '#shared/frame/gb32960/editions.ts';
import { decodeMessage } from '#shared/frame/json/decode-message.ts';
import { messageNames } from '#shared/frame/jt808/message-ids.ts';
import { kafkaTopics } from '#shared/topics.ts';

function readPage(name: string): string {
  return readFileSync(join(repositoryRoot, 'docs', name), 'utf8');
}

for (const edition of [edition2016, edition2025]) {
  test(`the page of the ${edition.year} edition names every item, command, bit and parameter`, () => {
    const text = readPage(`frames/gb32960-${edition.year}.md`);
    const names = [...edition.items, ...edition.commands, ...edition.parameters].map(
      ({ name }) => name,
    );
    for (const name of [...names, ...edition.alarmBitNames]) {
      assert.ok(text.includes(`\`${name}\``), name);
    }
  });
}

test('the two editions differ on their pages where they differ on the wire', () => {
  const current = /`totalCurrent` \| (\S+) \| (\S+ - \d+)/;
  const [old, next] = [2016, 2025].map((year) => {
    return current.exec(readPage(`frames/gb32960-${year}.md`))?.slice(1);
  });
  assert.deepEqual(old, ['0..20000', '(raw - 10000']);
  assert.deepEqual(next, ['0..60000', '(raw - 30000']);
});

test('the page of JT/T 808 names every message', () => {
  const text = readPage('frames/jt808.md');
  for (const { name } of messageNames) assert.ok(text.includes(`\`${name}\``), name);
});

test('the example of the JSON envelope is one', () => {
  const [outcome] = decodeMessage(Buffer.from(JSON.stringify(example)));
  assert.equal(outcome?.kind, 'accept');
});

test('the page of topics has a section for each', () => {
  const text = readPage('topics.md');
  for (const topic of Object.values(kafkaTopics))
    assert.ok(text.includes(`### \`${topic}\``), topic);
});
