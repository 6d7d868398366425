// The ConfigMap of schema ids, against a fake API server on real HTTPS.

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createAuthority } from '#deploy/local/certificates.ts';
import { applyConfigMap, clusterAccess } from '#services/cli/config-map.ts';
import { CommandFailed } from '#services/cli/context.ts';
import { type ApiAnswer, startFakeApiServer } from './fake-api-server.ts';
import { runCommand } from './run-command.ts';

const name = 'fleetwire-schema-ids';
const data = { 'schema-ids.json': '{"subjects":{}}\n' };

async function given(context: TestContext, answer: ApiAnswer) {
  const server = await startFakeApiServer(context, () => answer);
  const access = clusterAccess(server.env, server.serviceAccountFolder);
  return { server, access };
}

function statusOf(code: number, message: string): ApiAnswer {
  return { status: code, body: { kind: 'Status', status: 'Failure', code, message } };
}

async function failureOf(work: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    assert.ok(error instanceof CommandFailed, String(error));
    return error.message;
  }
  return assert.fail('wanted a failure');
}

test('applies one key of the ConfigMap in the own namespace, as the pod’s ServiceAccount', async (t) => {
  const { server, access } = await given(t, { status: 201, body: { kind: 'ConfigMap' } });
  const applied = await applyConfigMap(access, { name, data, mode: 'apply' });
  assert.deepEqual(applied, { namespace: 'fleetwire', name, isNew: true });
  assert.equal(server.requests.length, 1);
  const [request] = server.requests;
  assert.equal(
    request?.line,
    `PATCH /api/v1/namespaces/fleetwire/configmaps/${name}?fieldManager=fleetwire&force=true`,
  );
  assert.equal(request?.authorization, 'Bearer a-token');
  assert.equal(request?.contentType, 'application/apply-patch+yaml');
  assert.deepEqual(request?.body, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: 'fleetwire',
      labels: {
        'app.kubernetes.io/name': 'release',
        'app.kubernetes.io/component': 'release',
        'app.kubernetes.io/part-of': 'fleetwire',
      },
    },
    data,
  });
});

test('a report lets the API server check everything and store nothing', async (t) => {
  const { server, access } = await given(t, { status: 200, body: { kind: 'ConfigMap' } });
  const applied = await applyConfigMap(access, { name, data, mode: 'report' });
  assert.equal(applied.isNew, false);
  assert.match(server.requests[0]?.line ?? '', /&dryRun=All$/);
});

test('without the rights says which Role is wanted', async (t) => {
  const message = 'configmaps "fleetwire-schema-ids" is forbidden: User "x" cannot patch';
  const { access } = await given(t, statusOf(403, message));
  const failure = await failureOf(applyConfigMap(access, { name, data, mode: 'apply' }));
  assert.match(
    failure,
    /ConfigMap fleetwire\/fleetwire-schema-ids: want the rights patch and create/,
  );
  assert.ok(failure.includes(message), failure);
  assert.match(failure, /resourceNames \[fleetwire-schema-ids\], verbs \[create, patch\]/);
});

test('a refused token, a missing namespace and a fault of the server are told apart', async (t) => {
  const cases = [
    { answer: statusOf(401, 'Unauthorized'), said: /want a token .* found 401: Unauthorized/ },
    { answer: statusOf(404, 'namespaces "x" not found'), said: /want its namespace, found 404/ },
    { answer: { status: 500, body: 'etcd' }, said: /want it stored, found 500: "etcd"/ },
  ];
  for (const { answer, said } of cases) {
    const { access } = await given(t, answer);
    assert.match(await failureOf(applyConfigMap(access, { name, data, mode: 'apply' })), said);
  }
});

test('an API server that is away, or that is somebody else, is named', async (t) => {
  const { access } = await given(t, { status: 200, body: {} });
  const away = applyConfigMap({ ...access, port: 9 }, { name, data, mode: 'apply' });
  assert.match(await failureOf(away), /the Kubernetes API at 127\.0\.0\.1:9, found .*ECONNREFUSED/);
  const ca = createAuthority('another-cluster').certPem;
  const stranger = applyConfigMap({ ...access, ca }, { name, data, mode: 'apply' });
  assert.match(await failureOf(stranger), /want the Kubernetes API at .* found .*certificate/);
});

test('outside of a pod, and in one without a token, says what to do instead', async (t) => {
  const { server } = await given(t, { status: 200, body: {} });
  assert.match(await failureOf(() => clusterAccess({})), /want to run in a pod.*--ids-file/);
  rmSync(join(server.serviceAccountFolder, 'token'));
  const noToken = () => clusterAccess(server.env, server.serviceAccountFolder);
  assert.match(await failureOf(noToken), /found ENOENT.*automountServiceAccountToken/);
  writeFileSync(join(server.serviceAccountFolder, 'token'), 'again');
  assert.equal(noToken().token, 'again');
});

test('schemas apply asks for a place to write before it asks the registry', async () => {
  const env = { REGISTRY_URL: 'http://127.0.0.1:9/apis' };
  const outside = await runCommand(`schemas apply --config-map ${name}`, env);
  assert.deepEqual([outside.code, outside.out, outside.err.length], [1, [], 1]);
  assert.match(outside.err[0]!, /^fleetwire: --config-map: want to run in a pod/);
  const misnamed = await runCommand('schemas apply --config-map Schema_Ids', env);
  assert.equal(misnamed.code, 2);
});
