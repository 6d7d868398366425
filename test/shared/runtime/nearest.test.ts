// "Did you mean …?" helps with slips and stays silent on strangers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '#shared/runtime/nearest.ts';

const known = ['BRIDGE_LANES', 'BRIDGE_BATCH_BYTES', 'BRIDGE_BATCH_AGE_MS'];

test('finds the word that a slip of the finger meant', () => {
  assert.equal(nearest('BRIDGE_LANE', known), 'BRIDGE_LANES');
  assert.equal(nearest('BRIDGE_BATHC_BYTES', known), 'BRIDGE_BATCH_BYTES');
  assert.equal(nearest('BRIDGE_BATCH_AGE', known), 'BRIDGE_BATCH_AGE_MS');
  assert.equal(nearest('BRIDGE_LANES', known), 'BRIDGE_LANES');
});

test('does not guess when nothing is near', () => {
  assert.equal(nearest('KAFKA_PORT', known), undefined);
  assert.equal(nearest('', known), undefined);
  assert.equal(nearest('BRIDGE_LANES', []), undefined);
});
