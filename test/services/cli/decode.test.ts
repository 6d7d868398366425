// `fleetwire decode <codec>` as a process: lines of hex in, lines of JSON out.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { repositoryRoot } from '#deploy/generate/files.ts';
import {
  type Describe,
  decodeLines,
  describers,
  lineBytesMax,
} from '#services/cli/commands/decode.ts';
import type { DescribedMessage } from '#shared/frame/gb32960/describe-message.ts';

interface Golden {
  readonly name: string;
  readonly hex: string;
  readonly outcomes: readonly {
    readonly kind: string;
    readonly code: string | null;
    readonly byteCount: number;
    readonly frame: unknown;
  }[];
}

/** A record of the shared vectors: one frame each. */
interface Vector {
  readonly name: string;
  readonly hex: string;
  readonly expected: unknown;
  readonly ok: boolean;
}

const goldenFolder = join(repositoryRoot, 'test', 'golden', 'gb32960');
const vectorsPath = join(repositoryRoot, '..', 'shared', 'vectors', 'gb32960-2016.json');
const heartbeat = '232307fe3132333435363738390000000000000000010000c9';

const describe = describers['gb32960'] as Describe;

test('reads every golden payload as it is known, in one run of the npm script', async () => {
  const files = readdirSync(goldenFolder).filter((name) => name.endsWith('.json'));
  const golden = files.flatMap((name) => readJson<Golden[]>(join(goldenFolder, name)));
  const run = await runScript(golden.map(({ hex }) => hex));
  assert.deepEqual([run.code, run.err], [0, '']);
  assert.equal(run.lines.length, golden.length);
  for (const [at, { name, hex, outcomes }] of golden.entries()) {
    assert.deepEqual(codesOf(run.lines[at]), known(hex, outcomes), name);
  }
});

if (existsSync(vectorsPath)) {
  test('reads every shared vector as it is known, in one run', async () => {
    const vectors = readJson<Vector[]>(vectorsPath);
    const run = await runProcess(vectors.map(({ hex }) => `${hex}\n`).join(''));
    assert.deepEqual([run.code, run.err, run.lines.length], [0, '', vectors.length]);
    for (const [at, vector] of vectors.entries()) checkVector(at, vector, run.lines[at]);
  });
}

test('reads JT/T 808 as it is known', async () => {
  const folder = join(repositoryRoot, 'test', 'golden', 'jt808');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const golden = files.flatMap((name) =>
    readJson<readonly { readonly hex: string; readonly described: unknown }[]>(join(folder, name)),
  );
  const run = await finish(start('jt808'), golden.map(({ hex }) => `${hex}\n`).join(''));
  assert.deepEqual([run.code, run.err], [0, '']);
  assert.deepEqual(
    run.lines,
    golden.map(({ described }) => described),
  );
});

test('tells what is wrong with a line that is no hex, goes on, and ends with 1', async () => {
  const input = `${heartbeat}\r\n \t${heartbeat.toUpperCase()} \n\nab zz\nabc\n${heartbeat}`;
  const { code, err, lines } = await runProcess(input);
  assert.equal(code, 1);
  assert.match(err, /^fleetwire: hex payloads wanted, found 2 of 6 lines that are none\n$/);
  assert.equal(lines.length, 6);
  for (const at of [1, 5]) assert.deepEqual(lines[at], lines[0]);
  assert.equal((lines[2] as DescribedMessage).frames[0]?.reason?.code, 'frame_empty');
  const digit = 'hex digits wanted, found " "';
  assert.deepEqual(lines[3], { error: { line: 4, code: 'hex_digit', offset: 2, detail: digit } });
  const odd = 'an even number of hex digits wanted, found 3';
  assert.deepEqual(lines[4], { error: { line: 5, code: 'hex_odd', offset: 3, detail: odd } });
});

test('prints nothing for no lines', async () => {
  assert.deepEqual(await runProcess(''), { code: 0, err: '', lines: [] });
});

test('decodes 100,000 lines in one go', async () => {
  const lines = Readable.from(repeated(`${heartbeat}\n`.repeat(1000), 100));
  const run = await runProcess(lines);
  assert.deepEqual([run.code, run.err, run.lines.length], [0, '', 100_000]);
});

test('ends in peace when its reader has read enough', async () => {
  const child = start();
  child.stdin.on('error', () => {});
  const fed = pipeline(Readable.from(repeated(`${heartbeat}\n`.repeat(1000), 1000)), child.stdin);
  child.stdout.once('data', () => child.stdout.destroy());
  const [err, [code]] = await Promise.all([
    text(child.stderr),
    once(child, 'exit'),
    fed.catch(() => {}),
  ]);
  assert.deepEqual([code, err], [0, '']);
});

test('asks for no more input while nobody takes its output', async () => {
  let chunkCount = 0;
  async function* endless() {
    for (;;) {
      chunkCount += 1;
      yield Buffer.from(`${heartbeat}\n`.repeat(1000));
    }
  }
  const output = decodeLines(endless(), describe, { lineCount: 0, faultCount: 0 });
  await output.next();
  await output.next();
  assert.equal(chunkCount, 1);
  await output.return(undefined);
});

test('cuts lines wherever chunks are cut, and keeps none that is endless', async () => {
  const long = '0'.repeat(lineBytesMax + 1);
  const input = Buffer.from(`${heartbeat}\n${long}\n${heartbeat}\nff`);
  for (const size of [99, 4096, 65_536]) {
    const tally = { lineCount: 0, faultCount: 0 };
    const chunks = Readable.from(cut(input, size));
    const lines = (await text(Readable.from(decodeLines(chunks, describe, tally))))
      .trim()
      .split('\n');
    assert.deepEqual(tally, { lineCount: 4, faultCount: 1 });
    assert.equal(lines[2], lines[0]);
    const detail = `line of at most ${lineBytesMax} characters wanted, found ${long.length}`;
    assert.deepEqual(JSON.parse(lines[1] as string), {
      error: { line: 2, code: 'line_oversize', offset: lineBytesMax, detail },
    });
  }
});

/** What each record owes, faulty ones as well. */
const faultyVectors: Readonly<Record<number, readonly [outcome: string, code: string]>> = {
  20: ['reject', 'frame_checksum'],
  27: ['reject', 'frame_checksum'],
  28: ['reject', 'frame_checksum'],
  30: ['opaque', 'encrypted'],
  77: ['reject', 'body_truncated'],
  85: ['opaque', 'encrypted'],
  86: ['reject', 'frame_truncated'],
  87: ['opaque', 'encrypted'],
};

function checkVector(at: number, { name, expected, ok }: Vector, line: unknown): void {
  const { frames, skippedHex } = line as DescribedMessage;
  assert.deepEqual([frames.length, skippedHex], [1, []], name);
  const [told] = frames;
  const fault = faultyVectors[at];
  assert.equal(ok, fault === undefined, name);
  if (fault !== undefined) assert.deepEqual([told?.outcome, told?.reason?.code], fault, name);
  if (told?.outcome === 'reject') assert.equal(told.frame, null, name);
  else assert.deepEqual(told?.frame, expected, name);
  if (ok) assert.match(told?.outcome ?? '', /^(accept|answer)$/, name);
}

/** Outcomes, codes and frames without offsets and details, and what was skipped. */
function codesOf(line: unknown): unknown {
  const { frames, skippedHex } = line as DescribedMessage;
  const codes = frames.map(({ outcome, reason, frame }) => [outcome, reason?.code ?? null, frame]);
  return { frames: codes, skippedHex };
}

/** Refused bytes without start bytes are skipped, except where a payload holds nothing else. */
function known(hex: string, outcomes: Golden['outcomes']): unknown {
  const frames: unknown[] = [];
  const skippedHex: string[] = [];
  let at = 0;
  for (const { kind, code, byteCount, frame } of outcomes) {
    const stretch = hex.slice(at, at + 2 * byteCount);
    at += 2 * byteCount;
    const isFrame = outcomes.length === 1 || /^(2323|2424)/.test(stretch);
    if (isFrame) frames.push([kind, code, frame]);
    else skippedHex.push(stretch);
  }
  return { frames, skippedHex };
}

interface Run {
  readonly code: number;
  readonly err: string;
  readonly lines: readonly unknown[];
}

function start(codec = 'gb32960') {
  const main = join(repositoryRoot, 'services', 'cli', 'main.ts');
  return spawn(process.execPath, [main, 'decode', codec], { env: {} });
}

function runProcess(input: string | Readable): Promise<Run> {
  return finish(start(), input);
}

function runScript(lines: readonly string[]): Promise<Run> {
  const args = ['run', '-s', 'fleetwire', '--', 'decode', 'gb32960'];
  return finish(spawn('npm', args, { cwd: repositoryRoot }), `${lines.join('\n')}\n`);
}

async function finish(child: ReturnType<typeof start>, input: string | Readable): Promise<Run> {
  const exited = once(child, 'exit');
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    pipeline(typeof input === 'string' ? Readable.from([input]) : input, child.stdin),
  ]);
  const [code] = await exited;
  const lines = out.split('\n');
  assert.equal(lines.pop(), '');
  return { code, err, lines: lines.map((line) => JSON.parse(line)) };
}

function* repeated(chunk: string, count: number): Generator<string> {
  for (let left = count; left > 0; left -= 1) yield chunk;
}

function* cut(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
