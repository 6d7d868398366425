// The walls between the rooms, as the linter holds them: every forbidden import is planted and must
// be found, every allowed one must pass. A new room or client library must be added here.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('..', import.meta.url));

const sharedRooms = [
  'frame',
  'signature',
  'telemetry',
  'ingest',
  'avro',
  'kafka',
  'mqtt',
  'stream',
  'queue',
  'runtime',
];

const services = ['bridge', 'state', 'alerts', 'trips', 'jobs', 'cli'];

const packages = [
  'mqtt',
  'kafkajs',
  '@platformatic/kafka',
  'avsc',
  '@kafkajs/confluent-schema-registry',
  'prom-client',
  'pino',
  'fastify',
  'xxhash-wasm',
  'commander',
  'zod',
  'bullmq',
  'ioredis',
  'yaml',
  'ajv',
  'gcoord',
  'sm-crypto-v2',
];

/** Who may import what, besides itself; `io` stands for Node's own modules. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'shared/frame': ['ajv'],
  'shared/signature': ['shared/frame', 'io', 'sm-crypto-v2'],
  'shared/telemetry': ['shared/frame', 'gcoord'],
  'shared/ingest': ['shared/frame', 'shared/telemetry', 'shared/avro', 'topics', 'xxhash-wasm'],
  'shared/avro': [
    ...['shared/telemetry', 'shared/runtime', 'topics', 'io', 'zod'],
    ...['avsc', '@kafkajs/confluent-schema-registry'],
  ],
  'shared/kafka': ['shared/runtime', 'io', 'zod', 'kafkajs', '@platformatic/kafka'],
  'shared/mqtt': ['shared/runtime', 'io', 'zod', 'mqtt'],
  'shared/stream': [
    ...['shared/kafka', 'shared/avro', 'shared/runtime', 'topics', 'io', 'zod', 'ioredis'],
  ],
  'shared/queue': ['shared/runtime', 'io', 'zod', 'bullmq', 'ioredis'],
  'shared/runtime': ['io', 'zod', 'prom-client', 'pino', 'fastify'],
  ...Object.fromEntries(services.map((name) => [`services/${name}`, mayService(name)])),
  'deploy/local': mayTool(),
  'loadtest/fleet': mayTool(),
};

function mayService(name: string): readonly string[] {
  const shared = sharedRooms.map((room) => `shared/${room}`);
  const ofAll = [...shared, 'topics', 'io', 'zod'];
  return name === 'cli' ? [...ofAll, 'loadtest/fleet', 'commander', 'yaml'] : ofAll;
}

function mayTool(): readonly string[] {
  return [
    ...mayService('any'),
    ...services.map((name) => `services/${name}`),
    ...['loadtest/fleet', 'deploy/local', 'test', 'commander'],
  ];
}

interface Planted {
  readonly from: string;
  readonly to: string;
  readonly line: string;
}

/** Both spellings of every import, and every package, from one room. */
function plantedIn(from: string): readonly Planted[] {
  const up = '../'.repeat(from.split('/').length);
  const rooms = Object.keys(mayImport).filter((to) => to !== from);
  const toRooms = [...rooms, 'test'].flatMap((to) => [
    { from, to, line: `import type { A } from '#${to}/a.ts';` },
    { from, to, line: `import '#${to}/deep/a.ts';` },
    // Only neighbours in shared may be reached by a relative path.
    ...(from.startsWith('shared/') && to.startsWith('shared/')
      ? [{ from, to, line: `import '../${to.slice('shared/'.length)}/a.ts';` }]
      : []),
    ...(mayImport[from]!.includes(to) ? [] : [{ from, to, line: `import '${up}${to}/a.ts';` }]),
  ]);
  const toPackages = packages.flatMap((to) => [
    { from, to, line: `import { a } from '${to}';` },
    { from, to, line: `const a = await import('${to}');` },
    { from, to, line: `export { a } from '${to}/deep';` },
  ]);
  return [
    ...toRooms,
    // A package is allowed by its name alone: its insides are nobody's business.
    ...toPackages.filter(
      ({ to, line }) => !(line.includes('/deep') && mayImport[from]!.includes(to)),
    ),
    { from, to: 'topics', line: "import '#shared/topics.ts';" },
    { from, to: 'io', line: "import 'node:fs';" },
    { from, to: 'io', line: "import 'node:fs/promises';" },
    { from, to: from, line: "import './a.ts';" },
    { from, to: from, line: "import './deep/a.ts';" },
  ];
}

/** Lints all planted lines at once; the answer names those that the linter refused. */
function refused(files: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const dir = mkdtempSync(join(tmpdir(), 'fleetwire-walls-'));
  try {
    cpSync(join(root, 'biome.json'), join(dir, 'biome.json'));
    for (const [path, lines] of files) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), lines.join('\n'));
    }
    const lint = ['lint', '--only=style/noRestrictedImports', '--reporter=github'];
    const flags = ['--vcs-enabled=false', '--max-diagnostics=none', '.'];
    const biome = join(root, 'node_modules/.bin/biome');
    const { stdout, error } = spawnSync(biome, [...lint, ...flags], { cwd: dir, encoding: 'utf8' });
    assert.equal(error, undefined);
    const found = stdout.matchAll(/noRestrictedImports,file=(?:.*\/)?([^,]+?\.ts),line=(\d+),/g);
    return new Set([...found].map(([, file, line]) => `${file}:${line}`));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** One file per room, named for it, since the linter's report gives the place. */
function fileOf(room: string): string {
  return `${room}/${room.replace('/', '-')}.ts`;
}

const planted = new Map(Object.keys(mayImport).map((room) => [fileOf(room), plantedIn(room)]));
const wrong = refused(
  new Map([...planted].map(([path, imports]) => [path, imports.map(({ line }) => line)])),
);

for (const [path, imports] of planted) {
  test(`holds the walls of ${dirname(path)}`, () => {
    const verdicts = imports.map(({ from, to, line }, index) => ({
      line,
      isAllowed: from === to || mayImport[from]!.includes(to),
      isRefused: wrong.has(`${path.split('/').at(-1)}:${index + 1}`),
    }));
    assert.deepEqual(
      verdicts.filter(({ isAllowed, isRefused }) => isAllowed === isRefused),
      [],
    );
  });
}

test('lets telemetry see the generated types of avro and nothing else of it', () => {
  const lines = ['types.generated.ts', 'encoder.ts'].map((name) => `import '../avro/${name}';`);
  const path = 'shared/telemetry/types.ts';
  assert.deepEqual([...refused(new Map([[path, lines]]))], ['types.ts:2']);
});

test('lets a part of a service reach its other parts but no other service', () => {
  const good = ["import '../b.ts';", "import './b.ts';", "import '../c/b.ts';"];
  const bad = ["import '../../state/b.ts';", "import '../../cli/c/b.ts';"];
  const files = new Map([['services/bridge/part/deep.ts', [...good, ...bad]]]);
  assert.deepEqual([...refused(files)].sort(), ['deep.ts:4', 'deep.ts:5']);
});

test('lets the hand-written bridge, and no other file of its room, use the clients plainly', () => {
  const clients = ['mqtt', 'kafkajs', '@kafkajs/confluent-schema-registry'];
  const lines = [...clients, 'ioredis'].map((name) => `import '${name}';`);
  const files = ['hand-written', 'main'].map(
    (name) => [`loadtest/bench/${name}.ts`, lines] as const,
  );
  assert.deepEqual([...refused(new Map(files))].sort(), [
    'hand-written.ts:4',
    ...['main.ts:1', 'main.ts:2', 'main.ts:3', 'main.ts:4'],
  ]);
});

test('lets the naive processor use its clients plainly, and nothing of ours', () => {
  const clients = ['kafkajs', 'ioredis', '@kafkajs/confluent-schema-registry', 'node:zlib'];
  const lines = [...clients, 'mqtt', '#shared/topics.ts'].map((name) => `import '${name}';`);
  const files = new Map([['loadtest/bench/naive-processor.ts', lines]]);
  assert.deepEqual([...refused(files)].sort(), ['naive-processor.ts:5', 'naive-processor.ts:6']);
});

test('lets tests import anything', () => {
  const lines = [
    "import 'kafkajs';",
    "import '#services/bridge/a.ts';",
    "import '#shared/avro/a.ts';",
  ];
  assert.deepEqual([...refused(new Map([['test/integration/a.ts', lines]]))], []);
});

test('knows every room and every library that exists', () => {
  const foldersIn = (path: string) =>
    readdirSync(join(root, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  assert.deepEqual(
    foldersIn('shared').filter((name) => !sharedRooms.includes(name)),
    [],
  );
  assert.deepEqual(
    foldersIn('services').filter((name) => !services.includes(name)),
    [],
  );
  assert.deepEqual(
    Object.keys(packageJson.dependencies).filter((name) => !packages.includes(name)),
    [],
  );
});
