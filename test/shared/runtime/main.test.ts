// The frame of every program, tried on real processes with real signals.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./programs/life.ts', import.meta.url));

interface Ran {
  readonly child: ChildProcess;
  /** Resolves once the text stands in stdout. */
  line(text: string): Promise<void>;
  /** Resolves when the process is gone and its output read. */
  readonly end: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function run(life: string, options: object = {}, env: Record<string, string> = {}): Ran {
  const child = spawn(process.execPath, [program, life, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const lines: string[] = [];
  let stderr = '';
  let hasEnded = false;
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(line));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const end = once(child, 'close').then(([code]) => {
    hasEnded = true;
    return { code: code as number | null, stdout: lines.join('\n'), stderr };
  });
  const line = async (text: string) => {
    while (!lines.some((found) => found.includes(text))) {
      assert.ok(!hasEnded, `ended without saying ${text}: ${lines.join('\n')} ${stderr}`);
      await Promise.race([once(output, 'line'), end]);
    }
  };
  return { child, line, end };
}

test('exits with 0 when the program is done', async () => {
  const { code, stderr } = await run('done').end;
  assert.equal(code, 0);
  assert.equal(stderr, '');
});

test('lists every configuration fault on stderr, masks the secret and exits with 78', async () => {
  const env = { LIFE_COUNT: 'many', LIFE_PASWORD: 'hunter2' };
  const { code, stdout, stderr } = await run('configured', {}, env).end;
  assert.equal(code, 78);
  assert.equal(stdout, '');
  assert.deepEqual(stderr.trimEnd().split('\n'), [
    'The configuration has 3 faults:',
    '  LIFE_COUNT="many": want an integer 1..9 (cats), for example 9',
    '  LIFE_PASSWORD is not set: want a text, for example x',
    '  LIFE_PASWORD is not a setting here: did you mean LIFE_PASSWORD?',
  ]);
});

for (const [life, message] of [
  ['broken', 'the hull is open'],
  ['rejecting', 'nobody awaited this'],
  ['throwing', 'thrown from a callback'],
] as const) {
  test(`logs a fault of ours as FATAL and exits with 1: ${life}`, async () => {
    const { code, stdout } = await run(life).end;
    assert.equal(code, 1);
    const line = JSON.parse(stdout);
    assert.equal(line.level, 'fatal');
    assert.equal(line.err.message, message);
  });
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`lets the program drain and exits with 0 on ${signal}`, async () => {
    const ran = run('draining');
    await ran.line('running');
    ran.child.kill(signal);
    const { code, stdout } = await ran.end;
    assert.equal(code, 0);
    assert.match(stdout, /drained/);
    assert.match(stdout, /"msg":"Stopped\."/);
  });
}

test('takes the rejection with the reason of the abort for a normal stop', async () => {
  const ran = run('waiting');
  await ran.line('running');
  ran.child.kill('SIGTERM');
  assert.equal((await ran.end).code, 0);
});

test('exits at once with 1 on a second signal', async () => {
  const ran = run('stuck', { echoMs: 0 });
  await ran.line('running');
  ran.child.kill('SIGTERM');
  await ran.line('aborted');
  ran.child.kill('SIGTERM');
  const { code, stdout } = await ran.end;
  assert.equal(code, 1);
  assert.match(stdout, /Asked again; exiting without draining\./);
});

test('takes a repeat of the signal within the echo time for the same one', async () => {
  const ran = run('stuck', { echoMs: 60_000, deadlineMs: 300 });
  await ran.line('running');
  ran.child.kill('SIGINT');
  await ran.line('aborted');
  ran.child.kill('SIGINT');
  const { stdout } = await ran.end;
  assert.match(stdout, /Not stopped within the deadline/);
  assert.doesNotMatch(stdout, /Asked again/);
});

test('names what still hangs when the deadline is over and exits with 1', async () => {
  const ran = run('stuck', { deadlineMs: 50 });
  await ran.line('running');
  ran.child.kill('SIGTERM');
  const { code, stdout } = await ran.end;
  assert.equal(code, 1);
  const last = JSON.parse(stdout.split('\n').at(-1)!);
  assert.equal(last.level, 'fatal');
  assert.equal(last.name, 'renamed');
  assert.deepEqual(last.hanging, ['lane 3']);
  assert.ok(last.resources.Timeout >= 2);
});
