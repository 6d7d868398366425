// The same for the 2025 edition: every item, with values that its own ranges hold.

import type { ItemInput } from '#shared/frame/gb32960/encode-frame.ts';
import type { Signature } from '#shared/frame/gb32960/frame.ts';

type Input<K extends ItemInput['kind']> = Extract<ItemInput, { readonly kind: K }>;

export const vehicle2025: Input<'vehicle2025'> = {
  kind: 'vehicle2025',
  vehicleStatus: 1,
  chargeStatus: 3,
  runMode: 2,
  speed: 3123,
  mileage: 1234567,
  totalVoltage: 13801,
  totalCurrent: 30162,
  soc: 77,
  dcdcStatus: 1,
  gear: 0x2e,
  insulationResistance: 5000,
};

export const motor2025 = {
  no: 1,
  status: 2,
  controllerTemp: 80,
  speed: 36500,
  torque: 201_234,
  motorTemp: 90,
};

export const motors2025: Input<'motors2025'> = {
  kind: 'motors2025',
  count: 2,
  motors: [motor2025, { ...motor2025, no: 2, status: 4, torque: 199_999 }],
};

export const fuelCellEngine: Input<'fuelCellEngine'> = {
  kind: 'fuelCellEngine',
  hydrogenMaxTemp: 105,
  hydrogenMaxTempProbe: 2,
  hydrogenMaxConcentration: 1250,
  hydrogenMaxConcentrationSensor: 1,
  hydrogenMaxPressure: 351,
  hydrogenMaxPressureSensor: 3,
  hvDcdcStatus: 2,
  remainingHydrogen: 64,
  hvDcdcControllerTemp: 92,
};

export const engine2025: Input<'engine2025'> = { kind: 'engine2025', crankshaftSpeed: 2100 };

export const position2025: Input<'position2025'> = {
  kind: 'position2025',
  status: 0,
  coordinateSystem: 2,
  longitude: 116_397_557,
  latitude: 39_908_697,
};

export const alarm2025: Input<'alarm2025'> = {
  kind: 'alarm2025',
  maxLevel: 4,
  generalFlags: 0x8088_0011,
  ressFaultCount: 1,
  ressFaults: [0x00000102],
  motorFaultCount: 2,
  motorFaults: [0xdeadbeef, 7],
  engineFaultCount: 1,
  engineFaults: [9],
  otherFaultCount: 1,
  otherFaults: [0xffffffff],
  generalAlarmCount: 2,
  generalAlarms: [
    { bit: 4, level: 1 },
    { bit: 23, level: 4 },
  ],
};

export const cellVoltagesPack = {
  no: 1,
  voltage: 3801,
  current: 30162,
  cellCount: 5,
  cellVoltages: [3980, 3981, 3982, 3983, 3984],
};

export const cellVoltages: Input<'cellVoltages'> = {
  kind: 'cellVoltages',
  packCount: 2,
  packs: [cellVoltagesPack, { ...cellVoltagesPack, no: 2 }],
};

export const temperaturesPack = { no: 1, probeCount: 4, temps: [65, 66, 67, 30] };

export const packTemperatures: Input<'packTemperatures'> = {
  kind: 'packTemperatures',
  subsystemCount: 2,
  subsystems: [temperaturesPack, { ...temperaturesPack, no: 2 }],
};

export const stacks: Input<'stacks'> = {
  kind: 'stacks',
  count: 1,
  stacks: [
    {
      no: 1,
      voltage: 2500,
      current: 1200,
      hydrogenInletPressure: 2100,
      airInletPressure: 950,
      airInletTemp: 95,
      coolantProbeCount: 2,
      coolantTemps: [110, 112],
    },
  ],
};

export const superCapacitor: Input<'superCapacitor'> = {
  kind: 'superCapacitor',
  systemNo: 1,
  voltage: 480,
  current: 29_950,
  cellCount: 3,
  cellVoltages: [2700, 2701, 2699],
  probeCount: 2,
  temps: [75, 76],
};

export const superCapacitorExtremes: Input<'superCapacitorExtremes'> = {
  kind: 'superCapacitorExtremes',
  maxVoltageSystem: 1,
  maxVoltageCell: 2,
  maxVoltage: 2701,
  minVoltageSystem: 1,
  minVoltageCell: 3,
  minVoltage: 2699,
  maxTempSystem: 1,
  maxTempProbe: 2,
  maxTemp: 76,
  minTempSystem: 1,
  minTempProbe: 1,
  minTemp: 75,
};

/** Every item of the edition but those of the maker. */
export const everyItem2025: readonly ItemInput[] = [
  vehicle2025,
  motors2025,
  fuelCellEngine,
  engine2025,
  position2025,
  alarm2025,
  cellVoltages,
  packTemperatures,
  stacks,
  superCapacitor,
  superCapacitorExtremes,
];

export const signature: Signature = {
  algorithm: 1,
  r: Uint8Array.from({ length: 32 }, (_, at) => at),
  s: Uint8Array.from({ length: 32 }, (_, at) => 0x80 + at),
};
