// The names that EMQX's JT/T 808 gateway gives to the fields of the layout tables: one for each
// row, in the order of the wire. The numbers under them are raw. A row that measures a text or
// bytes has no name: the text itself says how long it is.

import type { BodyLayout, Edition, Element } from '../jt808/layout.ts';
import { bodyLayout } from '../jt808/layout-bodies.ts';

export type Key =
  | string
  | null
  | { readonly list: string; readonly entry: Keys }
  | { readonly maybe: Keys };
export type Keys = readonly Key[];

export interface Table {
  readonly elements: readonly Element[];
  readonly keys: Keys;
}

/** The name under which a row stands; empty for a group of rows. */
export function keyName(key: Key): string {
  if (typeof key === 'string') return key;
  return key !== null && 'list' in key ? key.list : '';
}

export const locationKeys: Keys = [
  ...['alarm', 'status', 'latitude', 'longitude', 'altitude', 'speed', 'direction', 'time'],
];

const register: Keys = [
  ...['province', 'city', 'manufacturer', 'model', 'dev_id', 'color', 'license_number'],
];
const media: Keys = ['id', 'type', 'format', 'event', 'channel'];

function driver(last: Keys): Keys {
  const card: Keys = [null, 'driver_name', 'certificate', null, 'organization', 'cert_expiry'];
  return ['status', 'time', { maybe: ['ic_result', { maybe: [...card, ...last] }] }];
}

const attributes: Keys = [
  ...['type', 'manufacturer', 'model', 'id', 'iccid', null, 'hardware_version', null],
  ...['firmware_version', 'gnss_prop', 'comm_prop'],
];

const keysById: Readonly<Record<Edition, Readonly<Record<number, Keys>>>> = {
  2013: { ...shared(), 258: ['code'], 1794: driver([]) },
  2019: {
    ...shared(),
    258: [null, 'code', 'imei', 'software_version'],
    1794: driver([{ maybe: ['id_card'] }]),
  },
};

function shared(): Readonly<Record<number, Keys>> {
  return {
    1: ['seq', 'id', 'result'],
    2: [],
    3: [],
    4: [],
    256: register,
    260: ['seq', 'length', { list: 'params', entry: ['id', null, 'value'] }],
    263: attributes,
    513: ['seq', 'params'],
    1280: ['seq', 'location'],
    1796: ['length', 'type', 'location'],
    1797: ['length', 'time', { list: 'can_data', entry: ['raw', 'data'] }],
    2048: media,
    2049: [...media, 'location', 'multimedia'],
    2304: ['type', 'data'],
    2305: ['length', 'data'],
  };
}

export interface GatewayLayout extends Table {
  readonly layout: BodyLayout;
}

/** Null for a message of which the gateway hands on the bytes. */
export function gatewayLayout(messageId: number, edition: Edition): GatewayLayout | null {
  const keys = keysById[edition][messageId];
  const layout = bodyLayout(messageId, edition);
  if (keys === undefined || layout === null) return null;
  return { layout, elements: layout.elements, keys };
}

/** All of them, for whoever goes through the tables. */
export function gatewayMessageIds(edition: Edition): readonly number[] {
  return Object.keys(keysById[edition]).map(Number);
}
