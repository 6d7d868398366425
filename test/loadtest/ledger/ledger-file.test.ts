// The ledger on disk: written before a message leaves, read back whole.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LedgerFile, readLedger } from '#loadtest/ledger/ledger-file.ts';
import { messagesOf, plan } from '../pure-run.ts';

const messages = (await messagesOf({ ...plan, vehicles: 3 })).slice(0, 20);

test('reads back what was written: sent, acknowledged, sent again, answered, broken', async (t) => {
  const path = await freshPath(t);
  const file = new LedgerFile(path);
  const numbers = messages.map((message) => file.sent(message));
  file.acked(numbers[0] ?? 0, 0x10);
  file.again(numbers[1] ?? 0);
  file.answered('v1/dn/FWREV1A0XT1000001/gb32960', Buffer.from('no frame'));
  file.fault({ at: 5, untilAt: 6, what: 'SIGKILL of bridge-1' });
  file.close();
  const ledger = await readLedger(path);
  assert.deepEqual(
    ledger.messages.map(({ messageNo, vehicleId, frames }) => ({ messageNo, vehicleId, frames })),
    messages.map(({ vehicleId, frames }, at) => ({
      messageNo: at + 1,
      vehicleId,
      frames: JSON.parse(JSON.stringify(frames)) as unknown,
    })),
  );
  assert.equal(ledger.messages[0]?.acked?.reasonCode, 0x10);
  assert.equal(ledger.messages[1]?.attempts, 2);
  assert.equal(ledger.messages[1]?.acked, null);
  assert.equal(ledger.answers[0]?.vehicleId, 'FWREV1A0XT1000001');
  assert.equal(ledger.answers[0]?.key, null);
  assert.deepEqual(ledger.faults, [
    { entry: 'fault', at: 5, untilAt: 6, what: 'SIGKILL of bridge-1' },
  ]);
});

test('has a message on disk before its number is known', async (t) => {
  const path = await freshPath(t);
  const file = new LedgerFile(path);
  const [message] = messages;
  assert.ok(message);
  file.sent(message);
  assert.match(await readFile(path, 'utf8'), new RegExp(message.vehicleId));
  file.close();
});

test('refuses a file that is there already: one ledger is one run', async (t) => {
  const path = await freshPath(t);
  new LedgerFile(path).close();
  assert.throws(() => new LedgerFile(path), { code: 'EEXIST' });
});

async function freshPath(t: { after(fn: () => Promise<void>): void }): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'fleetwire-ledger-'));
  t.after(() => rm(dir, { recursive: true }));
  return join(dir, 'ledger.ndjson');
}
