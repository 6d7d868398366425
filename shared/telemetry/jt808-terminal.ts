// What a JT/T 808 location says beside position and speed: flags by their names, and extra items,
// each in its field or kept as bytes.

import type { ExtraItem, Terminal } from '../avro/types.generated.ts';
import { editionOf } from '../frame/jt808/decode-frame.ts';
import { signedMagnitude } from '../frame/jt808/describe-location.ts';
import type { Extra, Jt808Frame, Location } from '../frame/jt808/frame.ts';
import { readDword, readWord } from '../frame/jt808/integers.ts';
import type { Edition } from '../frame/jt808/layout.ts';
import {
  alarmBits,
  bitsOfEdition,
  extraLayout,
  ioBits,
  loadNames,
  loadShift,
  signalBits,
  statusBits,
} from '../frame/jt808/layout-location.ts';
import { extraData } from '../frame/jt808/read-location.ts';
import { blankTerminal } from './blank-records.ts';
import { asBuffer } from './bytes.ts';
import type { Marks } from './field-states.ts';
import { bitNames } from './scale.ts';

/** A Terminal in the making: one object from the first item to the record. */
export type OpenTerminal = { -readonly [K in keyof Terminal]: Terminal[K] } & {
  extras: ExtraItem[];
};

const names = {
  '2013': namesOf('2013'),
  '2019': namesOf('2019'),
} as const;

function namesOf(edition: Edition) {
  return {
    alarm: bitsOfEdition(alarmBits, edition),
    status: bitsOfEdition(statusBits, edition),
  };
}

/** Bits 8 and 9 of the status are a number. */
const loadMask = 3 << loadShift;

export function toTerminal(frame: Jt808Frame, location: Location, marks: Marks): OpenTerminal {
  const { alarm, status, extrasFault } = location;
  const { alarm: alarmNames, status: statusNames } = names[editionOf(frame)];
  const terminal: OpenTerminal = { ...blankTerminal, extras: [] };
  terminal.messageId = frame.messageId;
  terminal.serial = frame.serial;
  terminal.alarmBits = bitNames(alarm, alarmNames);
  terminal.alarmRaw = alarm;
  terminal.statusBits = bitNames(status & ~loadMask, statusNames);
  terminal.statusRaw = status;
  terminal.load = loadNames[((status >>> loadShift) & 3) as 0 | 1 | 2 | 3];
  if (extrasFault !== null) terminal.extrasError = extrasFault.detail;
  readExtras(location, terminal, marks);
  return terminal;
}

/** The vehicle's odometer (extra item 0x01), which has its field there; null without one. */
export function odometerOf(location: Location): number | null {
  const extra = location.extras.find(({ id, length }) => id === 0x01 && length === 4);
  if (extra === undefined || !isWhole(location, extra)) return null;
  return readDword(location.bytes, extra.at) / 10;
}

/**
 * Every item in its field. A second copy, a known id of another length, an id without a field and
 * the item at which the walk broke are kept as bytes.
 */
function readExtras(location: Location, terminal: OpenTerminal, marks: Marks): void {
  // Ids with a field are below 64: a bit each, of two integers.
  let seenLow = 0;
  let seenHigh = 0;
  for (const extra of location.extras) {
    const { id } = extra;
    const bit = 1 << (id & 31);
    const isSeen = ((id < 32 ? seenLow : seenHigh) & bit) !== 0;
    if (isSeen || !isWhole(location, extra) || !take(location.bytes, extra, terminal)) {
      keep(location, extra, terminal);
    } else if (id < 32) {
      seenLow |= bit;
    } else {
      seenHigh |= bit;
    }
  }
  const { fatigueDegree } = terminal;
  if (fatigueDegree !== null && fatigueDegree > 100) {
    marks.push({ path: 'terminal.fatigueDegree', state: 'out_of_range', raw: fatigueDegree });
  }
}

/** All that it declares is there, and its length is the one of its table. */
function isWhole({ bytes }: Location, { id, length, at }: Extra): boolean {
  return at + length <= bytes.length && extraLayout(id, length) !== null;
}

function keep(location: Location, extra: Extra, { extras }: OpenTerminal): void {
  const { id, length } = extra;
  extras.push({ id, length, bytes: asBuffer(extraData(location, extra)) });
}

/** False for an item that has no field. */
function take(bytes: Uint8Array, extra: Extra, fields: OpenTerminal): boolean {
  const { id, length, at } = extra;
  switch (id) {
    case 0x01:
      // The vehicle's odometer: `odometerOf`.
      return true;
    case 0x02:
      fields.fuelL = readWord(bytes, at) / 10;
      return true;
    case 0x03:
      fields.recorderSpeedKmh = readWord(bytes, at) / 10;
      return true;
    case 0x04:
      fields.alarmEventId = readWord(bytes, at);
      return true;
    case 0x05:
      fields.tirePressuresRaw = asBuffer(bytes.subarray(at, at + length));
      return true;
    case 0x06:
      fields.carriageTemperatureC = signedMagnitude(readWord(bytes, at));
      return true;
    case 0x25:
      fields.signalRaw = readDword(bytes, at);
      fields.signalBits = bitNames(fields.signalRaw, signalBits);
      return true;
    case 0x2a:
      fields.ioRaw = readWord(bytes, at);
      fields.ioBits = bitNames(fields.ioRaw, ioBits);
      return true;
    case 0x2b:
      fields.analog1 = readWord(bytes, at);
      fields.analog0 = readWord(bytes, at + 2);
      return true;
    case 0x30:
      fields.signalStrength = bytes[at] as number;
      return true;
    case 0x31:
      fields.satellites = bytes[at] as number;
      return true;
    default:
      return takeSeldom(bytes, extra, fields);
  }
}

function takeSeldom(bytes: Uint8Array, { id, length, at }: Extra, fields: OpenTerminal): boolean {
  switch (id) {
    case 0x11: {
      const areaId = length === 1 ? null : readDword(bytes, at + 1);
      fields.overspeed = { areaType: bytes[at] as number, areaId };
      return true;
    }
    case 0x12: {
      const direction = nameOf(bytes[at + 5] as number, ['in', 'out']);
      const areaType = bytes[at] as number;
      fields.areaCrossing = { areaType, areaId: readDword(bytes, at + 1), direction };
      return true;
    }
    case 0x13: {
      const result = nameOf(bytes[at + 6] as number, ['too_short', 'too_long']);
      const seconds = readWord(bytes, at + 4);
      fields.sectionTime = { sectionId: readDword(bytes, at), seconds, result };
      return true;
    }
    case 0x14:
      fields.videoAlarmRaw = readDword(bytes, at);
      return true;
    case 0x15:
      fields.videoLostRaw = readDword(bytes, at);
      return true;
    case 0x16:
      fields.videoBlockedRaw = readDword(bytes, at);
      return true;
    case 0x17:
      fields.storageFaultRaw = readWord(bytes, at);
      return true;
    case 0x18:
      fields.drivingBehaviourRaw = readWord(bytes, at);
      fields.fatigueDegree = bytes[at + 2] as number;
      return true;
    default:
      return false;
  }
}

function nameOf(raw: number, known: readonly string[]): string {
  return known[raw] ?? `unknown_${raw}`;
}
