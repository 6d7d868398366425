// House rules that no linter knows. Each failure lists the places, so that one run is enough.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { generatedFiles, generatedText } from '#deploy/generate/files.ts';
import type { SettingsTable } from '#shared/runtime/config.ts';
import { settingsMarkdown } from '#shared/runtime/config-markdown.ts';
import packageJson from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('..', import.meta.url));

/** What a commit would hold: ignored files are nobody's concern. */
const paths: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));

const isCode = (path: string) => /\.(ts|js)$/.test(path) && !path.endsWith('.generated.ts');
const code = paths.filter(isCode);
const documents = paths.filter((path) => path.endsWith('.md'));
const services = readdirSync(join(root, 'services')).filter((name) => !name.startsWith('.'));
/** The command line is no Deployment: it has no settings of its own and no metrics. */
const deployments = services.filter((name) => name !== 'cli');

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Every place where the pattern stands, as `path:line: found`. */
function placesOf(files: readonly string[], pattern: RegExp): readonly string[] {
  return files.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => {
        const found = pattern.exec(line);
        return found === null ? [] : [`${path}:${index + 1}: ${found[0]}`];
      }),
  );
}

test('the top level holds only what the code map names', () => {
  const named = [
    ...['package.json', 'package-lock.json', 'tsconfig.json', 'biome.json', 'README.md', 'LICENSE'],
    ...['services', 'shared', 'deploy', 'loadtest', 'test', 'docs'],
  ];
  const top = new Set(paths.map((path) => path.split('/')[0]!));
  assert.deepEqual(
    [...top].filter((name) => !name.startsWith('.') && !named.includes(name)),
    [],
  );
});

test('every service has main, config, metrics and README', () => {
  const wanted = deployments.flatMap((name) =>
    ['main.ts', 'config.ts', 'metrics.ts', 'README.md'].map((file) => `services/${name}/${file}`),
  );
  assert.deepEqual(
    wanted.filter((path) => !paths.includes(path)),
    [],
  );
});

for (const name of deployments) {
  test(`the README of ${name} shows the settings that it reads`, async () => {
    const exported: Record<string, unknown> = await import(
      pathToFileURL(join(root, 'services', name, 'config.ts')).href
    );
    const tables = Object.keys(exported).filter((key) => key.endsWith('ConfigTable'));
    assert.equal(tables.length, 1, 'config.ts exports one …ConfigTable');
    const table = exported[tables[0]!] as SettingsTable;
    const readme = read(`services/${name}/README.md`);
    const shown = /<!-- settings -->\n([\s\S]*?)\n<!-- \/settings -->/.exec(readme)?.[1];
    assert.equal(shown?.trim(), settingsMarkdown(table));
  });
}

const metricPattern = /fleetwire(?:_[a-z0-9]+)+/g;
const registered = new Map<string, readonly string[]>();
for (const path of code.filter((name) => /^(services|shared)\//.test(name))) {
  const names = [...read(path).matchAll(/name: '(fleetwire_[^']*)'/g)].map(([, name]) => name!);
  if (names.length > 0) registered.set(path, names);
}
const metrics = new Set([...registered.values()].flat());

test('metric names are words of a to z in base units', () => {
  const isGood = (name: string) =>
    /^fleetwire(_[a-z]+)+$/.test(name) &&
    !/_(ms|millis\w*|minutes|kb|mb|percent|vin)(_|$)/.test(name);
  assert.ok(metrics.size > 0);
  assert.deepEqual(
    [...metrics].filter((name) => !isGood(name)),
    [],
  );
});

/** Figures of shared/stream are those of the services that use it; others are everybody's. */
function usersOf(path: string): readonly string[] {
  if (!path.startsWith('shared/stream/')) return deployments;
  return deployments.filter((name) =>
    code.some(
      (file) => file.startsWith(`services/${name}/`) && read(file).includes('#shared/stream/'),
    ),
  );
}

test('every metric stands in the README of its service, those of shared rooms in every one', () => {
  const missing = [...registered].flatMap(([path, names]) => {
    const owner = /^services\/([^/]+)\//.exec(path)?.[1];
    const readmes = (owner === undefined ? usersOf(path) : [owner]).map(
      (name) => `services/${name}/README.md`,
    );
    return readmes.flatMap((readme) => {
      const text = read(readme);
      return names
        .filter((name) => !text.includes(`\`${name}`))
        .map((name) => `${readme}: ${name}`);
    });
  });
  assert.deepEqual(missing, []);
});

test('every metric that a document, alert, dashboard or scaler names exists', () => {
  const naming = paths.filter((path) => /\.(md|ya?ml)$|^deploy\/.*\.json$/.test(path));
  const unknown = naming.flatMap((path) =>
    [...read(path).matchAll(metricPattern)]
      .map(([name]) => name)
      .filter((name) => !metrics.has(name.replace(/_(bucket|sum|count)$/, '')))
      .filter((name) => !metrics.has(name))
      .map((name) => `${path}: ${name}`),
  );
  assert.deepEqual(unknown, []);
});

test('links between documents resolve', () => {
  const broken = documents.flatMap((path) => {
    const prose = read(path)
      .replace(/^```[\s\S]*?^```/gm, '')
      .replace(/`[^`\n]*`/g, '');
    return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !isLinkGood(path, target))
      .map((target) => `${path}: ${target}`);
  });
  assert.deepEqual(broken, []);
});

function isLinkGood(path: string, link: string): boolean {
  const [target = '', anchor] = link.split('#');
  const file = target === '' ? join(root, path) : resolve(root, dirname(path), target);
  if (!existsSync(file)) return false;
  if (anchor === undefined || !file.endsWith('.md')) return true;
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)];
  return headings.some(([, heading]) => anchorOf(heading!) === anchor);
}

/** As GitHub names the anchor of a heading. */
function anchorOf(heading: string): string {
  const words = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
  return words.trim().replace(/\s/g, '-');
}

test('no test is singled out or left out', () => {
  const tests = code.filter((path) => path.startsWith('test/'));
  assert.deepEqual(placesOf(tests, /\b(test|it|describe|suite)\.(only|skip|todo)\(/), []);
  assert.deepEqual(placesOf(tests, /\b(only|skip|todo): true/), []);
});

test('every generated file is what its generator writes', () => {
  const listed = generatedFiles.map(({ path }) => path);
  const unlisted = paths.filter((path) => path.includes('.generated.') && !listed.includes(path));
  assert.deepEqual(
    unlisted.filter((path) => !path.startsWith('test/')),
    [],
  );
  const stale = generatedFiles.filter((file) => read(file.path) !== generatedText(file));
  assert.deepEqual(
    stale.map(({ path }) => path),
    [],
  );
});

test('a file of code has at most 300 lines, the architecture page 250', () => {
  const limits: [string, number][] = code.map((path) => [path, 300]);
  if (paths.includes('docs/architecture.md')) limits.push(['docs/architecture.md', 250]);
  const long = limits
    .map(([path, most]) => ({ path, most, lines: read(path).trimEnd().split('\n').length }))
    .filter(({ most, lines }) => lines > most);
  assert.deepEqual(long, []);
});

test('a line of code has at most 100 columns, but for the name of a test and an import', () => {
  // The formatter breaks neither.
  assert.deepEqual(placesOf(code, /^(?!\s*test\(|import ).{101,}$/u), []);
});

test('every file of code opens with a comment that says what it is for', () => {
  const isOpened = (path: string) => /^(#!.*\n)?(\/\/ \S|\/\*)/.test(read(path));
  assert.deepEqual(
    code.filter((path) => !isOpened(path)),
    [],
  );
});

test('no comment promises work without naming its trigger', () => {
  assert.deepEqual(placesOf(code, /\/\/.*\b(FIXME|XXX|HACK|TODO(?! when ))\b/), []);
});

test('the repository stands alone: it points at nothing that a clone lacks', () => {
  const texts = paths.filter((path) => /\.(ts|js|md|json|ya?ml|avsc)$/.test(path));
  const others = texts.filter(
    (path) => path !== 'test/tidy.test.ts' && !path.endsWith('-lock.json'),
  );
  const papers = /\b(design|style|frames|emqx|stack|ecosystem|kubernetes|reliability|node)\.md\b/;
  assert.deepEqual(placesOf(others, papers), []);
  assert.deepEqual(
    placesOf(others, /\/work\/|\b(issue|session) #?\d|design section|house style/i),
    [],
  );
  assert.deepEqual(placesOf(others, /\b(sub-?agent|coding agent|AI|LLM|Claude)s?\b/), []);
});

test('dependencies have exact versions and scripts are single words', () => {
  const { dependencies, devDependencies, optionalDependencies, scripts } = packageJson;
  const all = { ...dependencies, ...devDependencies, ...optionalDependencies };
  assert.deepEqual(
    Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
    [],
  );
  assert.deepEqual(
    Object.keys(scripts).filter((name) => !/^[a-z]+$/.test(name)),
    [],
  );
});
