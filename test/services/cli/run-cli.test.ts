// Exit codes and lines of the `fleetwire` command, without any neighbour.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { schemasApplyTable, topicsApplyTable } from '#services/cli/config.ts';
import { settingsMarkdown } from '#shared/runtime/config-markdown.ts';
import { runCommand as run } from './run-command.ts';

/** Nobody listens on the discard port. */
const nowhere = '127.0.0.1:9';

test('help ends with 0 and names every command', async () => {
  const { code, out } = await run('--help');
  assert.equal(code, 0);
  assert.match(out.join('\n'), /schemas[\s\S]*topics/);
});

test('wrong usage ends with 2 and says what was meant', async () => {
  for (const line of ['', 'topics', 'topics aply', 'schemas apply --ids', 'nonsense']) {
    const { code, out, err } = await run(line);
    assert.equal(code, 2, line);
    assert.deepEqual(out, [], line);
    assert.ok(err.length > 0, line);
  }
  assert.match((await run('topics aply')).err.join('\n'), /Did you mean apply/);
});

test('bad configuration ends with 78 and lists every fault, also of options', async () => {
  const { code, err } = await run('topics apply --partitions many', { KAFKA_BROKER: 'a:1' });
  assert.equal(code, 78);
  assert.match(err.join('\n'), /has 3 faults/);
  assert.match(err.join('\n'), /TOPICS_PARTITIONS="many": want an integer/);
  assert.match(err.join('\n'), /did you mean KAFKA_BROKERS/);
  assert.equal((await run('schemas apply')).code, 78);
});

test('more brokers that must have a record than hold it is a fault of configuration', async () => {
  const { code, err } = await run(`topics apply --kafka ${nowhere} --replication 1`);
  assert.equal(code, 78);
  assert.match(err.join('\n'), /TOPICS_MIN_ISR="2": want at most TOPICS_REPLICATION, which is 1/);
});

test('a neighbour that is away ends with 1 and one line that names it', async () => {
  const kafka = await run(`topics apply --kafka ${nowhere}`);
  assert.deepEqual([kafka.code, kafka.out, kafka.err.length], [1, [], 1]);
  assert.match(kafka.err[0]!, /^fleetwire: Kafka at 127\.0\.0\.1:9: .*ECONNREFUSED/);
  const registry = await run('schemas apply', { REGISTRY_URL: `http://${nowhere}/apis` });
  assert.deepEqual([registry.code, registry.out, registry.err.length], [1, [], 1]);
  assert.match(registry.err[0]!, /^fleetwire: the schema registry .*ECONNREFUSED.*127\.0\.0\.1:9/);
});

test('the README shows the settings that the commands read', () => {
  const readme = readFileSync(new URL('../../../services/cli/README.md', import.meta.url), 'utf8');
  const table = settingsMarkdown({ ...topicsApplyTable, ...schemasApplyTable });
  assert.ok(readme.includes(table), table);
});
