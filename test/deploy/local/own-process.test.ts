// Child processes that must not outlive their starter, whichever way it ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { describeExit, spawnOwned } from '#deploy/local/own-process.ts';
import { allGone, familyOf, isRunning } from './processes.ts';

const STUBBORN = 'trap "" TERM; echo ready; while :; do sleep 0.05; done';

/** A starter in a process of its own that owns one child and says when that runs. */
async function startStarter(script: string, graceMs: number) {
  const source = `
    import { spawnOwned } from '#deploy/local/own-process.ts';
    const args = ['-c', ${JSON.stringify(script)}];
    const onLine = (line) => console.log(line);
    const child = await spawnOwned({ command: 'sh', args, graceMs: ${graceMs}, onLine });
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen: string[] = [];
  for await (const line of createInterface({ input: starter.stdout })) {
    if (seen.push(line) === 2) break;
  }
  return { starter, family: familyOf(starter.pid as number) };
}

/** A shell that has said its first word: it runs and has set its traps. */
async function spawnReady(script: string, graceMs = 5_000) {
  let hear: (line: string) => void = () => undefined;
  const firstLine = new Promise<string>((resolve) => {
    hear = resolve;
  });
  const child = await spawnOwned({ command: 'sh', args: ['-c', script], graceMs, onLine: hear });
  return { ...child, firstLine: await firstLine };
}

test('a child dies when its starter is killed by SIGKILL', async () => {
  const { starter, family } = await startStarter('echo ready; exec sleep 600', 5_000);
  assert.equal(family.length, 3, 'the starter, the child and its guard');
  starter.kill('SIGKILL');
  await allGone(family);
});

test('a child that ignores SIGTERM is killed after its grace when the starter dies', async () => {
  const { starter, family } = await startStarter(STUBBORN, 300);
  starter.kill('SIGKILL');
  await allGone(family);
});

test('a frozen child dies with its starter too', async () => {
  const { starter, family } = await startStarter('echo ready; exec sleep 600', 5_000);
  process.kill(family[1] as number, 'SIGSTOP');
  starter.kill('SIGKILL');
  await allGone(family);
});

test('the pid is the program itself, and its end leaves no guard behind', async () => {
  const child = await spawnReady('echo $$; exec sleep 600');
  const family = familyOf(child.pid);
  assert.equal(Number(child.firstLine), child.pid);
  const exit = await child.kill();
  assert.deepEqual(exit, { code: null, signal: 'SIGKILL' });
  assert.equal(child.isAlive(), false);
  await allGone(family);
});

test('stop asks first and kills after the grace', async () => {
  const child = await spawnReady(STUBBORN, 200);
  assert.deepEqual(await child.stop(), { code: null, signal: 'SIGKILL' });
  assert.deepEqual(await child.stop(), { code: null, signal: 'SIGKILL' }, 'safe to call twice');
});

test('output is appended to the log file', async () => {
  const logFile = join(mkdtempSync(join(tmpdir(), 'fleetwire-')), 'child.log');
  for (const word of ['one', 'two']) {
    const child = await spawnOwned({ command: 'echo', args: [word], logFile });
    assert.equal((await child.exited).code, 0);
  }
  assert.equal(readFileSync(logFile, 'utf8'), 'one\ntwo\n');
});

test('a program that does not exist ends with code 127 and a word', async () => {
  const lines: string[] = [];
  const onLine = (line: string) => lines.push(line);
  const child = await spawnOwned({ command: 'no-such-program', args: [], onLine });
  assert.equal((await child.exited).code, 127);
  assert.match(lines.join(), /no-such-program/);
});

test('a child is out of reach of the Ctrl-C that its starter gets', async () => {
  const child = await spawnOwned({ command: 'sleep', args: ['600'], onLine: () => undefined });
  const group = Number(readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ')[4]);
  assert.equal(group, child.pid, 'leads a process group of its own');
  assert.equal(isRunning(child.pid), true);
  await child.stop();
});

test('an exit reads as a code or a signal', () => {
  assert.equal(describeExit({ code: 1, signal: null }), 'exit code 1');
  assert.equal(describeExit({ code: null, signal: 'SIGKILL' }), 'SIGKILL');
  assert.equal(describeExit({ code: 143, signal: null }), 'exit code 143 (SIGTERM)');
});
