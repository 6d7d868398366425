// JT/T 808 tables 23 to 32: the location of 0x0200, the names of its bits and its extra items. The
// bits of alarms and status are told apart by edition.

import { byte, bytes, choice, dword, type Edition, type Element, word } from './layout.ts';

/** Bytes of the basic part, which extra items may follow. */
export const basicSize = 28;

export const southMask = 1 << 2;
export const westMask = 1 << 3;
export const positionedMask = 1 << 1;
export const encryptedMask = 1 << 5;
/** Bits 8 and 9: 0 empty, 1 half, 2 reserved, 3 full. */
export const loadShift = 8;
export const loadNames = ['empty', 'half', 'reserved', 'full'] as const;

/** Bit 0 first. A suffix marks a bit of one edition only. */
export const alarmBits: readonly string[] = [
  'emergency',
  'overspeed',
  'fatigue_driving',
  'danger_warning',
  'gnss_module_fault',
  'gnss_antenna_open',
  'gnss_antenna_short',
  'main_power_undervoltage',
  'main_power_off',
  'display_fault',
  'tts_fault',
  'camera_fault',
  'ic_card_module_fault',
  'overspeed_prewarning',
  'fatigue_prewarning',
  'illegal_driving_2019',
  'tire_pressure_prewarning_2019',
  'right_turn_blind_area_2019',
  'daily_driving_timeout',
  'parking_timeout',
  'area_in_out',
  'route_in_out',
  'section_time',
  'route_deviation',
  'vss_fault',
  'fuel_abnormal',
  'vehicle_stolen',
  'illegal_ignition',
  'illegal_displacement',
  'collision_warning',
  'rollover_warning',
  'illegal_door_open_2013',
];

/** Bits 8 and 9 are the load, a number; an empty name is not listed. */
export const statusBits: readonly string[] = [
  'acc_on',
  'positioned',
  'south',
  'west',
  'out_of_service',
  'coords_encrypted',
  'forward_collision_2019',
  'lane_departure_2019',
  '',
  '',
  'oil_cut',
  'circuit_cut',
  'door_locked',
  'door1_open',
  'door2_open',
  'door3_open',
  'door4_open',
  'door5_open',
  'gps_used',
  'beidou_used',
  'glonass_used',
  'galileo_used',
  'vehicle_moving_2019',
];

export const signalBits: readonly string[] = [
  'low_beam',
  'high_beam',
  'right_turn',
  'left_turn',
  'brake',
  'reverse',
  'fog_light',
  'side_marker',
  'horn',
  'air_conditioner',
  'neutral',
  'retarder',
  'abs',
  'heater',
  'clutch',
];

export const ioBits: readonly string[] = ['deep_sleep', 'sleep'];

/**
 * Names of the bits as an edition knows them: without its suffix where the edition has the bit,
 * `reserved_bit_N` where it has not.
 */
export function bitsOfEdition(bits: readonly string[], edition: Edition): readonly string[] {
  return bits.map((name, bit) => {
    const suffix = /_(2013|2019)$/.exec(name);
    if (suffix === null) return name === '' ? `reserved_bit_${bit}` : name;
    return suffix[1] === edition ? name.slice(0, suffix.index) : `reserved_bit_${bit}`;
  });
}

const degree = { divisor: 1_000_000, unit: 'degree' } as const;

export const locationElements: readonly Element[] = [
  dword('alarm', 'Alarm flags.', { role: 'flags', bits: alarmBits }),
  dword('status', 'State of vehicle and fix.', { role: 'flags', bits: statusBits }),
  dword('latitude', 'Magnitude; status bit 2 means south.', {
    ...degree,
    rawMax: 90_000_000,
    signBit: 2,
  }),
  dword('longitude', 'Magnitude; status bit 3 means west.', {
    ...degree,
    rawMax: 180_000_000,
    signBit: 3,
  }),
  word('altitude', 'Above sea level; below is not defined.', { unit: 'm' }),
  word('speed', 'By the positioning module.', { divisor: 10, unit: 'km/h' }),
  word('direction', 'North is 0, clockwise.', { unit: 'degree', rawMax: 359 }),
  { kind: 'time', name: 'time', meaning: 'BCD, GMT+8.' },
];

export interface ExtraLayout {
  readonly id: number;
  readonly name: string;
  /** The item is known with these lengths only; with any other it is bytes. */
  readonly lengths: readonly number[];
  readonly meaning: string;
  readonly clause: string;
  readonly elements: readonly Element[];
}

export const locationClause = 'JT/T 808-2013 8.18';
const videoClause = 'JT/T 1078-2016';
const areaTypes = { 0: 'none', 1: 'circle', 2: 'rectangle', 3: 'polygon', 4: 'section' };

const videoAlarms = [
  'video_signal_lost',
  'video_signal_blocked',
  'storage_fault',
  'other_video_fault',
  'bus_overloaded',
  'abnormal_driving',
  'special_recording_full',
];
const channels = Array.from({ length: 32 }, (_, at) => `channel_${at + 1}`);
const storages = Array.from({ length: 16 }, (_, at) =>
  at < 12 ? `main_${at + 1}` : `backup_${at - 11}`,
);
const behaviours = [
  ...['fatigue', 'phone_call', 'smoking', '', '', '', '', '', '', '', ''],
  ...['custom_11', 'custom_12', 'custom_13', 'custom_14', 'custom_15'],
];

export const extraLayouts: readonly ExtraLayout[] = [
  extra(0x01, 'mileage', 4, 'Odometer.', [
    dword('mileage', 'As the odometer shows it.', { divisor: 10, unit: 'km' }),
  ]),
  extra(0x02, 'fuel', 2, 'Fuel in the tank.', [
    word('fuel', 'As the gauge shows it.', { divisor: 10, unit: 'L' }),
  ]),
  extra(0x03, 'recorder_speed', 2, 'Speed by the recorder.', [
    word('recorderSpeed', 'From the wheels.', { divisor: 10, unit: 'km/h' }),
  ]),
  extra(0x04, 'alarm_event', 2, 'An alarm to confirm by hand.', [
    word('alarmEventId', 'From 1.', { rawMin: 1 }),
  ]),
  extra(0x05, 'tire_pressure', 30, '2019: pressure of each tyre; unit in doubt.', [
    bytes('tirePressures', 30, 'A byte each, front left first; 0xFF is none.'),
  ]),
  extra(0x06, 'carriage_temperature', 2, '2019: temperature of the carriage.', [
    word('carriageTemperature', 'The top bit is the minus sign.', {
      role: 'signMagnitude',
      unit: 'degC',
    }),
  ]),
  {
    ...extra(0x11, 'overspeed', 1, 'Where the limit was exceeded.', [
      choice('areaType', areaTypes, 'What has the limit.'),
      { kind: 'maybe', firm: null, elements: [dword('areaId', 'Unless there is none.')] },
    ]),
    lengths: [1, 5],
  },
  extra(0x12, 'area_crossing', 6, 'In or out of an area or route.', [
    choice('areaType', { 1: 'circle', 2: 'rectangle', 3: 'polygon', 4: 'route' }, 'What it is.'),
    dword('areaId', 'Its id.'),
    choice('direction', { 0: 'in', 1: 'out' }, 'Which way.'),
  ]),
  extra(0x13, 'section_time', 7, 'Time on a section out of its limits.', [
    dword('sectionId', 'Id of the section.'),
    word('seconds', 'Time on it.', { unit: 's' }),
    choice('result', { 0: 'too_short', 1: 'too_long' }, 'Against its limits.'),
  ]),
  video(0x14, 'video_alarms', 'Alarms of the cameras.', [
    dword('videoAlarms', 'Since the last report.', { role: 'flags', bits: videoAlarms }),
  ]),
  video(0x15, 'video_lost', 'Channels whose signal is lost.', [
    dword('videoLost', 'A bit each.', { role: 'flags', bits: channels }),
  ]),
  video(0x16, 'video_blocked', 'Channels whose lens is covered.', [
    dword('videoBlocked', 'A bit each.', { role: 'flags', bits: channels }),
  ]),
  video(0x17, 'storage_fault', 'Storage that is broken.', [
    word('storageFault', 'A bit each.', { role: 'flags', bits: storages }),
  ]),
  video(0x18, 'driving_behaviour', 'What the driver does; the table prints 2 bytes.', [
    word('drivingBehaviour', 'A bit each.', { role: 'flags', bits: behaviours }),
    byte('fatigueDegree', 'How tired.', { rawMax: 100, unit: '%' }),
  ]),
  extra(0x25, 'signals', 4, 'Lamps and switches.', [
    dword('signals', 'A bit each.', { role: 'flags', bits: signalBits }),
  ]),
  extra(0x2a, 'io', 2, 'State of the terminal.', [
    word('io', 'A bit each.', { role: 'flags', bits: ioBits }),
  ]),
  extra(0x2b, 'analog', 4, 'Two analog inputs; the second comes first.', [
    word('analog1', 'Bits 16 to 31.'),
    word('analog0', 'Bits 0 to 15.'),
  ]),
  extra(0x30, 'signal_strength', 1, 'Of the radio.', [byte('signalStrength', 'As it is.')]),
  extra(0x31, 'satellites', 1, 'In use.', [byte('satellites', 'How many.')]),
];

function extra(
  id: number,
  name: string,
  length: number,
  meaning: string,
  elements: readonly Element[],
): ExtraLayout {
  return { id, name, lengths: [length], meaning, clause: locationClause, elements };
}

function video(
  id: number,
  name: string,
  meaning: string,
  elements: readonly Element[],
): ExtraLayout {
  const length = id === 0x17 ? 2 : id === 0x18 ? 3 : 4;
  return { id, name, lengths: [length], meaning, clause: videoClause, elements };
}

/** By id; looked up for every item that is sent. */
const extrasById: readonly (ExtraLayout | null)[] = Array.from(
  { length: 256 },
  (_, id) => extraLayouts.find((layout) => layout.id === id) ?? null,
);

/** Null for an id without layout, and for a known one of another length. */
export function extraLayout(id: number, length: number): ExtraLayout | null {
  const layout = extrasById[id] ?? null;
  return layout?.lengths.includes(length) ? layout : null;
}
