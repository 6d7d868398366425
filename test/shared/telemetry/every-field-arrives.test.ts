// Every field of every frame arrives: whatever value it has, the Avro record that a consumer reads
// is another one. Fields that do not are named.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Edition,
  edition2016,
  edition2025,
  editions,
} from '#shared/frame/gb32960/editions.ts';
import { buildFrame, type FrameInput } from '#shared/frame/gb32960/encode-frame.ts';
import { byte, type Element, word } from '#shared/frame/gb32960/layout.ts';
import { items2016 } from '#shared/frame/gb32960/layout-2016.ts';
import type { ParameterLayout } from '#shared/frame/gb32960/layout-2016-parameters.ts';
import { encodeRecord } from '#shared/ingest/frame-record.ts';
import { decodeRecord, testEncoders } from '#test/shared/ingest/ingest-bed.ts';
import {
  byteStrings,
  fieldVariants,
  rawValues,
  type Source,
  texts,
  times,
  type Variants,
} from './field-walk.ts';
import { alarm, custom, everyItem, interpretPayload, vehicleId } from './sample-frames.ts';
import { everyItem2025, signature } from './sample-frames-2025.ts';

const encoders = testEncoders();
const [time] = times();

type Delivered = Readonly<Record<string, unknown>>;

/** From the bytes of a frame to what a consumer reads. */
function deliver(frame: Buffer): Delivered {
  const interpreted = interpretPayload(frame);
  assert.ok(interpreted.kind !== 'rejection', 'a record');
  const { kafkaTopic, value } = encodeRecord(encoders, interpreted);
  return decodeRecord({ kafkaTopic, value, key: Buffer.from(vehicleId) })
    .value as object as Delivered;
}

/** Fields of which two values come to the same record. */
function lostFields(
  walk: Iterable<Variants>,
  frameOf: (source: Source) => Buffer,
  read: (frame: Buffer) => Delivered = deliver,
): readonly string[] {
  const lost: string[] = [];
  for (const { field, sources } of walk) {
    assert.ok(sources.length > 1, `${field} has more than one value`);
    const arrived = new Set(sources.map((source) => JSON.stringify(read(frameOf(source)))));
    if (arrived.size < sources.length) lost.push(field);
  }
  return lost;
}

/** Bodies may come from outside the types: the layout says what they hold. */
function frameOf(command: number, body: Source, header: Partial<FrameInput> = {}): Buffer {
  return buildFrame({ command, vin: vehicleId, body, ...header } as unknown as FrameInput);
}

const reportOf =
  ({ codec }: Edition) =>
  (item: Source) =>
    frameOf(0x02, { kind: 'report', time, items: [item] }, { codec });

/** Every list of it holds something to change. */
const fullAlarm = { ...alarm, engineFaultCount: 1, engineFaults: [9] };
const sampleItems = [fullAlarm, ...everyItem, ...everyItem2025];

for (const edition of editions) {
  for (const { kind, elements } of edition.items) {
    test(`every field of a ${kind} item arrives`, () => {
      const sample = sampleItems.find((item) => item.kind === kind) as unknown as Source;
      const walk = fieldVariants(elements, sample, kind);
      assert.deepEqual(lostFields(walk, reportOf(edition)), []);
    });
  }
}

test('type, length and content of a custom item arrive', () => {
  const types = Array.from({ length: 0xfe - 0x7f }, (_, at) => ({ ...custom, type: 0x80 + at }));
  const contents = byteStrings().map((data) => ({ ...custom, data }));
  const walk = [
    { field: 'custom.type', sources: types },
    { field: 'custom.data', sources: contents },
  ];
  assert.deepEqual(lostFields(walk, reportOf(edition2016)), []);
});

test('time, kind and remainder of a report arrive', () => {
  const report = { kind: 'report', time, items: [], command: 0x02 };
  const remainders = byteStrings().map((bytes) => Uint8Array.of(0x2f, ...bytes));
  const walk = [
    { field: 'report.time', sources: times().map((at) => ({ ...report, time: at })) },
    { field: 'report.command', sources: [report, { ...report, command: 0x03 }] },
    { field: 'report.remainder', sources: [null, ...remainders].map(remainderOf(report)) },
  ];
  assert.deepEqual(
    lostFields(walk, (source) => frameOf(source['command'] as number, source)),
    [],
  );
});

test('signature and what trails it arrive', () => {
  const report = { kind: 'report', time, items: [], signature };
  const elements = [{ kind: 'signature', name: 'signature', meaning: '' }] as const;
  const tails = [null, ...byteStrings().filter(({ length }) => length > 0)];
  const walk = [
    ...fieldVariants(elements, report, 'report'),
    vary('report.trailing', tails, (trailing) => ({ ...report, trailing })),
    vary('report', [report, { ...report, signature: null }], (source) => source),
  ];
  const { codec } = edition2025;
  assert.deepEqual(
    lostFields(walk, (body) => frameOf(0x02, body, { codec })),
    [],
  );
});

const samples: Readonly<Record<string, Source>> = {
  login: {
    loginSeq: 7,
    iccid: '89860000000000000001',
    ressCount: 2,
    ressCodeLength: 3,
    ressCodes: ['AAA', 'BBB'],
  },
  logout: { seq: 7 },
  platformLogin: { seq: 3, username: 'fleet', password: 'secret', encryption: 1 },
  platformLogout: { seq: 3 },
  parameterQuery: { count: 2, paramIds: [1, 9] },
  control: { commandId: 6, args: Uint8Array.of(1, 2) },
  login2025: {
    loginSeq: 7,
    iccid: '89860000000000000001',
    bmsCount: 2,
    packsPerBms: [2, 1],
    packCodes: [['AAA', 'BBB'], ['CCC']],
  },
  activation: { chipId: 'CHIP', publicKey: Uint8Array.of(4, 5), vin: vehicleId, signature },
  activationAnswer: { activationStatus: 1, info: 0 },
  keyExchange: { keyType: 5, key: Uint8Array.of(1, 2), activeTime: time, expireTime: time },
};

for (const { year, codec, bodies } of editions) {
  for (const { command, kind, elements } of bodies) {
    test(`every field of a ${kind} of ${year} arrives, and what trails it`, () => {
      const sample = { kind, time, ...samples[kind] };
      const walk = [...fieldVariants(elements, sample, kind), ...trailingOf(elements, sample)];
      assert.deepEqual(
        lostFields(walk, (body) => frameOf(command, body, { codec })),
        [],
      );
    });
  }
}

const settings = [
  { kind: 'parameterSetting', command: 0x81, response: 0xfe },
  { kind: 'parameterAnswer', command: 0x80, response: 0x01 },
] as const;

const settingsOfEditions = editions.flatMap((edition) =>
  settings.map((setting) => ({ ...setting, ...edition })),
);

for (const { kind, command, response, year, codec, parameters } of settingsOfEditions) {
  test(`every parameter of a ${kind} of ${year} arrives, and what could not be read`, () => {
    const sample = { kind, time, count: 0, params: [] };
    const remainders = byteStrings().map((bytes) => Uint8Array.of(0x11, ...bytes));
    const walk = [
      { field: `${kind}.time`, sources: times().map((at) => ({ ...sample, time: at })) },
      ...parameters.map((layout) => ({
        field: `${kind}.${layout.name}`,
        sources: parameterValues(layout).map((params) => ({
          ...sample,
          count: params.length,
          params,
        })),
      })),
      { field: `${kind}.count`, sources: rawValues(byte).map((count) => ({ ...sample, count })) },
      { field: `${kind}.remainder`, sources: remainders.map(remainderOf({ ...sample, count: 1 })) },
      ...trailingOf([], sample),
    ];
    assert.deepEqual(
      lostFields(walk, (body) => frameOf(command, body, { codec, response })),
      [],
    );
  });
}

test('what answers, heartbeats, opaque frames and their headers carry arrives', () => {
  const answer = { command: 0x01, response: 0x01, body: { kind: 'answer', time, rest: null } };
  const opaque = { command: 0xc0, body: { kind: 'opaque', bytes: Uint8Array.of(1) } };
  const beat = { command: 0x07, body: { kind: 'heartbeat' } };
  const rests = byteStrings().filter(({ length }) => length > 0);
  const bytes = Array.from({ length: 256 }, (_, at) => at);
  const walk: readonly Variants[] = [
    vary('answer.time', times(), (at) => ({ ...answer, body: { ...answer.body, time: at } })),
    vary('answer.rest', rests, (rest) => ({ ...answer, body: { ...answer.body, rest } })),
    vary('answer.response', bytes.slice(0, 0xfe), (response) => ({ ...answer, response })),
    vary(
      'answer.command',
      bytes.filter((at) => at !== 0x80),
      (command) => ({ ...answer, command }),
    ),
    vary('opaque.bytes', byteStrings(), (data) => ({
      ...opaque,
      body: { kind: 'opaque', bytes: data },
    })),
    vary('opaque.command', bytes.slice(0x83), (command) => ({ ...opaque, command })),
    vary('opaque.encryption', bytes.slice(2), (encryption) => ({ ...opaque, encryption })),
    vary('heartbeat.trailing', [null, ...rests], (trailing) => ({
      ...beat,
      body: { kind: 'heartbeat', trailing },
    })),
    vary('timeSync.trailing', [null, ...rests], (trailing) => ({
      command: 0x08,
      body: { kind: 'timeSync', trailing },
    })),
    vary('platform.vin', texts(17), (vin) => ({
      command: 0x06,
      vin,
      body: { kind: 'platformLogout', time, seq: 1 },
    })),
  ];
  assert.deepEqual(
    lostFields(walk, (input) => frameOf(0, {}, input as Partial<FrameInput>)),
    [],
  );
});

test('names a field that does not arrive', () => {
  const { elements } = items2016.find(
    ({ kind }) => kind === 'vehicle',
  ) as (typeof items2016)[number];
  const sample = everyItem.find(({ kind }) => kind === 'vehicle') as unknown as Source;
  const withoutSpeed = (frame: Buffer): Delivered => {
    const { vehicle, fieldStates, ...rest } = deliver(frame);
    return {
      ...rest,
      vehicle: { ...(vehicle as Source), speedKmh: 0, socPercent: 0 },
      fieldStates,
    };
  };
  const lost = lostFields(
    fieldVariants(elements, sample, 'vehicle'),
    reportOf(edition2016),
    withoutSpeed,
  );
  assert.deepEqual(lost, ['vehicle.speed', 'vehicle.soc']);
});

function parameterValues(layout: ParameterLayout): readonly (readonly Source[])[] {
  const { id, size, sizeId, isText } = layout;
  if (sizeId !== null) {
    return texts(9).map((value) => [
      { id: sizeId, value: value.length },
      { id, value },
    ]);
  }
  if (isText) return texts(size ?? 0).map((value) => [{ id, value }]);
  return rawValues(size === 1 ? byte : word).map((value) => [{ id, value }]);
}

function trailingOf(elements: readonly Element[], sample: Source): readonly Variants[] {
  if (elements.at(-1)?.kind === 'rest') return [];
  const field = `${sample['kind']}.trailing`;
  const tails = byteStrings().filter(({ length }) => length > 0);
  return [{ field, sources: [null, ...tails].map((trailing) => ({ ...sample, trailing })) }];
}

function remainderOf(source: Source) {
  return (remainder: Uint8Array | null): Source => ({ ...source, remainder });
}

function vary<T>(field: string, values: readonly T[], change: (value: T) => Source): Variants {
  return { field, sources: values.map(change) };
}
