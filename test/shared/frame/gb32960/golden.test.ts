// Frames with a known meaning: the committed ones always, the shared vectors where they lie beside
// the checkout.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { describeFrame } from '#shared/frame/gb32960/describe-frame.ts';
import { encodeFrame } from '#shared/frame/gb32960/encode-frame.ts';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';
import type { Outcome } from '#shared/frame/outcome.ts';

interface Golden {
  readonly name: string;
  readonly hex: string;
  readonly outcomes: unknown;
}

/** A record of the shared vectors: one frame each. */
interface Vector {
  readonly name: string;
  readonly hex: string;
  readonly expected: { readonly response: number } | null;
  readonly ok: boolean;
}

const goldenFolder = join(repositoryRoot, 'test', 'golden', 'gb32960');
const vectorsPath = join(repositoryRoot, '..', 'shared', 'vectors', 'gb32960-2016.json');

for (const file of readdirSync(goldenFolder).filter((name) => name.endsWith('.json'))) {
  for (const { name, hex, outcomes } of readJson<Golden[]>(join(goldenFolder, file))) {
    test(`${file}: ${name}`, () => {
      const decoded = decodeMessage(Buffer.from(hex, 'hex'));
      assert.deepEqual(decoded.map(describeOutcome), outcomes);
      for (const outcome of decoded) assertInverse(outcome);
    });
  }
}

if (existsSync(vectorsPath)) {
  for (const [index, vector] of readJson<Vector[]>(vectorsPath).entries()) {
    test(`shared vector ${index}: ${vector.name}`, () => checkVector(index, vector));
  }
}

/** Records with a fault, and what a decoder owes them. */
const faultyVectors: Readonly<Record<number, string>> = {
  20: 'frame_checksum',
  27: 'frame_checksum',
  28: 'frame_checksum',
  30: 'encrypted',
  77: 'body_truncated',
  85: 'encrypted',
  86: 'frame_truncated',
  87: 'encrypted',
};

function checkVector(index: number, { hex, expected, ok }: Vector): void {
  const [outcome, ...others] = decodeMessage(Buffer.from(hex, 'hex'));
  assert.ok(outcome !== undefined && others.length === 0);
  assert.equal(ok, !(index in faultyVectors));
  if (ok) assert.equal(outcome.kind, kindOf(outcome.frame as Gb32960Frame));
  else assert.equal(outcome.reason?.code, faultyVectors[index]);
  if (outcome.frame !== null) assert.deepEqual(describeFrame(outcome.frame), expected);
  assertInverse(outcome);
}

function kindOf({ response }: Gb32960Frame): string {
  return response === 0xfe ? 'accept' : 'answer';
}

function describeOutcome({ kind, reason, bytes, frame }: Outcome<Gb32960Frame>): unknown {
  const described = frame === null ? null : describeFrame(frame, reason);
  return { kind, code: reason?.code ?? null, byteCount: bytes.length, frame: described };
}

function assertInverse({ frame, bytes }: Outcome<Gb32960Frame>): void {
  if (frame !== null) assert.deepEqual(encodeFrame(frame), Buffer.from(bytes));
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
