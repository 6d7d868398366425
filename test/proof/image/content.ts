// What must be in the image, and what must not.

import assert from 'node:assert/strict';
import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { BuiltImage } from '#deploy/image/build-image.ts';
import type { Podman } from '#deploy/image/podman.ts';
import packageLock from '../../../package-lock.json' with { type: 'json' };

export interface ImageContent {
  readonly packageCount: number;
  readonly bytes: number;
}

/** Fails with what is too much, missing or other than wanted. */
export async function checkContent(podman: Podman, image: BuiltImage): Promise<ImageContent> {
  const { name } = image;
  const [inspected] = JSON.parse(await podman.run('image', 'inspect', name));
  checkConfig(inspected.Config, image);
  const root = (await podman.run('image', 'mount', name)).trim();
  const app = join(root, 'app');
  assert.deepEqual(readdirSync(app).sort(), [
    ...['LICENSE', 'node_modules', 'package.json', 'sbom.cdx.json', 'services', 'shared'],
  ]);
  const wanted = wantedPackages();
  assert.deepEqual(installedPackages(app), wanted);
  assert.deepEqual(listedPackages(join(app, 'sbom.cdx.json')), [...new Set(wanted)]);
  checkFiles(app);
  const shells = ['sh', 'bash', 'dash', 'busybox'].map((shell) => join(root, 'usr/bin', shell));
  assert.deepEqual(shells.filter(isThere), [], 'the stand-in has no shell, so none is needed');
  await podman.run('image', 'unmount', name);
  return { packageCount: wanted.length, bytes: Number(inspected.Size) };
}

interface ImageConfig {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly StopSignal: string;
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}

function checkConfig(config: ImageConfig, { version, revision }: BuiltImage): void {
  assert.equal(config.User, '65532:65532');
  assert.deepEqual(config.Entrypoint, ['node']);
  assert.equal(config.StopSignal, 'SIGTERM');
  assert.ok(config.Env.includes('NODE_ENV=production'), config.Env.join(' '));
  const label = (key: string) => config.Labels[key];
  assert.equal(label('org.opencontainers.image.version'), version);
  assert.equal(label('org.opencontainers.image.revision'), revision);
  assert.equal(label('dev.fleetwire.sbom'), '/app/sbom.cdx.json');
}

interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

/** `name@version`, sorted; what the services were tested with and no more. */
function wantedPackages(): readonly string[] {
  return Object.entries(packageLock.packages as Record<string, LockEntry>)
    .filter(([path, { dev, optional, devOptional }]) => {
      return path !== '' && !(dev || optional || devOptional);
    })
    .map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`)
    .sort();
}

function installedPackages(app: string): readonly string[] {
  const files = filesBelow(join(app, 'node_modules'));
  return files
    .filter((file) => /node_modules\/(@[^/]+\/)?[^/@]+\/package\.json$/.test(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')))
    .map(({ name, version }) => `${name}@${version}`)
    .sort();
}

function listedPackages(file: string): readonly string[] {
  const { bomFormat, components } = JSON.parse(readFileSync(file, 'utf8'));
  assert.equal(bomFormat, 'CycloneDX');
  const names = components.map(({ purl }: { purl: string }) =>
    decodeURIComponent(purl).replace(/^pkg:npm\//, ''),
  );
  return names.sort();
}

/** No tests, no native code of another Debian, nothing that its user may change. */
function checkFiles(app: string): void {
  const files = filesBelow(app);
  const found = (isBad: (file: string) => boolean) =>
    files.filter(isBad).map((file) => relative(app, file));
  const ours = (file: string) => !file.includes('/node_modules/');
  assert.deepEqual(
    found((file) => ours(file) && /\.test\.ts$|\/test\//.test(file)),
    [],
  );
  assert.deepEqual(
    found((file) => file.endsWith('.node')),
    [],
  );
  assert.deepEqual(
    found((file) => ours(file) && /\.(pem|key|crt|env)$/.test(file)),
    [],
  );
  assert.deepEqual(
    found((file) => {
      const { uid, gid, mode } = lstatSync(file);
      const isLink = (mode & 0o170000) === 0o120000;
      return uid !== 0 || gid !== 0 || (!isLink && (mode & 0o022) !== 0) || (mode & 0o004) === 0;
    }),
    [],
  );
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry: Dirent) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
