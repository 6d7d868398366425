// The list of an image's packages must have all of them, and be the same whenever it is written.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = join(root, 'deploy/image/write-sbom.ts');

interface Component {
  readonly name: string;
  readonly version: string;
}

function write(folder: string, secondsSince1970: string): string {
  const env = { ...process.env, SOURCE_DATE_EPOCH: secondsSince1970 };
  execFileSync(process.execPath, [program, 'sbom.cdx.json'], { cwd: folder, env });
  return readFileSync(join(folder, 'sbom.cdx.json'), 'utf8');
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'fleetwire-sbom-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function componentsOf(text: string): readonly string[] {
  const { components } = JSON.parse(text) as { readonly components: readonly Component[] };
  return components.map(({ name, version }) => `${name}@${version}`);
}

test('names what a package of the image needs although the tests need it as well', (t) => {
  const folder = temporary(t);
  const integrity = `sha512-${Buffer.alloc(64).toString('base64')}`;
  const dependencies = { shipped: '1.0.0' };
  const devDependencies = { shared: '2.0.0', tool: '3.0.0' };
  const optionalDependencies = { platform: '4.0.0' };
  const main = {
    ...{ name: 'house', version: '5.0.0' },
    ...{ dependencies, devDependencies, optionalDependencies },
  };
  const packages = {
    '': main,
    'node_modules/shipped': { version: '1.0.0', integrity, dependencies: { shared: '2.0.0' } },
    'node_modules/shared': { version: '2.0.0', integrity },
    'node_modules/tool': { version: '3.0.0', integrity, dev: true },
    'node_modules/platform': { version: '4.0.0', integrity, optional: true },
  };
  const lock = { name: 'house', version: '5.0.0', lockfileVersion: 3, requires: true, packages };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(main));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  assert.deepEqual([...componentsOf(write(folder, '0'))].sort(), ['shared@2.0.0', 'shipped@1.0.0']);
});

test('is the same to the byte each time, in every folder', (t) => {
  const texts = ['a', 'b'].map(() => {
    const folder = temporary(t);
    for (const name of ['package.json', 'package-lock.json']) {
      copyFileSync(join(root, name), join(folder, name));
    }
    return write(folder, '1700000000');
  });
  assert.equal(texts[0], texts[1]);
  const { serialNumber, metadata } = JSON.parse(texts[0] ?? '');
  assert.match(
    serialNumber,
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.equal(metadata.timestamp, '2023-11-14T22:13:20.000Z');
  assert.equal(metadata.component.name, 'fleetwire');
});
