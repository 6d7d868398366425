// GB/T 32960.3-2016 as a table: the one truth of this edition for decoding, encoding, units,
// descriptions and documents. A row says what is on the wire and what the integer means.

import {
  type BodyLayout,
  byte,
  type CommandLayout,
  count,
  type Element,
  type ItemLayout,
  type ScalarField,
  word,
} from './layout.ts';
import {
  alarm,
  engine,
  extremes,
  fuelCell,
  motors,
  position,
  temperatures,
  vehicle,
  voltages,
} from './layout-2016-items.ts';

/** Item types with a layout (tables 8 and B.3), in the order of their type bytes. */
export const items2016: readonly ItemLayout[] = [
  {
    type: 0x01,
    kind: 'vehicle',
    name: 'vehicle',
    meaning: 'The vehicle as a whole.',
    clause: 'tables 9 and B.4',
    elements: vehicle,
  },
  {
    type: 0x02,
    kind: 'motors',
    name: 'driveMotor',
    meaning: 'Drive motors.',
    clause: 'tables 10 and 11',
    elements: motors,
  },
  {
    type: 0x03,
    kind: 'fuelCell',
    name: 'fuelCell',
    meaning: 'Fuel cell.',
    clause: 'table 12',
    elements: fuelCell,
  },
  {
    type: 0x04,
    kind: 'engine',
    name: 'engine',
    meaning: 'Combustion engine.',
    clause: 'table 13',
    elements: engine,
  },
  {
    type: 0x05,
    kind: 'position',
    name: 'position',
    meaning: 'Where the vehicle is.',
    clause: 'tables 14 and 15',
    elements: position,
  },
  {
    type: 0x06,
    kind: 'extremes',
    name: 'extremes',
    meaning: 'Highest and lowest cell voltage and temperature.',
    clause: 'table 16',
    elements: extremes,
  },
  {
    type: 0x07,
    kind: 'alarm',
    name: 'alarm',
    meaning: 'Alarms and fault codes.',
    clause: 'tables 17 and 18',
    elements: alarm,
  },
  {
    type: 0x08,
    kind: 'voltages',
    name: 'ressVoltage',
    meaning: 'Voltages of the energy storage subsystems.',
    clause: 'tables B.5 and B.6',
    elements: voltages,
  },
  {
    type: 0x09,
    kind: 'temperatures',
    name: 'ressTemperature',
    meaning: 'Temperatures of the energy storage subsystems.',
    clause: 'tables B.7 and B.8',
    elements: temperatures,
  },
];

/** Table 19: types from here to `customTypeMax` are a WORD length and that many bytes. */
export const customTypeMin = 0x80;
export const customTypeMax = 0xfe;

const serial: ScalarField = {
  ...word,
  role: 'plain',
  sentinels: 'none',
  rawMin: 1,
  meaning: 'Serial of the login, restarts each day.',
};
const time: Element = { kind: 'time', name: 'time', meaning: 'Beijing time.' };

/**
 * Commands whose data unit is a fixed sequence. Reports are a time and items, settings and the
 * answer to a query a time and parameters instead.
 */
export const bodies2016: readonly BodyLayout[] = [
  {
    command: 0x01,
    kind: 'login',
    clause: 'table 6',
    elements: [
      time,
      { ...serial, name: 'loginSeq' },
      { kind: 'text', name: 'iccid', size: 20, pad: 0x00, meaning: 'ICCID of the SIM card.' },
      {
        ...count,
        name: 'ressCount',
        rawMax: 250,
        sentinels: 'assumed',
        meaning: 'Rechargeable energy storage subsystems.',
      },
      {
        ...count,
        name: 'ressCodeLength',
        rawMax: 50,
        sentinels: 'assumed',
        meaning: 'Bytes of one subsystem code; 0 means that no codes are sent.',
      },
      {
        kind: 'texts',
        name: 'ressCodes',
        countName: 'ressCount',
        sizeName: 'ressCodeLength',
        meaning: 'Codes of the subsystems.',
      },
    ],
  },
  {
    command: 0x04,
    kind: 'logout',
    clause: 'table 20',
    elements: [time, { ...serial, name: 'seq' }],
  },
  {
    command: 0x05,
    kind: 'platformLogin',
    clause: 'table 21',
    elements: [
      time,
      { ...serial, name: 'seq' },
      { kind: 'text', name: 'username', size: 12, pad: 0x00, meaning: 'Name of the platform.' },
      { kind: 'text', name: 'password', size: 20, pad: 0x00, meaning: 'Password of the platform.' },
      {
        ...byte,
        role: 'plain',
        name: 'encryption',
        sentinels: 'none',
        rawMax: 0xff,
        meaning: 'Encryption rule, as in the header.',
      },
    ],
  },
  {
    command: 0x06,
    kind: 'platformLogout',
    clause: 'table 22',
    elements: [time, { ...serial, name: 'seq' }],
  },
  {
    command: 0x80,
    kind: 'parameterQuery',
    clause: 'tables B.9 to B.17',
    elements: [
      time,
      { ...count, name: 'count', rawMax: 252, meaning: 'Parameters that are asked for.' },
      {
        kind: 'values',
        name: 'paramIds',
        countName: 'count',
        element: { ...byte, role: 'plain', sentinels: 'none', rawMax: 0xff, meaning: 'Their ids.' },
      },
    ],
  },
  {
    command: 0x82,
    kind: 'control',
    clause: 'tables B.9 to B.17',
    elements: [
      time,
      {
        ...byte,
        role: 'plain',
        name: 'commandId',
        sentinels: 'none',
        rawMax: 0xff,
        meaning: 'What the terminal is to do.',
      },
      { kind: 'rest', name: 'args', meaning: 'Arguments: the business of each command.' },
    ],
  },
];

/** Tables 3 and B.2. Every other command is reserved or custom and has no layout. */
export const commands2016: readonly CommandLayout[] = [
  command(0x01, 'login', 'Vehicle login.'),
  command(0x02, 'realtime', 'Realtime report.'),
  command(0x03, 'reissue', 'Report that was stored and is sent later.'),
  command(0x04, 'logout', 'Vehicle logout.'),
  command(0x05, 'platform_login', 'Platform login.'),
  command(0x06, 'platform_logout', 'Platform logout.'),
  command(0x07, 'heartbeat', 'Heartbeat.'),
  command(0x08, 'time_sync', 'Terminal asks for the time.'),
  { ...command(0x80, 'parameter_query', 'Parameters are asked for.'), direction: 'down' },
  { ...command(0x81, 'parameter_setting', 'Parameters are set.'), direction: 'down' },
  { ...command(0x82, 'control', 'Terminal is told to act.'), direction: 'down' },
];

/** Table 18: names of the general alarms, bit 0 first. Bits 19..31 are reserved. */
export const alarmBitNames2016: readonly string[] = [
  'temperature_difference',
  'battery_high_temperature',
  'ress_type_overvoltage',
  'ress_type_undervoltage',
  'soc_low',
  'cell_overvoltage',
  'cell_undervoltage',
  'soc_high',
  'soc_jump',
  'ress_mismatch',
  'cell_poor_consistency',
  'insulation',
  'dcdc_temperature',
  'brake_system',
  'dcdc_status',
  'motor_controller_temperature',
  'hv_interlock',
  'motor_temperature',
  'ress_type_overcharge',
];

/** Table A.1: names of bits 3..0 of the gear byte. */
export const gearNames: readonly string[] = [
  'N',
  ...Array.from({ length: 12 }, (_, index) => `${index + 1}`),
  'R',
  'D',
  'P',
];

/** Table A.1: masks of the gear byte. */
export const gearMask = 0x0f;
export const brakeForceMask = 0x10;
export const driveForceMask = 0x20;
/** 2025 only; reserved in 2016. */
export const gearInvalidMask = 0x80;

/** Table 15: masks of the position status. A set bit means no fix, south, west. */
export const noFixMask = 0x01;
export const southMask = 0x02;
export const westMask = 0x04;

function command(id: number, name: string, meaning: string): CommandLayout {
  return { command: id, name, meaning, direction: 'up', clause: 'tables 3 and B.2' };
}
