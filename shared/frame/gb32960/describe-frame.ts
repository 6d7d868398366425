// A frame as a tree that people read: every field under its name, with raw, value and state. Driven
// by the layout table; plain JSON values.

import type { Reason } from '../outcome.ts';
import { timeSize } from './device-time.ts';
import { stateOf, valueOfRaw } from './field-value.ts';
import type {
  Answer,
  Body,
  CustomItem,
  DeviceTime,
  Gb32960Frame,
  Item,
  Parameters,
  Report,
} from './frame.ts';
import type { Element, ScalarField } from './layout.ts';
import {
  alarmBitNames2016,
  bodies2016,
  brakeForceMask,
  driveForceMask,
  gearMask,
  gearNames,
  items2016,
  noFixMask,
  southMask,
  westMask,
} from './layout-2016.ts';
import { clearText } from './outer-frame.ts';

export type Described =
  | null
  | boolean
  | number
  | string
  | readonly Described[]
  | { readonly [name: string]: Described };

export interface DescribedFrame {
  readonly protocol: string;
  readonly command: number;
  readonly response: number;
  readonly vin: string;
  readonly encryption: number;
  readonly dataLength: number;
  readonly bcc: number;
  readonly data: Described;
}

/** `reason` is that of the frame's outcome: why the walk of a partial frame stopped. */
export function describeFrame(frame: Gb32960Frame, reason: Reason | null = null): DescribedFrame {
  return {
    protocol: frame.codec,
    command: frame.command,
    response: frame.response,
    vin: frame.vin,
    encryption: frame.encryption,
    dataLength: frame.dataUnit.length,
    bcc: frame.bcc,
    data: describeData(frame, reason),
  };
}

function describeData(frame: Gb32960Frame, reason: Reason | null): Described {
  if (frame.encryption !== clearText) return { encryptedHex: hexOf(frame.dataUnit) };
  return describeBody(frame.body, reason);
}

function describeBody(body: Body, reason: Reason | null): Described {
  switch (body.kind) {
    case 'opaque':
      return { rawHex: hexOf(body.bytes) };
    case 'answer':
      return describeAnswer(body);
    case 'heartbeat':
    case 'timeSync':
      return body.trailing === null ? { empty: true } : { restHex: hexOf(body.trailing) };
    case 'report':
      return describeReport(body, reason);
    case 'parameterSetting':
    case 'parameterAnswer':
      return describeParameters(body, reason);
    default: {
      const layout = bodies2016.find(({ kind }) => kind === body.kind);
      const fields = describeElements(layout?.elements ?? [], { ...body });
      return { ...fields, ...optionalHex('trailingHex', body.trailing) };
    }
  }
}

function describeAnswer({ time, rest }: Answer): Described {
  if (time === null && rest === null) return { empty: true };
  const described = time === null ? {} : { time: describeTime(time) };
  return { ...described, ...optionalHex('restHex', rest) };
}

function describeReport({ time, items, remainder }: Report, reason: Reason | null): Described {
  return {
    time: describeTime(time),
    items: items.map(describeItem),
    ...optionalHex('unparsedHex', remainder),
    ...(reason === null ? {} : { parseError: reason.detail }),
  };
}

function describeParameters(body: Parameters, reason: Reason | null): Described {
  const { time, count, params, remainder, trailing } = body;
  return {
    time: describeTime(time),
    count,
    params: params.map(({ id, value }) => ({ id, value })),
    ...optionalHex('unparsedHex', remainder),
    ...(reason === null ? {} : { parseError: reason.detail }),
    ...optionalHex('trailingHex', trailing),
  };
}

function describeItem(item: Item): Described {
  if (item.kind === 'custom') return describeCustom(item);
  const layout = items2016.find(({ type }) => type === item.type);
  const fields = describeElements(layout?.elements ?? [], item as unknown as Source);
  return { type: item.type, name: layout?.name ?? item.kind, ...fields };
}

function describeCustom({ type, length, data }: CustomItem): Described {
  return { type, name: 'custom', length, dataHex: hexOf(data) };
}

/** What the table names, by name. */
type Source = Readonly<Record<string, unknown>>;

type Fields = { readonly [name: string]: Described };

function describeElements(elements: readonly Element[], source: Source): Fields {
  const entries = elements.map((element) => describeElement(element, source));
  return Object.fromEntries(entries);
}

function describeElement(element: Element, source: Source): readonly [string, Described] {
  const { name } = element;
  const value = source[name];
  switch (element.kind) {
    case 'time':
      return [name, describeTime(value as DeviceTime)];
    case 'text':
      return [name, value as string];
    case 'texts':
      return [name, value as readonly string[]];
    case 'scalar':
      return [name, describeScalar(element, value as number, source)];
    case 'values': {
      const raws = value as readonly number[];
      if (element.element.role === 'code') return [name, raws.map(codeText)];
      return element.element.role === 'plain' ? [name, raws] : [`${name}Raw`, raws];
    }
    case 'rest':
      return [`${name}Hex`, hexOf(value as Uint8Array)];
    case 'records': {
      const entries = value as readonly Source[];
      return [name, entries.map((entry) => describeElements(element.entry, entry))];
    }
  }
}

function describeScalar(field: ScalarField, raw: number, source: Source): Described {
  switch (field.role) {
    case 'count':
    case 'plain':
      return raw;
    case 'code':
      return codeText(raw);
    case 'flags':
      return { raw, set: alarmNames(raw) };
    case 'gear':
      return describeGear(raw);
    case 'positionStatus':
      return describePositionStatus(raw);
    case 'number':
    case 'enum':
      return describeValue(field, raw, isNegative(field, source));
  }
}

function describeValue(field: ScalarField, raw: number, negative: boolean): Described {
  const state = stateOf(field, raw);
  const magnitude = valueOfRaw(field, raw);
  // A magnitude of 0 stays 0: there is no negative zero in what people read.
  const value = negative && typeof magnitude === 'number' && magnitude > 0 ? -magnitude : magnitude;
  return state === 'ok' ? { raw, value } : { raw, value, state };
}

function isNegative({ signBit }: ScalarField, source: Source): boolean {
  return signBit !== null && (((source['status'] as number) >> signBit) & 1) === 1;
}

function describeGear(raw: number): Described {
  return {
    raw,
    gear: gearNames[raw & gearMask] ?? null,
    driveForce: (raw & driveForceMask) !== 0,
    brakeForce: (raw & brakeForceMask) !== 0,
  };
}

function describePositionStatus(raw: number): Described {
  return {
    raw,
    valid: (raw & noFixMask) === 0,
    south: (raw & southMask) !== 0,
    west: (raw & westMask) !== 0,
  };
}

function alarmNames(flags: number): readonly string[] {
  const names: string[] = [];
  for (let bit = 0; bit < 32; bit += 1) {
    if (((flags >>> bit) & 1) === 1) names.push(alarmBitNames2016[bit] ?? `reserved_bit_${bit}`);
  }
  return names;
}

/** The parts as sent, also where the day does not exist in its month. */
function describeTime({ raw, epochMs }: DeviceTime): Described {
  if (epochMs === null) return { rawTime: [...raw.subarray(0, timeSize)], state: 'out_of_range' };
  const [year, month, day, hour, minute, second] = [...raw].map((part) =>
    `${part}`.padStart(2, '0'),
  );
  return `20${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`;
}

/** Fault codes are the maker's; 8 digits keep them comparable (table 17). */
function codeText(code: number): string {
  return code.toString(16).padStart(8, '0').toUpperCase();
}

function optionalHex(name: string, bytes: Uint8Array | null): Fields {
  return bytes === null ? {} : { [name]: hexOf(bytes) };
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
