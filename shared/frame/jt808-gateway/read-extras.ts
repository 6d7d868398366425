// The `extra` of a location back to the items that the terminal sent. Where the gateway differs
// from the standard, the bytes tell what was on the wire:
//
// - carriage_temp is two's complement there, sign and magnitude in the standard;
// - signal and io_status count bits from the most significant one, where the standard has the
//   least: the gateway hands on bits 31 to 17 of 32 and bits 15 and 14 of 16. Of such an item only
//   the first bytes are known, so it is an item of a length that has no layout: 2 of 4, 1 of 2;
// - behind an item 0xE0 the gateway walks over the data of that item as if they were items, and
//   over those behind it from a wrong place. Nothing tells, so all is kept as it is told.

import type { ExtraInput } from '../jt808/encode-body.ts';
import { bytesIn, type Draft, integerIn, isObject, objectIn, type Place, refuse } from './draft.ts';

export function readExtras(draft: Draft, place: Place): readonly ExtraInput[] {
  if (place.value === undefined) return [];
  const items: ExtraInput[] = [];
  for (const [name, value] of Object.entries(objectIn(draft, place))) {
    const inner = { value, pointer: `${place.pointer}/${name}` };
    if (name === 'custome') items.push(...readCustom(draft, inner));
    else items.push(readItem(draft, name, inner));
  }
  return items;
}

/** A text is the data of an item 0xE0. */
function readCustom(draft: Draft, place: Place): readonly ExtraInput[] {
  if (typeof place.value === 'string') return [byNumber(draft, '224', place)];
  return Object.entries(objectIn(draft, place)).map(([name, value]) =>
    byNumber(draft, name, { value, pointer: `${place.pointer}/${name}` }),
  );
}

function readItem(draft: Draft, name: string, place: Place): ExtraInput {
  const item = Object.hasOwn(items, name) ? items[name] : undefined;
  if (item === undefined) return byNumber(draft, name, place);
  return { id: item.id, data: item.read(draft, place) };
}

function byNumber(draft: Draft, name: string, place: Place): ExtraInput {
  const id = /^\d{1,3}$/.test(name) ? Number(name) : 256;
  const data = bytesIn(draft, place);
  if (id > 255)
    refuse(draft, { ...place, value: name }, 'a name of the gateway or an id up to 255');
  if (data.length > 255) refuse(draft, place, 'at most 255 bytes');
  return { id, data };
}

interface Item {
  readonly id: number;
  read(draft: Draft, place: Place): Uint8Array;
}

const items: Readonly<Record<string, Item>> = {
  mileage: integer(0x01, 4),
  fuel_meter: integer(0x02, 2),
  speed: integer(0x03, 2),
  alarm_id: integer(0x04, 2),
  tire_pressure: { id: 0x05, read: bytesIn },
  carriage_temp: { id: 0x06, read: readTemperature },
  overspeed_alarm: { id: 0x11, read: readOverspeed },
  in_out_alarm: fields(0x12, [
    ['type', 1],
    ['id', 4],
    ['direction', 1],
  ]),
  path_time_alarm: fields(0x13, [
    ['id', 4],
    ['time', 2],
    ['result', 1],
  ]),
  signal: bits(0x25, 2, [
    ...['low_beam', 'high_beam', 'right_turn', 'left_turn', 'brake', 'reverse', 'fog'],
    ...['side_marker', 'horn', 'air_conditioner', 'neutral', 'retarder', 'abs', 'heater', 'cluth'],
  ]),
  io_status: bits(0x2a, 1, ['deep_sleep', 'sleep']),
  analog: fields(0x2b, [
    ['ad1', 2],
    ['ad0', 2],
  ]),
  rssi: integer(0x30, 1),
  gnss_sat_num: integer(0x31, 1),
};

/** Names of the items, with their ids. */
export const extraNames: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(items).map(([name, { id }]) => [name, id]),
);

function integer(id: number, size: 1 | 2 | 4): Item {
  return { id, read: (draft, place) => integerBytes(draft, size, place) };
}

function integerBytes(draft: Draft, size: 1 | 2 | 4, place: Place): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(integerIn(draft, size, place), 0, size);
  return bytes;
}

type Parts = readonly (readonly [name: string, size: 1 | 2 | 4])[];

function fields(id: number, parts: Parts): Item {
  return { id, read: (draft, place) => partBytes(draft, parts, place) };
}

function partBytes(draft: Draft, parts: Parts, place: Place): Buffer {
  const source = objectIn(draft, place);
  return Buffer.concat(
    parts.map(([name, size]) =>
      integerBytes(draft, size, { value: source[name], pointer: `${place.pointer}/${name}` }),
    ),
  );
}

/** Type 0 has no area. */
function readOverspeed(draft: Draft, place: Place): Buffer {
  const hasId = isObject(place.value) && place.value['id'] !== undefined;
  const type = ['type', 1] as const;
  return partBytes(draft, hasId ? [type, ['id', 4]] : [type], place);
}

/** The two bytes as they were: what a negative number of them means is the standard's to say. */
function readTemperature(draft: Draft, place: Place): Buffer {
  const { value } = place;
  const isNegative = Number.isInteger(value) && (value as number) < 0;
  const isGood = isNegative && (value as number) >= -0x8000;
  return integerBytes(draft, 2, isGood ? { ...place, value: (value as number) + 0x1_0000 } : place);
}

/** The names stand for the bits of `size` bytes from the most significant one on. */
function bits(id: number, size: 1 | 2, names: readonly string[]): Item {
  return {
    id,
    read: (draft, place) => {
      const source = objectIn(draft, place);
      const raw = names.reduce((sum, name, at) => {
        const bit = integerIn(draft, 1, {
          value: source[name],
          pointer: `${place.pointer}/${name}`,
        });
        return sum + (bit === 0 ? 0 : 2 ** (8 * size - 1 - at));
      }, 0);
      return integerBytes(draft, size, { ...place, value: raw });
    },
  };
}
