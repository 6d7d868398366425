// GB/T 32960.3-2016: the rows of the item bodies, an array per item type, in order of the bytes.

import { byte, count, dword, type Element, type ScalarField, word } from './layout.ts';

const percent = { unit: '%', rawMax: 100 };
const celsius = { unit: 'degC', rawOffset: -40, rawMax: 250 };
const volt10 = { unit: 'V', divisor: 10 };
const volt1000 = { unit: 'V', divisor: 1000 };
// Tables 9, 11 and B.6: -1000 A. The 2025 edition moved it to -3000 A.
const ampere10From1000 = { unit: 'A', divisor: 10, rawOffset: -10000, rawMax: 20000 };
const numbered = { rawMin: 1, rawMax: 250 };
const plainNumber: ScalarField = { ...byte, role: 'plain', sentinels: 'none', ...numbered };

const dcdcNames = { 1: 'working', 2: 'disconnected' };

export const vehicle: readonly Element[] = [
  {
    ...byte,
    name: 'vehicleStatus',
    ...enumeration({ 1: 'started', 2: 'off', 3: 'other' }),
    meaning: 'Whether the vehicle is started.',
  },
  {
    ...byte,
    name: 'chargeStatus',
    ...enumeration({
      1: 'parked_charging',
      2: 'driving_charging',
      3: 'not_charging',
      4: 'charge_complete',
    }),
    meaning: 'Whether the battery is being charged.',
  },
  {
    ...byte,
    name: 'runMode',
    ...enumeration({ 1: 'electric', 2: 'hybrid', 3: 'fuel' }),
    meaning: 'What drives the vehicle.',
  },
  { ...word, name: 'speed', rawMax: 2200, divisor: 10, unit: 'km/h', meaning: 'Speed.' },
  { ...dword, name: 'mileage', rawMax: 9999999, divisor: 10, unit: 'km', meaning: 'Odometer.' },
  { ...word, name: 'totalVoltage', rawMax: 10000, ...volt10, meaning: 'Total voltage.' },
  // The standard is silent on the sign; in captured frames discharge is positive.
  { ...word, name: 'totalCurrent', ...ampere10From1000, meaning: 'Total current.' },
  { ...byte, name: 'soc', ...percent, meaning: 'State of charge.' },
  { ...byte, name: 'dcdcStatus', ...enumeration(dcdcNames), meaning: 'DC-DC converter.' },
  // Table A.1: a bit field, so 0xFE and 0xFF are values like any other.
  { ...byte, name: 'gear', role: 'gear', sentinels: 'none', rawMax: 0xff, meaning: 'Gear.' },
  {
    ...word,
    name: 'insulationResistance',
    rawMax: 60000,
    unit: 'kOhm',
    sentinels: 'assumed',
    meaning: 'Insulation resistance.',
  },
  // Table B.4; the main text has two reserved bytes here, which then read as pedals at rest.
  { ...byte, name: 'acceleratorPedal', ...percent, meaning: 'Accelerator pedal travel.' },
  {
    ...byte,
    name: 'brakePedal',
    ...percent,
    rawMax: 101,
    meaning: 'Brake pedal travel; 101 means braking with unknown travel.',
  },
];

export const motor: readonly Element[] = [
  { ...plainNumber, name: 'no', rawMax: 253, meaning: 'Sequence number of the motor.' },
  {
    ...byte,
    name: 'status',
    ...enumeration({ 1: 'consuming', 2: 'generating', 3: 'off', 4: 'ready' }),
    meaning: 'What the motor does.',
  },
  { ...byte, name: 'controllerTemp', ...celsius, meaning: 'Temperature of the controller.' },
  { ...word, name: 'speed', rawOffset: -20000, unit: 'r/min', meaning: 'Speed of the rotor.' },
  // Table 11 prints "offset 20000" in raw steps of 0.1 N.m, which is 2000 N.m.
  { ...word, name: 'torque', rawOffset: -20000, divisor: 10, unit: 'N.m', meaning: 'Torque.' },
  { ...byte, name: 'motorTemp', ...celsius, meaning: 'Temperature of the motor.' },
  { ...word, name: 'controllerInputVoltage', ...volt10, rawMax: 60000, meaning: 'Input voltage.' },
  { ...word, name: 'controllerDcBusCurrent', ...ampere10From1000, meaning: 'DC bus current.' },
];

export const motors: readonly Element[] = [
  { ...count, name: 'count', rawMin: 1, sentinels: 'assumed', meaning: 'Motors that follow.' },
  { kind: 'records', name: 'motors', countName: 'count', entry: motor },
];

const sensor = { rawMin: 1, rawMax: 252 };
const probeTemp: ScalarField = { ...byte, ...celsius, rawMax: 240, sentinels: 'assumed' };

export const fuelCell: readonly Element[] = [
  { ...word, name: 'voltage', rawMax: 20000, ...volt10, meaning: 'Voltage.' },
  { ...word, name: 'current', rawMax: 20000, divisor: 10, unit: 'A', meaning: 'Current.' },
  {
    ...word,
    name: 'fuelConsumption',
    rawMax: 60000,
    divisor: 100,
    unit: 'kg/100km',
    meaning: 'Consumption of fuel.',
  },
  { ...count, size: 2, name: 'probeCount', rawMax: 65531, meaning: 'Probes that follow.' },
  {
    kind: 'values',
    name: 'probeTemps',
    countName: 'probeCount',
    element: { ...probeTemp, meaning: 'Temperature at a probe.' },
  },
  {
    ...word,
    name: 'hydrogenMaxTemp',
    rawMax: 2400,
    rawOffset: -400,
    divisor: 10,
    unit: 'degC',
    meaning: 'Highest temperature in the hydrogen system.',
  },
  { ...byte, name: 'hydrogenMaxTempProbe', ...sensor, meaning: 'Probe that measured it.' },
  {
    ...word,
    name: 'hydrogenMaxConcentration',
    rawMax: 60000,
    unit: 'mg/kg',
    meaning: 'Highest concentration of hydrogen.',
  },
  { ...byte, name: 'hydrogenMaxConcentrationSensor', ...sensor, meaning: 'Its sensor.' },
  {
    ...word,
    name: 'hydrogenMaxPressure',
    rawMax: 1000,
    divisor: 10,
    unit: 'MPa',
    sentinels: 'assumed',
    meaning: 'Highest pressure of hydrogen.',
  },
  { ...byte, name: 'hydrogenMaxPressureSensor', ...sensor, meaning: 'Its sensor.' },
  { ...byte, name: 'hvDcdcStatus', ...enumeration(dcdcNames), meaning: 'High-voltage DC-DC.' },
];

export const engine: readonly Element[] = [
  { ...byte, name: 'status', ...enumeration({ 1: 'on', 2: 'off' }), meaning: 'Engine.' },
  { ...word, name: 'crankshaftSpeed', rawMax: 60000, unit: 'r/min', meaning: 'Crankshaft.' },
  {
    ...word,
    name: 'fuelConsumption',
    rawMax: 60000,
    divisor: 100,
    unit: 'L/100km',
    meaning: 'Consumption of fuel.',
  },
];

const degree = { divisor: 1_000_000, unit: 'degree', sentinels: 'assumed' } as const;

export const position: readonly Element[] = [
  {
    ...byte,
    name: 'status',
    role: 'positionStatus',
    sentinels: 'none',
    rawMax: 0xff,
    meaning: 'Whether there is a fix, and the hemispheres.',
  },
  { ...dword, name: 'longitude', rawMax: 180_000_000, ...degree, signBit: 2, meaning: 'East.' },
  { ...dword, name: 'latitude', rawMax: 90_000_000, ...degree, signBit: 1, meaning: 'North.' },
];

const cellVolt = { ...volt1000, rawMax: 15000 };

export const extremes: readonly Element[] = [
  { ...byte, name: 'maxCellVoltageSubsystem', ...numbered, meaning: 'Where it was measured.' },
  { ...byte, name: 'maxCellVoltageCell', ...numbered, meaning: 'Where it was measured.' },
  { ...word, name: 'maxCellVoltage', ...cellVolt, meaning: 'Highest voltage of a cell.' },
  { ...byte, name: 'minCellVoltageSubsystem', ...numbered, meaning: 'Where it was measured.' },
  { ...byte, name: 'minCellVoltageCell', ...numbered, meaning: 'Where it was measured.' },
  { ...word, name: 'minCellVoltage', ...cellVolt, meaning: 'Lowest voltage of a cell.' },
  { ...byte, name: 'maxTempSubsystem', ...numbered, meaning: 'Where it was measured.' },
  { ...byte, name: 'maxTempProbe', ...numbered, meaning: 'Where it was measured.' },
  { ...byte, name: 'maxTemp', ...celsius, meaning: 'Highest temperature.' },
  { ...byte, name: 'minTempSubsystem', ...numbered, meaning: 'Where it was measured.' },
  { ...byte, name: 'minTempProbe', ...numbered, meaning: 'Where it was measured.' },
  { ...byte, name: 'minTemp', ...celsius, meaning: 'Lowest temperature.' },
];

/** One of the four lists of fault codes of an alarm item: a count, then codes of the maker. */
function faults(kind: string, meaning: string): readonly Element[] {
  const countName = `${kind}FaultCount`;
  return [
    { ...count, name: countName, rawMax: 252, meaning: `Fault codes that follow: ${meaning}.` },
    {
      kind: 'values',
      name: `${kind}Faults`,
      countName,
      element: { ...dword, role: 'code', sentinels: 'none', meaning: 'Code of the maker.' },
    },
  ];
}

export const alarm: readonly Element[] = [
  { ...byte, name: 'maxLevel', rawMax: 3, meaning: 'Highest level; 3 means: stop at once.' },
  {
    ...dword,
    name: 'generalFlags',
    role: 'flags',
    sentinels: 'none',
    rawMax: 0xffff_ffff,
    meaning: 'General alarms.',
  },
  ...faults('ress', 'energy storage'),
  ...faults('motor', 'drive motors'),
  ...faults('engine', 'engine'),
  ...faults('other', 'others'),
];

const voltageSubsystem: readonly Element[] = [
  { ...plainNumber, name: 'no', meaning: 'Number of the subsystem.' },
  { ...word, name: 'voltage', rawMax: 10000, ...volt10, meaning: 'Voltage.' },
  { ...word, name: 'current', ...ampere10From1000, meaning: 'Current.' },
  { ...word, name: 'cellTotal', rawMin: 1, meaning: 'Cells of the subsystem.' },
  {
    ...word,
    name: 'frameStartCell',
    role: 'plain',
    sentinels: 'none',
    rawMin: 1,
    meaning: 'Number of the first cell in this frame.',
  },
  {
    ...count,
    name: 'frameCellCount',
    rawMin: 1,
    rawMax: 200,
    sentinels: 'assumed',
    meaning: 'Cells that follow in this frame.',
  },
  {
    kind: 'values',
    name: 'cellVoltages',
    countName: 'frameCellCount',
    element: { ...word, ...volt1000, rawMax: 60000, meaning: 'Voltage of a cell.' },
  },
];

const subsystemCount: ScalarField = {
  ...count,
  name: 'subsystemCount',
  ...numbered,
  meaning: 'Subsystems that follow.',
};

export const voltages: readonly Element[] = [
  subsystemCount,
  {
    kind: 'records',
    name: 'subsystems',
    countName: 'subsystemCount',
    entry: voltageSubsystem,
  },
];

const temperatureSubsystem: readonly Element[] = [
  { ...plainNumber, name: 'no', meaning: 'Number of the subsystem.' },
  {
    ...count,
    size: 2,
    name: 'probeCount',
    rawMin: 1,
    rawMax: 65531,
    meaning: 'Probes that follow.',
  },
  {
    kind: 'values',
    name: 'temps',
    countName: 'probeCount',
    element: { ...byte, ...celsius, meaning: 'Temperature at a probe.' },
  },
];

export const temperatures: readonly Element[] = [
  subsystemCount,
  {
    kind: 'records',
    name: 'subsystems',
    countName: 'subsystemCount',
    entry: temperatureSubsystem,
  },
];

/** Raw values 1..n with a name each. */
function enumeration(names: Readonly<Record<number, string>>) {
  return { role: 'enum', names, rawMin: 1, rawMax: Object.keys(names).length } as const;
}
