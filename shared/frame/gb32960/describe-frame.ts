// A frame as a tree that people read: every field under its name, with raw, value and state. Driven
// by the layout table; plain JSON values.

import type { Reason } from '../outcome.ts';
import { timeSize } from './device-time.ts';
import { type Edition, editionOf } from './editions.ts';
import { stateOf, valueOfRaw } from './field-value.ts';
import type {
  Answer,
  CustomItem,
  DeviceTime,
  Gb32960Frame,
  Item,
  Report,
  Signature,
} from './frame.ts';
import type { Parameters } from './frame-downlink.ts';
import type { Element, ScalarField } from './layout.ts';
import {
  brakeForceMask,
  driveForceMask,
  gearInvalidMask,
  gearMask,
  gearNames,
  noFixMask,
  southMask,
  westMask,
} from './layout-2016.ts';
import { signatureAlgorithm } from './layout-2025.ts';
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
  const { codec, body } = frame;
  switch (body.kind) {
    case 'opaque':
      return { rawHex: hexOf(body.bytes) };
    case 'answer':
      return describeAnswer(body);
    case 'heartbeat':
    case 'timeSync':
      return body.trailing === null ? { empty: true } : { restHex: hexOf(body.trailing) };
    case 'report':
      return describeReport(body, reason, editionOf(codec));
    case 'parameterSetting':
    case 'parameterAnswer':
      return describeParameters(body, reason);
    default: {
      const edition = editionOf(codec);
      const layout = edition.bodies.find(({ kind }) => kind === body.kind);
      const fields = describeElements(layout?.elements ?? [], { ...body }, edition);
      return { ...fields, ...optionalHex('trailingHex', body.trailing) };
    }
  }
}

function describeAnswer({ time, rest }: Answer): Described {
  if (time === null && rest === null) return { empty: true };
  const described = time === null ? {} : { time: describeTime(time) };
  return { ...described, ...optionalHex('restHex', rest) };
}

function describeReport(report: Report, reason: Reason | null, edition: Edition): Described {
  const { time, items, signature, remainder, trailing } = report;
  return {
    time: describeTime(time),
    items: items.map((item) => describeItem(item, edition)),
    ...(signature === null ? {} : { signature: describeSignature(signature) }),
    ...optionalHex('unparsedHex', remainder),
    ...(reason === null ? {} : { parseError: reason.detail }),
    ...optionalHex('trailingHex', trailing),
  };
}

function describeSignature({ algorithm, r, s }: Signature): Described {
  const described = describeValue(signatureAlgorithm, algorithm, false);
  return { algorithm: described, rHex: hexOf(r), sHex: hexOf(s) };
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

function describeItem(item: Item, edition: Edition): Described {
  if (item.kind === 'custom') return describeCustom(item);
  const layout = edition.items.find(({ type }) => type === item.type);
  const fields = describeElements(layout?.elements ?? [], item as unknown as Source, edition);
  return { type: item.type, name: layout?.name ?? item.kind, ...fields };
}

function describeCustom({ type, length, data }: CustomItem): Described {
  return { type, name: 'custom', length, dataHex: hexOf(data) };
}

/** What the table names, by name. */
type Source = Readonly<Record<string, unknown>>;

type Fields = { readonly [name: string]: Described };

function describeElements(elements: readonly Element[], source: Source, edition: Edition): Fields {
  const entries = elements.map((element) => describeElement(element, source, edition));
  return Object.fromEntries(entries);
}

function describeElement(
  element: Element,
  source: Source,
  edition: Edition,
): readonly [string, Described] {
  const { name } = element;
  const value = source[name];
  switch (element.kind) {
    case 'time':
      return [name, describeTime(value as DeviceTime)];
    case 'text':
      // A terminal that pads with 0x00 where the table says otherwise means the same.
      return [name, (value as string).replace(/\0+$/u, '')];
    case 'texts':
    case 'textGroups':
      return [name, value as Described];
    case 'scalar':
      return [name, describeScalar(element, value as number, { source, edition })];
    case 'values': {
      const raws = value as readonly number[];
      const { role } = element.element;
      if (role === 'code') return [name, raws.map(codeText)];
      return role === 'plain' || role === 'count' ? [name, raws] : [`${name}Raw`, raws];
    }
    case 'signature':
      return [name, describeSignature(value as Signature)];
    case 'bytes':
    case 'rest':
      return [`${name}Hex`, hexOf(value as Uint8Array)];
    case 'records': {
      const entries = value as readonly Source[];
      return [name, entries.map((entry) => describeElements(element.entry, entry, edition))];
    }
  }
}

function describeScalar(
  field: ScalarField,
  raw: number,
  { source, edition }: { readonly source: Source; readonly edition: Edition },
): Described {
  switch (field.role) {
    case 'count':
    case 'plain':
      return raw;
    case 'code':
      return codeText(raw);
    case 'flags':
      return { raw, set: alarmNames(raw, edition) };
    case 'gear':
      return describeGear(raw);
    case 'gearOrInvalid':
      return { ...describeGear(raw), valid: (raw & gearInvalidMask) === 0 };
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

function describeGear(raw: number): Fields {
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

function alarmNames(flags: number, { alarmBitNames }: Edition): readonly string[] {
  const names: string[] = [];
  for (let bit = 0; bit < 32; bit += 1) {
    if (((flags >>> bit) & 1) === 1) names.push(alarmBitNames[bit] ?? `reserved_bit_${bit}`);
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
