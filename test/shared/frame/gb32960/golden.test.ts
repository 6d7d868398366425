// Frames with a known meaning: the committed ones always, the shared vectors where they lie beside
// the checkout.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { describeFrame } from '#shared/frame/gb32960/describe-frame.ts';
import { describeMessage } from '#shared/frame/gb32960/describe-message.ts';
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

const golden = join(repositoryRoot, 'test', 'golden');
const vectors = join(repositoryRoot, '..', 'shared', 'vectors');

const goldenFiles = ['gb32960', 'gb32960-2025'].flatMap((folder) =>
  readdirSync(join(golden, folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name)),
);

for (const file of goldenFiles) {
  for (const { name, hex, outcomes } of readJson<Golden[]>(join(golden, file))) {
    test(`${file}: ${name}`, () => {
      const decoded = decodeMessage(Buffer.from(hex, 'hex'));
      assert.deepEqual(decoded.map(describeOutcome), outcomes);
      for (const outcome of decoded) assertInverse(outcome);
    });
  }
}

/** Records with a fault, by their index, and what a decoder owes them. */
const faultyVectors: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  'gb32960-2016.json': {
    20: 'frame_checksum',
    27: 'frame_checksum',
    28: 'frame_checksum',
    30: 'encrypted',
    77: 'body_truncated',
    85: 'encrypted',
    86: 'frame_truncated',
    87: 'encrypted',
  },
  'gb32960-2025.json': {
    // Whole, with 38 bytes that trail it.
    17: '',
    18: 'item_unknown',
    20: 'frame_checksum',
  },
};

for (const [file, faulty] of Object.entries(faultyVectors)) {
  const path = join(vectors, file);
  if (!existsSync(path)) continue;
  for (const [index, vector] of readJson<Vector[]>(path).entries()) {
    const wanted = index in faulty ? (faulty[index] as string) : null;
    test(`${file} ${index}: ${vector.name}`, () => checkVector(vector, wanted));
  }
}

function checkVector({ hex, expected, ok }: Vector, wanted: string | null): void {
  const [outcome, ...others] = decodeMessage(Buffer.from(hex, 'hex'));
  assert.ok(outcome !== undefined && others.length === 0);
  assert.equal(ok, wanted === null);
  if (ok) assert.equal(outcome.kind, kindOf(outcome.frame as Gb32960Frame));
  else assert.equal(outcome.reason?.code ?? '', wanted);
  if (outcome.frame !== null) assert.deepEqual(describeFrame(outcome.frame), wordless(expected));
  // As `fleetwire decode gb32960` prints it.
  const { frames, skippedHex } = describeMessage(Buffer.from(hex, 'hex'));
  assert.deepEqual([frames.length, skippedHex], [1, []]);
  if (ok) assert.deepEqual(frames[0]?.frame, expected);
  assertInverse(outcome);
}

/** The vectors say in words of their own why a walk stopped; here the code was compared. */
function wordless(expected: Vector['expected']): Vector['expected'] {
  const { data, ...header } = expected as Vector['expected'] & { readonly data: object };
  const { parseError, ...fields } = data as { readonly parseError?: string };
  return { ...header, data: fields } as Vector['expected'];
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
