// Synthetic VINs with right check digits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDigitOf, hasRightCheckDigit, syntheticWmi, vinOf } from '#loadtest/fleet/vin.ts';

test('computes the check digits of published examples', () => {
  // The worked examples of the North American rule that GB 16735 shares.
  assert.equal(checkDigitOf('1M8GDM9AXKP042788'), 'X');
  assert.equal(checkDigitOf('11111111111111111'), '1');
});

test('makes VINs of 17 characters with a right check digit and the synthetic maker', () => {
  const vins = Array.from({ length: 1000 }, (_, serial) => vinOf('EV1A0', serial));
  assert.equal(new Set(vins).size, vins.length);
  for (const vin of vins) {
    assert.match(vin, /^[A-HJ-NPR-Z0-9]{17}$/);
    assert.ok(vin.startsWith(syntheticWmi));
    assert.ok(hasRightCheckDigit(vin));
  }
});

test('refuses characters that no VIN has', () => {
  assert.throws(() => vinOf('IO000', 1), RangeError);
  assert.throws(() => checkDigitOf('short'), RangeError);
});
