// Explained frames of GB/T 32960: every byte told, verdicts as the decoder's, broken places marked.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { leavesOf } from '#shared/frame/explain-parts.ts';
import type { Explained } from '#shared/frame/explained.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { explainMessage } from '#shared/frame/gb32960/explain-message.ts';
import { checkExplained } from '#test/shared/frame/explain-rules.ts';
import { everyItem, reportFrame, vehicle } from '#test/shared/telemetry/sample-frames.ts';

interface Known {
  readonly name: string;
  readonly hex: string;
}

const goldenFolder = join(repositoryRoot, 'test', 'golden', 'gb32960');
const golden = readdirSync(goldenFolder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => readJson(join(goldenFolder, name)));
const vectors = ['gb32960-2016.json', 'gb32960-2025.json']
  .map((name) => join(repositoryRoot, '..', 'shared', 'vectors', name))
  .filter((path) => existsSync(path))
  .flatMap(readJson);

function readJson(path: string): readonly Known[] {
  return JSON.parse(readFileSync(path, 'utf8')) as readonly Known[];
}

test('tells every byte of every golden payload and every vector once', () => {
  for (const { name, hex } of [...golden, ...vectors]) {
    const payload = Buffer.from(hex, 'hex');
    checkExplained(explainMessage(payload), payload, name);
  }
});

test('tells every byte of frames that were cut, changed or lengthened anywhere', () => {
  const whole = reportFrame(everyItem);
  const change = fc.record({
    at: fc.nat(whole.length - 1),
    bits: fc.integer({ min: 1, max: 255 }),
    end: fc.nat(whole.length),
    tail: fc.uint8Array({ maxLength: 40 }),
  });
  fc.assert(
    fc.property(change, ({ at, bits, end, tail }) => {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] as number) ^ bits;
      for (const payload of [changed, changed.subarray(0, end), Buffer.concat([changed, tail])]) {
        checkExplained(explainMessage(payload), payload);
      }
    }),
    { numRuns: 300 },
  );
});

test('tells every byte of any bytes', () => {
  const start = fc.constantFrom([0x23, 0x23], [0x24, 0x24], [0x23], []);
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 200 }), (first, bytes) => {
      const payload = Buffer.from([...first, ...bytes]);
      checkExplained(explainMessage(payload), payload);
    }),
    { numRuns: 1000 },
  );
});

test('marks a frame as broken exactly where the decoder refuses it or breaks off', () => {
  for (const { name, hex } of [...golden, ...vectors]) {
    const payload = Buffer.from(hex, 'hex');
    const kinds = decodeMessage(payload).map(({ kind }) => kind);
    const isBroken = kinds.map((kind) => kind === 'reject' || kind === 'partial');
    const told = explainMessage(payload);
    assert.deepEqual(
      told.map(({ verdict }) => verdict === 'broken'),
      isBroken,
      name,
    );
    for (const frame of told) {
      const broken = [...leavesOf([frame])].some(({ verdict }) => verdict === 'broken');
      assert.equal(broken, frame.verdict === 'broken', `${name}: ${frame.name}`);
    }
  }
});

function fieldOf(payload: Buffer, name: string): Explained {
  const [frame] = explainMessage(payload);
  const field = [...leavesOf([frame as Explained])].find((leaf) => leaf.name === name);
  assert.ok(field !== undefined, name);
  return field;
}

test('tells a number with its raw value, unit, range and clause', () => {
  const speed = fieldOf(reportFrame(everyItem), 'speed');
  assert.deepEqual(
    [speed.at, speed.end, speed.raw, speed.value, speed.unit, speed.verdict, speed.clause],
    [34, 36, '523', '52.3', 'km/h', 'ok', 'GB/T 32960.3-2016 tables 9 and B.4'],
  );
});

test('says what was wanted of a value that is out of range, and of a sentinel', () => {
  const fast = fieldOf(reportFrame([{ ...vehicle, speed: 2300 }]), 'speed');
  assert.deepEqual([fast.verdict, fast.value], ['out_of_range', '230']);
  assert.equal(fast.expected, '0..2200 (0..220 km/h), or 65534 abnormal, 65535 invalid');
  const none = fieldOf(reportFrame([{ ...vehicle, speed: 65535 }]), 'speed');
  assert.deepEqual([none.verdict, none.value], ['invalid', null]);
});

test('names the check byte that was wanted', () => {
  const payload = Buffer.from(reportFrame(everyItem));
  const right = payload[payload.length - 1] as number;
  payload[40] = (payload[40] as number) ^ 0x10;
  const bcc = fieldOf(payload, 'bcc');
  assert.equal(bcc.verdict, 'broken');
  const wanted = `0x${(right ^ 0x10).toString(16).padStart(2, '0').toUpperCase()}`;
  assert.ok(bcc.expected?.startsWith(wanted), bcc.expected ?? '');
});

test('shows how far a truncated item reads, and how many bytes its count wants', () => {
  const known = golden.find(({ hex }) => {
    return decodeMessage(Buffer.from(hex, 'hex'))[0]?.reason?.code === 'item_truncated';
  });
  assert.ok(known !== undefined);
  const [frame] = explainMessage(Buffer.from(known.hex, 'hex'));
  const last = [...leavesOf([frame as Explained])].find(({ verdict }) => verdict === 'broken');
  assert.match(last?.expected ?? '', /, found /);
});
