// The runner of the tests: what it counts is what ran.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Tally } from './run-tests.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetwire-run-tests-'));
test.after(() => rmSync(folder, { recursive: true }));

test('counts every test of a file, however many there are', (t) => {
  const many = "for (let n = 0; n < 400; n += 1) test('promise ' + n, () => {});";
  assert.deepEqual(tallyOf(t, many), { passed: 400, failed: 0, skipped: 0 });
});

test('counts a failure among many', (t) => {
  const last = "test('the last one', () => { throw new Error('broken'); });";
  const many = `for (let n = 0; n < 400; n += 1) test('promise ' + n, () => {});\n${last}`;
  assert.deepEqual(tallyOf(t, many), { passed: 400, failed: 1, skipped: 0 });
});

test('a file that leaves something open is ended at its limit and has failed', (t) => {
  const leak = "test('leaks', () => { setInterval(() => {}, 1000); });";
  const { failed } = tallyOf(t, leak, 1_500);
  assert.ok(failed > 0);
});

test('a file that cannot be loaded has failed', (t) => {
  assert.equal(tallyOf(t, 'this is no JavaScript').failed, 1);
});

test('tests that did not run are told in one line with their reason', (t) => {
  const absent = "test('a ' + n, (t) => t.skip('No promtool; this brings it: apt-get'));";
  const { tally, said } = ranOf(t, `for (let n = 0; n < 3; n += 1) ${absent}`);
  assert.deepEqual(tally, { passed: 0, failed: 0, skipped: 3 });
  assert.match(said, /^﹣ 3 TESTS DID NOT RUN. No promtool; this brings it: apt-get$/m);
});

function tallyOf(t: TestContext, tests: string, fileMsMax = 30_000): Tally {
  return ranOf(t, tests, fileMsMax).tally;
}

/** In a process that no test runner has started: there `run` would do nothing. */
function ranOf(t: TestContext, tests: string, fileMsMax = 30_000) {
  const file = join(folder, `${t.name.replaceAll(/\W/g, '-')}.test.mjs`);
  writeFileSync(file, `import { test } from 'node:test';\n${tests}\n`);
  const options = JSON.stringify({ files: [file], atOnce: 1, fileMsMax, show: 'failures' });
  const runner = JSON.stringify(new URL('./run-tests.ts', import.meta.url).href);
  const program = [
    `import { runTests } from ${runner};`,
    `process.stdout.write('\\n' + JSON.stringify(await runTests(${options})));`,
  ].join('\n');
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const main = join(folder, 'main.mjs');
  writeFileSync(main, program);
  const said = execFileSync(process.execPath, [main], { env, encoding: 'utf8' });
  return { tally: JSON.parse(said.slice(said.lastIndexOf('\n'))) as Tally, said };
}
