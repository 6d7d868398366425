// GB/T 32960.3-2025: the rows of the item bodies, an array per item type, in order of the bytes.
// A row that the edition took over stands as `kept`, with what it changed.

import { byte, count, dword, type Element, type ScalarField, word } from './layout.ts';
import {
  alarm as alarm2016,
  engine as engine2016,
  fuelCell as fuelCell2016,
  motor as motor2016,
  position as position2016,
  vehicle as vehicle2016,
} from './layout-2016-items.ts';

const percent = { unit: '%', rawMax: 100 };
const celsius = { unit: 'degC', rawOffset: -40, rawMax: 250 };
const volt10 = { unit: 'V', divisor: 10, rawMax: 60000 };
const volt1000 = { unit: 'V', divisor: 1000, rawMax: 60000 };
// -3000 A where the 2016 edition has -1000 A.
const ampere10From3000 = { unit: 'A', divisor: 10, rawOffset: -30000, rawMax: 60000 };
const numbered = { rawMin: 1, rawMax: 253 };
// The standard prints sentinels for the numbers of motors, packs and stacks. They tell entries
// apart, so they stay integers as sent.
const plainNumber: ScalarField = { ...byte, role: 'plain', sentinels: 'none', ...numbered };

/** Without the pedals of 2016. */
export const vehicle: readonly Element[] = [
  kept(vehicle2016, 'vehicleStatus'),
  kept(vehicle2016, 'chargeStatus'),
  kept(vehicle2016, 'runMode'),
  kept(vehicle2016, 'speed', { rawMax: 5000 }),
  kept(vehicle2016, 'mileage'),
  kept(vehicle2016, 'totalVoltage', volt10),
  kept(vehicle2016, 'totalCurrent', ampere10From3000),
  kept(vehicle2016, 'soc'),
  kept(vehicle2016, 'dcdcStatus'),
  kept(vehicle2016, 'gear', { role: 'gearOrInvalid' }),
  kept(vehicle2016, 'insulationResistance', { sentinels: 'printed' }),
];

const motor: readonly Element[] = [
  kept(motor2016, 'no'),
  kept(motor2016, 'status'),
  kept(motor2016, 'controllerTemp'),
  kept(motor2016, 'speed', { rawOffset: -32000 }),
  // Four bytes where the 2016 edition has two, and another offset.
  {
    ...dword,
    name: 'torque',
    rawOffset: -200_000,
    divisor: 10,
    unit: 'N.m',
    rawMax: 400_000,
    meaning: 'Torque.',
  },
  kept(motor2016, 'motorTemp'),
];

export const motors: readonly Element[] = [
  { ...count, name: 'count', rawMin: 1, meaning: 'Motors that follow.' },
  { kind: 'records', name: 'motors', countName: 'count', entry: motor },
];

export const fuelCellEngine: readonly Element[] = [
  // 1 degC where the 2016 edition has 0.1 degC.
  {
    ...word,
    name: 'hydrogenMaxTemp',
    ...celsius,
    meaning: 'Highest temperature in the hydrogen system.',
  },
  kept(fuelCell2016, 'hydrogenMaxTempProbe', numbered),
  // By volume, where the 2016 edition has mg/kg.
  {
    ...word,
    name: 'hydrogenMaxConcentration',
    rawMax: 60000,
    divisor: 10000,
    unit: '%',
    meaning: 'Highest concentration of hydrogen, by volume.',
  },
  kept(fuelCell2016, 'hydrogenMaxConcentrationSensor', numbered),
  kept(fuelCell2016, 'hydrogenMaxPressure', { sentinels: 'printed' }),
  kept(fuelCell2016, 'hydrogenMaxPressureSensor', numbered),
  kept(fuelCell2016, 'hvDcdcStatus'),
  { ...byte, name: 'remainingHydrogen', ...percent, meaning: 'Hydrogen that is left.' },
  {
    ...byte,
    name: 'hvDcdcControllerTemp',
    ...celsius,
    meaning: 'Temperature of the controller of the high-voltage DC-DC.',
  },
];

export const engine: readonly Element[] = [kept(engine2016, 'crankshaftSpeed')];

export const position: readonly Element[] = [
  kept(position2016, 'status'),
  {
    ...byte,
    name: 'coordinateSystem',
    role: 'enum',
    names: { 1: 'WGS84', 2: 'GCJ02', 3: 'other' },
    rawMin: 1,
    rawMax: 3,
    sentinels: 'assumed',
    meaning: 'Datum of the coordinates.',
  },
  kept(position2016, 'longitude'),
  kept(position2016, 'latitude'),
];

const generalAlarm: readonly Element[] = [
  {
    ...byte,
    name: 'bit',
    role: 'plain',
    sentinels: 'none',
    rawMax: 27,
    meaning: 'Bit of the general alarm.',
  },
  {
    ...byte,
    name: 'level',
    role: 'plain',
    sentinels: 'none',
    rawMax: 4,
    meaning: 'Level of this alarm.',
  },
];

export const alarm: readonly Element[] = [
  ...alarm2016.map((element): Element => {
    if (element.kind !== 'scalar') return element;
    if (element.role === 'count') return { ...element, rawMax: 253 };
    if (element.name !== 'maxLevel') return element;
    return { ...element, rawMax: 4, meaning: 'Highest level; 4 means: thermal event.' };
  }),
  { ...count, name: 'generalAlarmCount', meaning: 'Levels of general alarms that follow.' },
  {
    kind: 'records',
    name: 'generalAlarms',
    countName: 'generalAlarmCount',
    entry: generalAlarm,
  },
];

const packNumber: ScalarField = { ...plainNumber, name: 'no', rawMax: 50, meaning: 'The pack.' };

const cellVoltagesPack: readonly Element[] = [
  packNumber,
  { ...word, name: 'voltage', ...volt10, meaning: 'Voltage.' },
  { ...word, name: 'current', ...ampere10From3000, meaning: 'Current.' },
  ...cells('cellCount'),
];

export const cellVoltages: readonly Element[] = [
  { ...count, name: 'packCount', rawMax: 50, meaning: 'Packs that follow.' },
  { kind: 'records', name: 'packs', countName: 'packCount', entry: cellVoltagesPack },
];

const temperaturesPack: readonly Element[] = [packNumber, ...probes('probeCount', 'temps', 1)];

export const packTemperatures: readonly Element[] = [
  { ...count, name: 'subsystemCount', rawMax: 50, meaning: 'Packs that follow.' },
  { kind: 'records', name: 'subsystems', countName: 'subsystemCount', entry: temperaturesPack },
];

const kilopascal = { unit: 'kPa', divisor: 10, rawOffset: -1000, rawMax: 5000 };

const stack: readonly Element[] = [
  { ...plainNumber, name: 'no', meaning: 'Sequence number of the stack.' },
  { ...word, name: 'voltage', ...volt10, rawMax: 20000, meaning: 'Voltage.' },
  { ...word, name: 'current', unit: 'A', divisor: 10, rawMax: 20000, meaning: 'Current.' },
  { ...word, name: 'hydrogenInletPressure', ...kilopascal, meaning: 'Hydrogen at the inlet.' },
  { ...word, name: 'airInletPressure', ...kilopascal, meaning: 'Air at the inlet.' },
  { ...byte, name: 'airInletTemp', ...celsius, meaning: 'Air at the inlet.' },
  ...probes('coolantProbeCount', 'coolantTemps', 0),
];

export const stacks: readonly Element[] = [
  { ...count, name: 'count', ...numbered, meaning: 'Stacks that follow.' },
  { kind: 'records', name: 'stacks', countName: 'count', entry: stack },
];

export const superCapacitor: readonly Element[] = [
  { ...byte, name: 'systemNo', ...numbered, meaning: 'Number of the system.' },
  { ...word, name: 'voltage', ...volt10, rawMax: 10000, meaning: 'Voltage.' },
  { ...word, name: 'current', ...ampere10From3000, meaning: 'Current.' },
  ...cells('cellCount'),
  ...probes('probeCount', 'temps', 1),
];

export const superCapacitorExtremes: readonly Element[] = [
  ...extreme('maxVoltage', 'Cell', { ...word, ...volt1000, meaning: 'Highest cell voltage.' }),
  ...extreme('minVoltage', 'Cell', { ...word, ...volt1000, meaning: 'Lowest cell voltage.' }),
  ...extreme('maxTemp', 'Probe', { ...byte, ...celsius, meaning: 'Highest temperature.' }),
  ...extreme('minTemp', 'Probe', { ...byte, ...celsius, meaning: 'Lowest temperature.' }),
];

/** A row of the 2016 edition, changed where the 2025 edition does. */
function kept(
  elements: readonly Element[],
  name: string,
  changed: Partial<ScalarField> = {},
): ScalarField {
  const row = elements.find((element) => element.name === name);
  if (row?.kind !== 'scalar') throw new Error(`no scalar ${name} in the table of 2016`);
  return { ...row, ...changed };
}

function cells(countName: string): readonly Element[] {
  return [
    {
      ...count,
      size: 2,
      name: countName,
      rawMin: 1,
      rawMax: 65531,
      meaning: 'Smallest parallel units that follow.',
    },
    {
      kind: 'values',
      name: 'cellVoltages',
      countName,
      element: { ...word, ...volt1000, meaning: 'Voltage of a smallest parallel unit.' },
    },
  ];
}

function probes(countName: string, name: string, rawMin: number): readonly Element[] {
  return [
    { ...count, size: 2, name: countName, rawMin, rawMax: 65531, meaning: 'Probes that follow.' },
    {
      kind: 'values',
      name,
      countName,
      element: { ...byte, ...celsius, meaning: 'Temperature at a probe.' },
    },
  ];
}

/** Where an extreme value was measured, and the value. */
function extreme(name: string, place: string, value: ScalarField): readonly Element[] {
  return [
    { ...byte, name: `${name}System`, ...numbered, meaning: 'System where it was measured.' },
    {
      ...word,
      name: `${name}${place}`,
      rawMin: 1,
      sentinels: 'assumed',
      meaning: 'Where in the system it was measured.',
    },
    { ...value, name },
  ];
}
