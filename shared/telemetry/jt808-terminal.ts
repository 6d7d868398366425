// What a JT/T 808 location says beside position and speed: flags by their names, and extra items,
// each in its field or kept as bytes.

import type { ExtraItem, Terminal } from '../avro/types.generated.ts';
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

/** Extra items by the fields of a Terminal, and the odometer, which is the vehicle's. */
export interface Extras {
  odometerKm: number | null;
  readonly fields: OpenTerminal;
}

type OpenTerminal = { -readonly [K in keyof Terminal]?: Terminal[K] } & {
  readonly extras: ExtraItem[];
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

export function toTerminal(
  frame: Jt808Frame,
  location: Location,
  { edition, extras }: { readonly edition: Edition; readonly extras: Extras },
): Terminal {
  const { alarm, status, extrasFault } = location;
  return {
    ...blankTerminal,
    ...extras.fields,
    messageId: frame.messageId,
    serial: frame.serial,
    alarmBits: bitNames(alarm, names[edition].alarm),
    alarmRaw: alarm,
    statusBits: bitNames(status & ~loadMask, names[edition].status),
    statusRaw: status,
    load: loadNames[((status >>> loadShift) & 3) as 0 | 1 | 2 | 3],
    extrasError: extrasFault === null ? null : extrasFault.detail,
  };
}

/**
 * Every item in its field. A second copy, a known id of another length, an id without a field and
 * the item at which the walk broke are kept as bytes.
 */
export function readExtras(location: Location, marks: Marks): Extras {
  const read: Extras = { odometerKm: null, fields: { extras: [] } };
  let seen: Set<number> | null = null;
  for (const extra of location.extras) {
    seen ??= new Set();
    const isKnown = !seen.has(extra.id) && isWhole(location, extra) && take(location, extra, read);
    if (isKnown) seen.add(extra.id);
    else keep(location, extra, read);
  }
  const { fatigueDegree } = read.fields;
  if (typeof fatigueDegree === 'number' && fatigueDegree > 100) {
    marks.push({ path: 'terminal.fatigueDegree', state: 'out_of_range', raw: fatigueDegree });
  }
  return read;
}

/** All that it declares is there, and its length is the one of its table. */
function isWhole({ bytes }: Location, { id, length, at }: Extra): boolean {
  return at + length <= bytes.length && extraLayout(id, length) !== null;
}

function keep(location: Location, extra: Extra, { fields }: Extras): void {
  const { id, length } = extra;
  fields.extras.push({ id, length, bytes: asBuffer(extraData(location, extra)) });
}

/** False for an item that has no field. */
function take(location: Location, { id, length, at }: Extra, read: Extras): boolean {
  const { bytes } = location;
  const { fields } = read;
  switch (id) {
    case 0x01:
      read.odometerKm = readDword(bytes, at) / 10;
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
      return takeSeldom(bytes, { id, length, at }, fields);
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
