// The integration test of the whole path over TLS, so that the table of proofs has it, too.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { runTests } from '../run-tests.ts';
import type { Figures, Proof } from './proof.ts';

const file = fileURLToPath(new URL('../integration/tls.test.ts', import.meta.url));

export const tlsProof: Proof = {
  name: 'tls',
  sentence:
    'With certificates on MQTT (a vehicle publishes under its own name only), TLS and SCRAM on' +
    ' Kafka and secrets from files, frames are stored; each wrong certificate, authority or' +
    ' password is told once with its reason, and no secret is in the log.',
  run,
};

async function run(): Promise<Figures> {
  const tally = await runTests({ files: [file], atOnce: 1, fileMsMax: 240_000, show: 'all' });
  const { passed, failed, skipped } = tally;
  assert.deepEqual({ failed, skipped }, { failed: 0, skipped: 0 });
  return { 'tests passed': passed };
}
