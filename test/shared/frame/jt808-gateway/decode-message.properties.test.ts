// A frame that took the way over the gateway is the frame that a terminal sent, as far as the
// gateway's JSON can say it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeMessage as decodeFrames } from '#shared/frame/jt808/decode-message.ts';
import { extraInputs } from '#shared/frame/jt808/encode-body.ts';
import { encryptionOf, type Jt808Frame, type Location } from '#shared/frame/jt808/frame.ts';
import type { Element } from '#shared/frame/jt808/layout.ts';
import { decodeMessage } from '#shared/frame/jt808-gateway/decode-message.ts';
import { buildGatewayMessage } from '#shared/frame/jt808-gateway/encode-message.ts';
import {
  gatewayLayout,
  gatewayMessageIds,
  type Key,
  type Table,
} from '#shared/frame/jt808-gateway/keys.ts';
import { fixedSeed, frameBytes } from '#test/shared/frame/jt808/arbitrary-frames.ts';

test('comes back as the frame that it was', () => {
  let compared = 0;
  fc.assert(
    fc.property(frameBytes, (bytes) => {
      const [outcome] = decodeFrames(bytes);
      if (!outcome?.frame || !canBeTold(outcome.frame)) return;
      compare(outcome.frame);
      compared += 1;
    }),
    { ...fixedSeed, numRuns: 3000 },
  );
  assert.ok(compared > 600, `${compared} frames compared`);
});

const vectorsPath = new URL('../../../../../shared/vectors/jt808.json', import.meta.url);

if (existsSync(vectorsPath)) {
  test('brings the frames of the shared vectors back as they were', () => {
    const records: readonly { readonly hex: string }[] = JSON.parse(
      readFileSync(vectorsPath, 'utf8'),
    );
    let compared = 0;
    for (const { hex } of records) {
      const [outcome] = decodeFrames(Buffer.from(hex, 'hex'));
      if (!outcome?.frame || !canBeTold(outcome.frame)) continue;
      compare(outcome.frame);
      compared += 1;
    }
    assert.ok(compared > 100, `${compared} frames compared`);
  });
}

function compare(frame: Jt808Frame): void {
  const payload = buildGatewayMessage(frame);
  const [back] = decodeMessage(payload);
  assert.ok(back?.frame, `${back?.reason?.detail} in ${payload}`);
  assert.equal(back.frame.codec, `${frame.codec}-gateway`);
  assert.equal(back.bytes, payload);
  assert.deepEqual(plain(back.frame), plain(frame));
}

/** What the gateway's JSON holds: items in another order, no reserved bits of the properties. */
function plain({ codec: _c, bodyBytes: _b, properties: _p, body, ...head }: Jt808Frame): object {
  return { ...head, body: plainValue(body) };
}

function plainValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  if ('extras' in value) {
    const location = value as Location;
    const items = extraInputs(location).map(
      ({ id, data }) => `${id} ${Buffer.from(data).toString('hex')}`,
    );
    const { extras: _e, bytes: _b, time, ...basic } = location;
    return { ...basic, time: plainValue(time), items: items.sort() };
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}

const lost = new Set([0x25, 0x2a]);

function canBeTold(frame: Jt808Frame): boolean {
  const { body, messageId } = frame;
  if (messageId > 0x0fff) return false;
  if (encryptionOf(frame) !== 0) return false;
  if ('form' in body && body.form === '2011') return false;
  if ('trailing' in body && body.trailing !== null) return false;
  return !JSON.stringify(body).includes('\ufffd') && locationsIn(body).every(isToldWhole);
}

function locationsIn(body: Jt808Frame['body']): readonly Location[] {
  if (body.kind === 'location') return [body];
  if (body.kind === 'batch') return body.items;
  return 'location' in body && body.location ? [body.location as Location] : [];
}

function isToldWhole({ extras, extrasFault }: Location): boolean {
  const ids = extras.map(({ id }) => id);
  return (
    extrasFault === null && new Set(ids).size === ids.length && !ids.some((id) => lost.has(id))
  );
}

test('has a name for every field of the tables', () => {
  for (const edition of ['2013', '2019'] as const) {
    for (const id of gatewayMessageIds(edition)) {
      const layout = gatewayLayout(id, edition);
      assert.ok(layout !== null, `${id}`);
      checkKeys(layout);
    }
  }
});

function checkKeys({ elements, keys }: Table): void {
  assert.equal(keys.length, elements.length, JSON.stringify(keys));
  for (const [index, element] of elements.entries()) checkKey(element, keys[index] as Key);
}

function checkKey(element: Element, key: Key): void {
  const isSize = element.kind === 'scalar' && element.role === 'size';
  assert.equal(key === null, isSize, JSON.stringify(key));
  // The gateway parts the raw id of a CAN frame.
  if (typeof key !== 'object' || key === null || isCan(element)) return;
  if (element.kind === 'records' && 'list' in key) {
    checkKeys({ elements: element.entry, keys: key.entry });
  }
  if (element.kind === 'maybe' && 'maybe' in key) {
    checkKeys({ elements: element.elements, keys: key.maybe });
  }
}

function isCan(element: Element): boolean {
  return element.kind === 'records' && element.name === 'frames';
}
