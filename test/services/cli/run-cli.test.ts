// Exit codes and lines of the `fleetwire` command, without any neighbour.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { schemasApplyTable, topicsApplyTable } from '#services/cli/config.ts';
import { settingsMarkdown } from '#shared/runtime/config-markdown.ts';
import { redisSettings } from '#shared/stream/redis-settings.ts';
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

test('wrong arguments of the reading commands end with 2 and say what was wanted', async () => {
  const wrong: readonly [line: string, wanted: RegExp][] = [
    ['tail telemtry', /Wanted one of telemetry, backfill, .*Did you mean telemetry\?/],
    ['tail telemetry --from middle', /Allowed choices are end, beginning/],
    ['tail telemetry --count 0', /Wanted a whole number 1\.\.1000000000/],
    ['tail', /missing required argument 'topic'/],
    ['vehicle', /missing required argument 'id'/],
    ['vehicle X --look-back many', /Wanted a whole number 1\.\./],
    ['vehicle forget', /missing required argument 'id'/],
    ['lag --interval 0', /Wanted a whole number 1\.\.600/],
  ];
  for (const [line, wanted] of wrong) {
    const { code, out, err } = await run(line);
    assert.deepEqual([code, out], [2, []], line);
    assert.match(err.join('\n'), wanted);
  }
});

test('help of each reading command has an example', async () => {
  for (const command of ['tail', 'vehicle', 'vehicle forget', 'lag']) {
    const { code, out } = await run(`${command} --help`);
    assert.equal(code, 0);
    assert.match(out.join('\n'), new RegExp(`Example[^]*\n  fleetwire ${command} `));
  }
});

test('forget without a terminal wants --yes, and needs to know where Redis is', async () => {
  const env = { KAFKA_BROKERS: nowhere, REDIS_URL: `redis://${nowhere}` };
  const unsure = await run('vehicle forget X', env);
  assert.deepEqual([unsure.code, unsure.out], [1, []]);
  assert.match(unsure.err.join('\n'), /want --yes where nobody can be asked/);
  const blind = await run('vehicle forget X --yes', { KAFKA_BROKERS: nowhere });
  assert.equal(blind.code, 78);
  assert.match(blind.err.join('\n'), /REDIS_URL/);
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
  for (const line of ['lag', 'tail state', 'vehicle X']) {
    const reading = await run(`${line} --kafka ${nowhere}`, { REGISTRY_URL: `http://${nowhere}` });
    assert.deepEqual([reading.code, reading.out, reading.err.length], [1, [], 1]);
    assert.match(reading.err[0]!, /^fleetwire: Kafka at 127\.0\.0\.1:9: .*ECONNREFUSED/);
  }
  const registry = await run('schemas apply', { REGISTRY_URL: `http://${nowhere}/apis` });
  assert.deepEqual([registry.code, registry.out, registry.err.length], [1, [], 1]);
  assert.match(registry.err[0]!, /^fleetwire: the schema registry .*ECONNREFUSED.*127\.0\.0\.1:9/);
});

test('the README shows the settings that the commands read', () => {
  const readme = readFileSync(new URL('../../../services/cli/README.md', import.meta.url), 'utf8');
  const table = settingsMarkdown({ ...topicsApplyTable, ...schemasApplyTable, ...redisSettings });
  assert.ok(readme.includes(table), table);
});
