// GCJ-02 comes back to WGS-84.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toWgs84 } from '#shared/telemetry/datum.ts';

test('moves a point in China by some hundred meters, back to where the satellites say', () => {
  // Tiananmen in Beijing: 116.3913, 39.9073 in WGS-84.
  const { longitudeDeg, latitudeDeg } = toWgs84(116.397557, 39.908697);
  assert.ok(Math.abs(longitudeDeg - 116.3913) < 1e-4, `${longitudeDeg}`);
  assert.ok(Math.abs(latitudeDeg - 39.9073) < 1e-4, `${latitudeDeg}`);
});

test('leaves a point outside of China where it is', () => {
  assert.deepEqual(toWgs84(2.3522, 48.8566), { longitudeDeg: 2.3522, latitudeDeg: 48.8566 });
});
