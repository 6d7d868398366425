// The `fleetwire` command as a release job runs it, against a real Kafka and a real Apicurio.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSchemaIdsFile } from '#shared/avro/schema-ids-file.ts';
import { subjectOf, topicSpecs } from '#shared/topics.ts';
import { runCommand } from '#test/services/cli/run-command.ts';
import { sharedStack } from './stack-under-test.ts';

const stack = await sharedStack();
const env = { KAFKA_BROKERS: stack.kafkaBrokers, REGISTRY_URL: stack.registryUrl };
const dir = mkdtempSync(join(tmpdir(), 'fleetwire-cli-'));
after(() => rmSync(dir, { recursive: true }));

const run = (line: string) => runCommand(line, env);

const topicsApply = 'topics apply --partitions 12 --replication 1 --min-isr 1';

test('topics apply makes the topics, and a second run has nothing to change', async () => {
  const first = await run(topicsApply);
  assert.deepEqual([first.code, first.err], [0, []]);
  const second = await run(topicsApply);
  const count = topicSpecs.length;
  assert.deepEqual(second, {
    code: 0,
    out: [`${count} topics: 0 changed, ${count} unchanged`],
    err: [],
  });
});

test('topics apply refuses another partition count and changes nothing', async () => {
  await run(topicsApply);
  const refused = await run('topics apply --partitions 24 --replication 1 --min-isr 1');
  assert.equal(refused.code, 1);
  assert.match(refused.err.join('\n'), /^fleetwire: refused, nothing was changed: want 24/);
  const after = await run(`${topicsApply} --dry-run --json`);
  assert.deepEqual(after.out, ['{"mode":"report","changes":[]}']);
});

test('schemas apply registers, writes the ids, and a second run has nothing to change', async () => {
  const idsFile = join(dir, 'schema-ids.json');
  const first = await run(`schemas apply --ids-file ${idsFile}`);
  assert.deepEqual([first.code, first.err], [0, []]);
  assert.deepEqual(
    Object.keys(readSchemaIdsFile(idsFile).subjects),
    topicSpecs.map(({ topic }) => subjectOf(topic)),
  );
  const second = await run(`schemas apply --ids-file ${idsFile}`);
  const count = topicSpecs.length;
  assert.deepEqual(second, {
    code: 0,
    out: [`${count} subjects: 0 new, 0 with a new version, ${count} unchanged`],
    err: [],
  });
});

test('schemas apply with a folder that is not there says so before it registers', async () => {
  const { code, out, err } = await run(`schemas apply --ids-file ${join(dir, 'none', 'ids.json')}`);
  assert.deepEqual([code, out, err.length], [1, [], 1]);
  assert.match(err[0]!, /want a folder that can be written to, found ENOENT/);
});
