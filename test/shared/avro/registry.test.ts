// Every question to the registry ends, and never changes it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRegistry } from '#shared/avro/registry.ts';
import { notFound, startRegistryStub } from './registry-stub.ts';

const access = {
  registryTimeoutMs: 10_000,
  registryUser: undefined,
  registryPassword: undefined,
};

test('a registry that accepts and never answers fails within the time limit', async (t) => {
  const stub = await startRegistryStub(t, () => null);
  const registry = createRegistry({ ...access, registryUrl: stub.url, registryTimeoutMs: 100 });
  const wanted = { code: 'REGISTRY_UNAVAILABLE', message: /no answer within 100 ms/ };
  await assert.rejects(registry.findId('a-value', '"int"'), wanted);
  await assert.rejects(registry.schemaById(7), wanted);
});

test('a signal that aborts ends the wait at once with its reason', async (t) => {
  const asked = Promise.withResolvers<void>();
  const stub = await startRegistryStub(t, () => {
    asked.resolve();
    return null;
  });
  const registry = createRegistry({ ...access, registryUrl: stub.url });
  const stop = new AbortController();
  const finding = registry.findId('a-value', '"int"', stop.signal);
  await asked.promise;
  stop.abort(new Error('stop'));
  await assert.rejects(finding, { message: 'stop' });
});

test('looks up with the schema in hand and writes nothing', async (t) => {
  const stub = await startRegistryStub(t, (request) =>
    request.startsWith('POST') ? { status: 200, body: { id: 42 } } : notFound,
  );
  const registry = createRegistry({ ...access, registryUrl: `${stub.url}/` });
  assert.equal(await registry.findId('a-value', '"int"'), 42);
  assert.deepEqual(stub.requests, ['POST /apis/ccompat/v7/subjects/a-value']);
});

test('a refusal of who we are is no absence: no retry can mend it', async (t) => {
  const stub = await startRegistryStub(t, () => ({ status: 401, body: { message: 'Who?' } }));
  const registry = createRegistry({ ...access, registryUrl: stub.url });
  await assert.rejects(registry.findId('a-value', '"int"'), { code: 'REGISTRY_REFUSED' });
});

test('signs in with user and password, from settings or the URL, on every way to ask', async (t) => {
  const stub = await startRegistryStub(t, (request) =>
    request.startsWith('POST') ? notFound : { status: 200, body: [] },
  );
  const settings = { registryUser: 'fleet', registryPassword: 'wire' };
  const inUrl = stub.url.replace('http://', 'http://fleet:wire@');
  await createRegistry({ ...access, ...settings, registryUrl: stub.url }).findId('a', '"int"');
  await createRegistry({ ...access, registryUrl: inUrl }).findId('a', '"int"');
  const basic = `Basic ${btoa('fleet:wire')}`;
  assert.deepEqual(stub.authorizations, [basic, basic, basic, basic]);
});
