// What every explained payload owes, whatever its codec: all bytes told, once each, in their order.

import assert from 'node:assert/strict';
import { leavesOf } from '#shared/frame/explain-parts.ts';
import type { Explained } from '#shared/frame/explained.ts';

export function checkExplained(told: readonly Explained[], payload: Uint8Array, what = ''): void {
  let at = 0;
  for (const leaf of leavesOf(told)) {
    assert.equal(leaf.at, at, `${what}: ${leaf.name} begins where the field before it ends`);
    assert.ok(leaf.end >= at, `${what}: ${leaf.name} ends behind its start`);
    at = leaf.end;
  }
  assert.equal(at, payload.length, `${what}: the last field ends with the payload`);
  checkParts(told, what);
}

function checkParts(told: readonly Explained[], what: string): void {
  for (const part of told) {
    const { name, parts, verdict, expected } = part;
    assert.notEqual(name, '', what);
    if (verdict === 'broken' && parts.length === 0) assert.ok(expected, `${what}: ${name}`);
    if (parts.length === 0) continue;
    assert.deepEqual([part.at, part.end], [parts[0]?.at, parts.at(-1)?.end], `${what}: ${name}`);
    checkParts(parts, what);
  }
}
