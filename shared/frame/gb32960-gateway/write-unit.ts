// The `Data` of a gateway's payload to the data unit that the vehicle sent.

import { edition2016, edition2025 } from '../gb32960/editions.ts';
import { parameterLayout } from '../gb32960/layout-2016-parameters.ts';
import { signatureMarker } from '../gb32960/layout-2025.ts';
import { TextSizes } from '../gb32960/read-parameters.ts';
import type { SchemaFault } from '../json/schema.ts';
import { isObject, type Source } from './edition-of-shape.ts';
import { bodyLayouts, layouts, type Year } from './keys.ts';
import {
  type Draft,
  refuse,
  writeBase64,
  writeBytes,
  writeFields,
  writeInteger,
  writeSignature,
  writeTime,
} from './write-fields.ts';

export interface Unit {
  /** Good until the next call. */
  readonly bytes: Buffer;
  /** Where the gateway stopped to read and handed on bytes; null where it read all. */
  readonly restPointer: string | null;
}

export type WrittenUnit = Unit | SchemaFault;

const scratch = Buffer.alloc(0x1_0000);

/** The caller has found `data` to be an object. */
export function writeUnit(command: number, data: Source, year: Year): WrittenUnit {
  const draft: Draft = { target: scratch, at: 0, fault: null };
  const restPointer = writeData(draft, command, { data, year });
  return draft.fault ?? { bytes: scratch.subarray(0, draft.at), restPointer };
}

interface Told {
  readonly data: Source;
  readonly year: Year;
}

function writeData(draft: Draft, command: number, { data, year }: Told): string | null {
  if (command === 0x02 || command === 0x03) return writeReport(draft, { data, year });
  const layout = bodyLayouts[year][command];
  const place = { source: data, pointer: '/Data' };
  if (layout !== undefined) writeFields(draft, layout, place);
  else if (command === 0x80 || command === 0x81) writeParameters(draft, { data, year });
  else if (command === 0x82) writeControl(draft, data);
  else if (emptyCommands.has(command) && data['Data'] === undefined) return null;
  else writeBase64(draft, { value: data['Data'], pointer: '/Data/Data' });
  return null;
}

/** Heartbeat and time sync have no data unit. */
const emptyCommands: ReadonlySet<number> = new Set([0x07, 0x08]);

function writeReport(draft: Draft, { data, year }: Told): string | null {
  const infos = data['Infos'];
  if (!writeTime(draft, { value: data['Time'], pointer: '/Data/Time' })) return null;
  if (!Array.isArray(infos)) {
    refuse(draft, { value: infos, pointer: '/Data/Infos' }, 'an array');
    return null;
  }
  for (const [index, info] of infos.entries()) {
    const pointer = `/Data/Infos/${index}`;
    const isCustom = isObject(info) && info['Type'] === 'CustomData';
    if (!isCustom && !writeInfo(draft, info, { pointer, year })) return null;
    if (!isCustom) continue;
    const place = { value: info['Data'], pointer: `${pointer}/Data` };
    // All that is left of the unit is in it, so nothing can follow.
    if (index < infos.length - 1) refuse(draft, { value: info, pointer }, 'custom data at the end');
    else writeBase64(draft, place);
    return place.pointer;
  }
  return null;
}

function writeInfo(
  draft: Draft,
  info: unknown,
  { pointer, year }: { readonly pointer: string; readonly year: Year },
): boolean {
  if (!isObject(info)) return refuse(draft, { value: info, pointer }, 'an object');
  const type = info['Type'];
  if (type === 'Signature') {
    const marker = { value: signatureMarker, pointer };
    return writeInteger(draft, 1, marker) && writeSignature(draft, { value: info, pointer });
  }
  const known = layouts[year];
  const layout = typeof type === 'string' && Object.hasOwn(known, type) ? known[type] : undefined;
  if (layout === undefined) {
    const place = { value: type, pointer: `${pointer}/Type` };
    return refuse(draft, place, `a type of the ${year} edition`);
  }
  return (
    writeInteger(draft, 1, { value: layout.type, pointer }) &&
    writeFields(draft, layout, { source: info, pointer })
  );
}

/** An answer that only tells success has no parameters. */
function writeParameters(draft: Draft, { data, year }: Told): boolean {
  const { Total: total, Params: params } = data as Readonly<Record<string, unknown>>;
  if (!writeTime(draft, { value: data['Time'], pointer: '/Data/Time' })) return false;
  if (total === undefined && params === undefined) return true;
  if (!writeInteger(draft, 1, { value: total, pointer: '/Data/Total' })) return false;
  if (!Array.isArray(params)) {
    return refuse(draft, { value: params, pointer: '/Data/Params' }, 'an array');
  }
  const { parameters } = year === 2016 ? edition2016 : edition2025;
  const sizes = new TextSizes();
  return params.every((param: unknown, index) => {
    const pointer = `/Data/Params/${index}`;
    const [[key, value] = ['', undefined], ...more] = isObject(param) ? Object.entries(param) : [];
    const id = /^0x[0-9a-f]{1,2}$/i.test(key) ? Number.parseInt(key.slice(2), 16) : 0;
    const layout = parameterLayout(parameters, id);
    const size = layout === null ? null : sizes.of(layout);
    if (layout === null || size === null || more.length > 0) {
      return refuse(draft, { value: param, pointer }, 'one parameter of a known size');
    }
    if (typeof value === 'number') sizes.note(id, value);
    const place = { value, pointer: `${pointer}/${key}` };
    if (!writeInteger(draft, 1, { value: id, pointer })) return false;
    if (!layout.isText) return writeInteger(draft, size as 1 | 2, place);
    const text = typeof value === 'string' ? Buffer.from(value, 'latin1') : null;
    if (text === null || text.length > size) {
      return refuse(draft, place, `a text of at most ${size} characters`);
    }
    return writeBytes(draft, Buffer.concat([text, Buffer.alloc(size - text.length)]), pointer);
  });
}

/** The gateway's form of the arguments is kept as its text. */
function writeControl(draft: Draft, data: Source): boolean {
  const { Time: time, Command: command, Param: param } = data as Readonly<Record<string, unknown>>;
  if (!writeTime(draft, { value: time, pointer: '/Data/Time' })) return false;
  if (command === undefined) return true;
  if (!writeInteger(draft, 1, { value: command, pointer: '/Data/Command' })) return false;
  if (param === undefined || param === null) return true;
  const text = typeof param === 'string' ? param : JSON.stringify(param);
  return writeBytes(draft, Buffer.from(text, 'utf8'), '/Data/Param');
}
