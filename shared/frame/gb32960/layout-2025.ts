// GB/T 32960.3-2025 as a table: the one truth of this edition for decoding, encoding, units,
// descriptions and documents. What it does not change is that of the 2016 edition.

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
import { alarmBitNames2016, bodies2016, commands2016 } from './layout-2016.ts';
import {
  alarm,
  cellVoltages,
  engine,
  fuelCellEngine,
  motors,
  packTemperatures,
  position,
  stacks,
  superCapacitor,
  superCapacitorExtremes,
  vehicle,
} from './layout-2025-items.ts';

/**
 * Item types with a layout (table 9), in the order of their type bytes. 0x03, 0x06, 0x07 and 0x08
 * mean something else than in the 2016 edition.
 */
export const items2025: readonly ItemLayout[] = [
  item(0x01, 'vehicle2025', 'vehicle', {
    meaning: 'The vehicle as a whole.',
    elements: vehicle,
  }),
  item(0x02, 'motors2025', 'driveMotor', {
    meaning: 'Drive motors.',
    elements: motors,
  }),
  item(0x03, 'fuelCellEngine', 'fuelCellEngine', {
    meaning: 'Fuel cell engine and hydrogen system.',
    elements: fuelCellEngine,
  }),
  item(0x04, 'engine2025', 'engine', {
    meaning: 'Combustion engine.',
    elements: engine,
  }),
  item(0x05, 'position2025', 'position', {
    meaning: 'Where the vehicle is.',
    elements: position,
  }),
  item(0x06, 'alarm2025', 'alarm', {
    meaning: 'Alarms and fault codes.',
    elements: alarm,
  }),
  item(0x07, 'cellVoltages', 'ressVoltage', {
    meaning: 'Voltages of the battery packs and their cells.',
    elements: cellVoltages,
  }),
  item(0x08, 'packTemperatures', 'ressTemperature', {
    meaning: 'Temperatures of the battery packs.',
    elements: packTemperatures,
  }),
  item(0x30, 'stacks', 'fuelCellStack', {
    meaning: 'Fuel cell stacks.',
    elements: stacks,
  }),
  item(0x31, 'superCapacitor', 'superCapacitor', {
    meaning: 'Super capacitor.',
    elements: superCapacitor,
  }),
  item(0x32, 'superCapacitorExtremes', 'superCapacitorExtremes', {
    meaning: 'Highest and lowest cell voltage and temperature of the super capacitors.',
    elements: superCapacitorExtremes,
  }),
];

/** Table 7: where an item could begin, this byte begins the signature. */
export const signatureMarker = 0xff;

/** Table 8: the algorithm of a signature. */
export const signatureAlgorithm: ScalarField = {
  ...byte,
  name: 'algorithm',
  role: 'enum',
  names: { 1: 'SM2', 2: 'RSA', 3: 'ECC' },
  rawMin: 1,
  rawMax: 3,
  sentinels: 'none',
  meaning: 'How the report is signed.',
};

const newCommands = 'tables B.3, B.4 and 31';

const time: Element = { kind: 'time', name: 'time', meaning: 'Beijing time.' };

const login: BodyLayout = {
  command: 0x01,
  kind: 'login2025',
  clause: 'table 6',
  elements: [
    time,
    {
      ...word,
      name: 'loginSeq',
      role: 'plain',
      sentinels: 'none',
      rawMin: 1,
      meaning: 'Serial of the login, restarts each day.',
    },
    { kind: 'text', name: 'iccid', size: 20, pad: 0x00, meaning: 'ICCID of the SIM card.' },
    {
      ...count,
      name: 'bmsCount',
      rawMax: 20,
      sentinels: 'assumed',
      meaning: 'Battery management systems.',
    },
    {
      kind: 'values',
      name: 'packsPerBms',
      countName: 'bmsCount',
      element: {
        ...count,
        name: 'packsPerBms',
        rawMax: 50,
        sentinels: 'assumed',
        meaning: 'Battery packs of one management system.',
      },
    },
    {
      kind: 'textGroups',
      name: 'packCodes',
      countsName: 'packsPerBms',
      size: 24,
      meaning: 'Codes of the packs (GB/T 34014), system by system.',
    },
  ],
};

const activation: BodyLayout = {
  command: 0x09,
  kind: 'activation',
  clause: newCommands,
  elements: [
    time,
    { kind: 'text', name: 'chipId', size: 16, pad: 0x20, meaning: 'Id of the security chip.' },
    { kind: 'bytes', name: 'publicKey', meaning: 'Public key of the chip.' },
    { kind: 'text', name: 'vin', size: 17, pad: 0x00, meaning: 'VIN, inside the signed bytes.' },
    { kind: 'signature', name: 'signature', meaning: 'Over all bytes before it.' },
  ],
};

export const activationAnswer: BodyLayout = {
  command: 0x0a,
  kind: 'activationAnswer',
  clause: newCommands,
  elements: [
    {
      ...byte,
      name: 'activationStatus',
      role: 'enum',
      names: { 1: 'success', 2: 'failure' },
      rawMin: 1,
      rawMax: 2,
      sentinels: 'none',
      meaning: 'Whether the chip is activated.',
    },
    {
      ...byte,
      name: 'info',
      role: 'enum',
      names: { 0: 'success', 1: 'chip_already_activated', 2: 'vin_duplicate' },
      rawMax: 2,
      sentinels: 'none',
      meaning: 'Why.',
    },
  ],
};

const keyExchange: BodyLayout = {
  command: 0x0b,
  kind: 'keyExchange',
  clause: newCommands,
  elements: [
    {
      ...byte,
      name: 'keyType',
      role: 'plain',
      sentinels: 'none',
      rawMin: 2,
      rawMax: 5,
      meaning: 'Encryption as in the header: 2 RSA, 3 AES, 4 SM2, 5 SM4.',
    },
    { kind: 'bytes', name: 'key', meaning: 'The key.' },
    { kind: 'time', name: 'activeTime', meaning: 'Beijing time from which the key holds.' },
    { kind: 'time', name: 'expireTime', meaning: 'Beijing time until which the key holds.' },
  ],
};

/**
 * Commands whose data unit is a fixed sequence. Reports are a time, items and a signature, settings
 * and the answer to a query a time and parameters instead.
 */
export const bodies2025: readonly BodyLayout[] = [
  login,
  ...taken(bodies2016).filter(({ command }) => command !== login.command && command < 0x80),
  activation,
  activationAnswer,
  keyExchange,
  ...taken(bodies2016).filter(({ command }) => command >= 0x80),
];

/** Tables 3, B.3 and B.4. Every other command is reserved or custom and has no layout. */
export const commands2025: readonly CommandLayout[] = [
  ...taken(commands2016).filter(({ command }) => command < 0x80),
  added(0x09, 'activation', 'Chip of a vehicle asks to be activated.', 'up'),
  added(0x0a, 'activation_answer', 'Whether a chip was activated.', 'down'),
  added(0x0b, 'key_exchange', 'Key for the data units to come.', 'any'),
  ...taken(commands2016).filter(({ command }) => command >= 0x80),
];

/** Table 24: names of the general alarms, bit 0 first. Bits 28..31 are reserved. */
export const alarmBitNames2025: readonly string[] = [
  ...alarmBitNames2016,
  'motor_overspeed',
  'motor_overcurrent',
  'supercap_overtemperature',
  'supercap_overvoltage',
  'ress_thermal_event',
  'hydrogen_leak',
  'hydrogen_pressure',
  'hydrogen_temperature',
  'fuel_cell_stack_overtemperature',
];

/** As in the 2016 edition, whose tables are named: we do not know their numbers in this one. */
function taken<T extends { readonly command: number; readonly clause: string }>(
  layouts: readonly T[],
): readonly T[] {
  return layouts.map((layout) => {
    const clause = layout.command >= 0x80 ? 'tables B.5 to B.13' : `as 2016 ${layout.clause}`;
    return { ...layout, clause };
  });
}

function item(
  type: number,
  kind: string,
  name: string,
  rest: Pick<ItemLayout, 'meaning' | 'elements'>,
): ItemLayout {
  return { type, kind, name, clause: 'tables 9 to 26', ...rest };
}

function added(
  id: number,
  name: string,
  meaning: string,
  direction: CommandLayout['direction'],
): CommandLayout {
  return { command: id, name, meaning, direction, clause: newCommands };
}
