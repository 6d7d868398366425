// Frames with a known meaning: the committed ones always, the shared vectors where they lie beside
// the checkout.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { decodeMessage } from '#shared/frame/jt808/decode-message.ts';
import { describeMessage } from '#shared/frame/jt808/describe-message.ts';
import { encodeFrame } from '#shared/frame/jt808/encode-frame.ts';

interface Golden {
  readonly name: string;
  readonly hex: string;
  readonly described: unknown;
}

/** A record of the shared vectors: one frame each. */
interface Vector {
  readonly name: string;
  readonly hex: string;
  readonly expected: Expected | null;
  readonly ok: boolean;
}

type Expected = Readonly<Record<string, unknown>> & { readonly body: Body };
type Body = Readonly<Record<string, unknown>>;

const goldenFolder = join(repositoryRoot, 'test', 'golden', 'jt808');
const vectorsPath = join(repositoryRoot, '..', 'shared', 'vectors', 'jt808.json');

for (const file of readdirSync(goldenFolder).filter((name) => name.endsWith('.json'))) {
  for (const { name, hex, described } of readJson<Golden[]>(join(goldenFolder, file))) {
    test(`${file}: ${name}`, () => {
      assert.deepEqual(describeMessage(Buffer.from(hex, 'hex')), described);
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
  77: 'frame_checksum',
  97: 'frame_checksum',
  98: 'frame_checksum',
  100: 'frame_length',
  289: 'body_truncated',
  290: 'body_truncated',
  291: 'body_truncated',
  293: 'body_truncated',
  295: 'body_truncated',
  297: 'body_truncated',
  302: 'frame_escape',
  303: 'frame_header',
  304: 'frame_checksum',
  305: 'frame_length',
  306: 'frame_header',
  307: 'frame_header',
  329: 'frame_length',
  330: 'frame_length',
  331: 'frame_checksum',
  332: 'frame_checksum',
  336: 'frame_checksum',
  337: 'frame_checksum',
  338: 'frame_checksum',
  339: 'frame_checksum',
  340: 'frame_checksum',
};

function checkVector(index: number, { hex, expected, ok }: Vector): void {
  const payload = Buffer.from(hex, 'hex');
  const [described, ...more] = describeMessage(payload).frames;
  assert.ok(described !== undefined && more.length === 0, 'one outcome');
  assert.equal(ok, faultyVectors[index] === undefined);
  if (!ok) {
    assert.deepEqual([described.outcome, described.reason?.code], ['reject', faultyVectors[index]]);
    // A refused body leaves the header readable.
    const isBody = described.reason?.code.startsWith('body_');
    assert.deepEqual(described.frame, isBody ? expected : null);
    return;
  }
  assert.ok(expected !== null && described.frame !== null);
  if ('bodyHex' in expected.body) checkBytes(described.frame, expected, payload);
  else assert.deepEqual(withoutNonsense(described.frame), withoutNonsense(expected));
  const [outcome] = decodeMessage(payload);
  assert.ok(outcome !== undefined && outcome.frame !== null);
  assert.deepEqual(encodeFrame(outcome.frame), payload);
}

/** A record that holds the body as bytes: it may be decoded further. */
function checkBytes(described: object, expected: Expected, payload: Buffer): void {
  const { body: read, ...header } = described as Expected;
  const { body, ...wanted } = expected;
  assert.deepEqual(header, wanted);
  assert.equal(read['bodyHex'], body['bodyHex']);
  const [outcome] = decodeMessage(payload);
  assert.ok(outcome !== undefined && outcome.frame !== null);
  assert.equal(Buffer.from(outcome.frame.bodyBytes).toString('hex'), body['bodyHex']);
}

/** Texts that were no GBK are not compared. */
function withoutNonsense(value: object): unknown {
  return JSON.parse(JSON.stringify(value), (_key, inner) =>
    typeof inner === 'string' && nonsense.some((text) => inner.includes(text)) ? '' : inner,
  );
}

/** U+FFFD, and the beginnings of UTF-8 read as GBK (vector 315). */
const nonsense = ['\ufffd', '寮', '鍖'];

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
