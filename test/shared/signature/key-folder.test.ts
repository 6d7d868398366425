// The folder of public keys: which file serves which vehicle, what is said of bad files, and how
// changes are taken in while a bridge runs.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSignatureCheck } from '#shared/signature/check.ts';
import { KeyFolder } from '#shared/signature/key-folder.ts';
import { pemOf, rsaSigner, sm2Signer } from './signers.ts';

const car = sm2Signer();
const model = rsaSigner();
const rest = sm2Signer();
const bytes = Buffer.from('signed bytes');

test('a vehicle’s own file comes before the longest beginning, and that before the default', (t) => {
  const { folder, write } = folderOf(t);
  write('LTESTVN0000000001.pem', car.pem);
  write('prefix.LTESTVN.pem', model.pem);
  write('prefix.LTEST.pem', rest.pem);
  write('default.pem', car.pem + rest.pem);
  assert.deepEqual(folder.load(), []);
  const kindsOf = (id: string) => folder.keysOf(id).map(({ kind }) => kind);
  assert.deepEqual(kindsOf('LTESTVN0000000001'), ['sm2']);
  assert.deepEqual(kindsOf('LTESTVN0000000002'), ['rsa']);
  assert.deepEqual(kindsOf('LTESTXX0000000002'), ['sm2']);
  assert.deepEqual(kindsOf('OTHER'), ['sm2', 'sm2']);
  const check = createSignatureCheck(folder);
  assert.equal(check(car.sign(bytes), 'LTESTVN0000000001'), 'valid');
  assert.equal(check(rest.sign(bytes), 'LTESTVN0000000001'), 'invalid');
  assert.equal(check(model.sign(bytes), 'LTESTVN0000000002'), 'valid');
  assert.equal(check(car.sign(bytes), 'LTESTVN0000000002'), 'unchecked');
  assert.equal(check(rest.sign(bytes), '../LTEST'), 'valid');
});

test('bad files are told all at once, each with what was wanted', (t) => {
  const { folder, write } = folderOf(t);
  const { privatePem, weak, compressed } = badKeys;
  write('default.pem', car.pem);
  write('notes.txt', 'of whom');
  write('EMPTY.pem', '');
  write('PRIVATE.pem', privatePem);
  write('WEAK.pem', weak);
  write('POINT.pem', compressed);
  write('TORN.pem', pemOf('PUBLIC KEY', Buffer.from('3059', 'hex')));
  write('MANY.pem', car.pem.repeat(5));
  const wanted = 'want a PUBLIC KEY or CERTIFICATE block of RSA or SM2';
  assert.deepEqual(
    new Map(folder.load().map(({ file, text }) => [file, text])),
    new Map([
      ['notes.txt', 'want <vehicleId>.pem, prefix.<beginning of ids>.pem or default.pem'],
      ['EMPTY.pem', `${wanted}, found no PEM block`],
      ['MANY.pem', 'want at most 4 keys in a file, found 5'],
      ['POINT.pem', 'want an RSA key or an uncompressed point of SM2, found another kind'],
      ['PRIVATE.pem', `${wanted}, found a private key`],
      ['TORN.pem', `${wanted}, found one that cannot be read`],
      ['WEAK.pem', 'want RSA of 2048 to 4096 bits, found 1024'],
    ]),
  );
  assert.equal(folder.keysOf('EMPTY').length, 1, 'the others serve');
});

test('a folder that is not there is a fault, and takes no key away later', async (t) => {
  const { folder, path, write } = folderOf(t);
  write('default.pem', car.pem);
  folder.load();
  rmSync(path, { recursive: true });
  const { removedCount, faults } = await folder.refresh();
  assert.equal(removedCount, 0);
  assert.match(faults[0]?.text ?? '', /want a folder that can be read, found ENOENT/);
  assert.equal(folder.keysOf('any').length, 1);
  assert.equal(new KeyFolder(path).load().length, 1);
});

test('a look takes in new, changed and removed files, and keeps a good key for a bad one', async (t) => {
  const { folder, path, write } = folderOf(t);
  write('default.pem', car.pem);
  write('GONE.pem', car.pem);
  folder.load();
  const check = createSignatureCheck(folder);
  assert.deepEqual(await folder.refresh(), { changedCount: 0, removedCount: 0, faults: [] });
  write('default.pem', rest.pem.repeat(2));
  write('prefix.NEW.pem', model.pem);
  unlinkSync(join(path, 'GONE.pem'));
  assert.deepEqual(await folder.refresh(), { changedCount: 2, removedCount: 1, faults: [] });
  assert.equal(check(rest.sign(bytes), 'GONE'), 'valid');
  assert.equal(check(model.sign(bytes), 'NEW1'), 'valid');
  write('default.pem', 'torn');
  const { changedCount, faults } = await folder.refresh();
  assert.deepEqual([changedCount, faults.map(({ file }) => file)], [0, ['default.pem']]);
  assert.deepEqual((await folder.refresh()).faults, [], 'the same is told once');
  write('default.pem', rest.pem.repeat(5));
  assert.match((await folder.refresh()).faults[0]?.text ?? '', /at most 4 keys/);
  assert.equal(check(rest.sign(bytes), 'GONE'), 'valid');
});

test('a mounted Secret is exchanged by its link', async (t) => {
  const { folder, path, write } = folderOf(t);
  const second = folderOf(t);
  const link = join(path, 'default.pem');
  write('..data', '');
  second.write('one.pem', car.pem);
  second.write('two.pem', rest.pem);
  symlinkSync(join(second.path, 'one.pem'), link);
  assert.deepEqual(folder.load(), []);
  unlinkSync(link);
  symlinkSync(join(second.path, 'two.pem'), link);
  assert.equal((await folder.refresh()).changedCount, 1);
  assert.equal(createSignatureCheck(folder)(rest.sign(bytes), 'any'), 'valid');
});

test('a certificate’s key serves as one of its own', (t) => {
  const { folder, write } = folderOf(t);
  write('default.pem', sm2Certificate);
  assert.deepEqual(folder.load(), []);
  assert.deepEqual(
    folder.keysOf('any').map(({ kind }) => kind),
    ['sm2'],
  );
});

function folderOf(t: TestContext) {
  const path = mkdtempSync(join(tmpdir(), 'fleetwire-keys-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  const write = (name: string, text: string) => writeFileSync(join(path, name), text);
  return { path, write, folder: new KeyFolder(path) };
}

const badKeys = {
  privatePem: pemOf('PRIVATE KEY', Buffer.from('308187', 'hex')),
  weak: rsaSigner(1024).pem,
  compressed: pemOf(
    'PUBLIC KEY',
    Buffer.from(
      '3039301306072a8648ce3d020106082a811ccf5501822d03220002' +
        '048ec37e3ce796fec19dd26eddfbf0eec3f9c45fede2f2870fde45978f81f3c7',
      'hex',
    ),
  ),
};

/** Made for this test; its private key is gone. */
const sm2Certificate = `-----BEGIN CERTIFICATE-----
MIIBeDCCAR+gAwIBAgIUQmhrEidzYD11JoVjR3cJsG9FO2swCgYIKoEcz1UBg3Uw
ETEPMA0GA1UEAwwGRldURVNUMCAXDTI2MTEyNTE0NDUzM1oYDzIxMjYxMTAxMTQ0
NTMzWjARMQ8wDQYDVQQDDAZGV1RFU1QwWTATBgcqhkjOPQIBBggqgRzPVQGCLQNC
AAQEjsN+POeW/sGd0m7d+/Duw/nEX+3i8ocP3kWXj4Hzx9CUWj7Fi23EXGDwrqcv
peBnAcG7j7NeKBURYnh5DGGCo1MwUTAdBgNVHQ4EFgQUX+FsXHGRVfR2wpsboUgV
OoGzLPEwHwYDVR0jBBgwFoAUX+FsXHGRVfR2wpsboUgVOoGzLPEwDwYDVR0TAQH/
BAUwAwEB/zAKBggqgRzPVQGDdQNHADBEAiAEK2iPvmFg71Jh/bQBGVFtOtj4IoYC
gPHyS/62zCkPzAIgU5S7BKs2UZJo/LjMfvaaE3PZ9Hbiqy5wOlN8AAZwyms=
-----END CERTIFICATE-----
`;
