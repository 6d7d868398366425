// A service finds its schema ids in the file or by asking; it waits for them and registers nothing.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadSchemaIds } from '#shared/avro/schema-ids.ts';
import { writeSchemaIdsFile } from '#shared/avro/schema-ids-file.ts';
import { ownSchemas } from '#shared/avro/schemas.ts';
import { subjectOf, topicSpecs } from '#shared/topics.ts';
import { notFound, startRegistryStub } from './registry-stub.ts';
import { createRememberingLog, type LogLine } from './test-logs.ts';

const idsOfFile = Object.fromEntries(topicSpecs.map(({ topic }, index) => [topic, index + 1]));
const idFound = { status: 200, body: { id: 42 } };

function newFile(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'fleetwire-ids-'));
  t.after(() => rmSync(dir, { recursive: true }));
  return join(dir, 'schema-ids.json');
}

/** As `schemas apply` writes it; `change` spoils the fingerprint of a subject. */
function writeIds(file: string, strange: readonly string[] = []): void {
  const subjects = topicSpecs.map(({ topic, schema }) => {
    const isStrange = strange.includes(topic);
    const sha256 = isStrange ? '0'.repeat(64) : ownSchemas[schema].fingerprint;
    return [subjectOf(topic), { id: idsOfFile[topic]!, sha256 }] as const;
  });
  writeSchemaIdsFile(file, { subjects: Object.fromEntries(subjects) }, 'apply');
}

function configOf(registryUrl: string, registryIdsFile?: string) {
  return {
    registryUrl,
    registryIdsFile,
    registryTimeoutMs: 5_000,
    registryUser: undefined,
    registryPassword: undefined,
  };
}

const warnings = (lines: readonly LogLine[]) =>
  lines.filter(({ level }) => level === 'warn').map(({ msg }) => msg);

const never = new AbortController().signal;

test('a file that knows our schemas is enough: the registry is not asked, and that is said', async (t) => {
  const stub = await startRegistryStub(t, () => notFound);
  const file = newFile(t);
  writeIds(file);
  const { log, lines } = createRememberingLog();
  const ids = await loadSchemaIds({ config: configOf(stub.url, file), log, signal: never });
  assert.deepEqual(ids, idsOfFile);
  assert.deepEqual(stub.requests, []);
  assert.deepEqual(
    lines.map(({ msg }) => msg),
    ['The file knows all schema ids; the registry is not asked.'],
  );
});

test('the registry is asked only for what the file has of another schema', async (t) => {
  const stub = await startRegistryStub(t, () => idFound);
  const file = newFile(t);
  writeIds(file, ['vehicle.lifecycle.v1']);
  const { log, lines } = createRememberingLog();
  const ids = await loadSchemaIds({ config: configOf(stub.url, file), log, signal: never });
  assert.deepEqual(ids, { ...idsOfFile, 'vehicle.lifecycle.v1': 42 });
  assert.deepEqual(stub.requests, ['POST /apis/ccompat/v7/subjects/vehicle.lifecycle.v1-value']);
  assert.deepEqual(warnings(lines), [
    'The file of schema ids does not know our schemas; asking the registry.',
  ]);
});

test('a file that is missing or broken is told, and the registry is asked', async (t) => {
  const stub = await startRegistryStub(t, () => idFound);
  const file = newFile(t);
  for (const text of [null, 'no JSON', '{"subjects":{"a-value":{"id":"7"}}}']) {
    if (text !== null) writeFileSync(file, text);
    const { log, lines } = createRememberingLog();
    const ids = await loadSchemaIds({ config: configOf(stub.url, file), log, signal: never });
    assert.equal(ids['vehicle.telemetry.v1'], 42);
    assert.deepEqual(warnings(lines), [
      'The file of schema ids cannot be used; asking the registry.',
    ]);
  }
});

test('a registry that is away is waited for, told once when it goes and once when it is back', async (t) => {
  let refusalsLeft = 2;
  const stub = await startRegistryStub(t, () => {
    refusalsLeft -= 1;
    return refusalsLeft >= 0 ? { status: 503, body: { message: 'Starting.' } } : idFound;
  });
  const { log, lines } = createRememberingLog();
  await loadSchemaIds({ config: configOf(stub.url), log, signal: never });
  assert.deepEqual(warnings(lines), ['A neighbour is away; trying until it is back.']);
  assert.equal(lines.filter(({ msg }) => msg === 'A neighbour is back.').length, 1);
});

test('a file that comes while the registry is away is enough', async (t) => {
  const file = newFile(t);
  const stub = await startRegistryStub(t, () => {
    writeIds(file);
    return { status: 503, body: { message: 'Starting.' } };
  });
  const { log, lines } = createRememberingLog();
  const ids = await loadSchemaIds({ config: configOf(stub.url, file), log, signal: never });
  assert.deepEqual(ids, idsOfFile);
  assert.equal(stub.requests.length, 1);
  assert.equal(warnings(lines).length, 2, 'no file, and no registry, once each');
});

test('a schema that nobody applied is waited for, and the way out is told once', async (t) => {
  let misses = 0;
  const stub = await startRegistryStub(t, (request) => {
    if (request.startsWith('GET')) return { status: 200, body: [] };
    misses += 1;
    return misses <= 2 ? notFound : idFound;
  });
  const { log, lines } = createRememberingLog();
  await loadSchemaIds({ config: configOf(stub.url), log, signal: never });
  const told = warnings(lines).filter((msg) => msg.includes('fleetwire schemas apply'));
  assert.equal(told.length, 1);
  const writes = stub.requests.filter(
    (line) => line.startsWith('PUT') || line.includes('/versions'),
  );
  assert.deepEqual(writes, []);
});

test('stops waiting when it is told to stop', async (t) => {
  const stop = new AbortController();
  const stub = await startRegistryStub(t, () => {
    stop.abort(new Error('stop'));
    return null;
  });
  const { log } = createRememberingLog();
  const loading = loadSchemaIds({ config: configOf(stub.url), log, signal: stop.signal });
  await assert.rejects(loading, { message: 'stop' });
});

test('a registry that refuses who we are ends the start', async (t) => {
  const stub = await startRegistryStub(t, () => ({ status: 403, body: { message: 'No.' } }));
  const { log } = createRememberingLog();
  const loading = loadSchemaIds({ config: configOf(stub.url), log, signal: never });
  await assert.rejects(loading, { code: 'REGISTRY_REFUSED' });
});
