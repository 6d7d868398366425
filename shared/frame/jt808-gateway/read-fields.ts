// Values of the gateway as fields of the layout tables, from which the body is written that the
// terminal sent.

import { pack } from '../jt808/bcd.ts';
import type { Source as Fields, LocationInput } from '../jt808/encode-body.ts';
import type { DeviceTime } from '../jt808/frame.ts';
import { encodeText } from '../jt808/gbk.ts';
import type { Element, TextField } from '../jt808/layout.ts';
import { locationElements } from '../jt808/layout-location.ts';
import {
  bytesIn,
  type Draft,
  digitsOf,
  integerIn,
  listIn,
  objectIn,
  type Place,
  refuse,
  type Source,
} from './draft.ts';
import { type Key, keyName, locationKeys, type Table } from './keys.ts';
import { parameterBytes } from './parameter-bytes.ts';
import { readExtras } from './read-extras.ts';

/** As far as they fit; `draft.fault` says whether all did. */
export function readFields(
  draft: Draft,
  { elements, keys }: Table,
  { source, pointer }: { readonly source: Source; readonly pointer: string },
): Fields {
  const fields: Record<string, unknown> = {};
  for (const [index, element] of elements.entries()) {
    const key = keys[index] as Key;
    if (key === null) continue;
    if (element.kind === 'maybe') {
      const group = { elements: element.elements, keys: maybeKeys(key) };
      if (isGroupThere(group, source)) {
        Object.assign(fields, readFields(draft, group, { source, pointer }));
      }
      continue;
    }
    const name = keyName(key);
    const place = { value: source[name], pointer: `${pointer}/${name}`, source, key };
    fields[element.name] = readField(draft, element, place);
  }
  checkCounts(draft, { elements, keys }, { fields, pointer });
  return fields;
}

function maybeKeys(key: Key) {
  return key !== null && typeof key === 'object' && 'maybe' in key ? key.maybe : [];
}

/** By its first value that has a name. */
function isGroupThere({ keys }: Table, source: Source): boolean {
  const first = keys.find((key) => key !== null);
  return first !== undefined && source[keyName(first)] !== undefined;
}

interface FieldPlace extends Place {
  readonly source: Source;
  readonly key: Key;
}

type Plain = Exclude<Element, { readonly kind: 'maybe' }>;

function readField(draft: Draft, element: Plain, place: FieldPlace): unknown {
  switch (element.kind) {
    case 'scalar':
      return element.name === 'raw' ? canRaw(draft, place) : integerIn(draft, element.size, place);
    case 'time':
      return timeIn(draft, place);
    case 'bcd':
      return digitsIn(draft, element.size, place);
    case 'text':
      return textIn(draft, element, place);
    case 'bytes':
      if (element.name === 'value') return parameterBytes(draft, place);
      return sizedBytes(draft, element.extent, place);
    case 'values':
      return listIn(draft, place).map((value, at) =>
        integerIn(draft, element.element.size, { value, pointer: `${place.pointer}/${at}` }),
      );
    case 'records':
      return recordsIn(draft, element.entry, place);
    case 'location':
      return locationIn(draft, place, element.extent === 'basic');
    case 'locations':
      return listIn(draft, place).map((value, at) =>
        locationIn(draft, { value, pointer: `${place.pointer}/${at}` }, false),
      );
  }
}

function recordsIn(draft: Draft, entry: readonly Element[], place: FieldPlace): readonly Fields[] {
  const { key } = place;
  const keys = key !== null && typeof key === 'object' && 'list' in key ? key.entry : [];
  return listIn(draft, place).map((value, at) => {
    const pointer = `${place.pointer}/${at}`;
    const source = objectIn(draft, { value, pointer });
    return readFields(draft, { elements: entry, keys }, { source, pointer });
  });
}

/** A location with its items; of the basic part alone without them. */
export function locationIn(draft: Draft, place: Place, isBasic: boolean): LocationInput {
  const { pointer } = place;
  const source = objectIn(draft, place);
  const table = { elements: locationElements, keys: locationKeys };
  const fields = readFields(draft, table, { source, pointer });
  const extra = { value: isBasic ? undefined : source['extra'], pointer: `${pointer}/extra` };
  return { ...(fields as unknown as LocationInput), extras: readExtras(draft, extra) };
}

/** Bits that the gateway tells one by one. */
function canRaw(draft: Draft, { source, pointer }: FieldPlace): number {
  const base = pointer.slice(0, -'/raw'.length);
  const part = (name: string) =>
    integerIn(draft, 4, { value: source[name], pointer: `${base}/${name}` });
  const flags = [part('channel'), part('frame_type'), part('data_method')];
  const high = flags.reduce((sum, flag, at) => sum + (flag === 0 ? 0 : 2 ** (31 - at)), 0);
  return high + (part('id') & 0x1fff_ffff);
}

function timeIn(draft: Draft, place: Place): DeviceTime {
  return { raw: pack(digitsIn(draft, 6, place)), epochMs: null };
}

function digitsIn(draft: Draft, size: number, place: Place): string {
  const digits = digitsOf(place.value);
  if (digits?.length === 2 * size) return digits;
  refuse(draft, place, `${2 * size} digits`);
  return '0'.repeat(2 * size);
}

function textIn(draft: Draft, { extent }: TextField, place: Place): string {
  const { value } = place;
  const wanted =
    typeof extent === 'number' ? `a text of at most ${extent} bytes in GBK` : 'a text in GBK';
  const text = typeof value === 'string' ? value.replace(/^\0+|\0+$/g, '') : null;
  const most = typeof extent === 'number' ? extent : typeof extent === 'object' ? 255 : 65_535;
  if (text !== null && gbkLength(text) <= most) return text;
  refuse(draft, place, wanted);
  return '';
}

/** Beyond every limit for a text that GBK cannot write. */
function gbkLength(text: string): number {
  try {
    return encodeText(text).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function sizedBytes(draft: Draft, extent: unknown, place: Place): Uint8Array {
  const bytes = bytesIn(draft, place);
  if (typeof extent === 'number' && bytes.length !== extent) {
    refuse(draft, place, `${extent} bytes in Base64`);
    return new Uint8Array(extent);
  }
  return bytes;
}

function checkCounts(
  draft: Draft,
  { elements, keys }: Table,
  { fields, pointer }: { readonly fields: Source; readonly pointer: string },
): void {
  for (const [index, element] of elements.entries()) {
    if (!('countName' in element)) continue;
    const list = fields[element.name] as readonly unknown[];
    const count = fields[element.countName];
    if (list.length === count) continue;
    const place = { value: list, pointer: `${pointer}/${keyName(keys[index] as Key)}` };
    refuse(draft, place, `an array of ${count}`);
  }
}
