// The car: its values move together as those of a real one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from '#loadtest/fleet/sample.ts';
import { SimulatedCar } from '#loadtest/fleet/simulated-car.ts';

const stepSeconds = 2;

/** Neighbouring samples of many cars, with what the car did between them. */
function* pairs() {
  for (let index = 0; index < 40; index += 1) {
    const car = new SimulatedCar(3, index);
    let before = car.sample();
    for (let step = 0; step < 600; step += 1) {
      const { mode } = car.drive;
      const { socPercent } = car.battery;
      car.advance(stepSeconds);
      const after = car.sample();
      yield { car, mode, socPercent, before, after };
      before = after;
    }
  }
}

test('moves values together as a car does', () => {
  const seen = { driving: 0, charging: 0, recuperating: 0 };
  for (const { car, mode, socPercent, before, after } of pairs()) {
    const { vehicle } = after;
    assert.ok(vehicle && before.vehicle);
    assert.ok((vehicle.odometerKm ?? 0) >= (before.vehicle.odometerKm ?? 0));
    if (mode !== car.drive.mode) continue;
    const currentA = vehicle.packCurrentA ?? 0;
    if (mode === 'charging') {
      seen.charging += 1;
      assert.ok(currentA <= 0, `${currentA} A while charging`);
      assert.ok(car.battery.socPercent >= socPercent);
      assert.equal(vehicle.speedKmh, 0);
      assert.equal(vehicle.gear, 'P');
    }
    if (mode === 'driving') {
      seen.driving += 1;
      if (currentA < 0) seen.recuperating += 1;
      if (currentA > 5 && before.vehicle.packCurrentA && before.vehicle.packCurrentA > 5) {
        assert.ok(car.battery.socPercent <= socPercent + 0.05);
      }
      assert.equal(vehicle.gear, 'D');
    }
  }
  for (const count of Object.values(seen)) assert.ok(count > 100, JSON.stringify(seen));
});

test('is where its speed and heading bring it', () => {
  for (const { car, before, after } of pairs()) {
    const [from, to] = [before.position, after.position];
    assert.ok(from && to);
    const northM = ((to.latitudeDeg ?? 0) - (from.latitudeDeg ?? 0)) * 111_195;
    const eastM = ((to.longitudeDeg ?? 0) - (from.longitudeDeg ?? 0)) * 111_195 * 0.86;
    const speedMaxMs = Math.max(before.vehicle?.speedKmh ?? 0, after.vehicle?.speedKmh ?? 0) / 3.6;
    const roundingM = 1;
    // Within a step it may have been faster than at both ends, by its greatest acceleration.
    const metresMax = (speedMaxMs + 2.2) * stepSeconds + roundingM;
    assert.ok(Math.hypot(northM, eastM) <= metresMax, car.car.vin);
  }
});

test('reports extremes that are the least and greatest of its lists', () => {
  for (const { after } of pairs()) assertExtremes(after);
});

test('reports a pack voltage that is the sum of its cells', () => {
  for (const { after } of pairs()) {
    for (const { voltageV, cellVoltagesMv } of after.packs) {
      const sumMv = cellVoltagesMv.reduce<number>((sum, value) => sum + (value ?? 0), 0);
      assert.ok(Math.abs((voltageV ?? 0) - sumMv / 1000) <= 0.051);
    }
  }
});

test('stays within the ranges of the standard', () => {
  for (const { after } of pairs()) {
    const { vehicle, packs, motors } = after;
    assert.ok(vehicle && (vehicle.speedKmh ?? 0) <= 220);
    assert.ok((vehicle.socPercent ?? 0) >= 0 && (vehicle.socPercent ?? 0) <= 100);
    assert.ok(Math.abs(vehicle.packCurrentA ?? 0) <= 1000);
    for (const { cellVoltagesMv, temperaturesC } of packs) {
      assert.ok(cellVoltagesMv.every((mv) => mv !== null && mv > 2500 && mv < 4500));
      assert.ok(temperaturesC.every((value) => value === null || (value > -40 && value < 90)));
    }
    for (const motor of motors) assert.ok(Math.abs(motor.torqueNm ?? 0) <= 2000);
  }
});

test('repeats its last place while it has no fix', () => {
  const car = new SimulatedCar(3, 1);
  car.drive.mode = 'driving';
  car.advance(stepSeconds);
  const before = car.sample().position;
  car.isInTunnel = true;
  car.advance(20);
  const inside = car.sample().position;
  assert.deepEqual(inside, { ...before, hasFix: false, statusRaw: 1 });
  car.isInTunnel = false;
  car.advance(1);
  assert.equal(car.sample().position?.hasFix, true);
});

function assertExtremes({ extremes, packs }: Sample): void {
  assert.ok(extremes);
  const cells = packs.flatMap(({ cellVoltagesMv }) => cellVoltagesMv).filter(isNumber);
  const probes = packs.flatMap(({ temperaturesC }) => temperaturesC).filter(isNumber);
  assert.equal(extremes.maxCellVoltageMv, Math.max(...cells));
  assert.equal(extremes.minCellVoltageMv, Math.min(...cells));
  assert.equal(extremes.maxTemperatureC, Math.max(...probes));
  assert.equal(extremes.minTemperatureC, Math.min(...probes));
  const pack = packs.find(({ no }) => no === extremes.maxCellVoltageSubsystem);
  const named = pack?.cellVoltagesMv[(extremes.maxCellVoltageCell ?? 0) - 1];
  assert.equal(named, extremes.maxCellVoltageMv);
}

function isNumber(value: number | null): value is number {
  return value !== null;
}
