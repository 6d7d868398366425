// The operators' port, asked over real HTTP.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '#shared/runtime/config.ts';
import { createHealth, type HealthReport } from '#shared/runtime/health.ts';
import { createRegistry } from '#shared/runtime/metrics.ts';
import { opsSettings, startOpsServer } from '#shared/runtime/ops-server.ts';

async function started(host = '127.0.0.1') {
  const health = createHealth(() => Date.UTC(2026, 0, 1));
  const registry = createRegistry('test');
  const server = await startOpsServer({ host, port: 0, health, registry });
  return { server, health };
}

test('takes a free port for 0 and says which', async (context) => {
  const { server } = await started('0.0.0.0');
  context.after(() => server.close());
  assert.ok(server.port > 0);
  assert.equal(server.url, `http://127.0.0.1:${server.port}`);
});

test('is alive whatever its parts say', async (context) => {
  const { server, health } = await started();
  context.after(() => server.close());
  health.part('kafka').set('failing');
  assert.equal((await fetch(`${server.url}/livez`)).status, 200);
});

test('is not alive when the work says why it will not move again', async (context) => {
  const health = createHealth();
  const registry = createRegistry('test');
  let fault: string | null = null;
  const options = { host: '127.0.0.1', port: 0, health, registry, aliveFault: () => fault };
  const server = await startOpsServer(options);
  context.after(() => server.close());
  assert.equal((await fetch(`${server.url}/livez`)).status, 200);
  fault = 'no fetch for 61 s';
  const answer = await fetch(`${server.url}/livez`);
  assert.equal(answer.status, 503);
  assert.deepEqual(await answer.json(), { isAlive: false, fault: 'no fetch for 61 s' });
});

test('names the part that is not ready, its state and since when', async (context) => {
  const { server, health } = await started();
  context.after(() => server.close());
  health.part('mqtt').set('ready');
  const kafka = health.part('kafka');
  kafka.set('failing', 'no broker answers');
  const unready = await fetch(`${server.url}/readyz`);
  assert.equal(unready.status, 503);
  const report = (await unready.json()) as HealthReport;
  assert.deepEqual(report.unready, ['kafka']);
  assert.deepEqual(report.parts[1], {
    name: 'kafka',
    state: 'failing',
    detail: 'no broker answers',
    since: '2026-01-01T00:00:00.000Z',
  });
  kafka.set('ready');
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
});

test('serves metrics in the text format of Prometheus', async (context) => {
  const { server } = await started();
  context.after(() => server.close());
  const page = await fetch(`${server.url}/metrics`);
  assert.match(page.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  assert.match(await page.text(), /^fleetwire_build_info/m);
});

test('closes under an open connection, and rejects for a port that is taken', async () => {
  const { server } = await started();
  await (await fetch(`${server.url}/livez`)).text();
  const health = createHealth();
  const registry = createRegistry('test');
  const taken = startOpsServer({ host: '127.0.0.1', port: server.port, health, registry });
  await assert.rejects(taken, { code: 'EADDRINUSE' });
  await server.close();
  await assert.rejects(fetch(`${server.url}/livez`));
});

test('has settings for host and port', () => {
  assert.deepEqual(loadConfig(opsSettings, { env: { OPS_PORT: '0' } }), {
    opsHost: '0.0.0.0',
    opsPort: 0,
  });
});
