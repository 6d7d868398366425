// A car's battery: charge, current, cell voltages and temperatures that move together.
// Sign of the current as in captured frames: discharge is positive.

import type { Car, PackBuild } from './car.ts';
import type { Drive } from './drive.ts';
import type { Random } from './random.ts';

export interface Battery {
  /** With its fraction; frames carry whole percent. */
  socPercent: number;
  currentA: number;
  temperatureC: number;
}

export function startBattery(random: Random): Battery {
  return {
    socPercent: random.between(15, 95),
    currentA: 0,
    temperatureC: random.between(12, 34),
  };
}

// The field ends at 1000 A; no car here comes near it.
const currentMaxA = 900;

export function advanceBattery(
  battery: Battery,
  { car, drive, seconds }: { readonly car: Car; readonly drive: Drive; readonly seconds: number },
): void {
  const volts = (meanCellV(battery, car) * cellsInSeries(car)) as number;
  const kw = drive.mode === 'charging' ? -chargeKw(car, battery.socPercent) : drive.powerKw;
  battery.currentA = Math.max(-currentMaxA, Math.min(currentMaxA, (kw * 1000) / volts));
  const movedAh = (battery.currentA * seconds) / 3600;
  const soc = battery.socPercent - (movedAh / car.capacityAh) * 100;
  battery.socPercent = Math.max(0, Math.min(100, soc));
  const load = Math.abs(battery.currentA) / car.capacityAh;
  const restC = 22 + load * 14;
  battery.temperatureC += ((restC - battery.temperatureC) * seconds) / 900;
}

/** Constant power up to 80 %, then less and less; nothing when full. */
function chargeKw({ chargePowerKw }: Car, socPercent: number): number {
  if (socPercent >= 100) return 0;
  const taper = socPercent < 80 ? 1 : Math.max(0.08, (100 - socPercent) / 20);
  return chargePowerKw * taper;
}

/** Packs stand side by side: each has the whole voltage and its share of the current. */
export function cellsInSeries(car: Car): number {
  return (car.packs[0] as PackBuild).cellOffsetsMv.length;
}

export function isFull(battery: Battery): boolean {
  return battery.socPercent >= 100;
}

/** Open-circuit voltage of a nickel cell by its charge, less the drop at its inner resistance. */
function meanCellV(battery: Battery, car: Car): number {
  const openV = 3.3 + 0.85 * (battery.socPercent / 100);
  const resistanceOhm = 0.1 / car.capacityAh;
  return openV - battery.currentA * resistanceOhm;
}

export interface PackReading {
  readonly cellVoltagesMv: readonly number[];
  readonly temperaturesC: readonly number[];
}

export function readPack(
  battery: Battery,
  { car, pack, random }: { readonly car: Car; readonly pack: PackBuild; readonly random: Random },
): PackReading {
  const meanMv = meanCellV(battery, car) * 1000;
  return {
    cellVoltagesMv: pack.cellOffsetsMv.map((offset) =>
      Math.round(meanMv + offset + random.between(-1, 1)),
    ),
    temperaturesC: pack.probeOffsetsC.map((offset) => Math.round(battery.temperatureC + offset)),
  };
}
