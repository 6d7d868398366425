// A location as people read it: raw, value and state of each field, and what extra items say.

import { isBcd } from './bcd.ts';
import type { DeviceTime, Extra, Location } from './frame.ts';
import { readDword, readWord } from './integers.ts';
import {
  alarmBits,
  extraLayout,
  ioBits,
  loadShift,
  signalBits,
  southMask,
  statusBits,
  westMask,
} from './layout-location.ts';
import { extraData } from './read-location.ts';

export type Described =
  | null
  | boolean
  | number
  | string
  | readonly Described[]
  | { readonly [name: string]: Described };

export type DescribedFields = { readonly [name: string]: Described };

export function describeLocation(location: Location): DescribedFields {
  const { alarm, status, latitude, longitude, speed } = location;
  return {
    alarm: { raw: alarm, set: namesOf(alarm, alarmBits) },
    status: {
      raw: status,
      set: namesOf(status, statusBits),
      load: (status >>> loadShift) & 3,
    },
    latitude: degrees(latitude, { isNegative: (status & southMask) !== 0, rawMax: 90_000_000 }),
    longitude: degrees(longitude, { isNegative: (status & westMask) !== 0, rawMax: 180_000_000 }),
    altitude: location.altitude,
    speed: { raw: speed, value: speed / 10 },
    direction: location.direction,
    time: describeTime(location.time),
    ...describeExtras(location),
  };
}

/** Names of the set bits that have one, bit 0 first, whatever the edition. */
export function namesOf(flags: number, names: readonly string[]): readonly string[] {
  return names.filter((name, bit) => name !== '' && ((flags >>> bit) & 1) === 1);
}

/** The parts as sent, or the digits and why they are no time. */
export function describeTime({ raw, epochMs }: DeviceTime): Described {
  const digits = hexOf(raw);
  if (epochMs === null) {
    return { rawBcd: digits, state: isBcd(raw) ? 'out_of_range' : 'not_bcd' };
  }
  const [year, month, day, hour, minute, second] = digits.match(/../g) ?? [];
  return `20${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`;
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function degrees(
  raw: number,
  { isNegative, rawMax }: { readonly isNegative: boolean; readonly rawMax: number },
): Described {
  const value = (isNegative && raw > 0 ? -raw : raw) / 1_000_000;
  return raw <= rawMax ? { raw, value } : { raw, value, state: 'out_of_range' };
}

function describeExtras(location: Location): DescribedFields {
  const { extras, extrasFault } = location;
  const described = extras.map((extra) => describeExtra(location, extra));
  return {
    ...(extrasFault === null ? {} : { extrasError: extrasFault.detail }),
    ...(extras.length === 0 ? {} : { extras: described }),
  };
}

function describeExtra(location: Location, extra: Extra): Described {
  const data = extraData(location, extra);
  const { id, length } = extra;
  const meaning = data.length < length ? {} : meaningOf(id, data);
  return { id, length, hex: hexOf(data), ...meaning };
}

function meaningOf(id: number, data: Uint8Array): DescribedFields {
  if (extraLayout(id, data.length) === null) return {};
  switch (id) {
    case 0x01:
      return { mileageKm: readDword(data, 0) / 10 };
    case 0x02:
      return { fuelL: readWord(data, 0) / 10 };
    case 0x03:
      return { recorderSpeedKmh: readWord(data, 0) / 10 };
    case 0x04:
      return { alarmEventId: readWord(data, 0) };
    case 0x05:
      return { tirePressureRaw: [...data] };
    case 0x06:
      return { carriageTempC: signedMagnitude(readWord(data, 0)) };
    case 0x11:
      return { overspeed: overspeedOf(data) };
    case 0x12:
      return {
        inOut: {
          areaType: data[0] as number,
          areaId: readDword(data, 1),
          direction: data[5] as number,
        },
      };
    case 0x13:
      return {
        sectionTime: {
          sectionId: readDword(data, 0),
          seconds: readWord(data, 4),
          result: data[6] as number,
        },
      };
    case 0x25: {
      const raw = readDword(data, 0);
      return { signals: { raw, set: namesOf(raw, signalBits) } };
    }
    case 0x2a: {
      const raw = readWord(data, 0);
      const [deepSleep, sleep] = ioBits.map((_, bit) => ((raw >>> bit) & 1) === 1);
      return { io: { raw, deepSleep: deepSleep ?? false, sleep: sleep ?? false } };
    }
    case 0x2b:
      return { analog: { ad0: readWord(data, 2), ad1: readWord(data, 0) } };
    case 0x30:
      return { signalStrength: data[0] as number };
    case 0x31:
      return { satellites: data[0] as number };
    default:
      return {};
  }
}

function overspeedOf(data: Uint8Array): Described {
  const areaType = data[0] as number;
  return data.length === 1 ? { areaType } : { areaType, areaId: readDword(data, 1) };
}

/** The top bit is the minus sign (2019, extra item 0x06); there is no negative zero. */
export function signedMagnitude(raw: number): number {
  const magnitude = raw & 0x7fff;
  return raw > 0x7fff && magnitude > 0 ? -magnitude : magnitude;
}
