// Every byte of a payload is told, the values by name, unit and range, and the fault where it lies.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Explained } from '#shared/frame/explained.ts';
import { describeMessage } from '#shared/frame/json/describe-message.ts';
import { explainMessage } from '#shared/frame/json/explain-message.ts';

const good =
  '{"v":1,"ts":1781495999000,"vehicle":{"speedKmh":501,"gear":null}, "signals":{"x":"é"},' +
  '"packs":[{"no":1,"cellVoltagesMv":[1,2,70000]}]}\n';

function leaves(parts: readonly Explained[]): readonly Explained[] {
  return parts.flatMap((part) => (part.parts.length === 0 ? [part] : leaves(part.parts)));
}

function leafOf(text: string, name: string): Explained | undefined {
  return leaves(explainMessage(Buffer.from(text))).find((leaf) => leaf.name === name);
}

/** From end to end, without a gap, the inner within the outer ones. */
function checkRanges(payload: Buffer): void {
  const told = explainMessage(payload);
  let at = 0;
  for (const leaf of leaves(told)) {
    assert.equal(leaf.at, at);
    assert.ok(leaf.end >= leaf.at);
    at = leaf.end;
  }
  assert.equal(at, payload.length);
}

test('tells every byte once, whatever the payload', () => {
  checkRanges(Buffer.from(good));
  checkRanges(Buffer.from(`[${good},${good}]`));
  checkRanges(Buffer.alloc(0));
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.boolean(), (at, byte, isCut) => {
      const changed = Buffer.from(`[${good},${good}]`);
      changed[at] = byte;
      checkRanges(isCut ? changed.subarray(0, at) : changed);
    }),
    { numRuns: 1000 },
  );
});

test('tells unit, range and pointer of a value', () => {
  assert.partialDeepStrictEqual(leafOf(good, 'speedKmh'), {
    raw: '501',
    value: '501',
    unit: 'km/h',
    verdict: 'out_of_range',
    expected: '0..500',
    clause: 'envelope 1 /vehicle/speedKmh',
  });
  assert.partialDeepStrictEqual(leafOf(good, 'gear'), { raw: 'null', value: null, verdict: 'ok' });
  assert.partialDeepStrictEqual(leafOf(good, 'x'), { raw: '"é"', value: 'é' });
  const cell = leafOf(good, 'cellVoltagesMv[2]');
  assert.partialDeepStrictEqual(cell, { unit: 'mV', verdict: 'out_of_range' });
});

test('marks the place that is refused, and says what was wanted', () => {
  const rows = [
    ['{"v":1,"ts":0,"vehicle":{"socPercent":6,}}', 'broken', 40],
    ['{"v":1,"ts":0,"vehicle":{"speed":5,"socPercent":6}}', 'speed', 14],
    ['{"v":2,"ts":0}', 'v', 0],
  ] as const;
  for (const [text, name, at] of rows) {
    const leaf = leafOf(text, name);
    assert.partialDeepStrictEqual(leaf, { verdict: 'broken', at });
    assert.match(leaf?.expected ?? '', /wanted, found/);
  }
});

test('describes an envelope with its outcome', () => {
  assert.deepEqual(describeMessage(Buffer.from('{"v":1,"ts":0}')), {
    frames: [
      {
        outcome: 'accept',
        reason: null,
        frame: { protocol: 'json-1', envelope: { v: 1, ts: 0 } },
      },
    ],
    skippedHex: [],
  });
});
