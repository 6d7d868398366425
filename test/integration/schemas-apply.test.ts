// `fleetwire schemas apply` and the look-up of ids against a real Apicurio.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type ApplySchemasOptions, applySchemas, type WantedSubject } from '#shared/avro/apply.ts';
import { createDecoder } from '#shared/avro/decoder.ts';
import { createEncoders } from '#shared/avro/encoder.ts';
import { createRegistry } from '#shared/avro/registry.ts';
import { askRegistry, type RegistryAccess } from '#shared/avro/registry-http.ts';
import { loadSchemaIds } from '#shared/avro/schema-ids.ts';
import { fingerprintOf, ownSchemas } from '#shared/avro/schemas.ts';
import { kafkaTopics, type SchemaName, topicSpecs } from '#shared/topics.ts';
import { sampleTelemetry } from '../shared/avro/sample-records.ts';
import { silentLog } from '../shared/avro/test-logs.ts';
import { sharedStack } from './stack-under-test.ts';

const stack = await sharedStack();
const registry: RegistryAccess = {
  registryUrl: stack.registryUrl,
  registryTimeoutMs: 10_000,
  registryUser: undefined,
  registryPassword: undefined,
};
const dir = mkdtempSync(join(tmpdir(), 'fleetwire-schemas-'));
after(() => rmSync(dir, { recursive: true }));

/** Nobody listens there: the discard port of a host that has none. */
const nowhere = 'http://127.0.0.1:9/apis/ccompat/v7';

function subjectNamed(name: string, fields: readonly object[]): WantedSubject {
  const record = { type: 'record', namespace: 'test', name: 'Trial', doc: 'Trial.', fields };
  const text = JSON.stringify(record);
  const schema = { name: 'telemetry.v1', text, fingerprint: fingerprintOf(text) } as const;
  return { subject: `${name}-${process.pid}-value`, schema };
}

const a = { name: 'a', type: 'int', default: 0, doc: 'A.' };
const b = { name: 'b', type: ['null', 'string'], default: null, doc: 'B.' };
const aAsText = { name: 'a', type: 'string', default: '', doc: 'A.' };

function apply(subjects: readonly WantedSubject[], more: Partial<ApplySchemasOptions> = {}) {
  return applySchemas({ registry, mode: 'apply', subjects, ...more });
}

async function changesOf(applying: ReturnType<typeof apply>) {
  const applied = await applying;
  assert.equal(applied.kind, 'done');
  return applied.kind === 'done' ? applied.subjects.map(({ change }) => change) : [];
}

const compatibilityOf = (subject: string) =>
  askRegistry(registry, { method: 'GET', path: `/config/${subject}` });

test('applies twice: the second run changes nothing', async () => {
  const idsFile = join(dir, 'schema-ids.json');
  const first = await applySchemas({ registry, mode: 'apply', idsFile });
  const text = readFileSync(idsFile, 'utf8');
  const second = await applySchemas({ registry, mode: 'apply', idsFile });
  assert.ok(first.kind === 'done' && second.kind === 'done');
  assert.deepEqual(
    second.subjects.map(({ change, compatibilityWas }) => [change, compatibilityWas]),
    topicSpecs.map(() => ['unchanged', null]),
  );
  assert.deepEqual(
    second.subjects.map(({ id }) => id),
    first.subjects.map(({ id }) => id),
  );
  assert.deepEqual(second.idsFile, { path: idsFile, change: 'unchanged' });
  assert.equal(readFileSync(idsFile, 'utf8'), text);
  assert.deepEqual(readdirSync(dir), ['schema-ids.json']);
});

test('a new subject is FULL_TRANSITIVE, and grows by versions that can be read both ways', async () => {
  const one = subjectNamed('grows', [a]);
  const two = subjectNamed('grows', [a, b]);
  assert.deepEqual(await changesOf(apply([one])), ['created']);
  assert.deepEqual(await compatibilityOf(one.subject), { compatibilityLevel: 'FULL_TRANSITIVE' });
  assert.deepEqual(await changesOf(apply([two])), ['new_version']);
  assert.deepEqual(await changesOf(apply([one])), ['unchanged'], 'a release that is rolled back');
});

const golden = new URL('../golden/schemas/', import.meta.url);

/** The schema of an earlier release, committed beside the tests. */
function releasedBefore(name: SchemaName, version: string): WantedSubject['schema'] {
  const text = JSON.stringify(
    JSON.parse(readFileSync(new URL(`${name}/${version}`, golden), 'utf8')),
  );
  return { name, text, fingerprint: fingerprintOf(text) };
}

test('our schemas follow those of every earlier release under FULL_TRANSITIVE', async () => {
  for (const { name, text, fingerprint } of Object.values(ownSchemas)) {
    const subject = `released-${name}-${process.pid}-value`;
    const versions = readdirSync(new URL(name, golden)).sort();
    assert.ok(versions.length > 0, name);
    for (const version of versions) {
      assert.equal(
        (await changesOf(apply([{ subject, schema: releasedBefore(name, version) }]))).length,
        1,
      );
    }
    const [change] = await changesOf(apply([{ subject, schema: { name, text, fingerprint } }]));
    assert.match(change ?? '', /^(new_version|unchanged)$/, name);
    assert.deepEqual(await compatibilityOf(subject), { compatibilityLevel: 'FULL_TRANSITIVE' });
  }
});

test('a dry run writes nothing', async () => {
  const subject = subjectNamed('dry', [a]);
  const idsFile = join(dir, 'dry.json');
  assert.deepEqual(await changesOf(apply([subject], { mode: 'report', idsFile })), ['created']);
  assert.equal(await compatibilityOf(subject.subject), null, 'the subject is not there');
  assert.ok(!readdirSync(dir).includes('dry.json'));
  assert.deepEqual(await changesOf(apply([subject])), ['created']);
});

test('one incompatible schema is refused with its reason and leaves every subject as it was', async () => {
  const stays = subjectNamed('stays', [a]);
  await apply([stays]);
  const fresh = subjectNamed('fresh', [a]);
  const breaks = { ...stays, schema: subjectNamed('stays', [aAsText]).schema };
  const applied = await apply([fresh, breaks]);
  assert.ok(applied.kind === 'refused');
  assert.deepEqual(
    applied.refusals.map(({ subject, wanted }) => [subject, wanted]),
    [[stays.subject, 'FULL_TRANSITIVE compatibility']],
  );
  assert.match(applied.refusals[0]!.found, /our telemetry\.v1 cannot read version 1/);
  assert.equal(await compatibilityOf(fresh.subject), null, 'the other subject was not made');
});

test('a subject that somebody made without compatibility gets it', async () => {
  const subject = subjectNamed('raw', [a]);
  const path = `/subjects/${subject.subject}/versions`;
  await fetch(`${stack.registryUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: subject.schema.text }),
  });
  const applied = await apply([subject]);
  assert.ok(applied.kind === 'done');
  assert.equal(applied.subjects[0]!.compatibilityWas, 'NONE');
  assert.equal(applied.subjects[0]!.change, 'unchanged');
  assert.deepEqual(await compatibilityOf(subject.subject), {
    compatibilityLevel: 'FULL_TRANSITIVE',
  });
});

test('a service looks its ids up, or takes them from the file with the registry away', async () => {
  const idsFile = join(dir, 'schema-ids.json');
  await applySchemas({ registry, mode: 'apply', idsFile });
  const common = { log: silentLog, signal: AbortSignal.timeout(30_000) };
  const asked = await loadSchemaIds({
    ...common,
    config: { ...registry, registryIdsFile: undefined },
  });
  const kept = await loadSchemaIds({
    ...common,
    config: { ...registry, registryUrl: nowhere, registryIdsFile: idsFile },
  });
  assert.deepEqual(kept, asked);
});

test('what one service wrote, another reads by asking for the id', async () => {
  await applySchemas({ registry, mode: 'apply' });
  const config = { ...registry, registryIdsFile: undefined };
  const signal = AbortSignal.timeout(30_000);
  const ids = await loadSchemaIds({ config, log: silentLog, signal });
  const record = createEncoders(ids).encodeTelemetry(kafkaTopics.telemetry, sampleTelemetry());
  const decoder = createDecoder({ schemaById: createRegistry(registry).schemaById });
  const decoded = await decoder.decode(record);
  assert.equal(decoded.kind, 'telemetry.v1');
  const { type } = ownSchemas['telemetry.v1'];
  const value = decoded.kind === 'telemetry.v1' ? decoded.value : null;
  assert.equal(type.compare(value, sampleTelemetry()), 0);
});

test('a path that holds no registry is told apart from a schema that is not registered', async () => {
  const wrong = createRegistry({ ...registry, registryUrl: `${stack.registryUrl}/wrong` });
  await assert.rejects(wrong.findId('any-value', '"int"'), { code: 'REGISTRY_UNAVAILABLE' });
  const right = createRegistry(registry);
  assert.equal(await right.findId(`none-${process.pid}-value`, '"int"'), null);
  assert.equal(await right.schemaById(2_000_000_000), null);
});
