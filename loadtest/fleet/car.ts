// What one car is, for all its life: identity, battery, motors, habits of its terminal.

import type { Random } from './random.ts';
import { vinOf } from './vin.ts';

export interface Car {
  readonly vin: string;
  readonly iccid: string;
  readonly packs: readonly PackBuild[];
  /** Codes of the packs as the login names them; empty where the terminal sends none. */
  readonly packCodes: readonly string[];
  readonly capacityAh: number;
  readonly motors: readonly MotorBuild[];
  /** A range extender: then the car is a hybrid. */
  readonly hasEngine: boolean;
  readonly massKg: number;
  /** Of its motors together. */
  readonly powerMaxKw: number;
  readonly chargePowerKw: number;
  /** Speed it tends to, town or motorway. */
  readonly cruiseKmh: number;
  readonly itemOrder: readonly ItemName[];
  /** Its maker's own item is sent, too. */
  readonly hasCustomItem: boolean;
  /** It cannot measure its insulation resistance and says so. */
  readonly isInsulationUnknown: boolean;
  /** Probe of the first pack that is broken, from 0; null: none. */
  readonly brokenProbe: number | null;
  /** Its positions are those of a map in GCJ-02, where a frame can say so. */
  readonly hasShiftedMap: boolean;
}

export interface PackBuild {
  /** How far each cell is off the mean. */
  readonly cellOffsetsMv: readonly number[];
  readonly probeOffsetsC: readonly number[];
}

export interface MotorBuild {
  /** Its share of the car's drive. */
  readonly share: number;
}

export type ItemName =
  | 'vehicle'
  | 'motors'
  | 'engine'
  | 'position'
  | 'extremes'
  | 'alarm'
  | 'voltages'
  | 'temperatures'
  | 'custom';

/** Orders as captured terminals have them; the standard leaves the order open. */
const itemOrders: readonly (readonly ItemName[])[] = [
  split('vehicle motors engine position extremes alarm voltages temperatures custom'),
  split('vehicle motors engine voltages temperatures extremes position alarm custom'),
  split('position vehicle motors engine alarm temperatures extremes voltages custom'),
];

const models = ['EV1A0', 'EV1B0', 'EV2A0', 'BUS10', 'REX10'];

export function buildCar(random: Random, index: number): Car {
  const model = random.pick(models);
  const isBus = model === 'BUS10';
  const packCount = isBus ? 2 : 1;
  const cellCount = isBus ? 120 : random.pick([92, 96, 100, 108]);
  const probeCount = random.pick([8, 16, 24]);
  const massKg = isBus ? 13_000 : random.integer(1500, 2400);
  return {
    vin: vinOf(model, index),
    iccid: `898604${String(index).padStart(14, '0')}`,
    packs: Array.from({ length: packCount }, () => buildPack(random, cellCount, probeCount)),
    packCodes: random.chance(0.3) ? [] : packCodesOf(index, packCount),
    capacityAh: isBus ? 320 : random.pick([110, 150, 210]),
    motors: buildMotors(random),
    hasEngine: model === 'REX10',
    massKg,
    powerMaxKw: isBus ? 220 : Math.round(massKg / 14),
    chargePowerKw: random.pick([7, 60, 100]),
    cruiseKmh: random.pick([45, 60, 80, 110]),
    itemOrder: random.pick(itemOrders),
    hasCustomItem: random.chance(0.2),
    isInsulationUnknown: random.chance(0.05),
    brokenProbe: random.chance(0.05) ? random.integer(0, probeCount - 1) : null,
    hasShiftedMap: index % 4 < 2,
  };
}

function buildPack(random: Random, cellCount: number, probeCount: number): PackBuild {
  return {
    cellOffsetsMv: Array.from({ length: cellCount }, () => random.normal(0, 4)),
    probeOffsetsC: Array.from({ length: probeCount }, () => random.normal(0, 1.2)),
  };
}

function packCodesOf(index: number, packCount: number): string[] {
  const codeOf = (at: number): string => `FW${String(index).padStart(8, '0')}P${at + 1}`;
  return Array.from({ length: packCount }, (_, at) => codeOf(at));
}

function buildMotors(random: Random): readonly MotorBuild[] {
  return random.chance(0.25) ? [{ share: 0.4 }, { share: 0.6 }] : [{ share: 1 }];
}

function split(names: string): readonly ItemName[] {
  return names.split(' ') as ItemName[];
}
