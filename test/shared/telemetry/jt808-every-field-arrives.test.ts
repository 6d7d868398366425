// Every field of every JT/T 808 message arrives: whatever value it has, the Avro records that a
// consumer reads are others. Fields that do not are named.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceTimeOf } from '#shared/frame/jt808/bcd.ts';
import { type ExtraInput, encodeFields } from '#shared/frame/jt808/encode-body.ts';
import type { FrameInput } from '#shared/frame/jt808/encode-frame.ts';
import type { Edition, Element, ScalarField } from '#shared/frame/jt808/layout.ts';
import { bodyLayouts, register2011 } from '#shared/frame/jt808/layout-bodies.ts';
import { extraLayouts, locationElements } from '#shared/frame/jt808/layout-location.ts';
import { encodeRecord } from '#shared/ingest/frame-record.ts';
import { decodeRecord, testEncoders } from '#test/shared/ingest/ingest-bed.ts';
import { basic, frameOf, interpretPayload, vehicleId } from './jt808-frames.ts';
import { receivedAt } from './sample-frames.ts';

type Source = Readonly<Record<string, unknown>>;

interface Variants {
  readonly field: string;
  readonly sources: readonly Source[];
}

const encoders = testEncoders();

/** From the bytes of a frame to what a consumer reads. */
function deliver(frame: Buffer): string {
  const records = interpretPayload(frame, { hash: () => Buffer.alloc(8) });
  return JSON.stringify(
    records.map((record) => {
      assert.ok(record.kind !== 'rejection', 'a record');
      const { kafkaTopic, value } = encodeRecord(encoders, record);
      return decodeRecord({ kafkaTopic, value, key: Buffer.from(vehicleId) });
    }),
  );
}

/** Fields of which two values come to the same records. */
function lostFields(walk: Iterable<Variants>, build: (source: Source) => Buffer): string[] {
  const lost: string[] = [];
  for (const { field, sources } of walk) {
    assert.ok(sources.length > 1, `${field} has more than one value`);
    const arrived = new Set(sources.map((source) => deliver(build(source))));
    if (arrived.size < sources.length) lost.push(field);
  }
  return lost;
}

const times = [
  deviceTimeOf(receivedAt - 2000),
  deviceTimeOf(receivedAt + 10 ** 9),
  { raw: Uint8Array.of(0x1a, 0, 0, 0, 0, 0), epochMs: null },
];
const twoTexts = ['A', 'b1', '测'];
const rests = ['', '01', '7e7d', 'ff00'].map((hex) => Buffer.from(hex, 'hex'));

function valuesOf(element: Element): readonly unknown[] {
  switch (element.kind) {
    case 'scalar':
      return numbers(element);
    case 'time':
      return times;
    case 'bcd':
      return ['01', '12', '9a'].map((digits) => digits.repeat(element.size));
    case 'text':
      return twoTexts;
    case 'bytes':
      if (typeof element.extent !== 'number') return rests;
      return [0, 1, 0x7e].map((byte) => Buffer.alloc(element.extent as number, byte));
    case 'location':
      return [basic, { ...basic, speed: 1 }];
    default:
      return [];
  }
}

function numbers({ size }: ScalarField): readonly number[] {
  const max = 2 ** (8 * size) - 1;
  return [...new Set([0, 1, 2, 3, 4, 5, 9, 0x7f, 0x80, 0xfe, 0xff, max >>> 1, max - 1, max])];
}

/** One value of each field. */
function sampleOf(elements: readonly Element[]): Source {
  const entries = elements.flatMap((element): readonly (readonly [string, unknown])[] => {
    if (element.kind === 'maybe') return Object.entries(sampleOf(element.elements));
    if (element.kind === 'values' || element.kind === 'records' || element.kind === 'locations') {
      return [
        [element.name, [entryOf(element)]],
        [element.countName, 1],
      ];
    }
    if (element.kind === 'scalar' && element.role === 'size') return [];
    return [[element.name, valuesOf(element)[0]]];
  });
  return Object.fromEntries(entries);
}

type List = Extract<Element, { readonly countName: string }>;

function entryOf(list: List): unknown {
  if (list.kind === 'values') return 1;
  return list.kind === 'records' ? sampleOf(list.entry) : basic;
}

function* variantsOf(elements: readonly Element[], sample: Source): Generator<Variants> {
  for (const element of elements) {
    if (element.kind === 'maybe') {
      yield* variantsOf(element.elements, sample);
      continue;
    }
    if ('countName' in element) {
      yield* listVariants(element, sample);
      continue;
    }
    if (element.kind === 'scalar' && (element.role === 'size' || element.role === 'count'))
      continue;
    yield {
      field: element.name,
      sources: valuesOf(element).map((value) => ({ ...sample, [element.name]: value })),
    };
  }
}

/** Lists of other lengths, and each field of an entry. */
function* listVariants(list: List, sample: Source): Generator<Variants> {
  const { name, countName } = list;
  const withList = (entries: readonly unknown[]) => ({
    ...sample,
    [name]: entries,
    [countName]: entries.length,
  });
  const entry = entryOf(list);
  yield { field: name, sources: [[], [entry], [entry, entry]].map(withList) };
  if (list.kind === 'values') {
    yield { field: `${name}[]`, sources: [0, 1, 0xffff].map((value) => withList([value])) };
    return;
  }
  const elements = list.kind === 'records' ? list.entry : locationElements;
  for (const { field, sources } of variantsOf(elements, entry as Source)) {
    yield { field: `${name}[].${field}`, sources: sources.map((source) => withList([source])) };
  }
}

/** A register body of 2013 in this size would be one of 2011, and the other way round. */
const plate = { '2011': 'A1', '2013': 'A12345678901', '2019': 'A1' };

for (const { id, kind, editions, elements } of bodyLayouts) {
  for (const edition of editions) {
    if (elements.length === 0 || kind === 'location') continue;
    test(`every field of ${kind} 0x${id.toString(16)} of ${edition} arrives`, () => {
      assert.deepEqual(lostOf(id, edition, { kind, elements }), []);
    });
  }
}

function lostOf(
  id: number,
  edition: Edition,
  { kind, elements }: { readonly kind: string; readonly elements: readonly Element[] },
): readonly string[] {
  const form = kind === 'register' ? { form: edition, plate: plate[edition] } : {};
  const sample = { kind, ...sampleOf(elements), ...form };
  const walk = [...variantsOf(elements, sample)].filter(({ field }) => {
    // A shot that failed has no list: told by the result, which has variants of its own.
    return !(kind === 'register' && field === 'plate') && field !== 'location';
  });
  return lostFields(walk, (source) => frameOf(id, source, { edition }));
}

test('every field of a register of 2011 arrives', () => {
  const sample = {
    kind: 'register',
    form: '2011',
    ...sampleOf(register2011),
    plate: plate['2011'],
  };
  assert.deepEqual(
    lostFields(variantsOf(register2011, sample), (source) => frameOf(0x0100, source)),
    [],
  );
});

test('plates of every edition arrive', () => {
  for (const edition of ['2013', '2019'] as const) {
    const layout = bodyLayouts.find(
      ({ id, editions }) => id === 0x0100 && editions.includes(edition),
    );
    const sample = { kind: 'register', form: edition, ...sampleOf(layout?.elements ?? []) };
    const sources = ['京A1234567', '沪B1234567', 'LTESTVN0000000001'].map((text) => ({
      ...sample,
      plate: text,
    }));
    const walk = [{ field: 'plate', sources }];
    assert.deepEqual(
      lostFields(walk, (source) => frameOf(0x0100, source, { edition })),
      [],
    );
  }
});

test('every field of a location arrives, in each edition', () => {
  for (const edition of ['2013', '2019'] as const) {
    const walk = [...variantsOf(locationElements, basic as unknown as Source)];
    assert.deepEqual(
      lostFields(walk, (source) => frameOf(0x0200, source, { edition })),
      [],
    );
  }
});

const located = (extras: readonly ExtraInput[], rest?: Buffer) =>
  frameOf(0x0200, { ...basic, extras, ...(rest === undefined ? {} : { rest }) });

for (const { id, name, elements } of extraLayouts) {
  test(`every field of the extra item ${name} arrives`, () => {
    const walk = [...variantsOf(elements, sampleOf(elements))];
    const build = (source: Source) => located([{ id, data: encodeFields(elements, source) }]);
    assert.deepEqual(lostFields(walk, build), []);
  });
}

test('ids, lengths and data of other extra items arrive, and what ends their walk', () => {
  const ids = Array.from({ length: 256 }, (_, id) => ({
    extras: [{ id, data: Buffer.of(1, 2, 3) }],
  }));
  const data = rests.map((bytes) => ({ extras: [{ id: 0xf0, data: bytes }] }));
  const tails = ['e4', 'e405', 'e40501', 'e50501', 'e40601'];
  const broken = tails.map((hex) => ({ extras: [], rest: Buffer.from(hex, 'hex') }));
  const twice = [1, 2].map((byte) => ({
    extras: [0, byte].map((value) => ({ id: 0x30, data: Buffer.of(value) })),
  }));
  const walk = [
    { field: 'id', sources: ids },
    { field: 'data', sources: data },
    { field: 'rest', sources: broken },
    { field: 'copy', sources: twice },
  ];
  const build = (source: Source) =>
    located(source['extras'] as ExtraInput[], source['rest'] as Buffer | undefined);
  assert.deepEqual(lostFields(walk, build), []);
});

test('headers arrive: phone, serial, version, encryption and the place of a part', () => {
  const opaque = { kind: 'opaque', bytes: Buffer.of(1) };
  const headers = (id: number, changes: readonly Partial<FrameInput>[]): Variants => ({
    field: `0x${id.toString(16)} ${Object.keys(changes[0] ?? {}).join()}`,
    sources: changes.map((change) => ({ id, change })),
  });
  const walk = [0x0200, 0xe001].flatMap((id) => [
    headers(id, [{ phone: '1' }, { phone: '2' }, { phone: '4e5d' }]),
    headers(id, [{ serial: 0 }, { serial: 1 }, { serial: 0xffff }]),
    headers(id, [
      { protocolVersion: 1, edition: '2019' },
      { protocolVersion: 2, edition: '2019' },
      { edition: '2013' },
    ]),
  ]);
  const parts = [
    { packet: { total: 2, index: 1 } },
    { packet: { total: 2, index: 2 } },
    { packet: { total: 3, index: 1 } },
  ];
  walk.push(headers(0xe001, [{ encryption: 1 }, { encryption: 2 }]), headers(0xe001, parts));
  const build = ({ id, change }: Source) =>
    frameOf(id as number, id === 0x0200 ? basic : opaque, change as Partial<FrameInput>);
  assert.deepEqual(lostFields(walk, build), []);
});

test('message ids, kept bytes, left-over bytes and texts that are no GBK arrive', () => {
  const opaque = (hex: string) => ({ kind: 'opaque', bytes: Buffer.from(hex, 'hex') });
  const ids = [0x0f00, 0x1003, 0xe000, 0xefff, 0x9101].map((id) => ({ id, body: opaque('01') }));
  const heartbeats = [0x0002, 0x0003, 0x0004, 0x8104].map((id) => ({ id, body: opaque('') }));
  const kept = ['', '01', '02', '0102'].map((hex) => ({ id: 0xe000, body: opaque(hex) }));
  const left = ['04', '0401', '0402'].map((hex) => ({ id: 0x0301, body: opaque(hex) }));
  const nonsense = ['81', 'ff', 'fe81'].map((hex) => ({ id: 0x0102, body: opaque(hex) }));
  const walk = [
    { field: 'id', sources: [...ids, ...heartbeats] },
    { field: 'bytes', sources: kept },
    { field: 'trailing', sources: left },
    { field: 'nonsense', sources: nonsense },
  ];
  const build = ({ id, body }: Source) => frameOf(id as number, body as object);
  assert.deepEqual(lostFields(walk, build), []);
});

test('names a field that does not arrive', () => {
  const walk = variantsOf(locationElements, basic as unknown as Source);
  const build = (source: Source) => frameOf(0x0200, { ...source, altitude: 0, speed: 0 });
  assert.deepEqual(lostFields(walk, build), ['altitude', 'speed']);
});
