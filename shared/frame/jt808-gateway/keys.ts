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
const found: Keys = ['id', 'type', 'channel', 'event', 'location'];

function driver(last: Keys): Keys {
  const card: Keys = [null, 'driver_name', 'certificate', null, 'organization', 'cert_expiry'];
  return ['status', 'time', { maybe: ['ic_result', { maybe: [...card, ...last] }] }];
}

const attributes: Keys = [
  ...['type', 'manufacturer', 'model', 'id', 'iccid', null, 'hardware_version', null],
  ...['firmware_version', 'gnss_prop', 'comm_prop'],
];

type Messages = readonly (readonly [id: number, keys: Keys])[];

const shared: Messages = [
  [0x0001, ['seq', 'id', 'result']],
  [0x0002, []],
  [0x0003, []],
  [0x0004, []],
  [0x0100, register],
  [0x0104, ['seq', 'length', { list: 'params', entry: ['id', null, 'value'] }]],
  [0x0107, attributes],
  [0x0108, ['type', 'result']],
  [0x0201, ['seq', 'params']],
  [0x0301, ['id']],
  [0x0302, ['seq', 'id']],
  [0x0303, ['id', 'flag']],
  [0x0500, ['seq', 'location']],
  [0x0700, ['seq', 'command', 'data']],
  [0x0701, ['length', 'data']],
  [0x0704, ['length', 'type', 'location']],
  [0x0705, ['length', 'time', { list: 'can_data', entry: ['raw', 'data'] }]],
  [0x0800, media],
  [0x0801, [...media, 'location', 'multimedia']],
  [0x0802, ['seq', 'length', { list: 'result', entry: found }]],
  [0x0805, ['seq', 'result', { maybe: ['length', 'ids'] }]],
  [0x0900, ['type', 'data']],
  [0x0901, ['length', 'data']],
  [0x0a00, ['e', 'n']],
];

const keysById: Readonly<Record<Edition, ReadonlyMap<number, Keys>>> = {
  2013: new Map([...shared, [0x0102, ['code']], [0x0702, driver([])]]),
  2019: new Map([
    ...shared,
    [0x0102, [null, 'code', 'imei', 'software_version']],
    [0x0702, driver([{ maybe: ['id_card'] }])],
  ]),
};

export interface GatewayLayout extends Table {
  readonly layout: BodyLayout;
}

/** Null for a message of which the gateway hands on the bytes. */
export function gatewayLayout(messageId: number, edition: Edition): GatewayLayout | null {
  const keys = keysById[edition].get(messageId);
  const layout = bodyLayout(messageId, edition);
  if (keys === undefined || layout === null) return null;
  return { layout, elements: layout.elements, keys };
}

/** All of them, for whoever goes through the tables. */
export function gatewayMessageIds(edition: Edition): readonly number[] {
  return [...keysById[edition].keys()];
}
