// The keys of signatures in a bridge: what is told of the folder, what is counted, and that a new
// vehicle needs no restart.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSignatures } from '#services/bridge/signatures.ts';
import { eventually } from '#test/integration/eventually.ts';
import { captureLog } from '#test/shared/runtime/captured-log.ts';
import { rsaSigner, sm2Signer } from '#test/shared/signature/signers.ts';

const policies = { 'gb32960-2025': 'check' } as const;
const bytes = Buffer.from('time and items');
const [rsa, sm2] = [rsaSigner(), sm2Signer()];

function folderOf(t: TestContext) {
  const keysFolder = mkdtempSync(join(tmpdir(), 'fleetwire-keys-'));
  t.after(() => rmSync(keysFolder, { recursive: true, force: true }));
  const write = (name: string, text: string) => writeFileSync(join(keysFolder, name), text);
  return { keysFolder, write };
}

test('signatures are counted by what they were worth, and bad files are told', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { keysFolder, write } = folderOf(t);
  const { log, lines } = captureLog();
  write('CAR1.pem', rsa.pem);
  write('CAR2.pem', 'torn');
  const { options, counts } = createSignatures({ policies, keysFolder, log });
  assert.deepEqual(
    lines.map(({ level, msg, file, files }) => [level, msg, file ?? files]),
    [
      ['warn', 'A file of keys cannot be used.', 'CAR2.pem'],
      ['info', 'Read the keys of signatures.', 1],
    ],
  );
  const signed = rsa.sign(bytes);
  assert.equal(options.check?.(signed, 'CAR1'), 'valid');
  assert.equal(options.check?.({ ...signed, bytes: Buffer.from('other') }, 'CAR1'), 'invalid');
  assert.equal(options.check?.(signed, 'CAR2'), 'unchecked');
  assert.deepEqual(counts, { valid: 1, invalid: 1, unchecked: 1 });
});

test('a key that is put into the folder serves after the next look', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { keysFolder, write } = folderOf(t);
  const { log, lines } = captureLog();
  const { options } = createSignatures({ policies, keysFolder, log });
  write('CAR1.pem', sm2.pem);
  const signed = sm2.sign(bytes);
  assert.equal(options.check?.(signed, 'CAR1'), 'unchecked');
  t.mock.timers.tick(60_000);
  await eventually('the change is told', () => {
    const last = lines.at(-1);
    assert.deepEqual([last?.msg, last?.['changedCount']], ['Keys of signatures changed.', 1]);
  });
  assert.equal(options.check?.(signed, 'CAR1'), 'valid');
});

test('without a folder nothing is checked', () => {
  const { log, lines } = captureLog();
  const { options } = createSignatures({ policies, keysFolder: undefined, log });
  assert.deepEqual([options.check, lines.length], [null, 0]);
});
