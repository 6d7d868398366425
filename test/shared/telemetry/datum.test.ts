// GCJ-02 comes back to WGS-84.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import gcoord from 'gcoord';
import { blankPosition } from '#shared/telemetry/blank-records.ts';
import { toWgs84, withWgs84 } from '#shared/telemetry/datum.ts';

// As in datum.ts: the types promise a default export that the CommonJS module does not have.
const { transform, GCJ02, WGS84 } = gcoord as unknown as typeof gcoord.default;

test('moves a point in China by some hundred meters, back to where the satellites say', () => {
  // Tiananmen in Beijing: 116.3913, 39.9073 in WGS-84.
  const { longitudeDeg, latitudeDeg } = toWgs84(116.397557, 39.908697);
  assert.ok(Math.abs(longitudeDeg - 116.3913) < 1e-4, `${longitudeDeg}`);
  assert.ok(Math.abs(latitudeDeg - 39.9073) < 1e-4, `${latitudeDeg}`);
});

test('leaves a point outside of China where it is', () => {
  assert.deepEqual(toWgs84(2.3522, 48.8566), { longitudeDeg: 2.3522, latitudeDeg: 48.8566 });
});

/** Well inside of China, whatever box a program draws around it. */
const inChina = fc.record({
  longitudeDeg: fc.double({ min: 76, max: 130, noNaN: true }),
  latitudeDeg: fc.double({ min: 22, max: 46, noNaN: true }),
});

test('undoes the shift within a meter anywhere inside of China', () => {
  fc.assert(
    fc.property(inChina, ({ longitudeDeg, latitudeDeg }) => {
      const [longitude, latitude] = transform([longitudeDeg, latitudeDeg], WGS84, GCJ02);
      const back = toWgs84(longitude, latitude);
      const north = (back.latitudeDeg - latitudeDeg) * 111_320;
      const parallel = Math.cos((latitudeDeg * Math.PI) / 180);
      const east = (back.longitudeDeg - longitudeDeg) * 111_320 * parallel;
      assert.ok(Math.hypot(north, east) < 1, `${Math.hypot(north, east)} m`);
    }),
    { seed: 20260615, numRuns: 2000 },
  );
});

test('ends for any coordinates, and leaves those outside of China where they are', () => {
  const anywhere = fc.record({
    longitudeDeg: fc.double({ min: -4295, max: 4295, noNaN: true }),
    latitudeDeg: fc.double({ min: -4295, max: 4295, noNaN: true }),
  });
  fc.assert(
    fc.property(anywhere, ({ longitudeDeg, latitudeDeg }) => {
      const { longitudeDeg: longitude, latitudeDeg: latitude } = toWgs84(longitudeDeg, latitudeDeg);
      const isNear = longitudeDeg > 70 && longitudeDeg < 140 && latitudeDeg > 0 && latitudeDeg < 56;
      if (isNear) return;
      assert.ok(Math.abs(longitude - longitudeDeg) < 1e-6);
      assert.ok(Math.abs(latitude - latitudeDeg) < 1e-6);
    }),
    { seed: 20260615, numRuns: 2000 },
  );
});

test('puts WGS-84 beside GCJ-02 alone, and only beside coordinates that can be', () => {
  const beijing = { ...blankPosition, longitudeDeg: 116.397557, latitudeDeg: 39.908697 };
  const shifted = withWgs84({ ...beijing, datum: 'gcj02' });
  assert.ok(Math.abs((shifted.wgs84LongitudeDeg ?? 0) - 116.3913) < 1e-4);
  for (const position of [
    { ...beijing, datum: 'wgs84' },
    { ...beijing, datum: 'unknown' },
    { ...beijing, datum: 'gcj02', longitudeDeg: null },
    { ...beijing, datum: 'gcj02', longitudeDeg: 180.5 },
  ]) {
    assert.equal(withWgs84(position).wgs84LongitudeDeg, null);
    assert.equal(withWgs84(position).wgs84LatitudeDeg, null);
  }
});
