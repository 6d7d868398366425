// Frames for property tests: every field of the layout table, at the edges of its range more often
// than chance would have it.

import fc from 'fast-check';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { type Edition, edition2016, editions } from '#shared/frame/gb32960/editions.ts';
import { buildFrame, type FrameInput } from '#shared/frame/gb32960/encode-frame.ts';
import type { DeviceTime } from '#shared/frame/gb32960/frame.ts';
import { type Element, type ScalarField, sentinelFrom } from '#shared/frame/gb32960/layout.ts';
import { parametersInputs } from './arbitrary-parameters.ts';

/** The same on each run; a failure prints the path to its counterexample. */
export const fixedSeed = { seed: 32960 } as const;

const latin1 = fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code));

/** No 0x00 at the end: that is padding. */
function textUpTo(size: number): fc.Arbitrary<string> {
  return fc.string({ unit: latin1, maxLength: size }).map((text) => text.replace(/\0+$/u, ''));
}

const time: fc.Arbitrary<DeviceTime> = fc.oneof(
  fc
    .integer({ min: Date.UTC(2000, 0, 2), max: Date.UTC(2099, 11, 30) })
    .map((epochMs) => deviceTimeOf(epochMs)),
  // Impossible times keep their bytes: month 0, hour 24 and the like.
  fc
    .uint8Array({ minLength: 6, maxLength: 6 })
    .map((raw) => ({ raw: Uint8Array.of(100, ...raw.subarray(1)), epochMs: null })),
);

function scalar({ size, rawMin, rawMax }: ScalarField): fc.Arbitrary<number> {
  const highest = sentinelFrom(size) + 1;
  const edges = [0, rawMin, rawMax, rawMax + 1, highest - 1, highest];
  return fc.oneof(
    fc.constantFrom(...edges.filter((edge) => edge <= highest)),
    fc.integer({ min: 0, max: highest }),
  );
}

type Fields = Readonly<Record<string, unknown>>;

/** Lists first, because their lengths decide the counts. */
function fields(elements: readonly Element[]): fc.Arbitrary<Fields> {
  const parts = elements.map((element) => listOrField(element));
  return fc.tuple(...parts, fc.boolean(), fc.boolean()).map((values) => {
    const isAbnormal = values.at(-1) === true;
    const drawn = elements.map((element, index) => [element.name, values[index]]);
    const named: Record<string, unknown> = Object.fromEntries(drawn);
    for (const element of elements) settleCount(named, element, { elements, isAbnormal });
    return named;
  });
}

const signature = fc.record({
  algorithm: fc.integer({ min: 0, max: 0xff }),
  r: fc.uint8Array({ maxLength: 70 }),
  s: fc.uint8Array({ maxLength: 70 }),
});

function listOrField(element: Element): fc.Arbitrary<unknown> {
  switch (element.kind) {
    case 'time':
      return time;
    case 'text':
      return textUpTo(element.size).map((text) => text.replace(/ +$/u, ''));
    case 'scalar':
      return scalar(element);
    case 'values':
      return fc.array(scalar(element.element), { maxLength: 12 });
    case 'records':
      return fc.array(fields(element.entry), { maxLength: 4 });
    case 'texts':
      return fc.array(textUpTo(8), { maxLength: 4 });
    case 'textGroups':
      return fc.array(fc.array(textUpTo(element.size), { maxLength: 3 }), { maxLength: 3 });
    case 'signature':
      return signature;
    case 'bytes':
    case 'rest':
      return fc.uint8Array({ maxLength: 40 });
  }
}

interface Settling {
  readonly elements: readonly Element[];
  readonly isAbnormal: boolean;
}

/** An empty list is announced by 0 or by a sentinel. */
function settleCount(
  named: Record<string, unknown>,
  element: Element,
  { elements, isAbnormal }: Settling,
): void {
  if (element.kind === 'textGroups') settleGroups(named, element.name, element.countsName);
  if (element.kind !== 'values' && element.kind !== 'records' && element.kind !== 'texts') return;
  const groups = elements.find((each) => each.kind === 'textGroups');
  if (groups?.kind === 'textGroups' && groups.countsName === element.name) {
    settleGroups(named, groups.name, groups.countsName);
  }
  const { length } = named[element.name] as readonly unknown[];
  const field = elements.find(({ name }) => name === element.countName) as ScalarField;
  const isSentinel = length === 0 && isAbnormal;
  named[element.countName] = isSentinel ? sentinelFrom(field.size) : length;
  if (element.kind === 'texts') named[element.sizeName] = length === 0 && !isAbnormal ? 24 : 8;
}

/** The counts follow from the groups; an empty one is announced by 0 or by a sentinel. */
function settleGroups(named: Record<string, unknown>, name: string, countsName: string): void {
  const groups = named[name] as readonly (readonly string[])[];
  const empty = groups.length % 2 === 0 ? 0 : 0xff;
  named[countsName] = groups.map(({ length }) => (length === 0 ? empty : length));
}

const tail = fc.option(fc.uint8Array({ minLength: 1, maxLength: 9 }), { nil: null });

const custom = fc.record({
  kind: fc.constant('custom'),
  type: fc.integer({ min: 0x80, max: 0xfe }),
  data: fc.uint8Array({ maxLength: 30 }),
});

const itemOf = ({ items }: Edition) =>
  fc.oneof(
    ...items.map(({ kind, type, elements }) =>
      fields(elements).map((values) => ({ kind, type, ...values })),
    ),
    custom,
  );

/** A remainder begins with a type that has no layout, so that no decoder can read on. */
const remainder = fc
  .uint8Array({ maxLength: 20 })
  .map((bytes) => ({ remainder: Uint8Array.of(0x2f, ...bytes) }));

const whole = fc.constant({ remainder: null, signature: null, trailing: null });

const signed = fc.record({ remainder: fc.constant(null), signature, trailing: tail });

const reportOf = (edition: Edition) =>
  fc
    .tuple(
      time,
      fc.array(itemOf(edition), { maxLength: 9 }),
      edition === edition2016 ? fc.oneof(whole, remainder) : fc.oneof(whole, remainder, signed),
    )
    .map(([at, items, ending]) => ({ kind: 'report', time: at, items, ...ending }));

const answer = fc.oneof(
  fc.record({ kind: fc.constant('answer'), time, rest: tail }),
  fc.record({
    kind: fc.constant('answer'),
    time: fc.constant(null),
    rest: fc.option(fc.uint8Array({ minLength: 1, maxLength: 5 }), { nil: null }),
  }),
);

function body(kind: string): fc.Arbitrary<unknown> {
  return fc.record({ kind: fc.constant(kind), trailing: tail });
}

const opaque = fc.record({ kind: fc.constant('opaque'), bytes: fc.uint8Array({ maxLength: 60 }) });

type Drawn = Omit<FrameInput, 'vin' | 'body'> & { readonly body: unknown };

const command = fc.integer({ min: 0, max: 0xff });

const fixedOf = ({ bodies }: Edition) =>
  bodies.map(({ command, kind, elements }) => {
    // Where the last field takes all that is left, nothing trails.
    const trailing = elements.at(-1)?.kind === 'rest' ? fc.constant(null) : tail;
    const drawn = fc
      .tuple(fields(elements), trailing)
      .map(([values, left]) => ({ kind, ...values, trailing: left }));
    return { weight: 1, arbitrary: fc.record({ command: fc.constant(command), body: drawn }) };
  });

function drawnOf(edition: Edition): fc.Arbitrary<Drawn> {
  const known = new Set(edition.commands.map((each) => each.command));
  const report = fc.record({ command: fc.constantFrom(0x02, 0x03), body: reportOf(edition) });
  const answers = fc.record({
    // The answers to a query and to an activation have bodies of their own.
    command: command.filter((each) => each !== 0x80 && each !== 0x0a),
    response: fc.integer({ min: 0, max: 0xfd }),
    body: answer,
  });
  const encrypted = fc.record({
    command,
    response: fc.integer({ min: 0, max: 0xff }),
    encryption: fc.integer({ min: 2, max: 0xff }),
    body: opaque,
  });
  return fc.oneof(
    { weight: 4, arbitrary: report },
    ...fixedOf(edition),
    { weight: 2, arbitrary: parametersInputs(edition, time) },
    { weight: 1, arbitrary: fc.record({ command: fc.constant(0x07), body: body('heartbeat') }) },
    { weight: 1, arbitrary: fc.record({ command: fc.constant(0x08), body: body('timeSync') }) },
    { weight: 1, arbitrary: answers },
    {
      weight: 1,
      arbitrary: fc.record({ command: command.filter((each) => !known.has(each)), body: opaque }),
    },
    { weight: 1, arbitrary: encrypted },
  );
}

/** Every kind of frame that decoding accepts, keeps opaque, reads partly or takes as an answer. */
export const frameInputs: fc.Arbitrary<FrameInput> = fc.oneof(
  ...editions.map((edition) =>
    fc
      .tuple(drawnOf(edition), textUpTo(17))
      .map(([frame, vin]) => ({ codec: edition.codec, ...frame, vin }) as FrameInput),
  ),
);

export const frameBytes: fc.Arbitrary<Buffer> = frameInputs.map((input) => buildFrame(input));
