// Frames as EMQX's JT/T 808 gateway publishes them, slips included: for tests and the simulated
// fleet. Throws for what the gateway does not publish.

import { unpack } from '../jt808/bcd.ts';
import { editionOf } from '../jt808/decode-frame.ts';
import { extraInputs, type Source } from '../jt808/encode-body.ts';
import {
  type DeviceTime,
  encryptionOf,
  type Jt808Frame,
  type Location,
  lengthMask,
} from '../jt808/frame.ts';
import { readInteger } from '../jt808/integers.ts';
import type { Element } from '../jt808/layout.ts';
import { extraLayout, locationElements } from '../jt808/layout-location.ts';
import { gatewayLayout, type Key, keyName, locationKeys, type Table } from './keys.ts';
import { parameterKind, parameterSize } from './parameter-bytes.ts';

type Json = Readonly<Record<string, unknown>>;

/** The payload of a frame that was read from bytes. */
export function buildGatewayMessage(frame: Jt808Frame): Buffer {
  const { messageId, protocolVersion, properties, phone, serial } = frame;
  const version = protocolVersion === null ? {} : { proto_ver: protocolVersion };
  const split =
    frame.packetTotal === null ? {} : { frag_total: frame.packetTotal, frag_sn: frame.packetIndex };
  const header = {
    msg_id: messageId,
    encrypt: encryptionOf(frame),
    len: properties & lengthMask,
    ...version,
    phone,
    msg_sn: serial,
    ...split,
  };
  return Buffer.from(JSON.stringify({ header, body: bodyOf(frame) }), 'utf8');
}

function bodyOf(frame: Jt808Frame): Json {
  const { body, bodyBytes, messageId } = frame;
  if (body.kind === 'location') return locationOf(body);
  const layout = gatewayLayout(messageId, editionOf(frame));
  if (layout === null || body.kind === 'opaque' || body.kind === 'part') {
    return { unknown_id: true, data: base64(bodyBytes) };
  }
  return fieldsOf(layout, body as unknown as Source);
}

function fieldsOf({ elements, keys }: Table, source: Source): Json {
  const fields: Record<string, unknown> = {};
  for (const [index, element] of elements.entries()) {
    const key = keys[index] as Key;
    if (key === null) continue;
    if (element.kind === 'maybe') {
      const inner = typeof key === 'object' && 'maybe' in key ? key.maybe : [];
      Object.assign(fields, fieldsOf({ elements: element.elements, keys: inner }, source));
    } else if (element.name === 'raw') {
      Object.assign(fields, canOf(source['raw'] as number));
    } else if (source[element.name] !== undefined) {
      fields[keyName(key)] = fieldOf(element, key, source);
    }
  }
  return fields;
}

type NamedElement = Exclude<Element, { readonly kind: 'maybe' }>;

function fieldOf(element: NamedElement, key: Key, source: Source): unknown {
  const value = source[element.name];
  switch (element.kind) {
    case 'time':
      return digitsOf((value as DeviceTime).raw);
    case 'bytes':
      return element.name === 'value'
        ? parameterOf(value as Uint8Array, source['id'] as number)
        : base64(value as Uint8Array);
    case 'records': {
      const keys = typeof key === 'object' && key !== null && 'list' in key ? key.entry : [];
      const table = { elements: element.entry, keys };
      return (value as readonly Source[]).map((entry) => fieldsOf(table, entry));
    }
    case 'location':
      return locationOf(value as Location);
    case 'locations':
      return (value as readonly Location[]).map(locationOf);
    default:
      return value;
  }
}

function canOf(raw: number): Json {
  const bit = (at: number) => (Math.floor(raw / 2 ** at) % 2 === 0 ? 0 : 1);
  return { channel: bit(31), frame_type: bit(30), data_method: bit(29), id: raw % 2 ** 29 };
}

/** Padding stays, as the gateway leaves it. */
const gbk = new TextDecoder('gbk');

function parameterOf(value: Uint8Array, id: number): unknown {
  const kind = parameterKind(id);
  if (kind === 'text') return gbk.decode(value);
  const isNumber = kind === 'number' && value.length === parameterSize(id);
  return isNumber ? readInteger(value, 0, parameterSize(id)) : base64(value);
}

function locationOf(location: Location): Json {
  const fields = fieldsOf(
    { elements: locationElements, keys: locationKeys },
    location as unknown as Source,
  );
  const items = extraInputs(location).map(({ id, data }) => extraOf(id, data));
  if (items.length === 0) return fields;
  const custom = items.filter(({ isCustom }) => isCustom).map(({ name, value }) => [name, value]);
  const named = items.filter(({ isCustom }) => !isCustom).map(({ name, value }) => [name, value]);
  const custome = custom.length === 0 ? {} : { custome: Object.fromEntries(custom) };
  return { ...fields, extra: { ...Object.fromEntries(named), ...custome } };
}

interface Told {
  readonly name: string;
  readonly value: unknown;
  readonly isCustom: boolean;
}

function extraOf(id: number, data: Uint8Array): Told {
  const tell = extraLayout(id, data.length) === null ? undefined : told[id];
  if (tell === undefined) return { name: `${id}`, value: base64(data), isCustom: id > 0xe0 };
  return { name: tell[0], value: tell[1](data), isCustom: false };
}

const integer = (data: Uint8Array, at = 0) => readInteger(data, at, data.length as 1 | 2 | 4);

const told: Readonly<Record<number, readonly [string, (data: Uint8Array) => unknown]>> = {
  1: ['mileage', integer],
  2: ['fuel_meter', integer],
  3: ['speed', integer],
  4: ['alarm_id', integer],
  5: ['tire_pressure', base64],
  // Two's complement, where the standard has sign and magnitude.
  6: ['carriage_temp', (data) => (integer(data) << 16) >> 16],
  17: [
    'overspeed_alarm',
    (data) => ({
      type: data[0],
      ...(data.length === 1 ? {} : { id: readInteger(data, 1, 4) }),
    }),
  ],
  18: [
    'in_out_alarm',
    (data) => ({ type: data[0], id: readInteger(data, 1, 4), direction: data[5] }),
  ],
  19: [
    'path_time_alarm',
    (data) => ({ id: readInteger(data, 0, 4), time: readInteger(data, 4, 2), result: data[6] }),
  ],
  37: ['signal', (data) => bitsOf(data, signalNames)],
  42: ['io_status', (data) => bitsOf(data, ['deep_sleep', 'sleep'])],
  43: ['analog', (data) => ({ ad0: readInteger(data, 2, 2), ad1: readInteger(data, 0, 2) })],
  48: ['rssi', integer],
  49: ['gnss_sat_num', integer],
};

const signalNames = [
  ...['low_beam', 'high_beam', 'right_turn', 'left_turn', 'brake', 'reverse', 'fog'],
  ...['side_marker', 'horn', 'air_conditioner', 'neutral', 'retarder', 'abs', 'heater', 'cluth'],
];

/** Named from the most significant bit on. */
function bitsOf(data: Uint8Array, names: readonly string[]): Json {
  const bits = names.map((name, at) => [name, ((data[at >> 3] as number) >> (7 - (at & 7))) & 1]);
  return Object.fromEntries(bits);
}

function digitsOf(raw: Uint8Array): string {
  return unpack(raw, 0, raw.length);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
