// Bodies and frames of JT/T 808 drawn at random, out of its layout tables: bounds and sentinels of
// every width among the numbers, GBK among the texts, 0x7E and 0x7D among the bytes.

import fc from 'fast-check';
import { deviceTimeOf } from '#shared/frame/jt808/bcd.ts';
import { type BodyInput, encodeBody, encodeFields } from '#shared/frame/jt808/encode-body.ts';
import { buildFrame, type FrameInput } from '#shared/frame/jt808/encode-frame.ts';
import type { DeviceTime } from '#shared/frame/jt808/frame.ts';
import { encodeText } from '#shared/frame/jt808/gbk.ts';
import type {
  BodyLayout,
  Edition,
  Element,
  Extent,
  MaybeGroup,
} from '#shared/frame/jt808/layout.ts';
import { bodyLayouts, register2011 } from '#shared/frame/jt808/layout-bodies.ts';
import {
  type ExtraLayout,
  extraLayouts,
  locationElements,
} from '#shared/frame/jt808/layout-location.ts';

export const fixedSeed = { seed: 20260801 };

type Source = Readonly<Record<string, unknown>>;

const traps = [0x00, 0x7d, 0x7e, 0x01, 0x02, 0xff];
const someByte = fc.oneof(fc.constantFrom(...traps), fc.integer({ min: 0, max: 0xff }));

export function byteStrings(size: { readonly min: number; readonly max: number }) {
  return fc
    .array(someByte, { minLength: size.min, maxLength: size.max })
    .map((bytes) => Uint8Array.from(bytes));
}

function integers(size: 1 | 2 | 4): fc.Arbitrary<number> {
  const max = 2 ** (8 * size) - 1;
  const bounds = [0, 1, max, max - 1, 0x7d % (max + 1), (max + 1) / 2];
  return fc.oneof(fc.constantFrom(...bounds), fc.integer({ min: 0, max }));
}

export const times: fc.Arbitrary<DeviceTime> = fc.oneof(
  fc.integer({ min: Date.UTC(2000, 0, 2), max: Date.UTC(2099, 11, 30) }).map(deviceTimeOf),
  fc.constantFrom('000000000000', '26050a040506', '261301000000', '260230000000').map(impossible),
);

function impossible(digits: string): DeviceTime {
  return { raw: Uint8Array.from(Buffer.from(digits, 'hex')), epochMs: null };
}

const characters = [...'AZaz09 -.测沪张三鑫€'];

/** Texts of so many bytes at most, without padding of their own. */
function texts(bytesMax: number): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom(...characters), { maxLength: bytesMax })
    .map((drawn) => cutTo(drawn.join('').trim(), bytesMax));
}

function cutTo(text: string, bytesMax: number): string {
  const pieces = [...text];
  while (encodeText(pieces.join('')).length > bytesMax) pieces.pop();
  return pieces.join('').trim();
}

const restMax = 40;

function sizeOf(extent: Extent): { readonly min: number; readonly max: number } {
  return typeof extent === 'number' ? { min: extent, max: extent } : { min: 0, max: restMax };
}

/** Values of elements by their names, counts as their lists have it. */
export function sources(elements: readonly Element[]): fc.Arbitrary<Source> {
  const parts = elements.map((element) => partOf(element));
  return fc.tuple(...parts).map((drawn) => Object.assign({}, ...drawn) as Source);
}

function partOf(element: Element): fc.Arbitrary<Source> {
  switch (element.kind) {
    case 'maybe':
      return groupOf(element);
    case 'scalar':
      if (element.role === 'size' || element.role === 'count') return fc.constant({});
      return named(element.name, integers(element.size));
    case 'time':
      return named(element.name, times);
    case 'bcd':
      return named(element.name, byteStrings({ min: element.size, max: element.size }).map(hexOf));
    case 'text':
      return named(element.name, texts(sizeOf(element.extent).max));
    case 'bytes':
      return named(element.name, byteStrings(sizeOf(element.extent)));
    case 'location':
      return named(element.name, locations(element.extent === 'basic' ? 0 : 4));
    default: {
      const lists = fc.array(entryOf(element), { maxLength: 4 });
      return lists.map((list) => ({ [element.name]: list, [element.countName]: list.length }));
    }
  }
}

type List = Extract<Element, { readonly countName: string }>;

function entryOf(list: List): fc.Arbitrary<unknown> {
  if (list.kind === 'values') return integers(list.element.size);
  return list.kind === 'records' ? sources(list.entry) : locations(3);
}

/** A group is there where a scalar before it says so; else it is there or not. */
function groupOf({ elements }: MaybeGroup): fc.Arbitrary<Source> {
  return fc.oneof(fc.constant({}), sources(elements));
}

function named<T>(name: string, values: fc.Arbitrary<T>): fc.Arbitrary<Source> {
  return values.map((value) => ({ [name]: value }));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function locations(extrasMax: number): fc.Arbitrary<Source> {
  const extras = fc.array(fc.oneof(knownExtras, foreignExtras), { maxLength: extrasMax });
  return fc.tuple(sources(locationElements), extras).map(([basic, list]) => ({
    kind: 'location',
    ...basic,
    extras: list,
  }));
}

export function extrasOf({ id, elements }: ExtraLayout) {
  return sources(elements).map((source) => ({ id, data: encodeFields(elements, source) }));
}

const knownExtras = fc.constantFrom(...extraLayouts).chain(extrasOf);
const foreignExtras = fc.record({
  id: fc.integer({ min: 0, max: 0xff }),
  data: byteStrings({ min: 0, max: 12 }),
});

/** Bodies of one layout; those whose firm group is missing are none. */
export function bodiesOf(layout: BodyLayout, edition: Edition): fc.Arbitrary<BodyInput> {
  if (layout.kind === 'location') return locations(6) as fc.Arbitrary<BodyInput>;
  const drawn = sources(layout.elements).map((source) => ({ kind: layout.kind, ...source }));
  if (layout.kind === 'register') {
    const form = (source: Source) => ({ ...source, form: edition });
    return fc.oneof(drawn.map(form), old) as fc.Arbitrary<BodyInput>;
  }
  if (layout.kind !== 'cameraAnswer') return drawn as fc.Arbitrary<BodyInput>;
  return drawn.filter(hasItsList) as fc.Arbitrary<BodyInput>;
}

/** A body of 2011 is told by its size alone, so its plate is at most eleven bytes long. */
const old = sources(register2011).map((source) => ({
  ...source,
  kind: 'register',
  form: '2011',
  plate: cutTo(source['plate'] as string, 11),
}));

function hasItsList(source: Source): boolean {
  return source['result'] !== 0 || source['count'] !== undefined;
}

export interface DrawnBody {
  readonly messageId: number;
  readonly edition: Edition;
  readonly body: BodyInput;
}

export const drawnBodies: fc.Arbitrary<DrawnBody> = fc
  .constantFrom(
    ...bodyLayouts.flatMap((layout) => layout.editions.map((edition) => ({ layout, edition }))),
  )
  .chain(({ layout, edition }) =>
    bodiesOf(layout, edition).map((body) => ({ messageId: layout.id, edition, body })),
  )
  .filter(({ body, edition }) => {
    // Only a header of 2013 can hold a body of 2011.
    return edition === '2013' || !('form' in body) || body['form'] !== '2011';
  })
  .filter(({ messageId, edition, body }) => encodeBody(messageId, edition, body).length <= 1023);

const phones = fc
  .array(fc.constantFrom(...'0123456789'), { minLength: 1, maxLength: 12 })
  .map((digits) => digits.join(''));

export const frameInputs: fc.Arbitrary<FrameInput> = fc
  .tuple(drawnBodies, phones, integers(2))
  .map(([drawn, phone, serial]) => ({ ...drawn, phone, serial }));

export const frameBytes: fc.Arbitrary<Buffer> = frameInputs.map(buildFrame);
