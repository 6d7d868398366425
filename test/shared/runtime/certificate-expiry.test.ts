// When our own certificates end, as a scrape shows it.

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { registerCertificateExpiry } from '#shared/runtime/certificate-expiry.ts';
import { createRegistry } from '#shared/runtime/metrics.ts';
import { startCertificateWitness } from './certificate-witness.ts';

const name = 'fleetwire_tls_certificate_expiry_timestamp_seconds';

test('shows the end of each certificate that is set, and reads it again each hour', async (t) => {
  const { certFile } = await startCertificateWitness(t, 'bridge');
  const registry = createRegistry('test');
  let now = 0;
  const files = { mqtt: certFile, kafka: `${certFile}.none`, redis: undefined };
  registerCertificateExpiry(registry, files, () => now);
  const series = async () => {
    const lines = (await registry.metrics()).split('\n');
    return lines.filter((line) => line.startsWith(`${name}{`));
  };
  const end = new X509Certificate(readFileSync(certFile)).validToDate.getTime() / 1000;
  assert.ok(end > Date.now() / 1000);
  const both = [`${name}{use="mqtt"} ${end}`, `${name}{use="kafka"} 0`];
  assert.deepEqual(await series(), both);
  rmSync(certFile);
  now = 3_599_999;
  assert.deepEqual(await series(), both);
  now = 3_600_000;
  assert.deepEqual(await series(), [`${name}{use="mqtt"} 0`, `${name}{use="kafka"} 0`]);
});

test('has no series where no certificate is set', async () => {
  const registry = createRegistry('test');
  registerCertificateExpiry(registry, { mqtt: undefined, kafka: undefined });
  assert.doesNotMatch(await registry.metrics(), new RegExp(`^${name}`, 'm'));
});
