// A frame that took the way over the gateway is the frame that a car sent: every item, body and
// value of both editions, as far as the gateway's JSON can say it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeMessage as decodeFrames } from '#shared/frame/gb32960/decode-message.ts';
import { edition2016, edition2025 } from '#shared/frame/gb32960/editions.ts';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';
import { decodeMessage } from '#shared/frame/gb32960-gateway/decode-message.ts';
import { editionOfShape } from '#shared/frame/gb32960-gateway/edition-of-shape.ts';
import { buildGatewayMessage } from '#shared/frame/gb32960-gateway/encode-message.ts';
import { bodyLayouts, type GatewayLayout, layouts } from '#shared/frame/gb32960-gateway/keys.ts';
import { fixedSeed, frameBytes } from '#test/shared/frame/gb32960/arbitrary-frames.ts';

const published = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x09, 0x0b];

test('comes back as the frame that it was', () => {
  let compared = 0;
  fc.assert(
    fc.property(frameBytes, (bytes) => {
      const [outcome] = decodeFrames(bytes);
      const frame = outcome?.frame;
      if (!frame || !isPublished(frame)) return;
      const payload = buildGatewayMessage(frame);
      if (!tellsEdition(payload, frame)) return;
      const [back] = decodeMessage(payload);
      assert.ok(back?.frame, back?.reason?.detail ?? '');
      assert.equal(back.kind, outcome.kind);
      assert.equal(back.reason?.code, outcome.reason?.code);
      assert.deepEqual({ ...back.frame, codec: frame.codec }, frame);
      assert.equal(back.frame.codec, `${frame.codec}-gateway`);
      assert.equal(back.bytes, payload);
      compared += 1;
    }),
    { ...fixedSeed, numRuns: 4000 },
  );
  assert.ok(compared > 700, `${compared} frames compared`);
});

function isPublished({ command, response, encryption, body }: Gb32960Frame): boolean {
  if (!published.includes(command) || response !== 0xfe || encryption !== 1) return false;
  // The gateway reads no data unit that is longer than its layout.
  if (body.kind !== 'report' && 'trailing' in body && body.trailing !== null) return false;
  return body.kind !== 'opaque' && !hasLongCode(body);
}

/** A code of 2016 beyond 4 hex digits is told as asterisks. */
function hasLongCode(body: Gb32960Frame['body']): boolean {
  if (body.kind !== 'report') return false;
  return body.items.some(
    (item) =>
      item.kind === 'alarm' &&
      [item.ressFaults, item.motorFaults, item.engineFaults, item.otherFaults].some((codes) =>
        codes.some((code) => code > 0xffff),
      ),
  );
}

/** Not where nothing in the payload does; then both editions mean the same. */
function tellsEdition(payload: Buffer, { codec, command }: Gb32960Frame): boolean {
  const shape = editionOfShape(command, JSON.parse(payload.toString()).Data);
  return shape.kind === 'edition' && codec === `gb32960-${shape.year}`;
}

test('has a name for every field of the tables', () => {
  for (const [year, { items }] of [
    [2016, edition2016],
    [2025, edition2025],
  ] as const) {
    const named = Object.values(layouts[year]);
    assert.deepEqual(named.map(({ type }) => type).sort(), items.map(({ type }) => type).sort());
    for (const layout of [...named, ...Object.values(bodyLayouts[year])]) checkKeys(layout);
  }
});

function checkKeys({ elements, keys }: Pick<GatewayLayout, 'elements' | 'keys'>): void {
  assert.equal(keys.length, elements.length, JSON.stringify(keys));
  for (const [index, element] of elements.entries()) {
    const key = keys[index];
    assert.equal(typeof key === 'object', element.kind === 'records', JSON.stringify(key));
    if (element.kind !== 'records' || typeof key !== 'object') continue;
    checkKeys({ elements: element.entry, keys: key.entry });
  }
}

const vectors = new URL('../../../../../shared/vectors/', import.meta.url);

for (const name of ['gb32960-2016.json', 'gb32960-2025.json']) {
  const path = new URL(name, vectors);
  if (!existsSync(path)) continue;
  test(`brings the frames of ${name} back as they were`, () => {
    const records: readonly { readonly hex: string }[] = JSON.parse(readFileSync(path, 'utf8'));
    let compared = 0;
    for (const { hex } of records) {
      const [outcome] = decodeFrames(Buffer.from(hex, 'hex'));
      if (!outcome?.frame || !isPublished(outcome.frame)) continue;
      const payload = buildGatewayMessage(outcome.frame);
      if (!tellsEdition(payload, outcome.frame)) continue;
      const [back] = decodeMessage(payload);
      assert.deepEqual(back?.frame && { ...back.frame, codec: outcome.frame.codec }, outcome.frame);
      compared += 1;
    }
    assert.ok(compared > 15, `${compared} frames compared`);
  });
}
