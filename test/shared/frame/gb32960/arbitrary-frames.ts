// Frames for property tests: every field of the layout table, at the edges of its range more often
// than chance would have it.

import fc from 'fast-check';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { buildFrame, type FrameInput } from '#shared/frame/gb32960/encode-frame.ts';
import type { DeviceTime } from '#shared/frame/gb32960/frame.ts';
import { type Element, type ScalarField, sentinelFrom } from '#shared/frame/gb32960/layout.ts';
import { bodies2016, items2016 } from '#shared/frame/gb32960/layout-2016.ts';
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

function listOrField(element: Element): fc.Arbitrary<unknown> {
  switch (element.kind) {
    case 'time':
      return time;
    case 'text':
      return textUpTo(element.size);
    case 'scalar':
      return scalar(element);
    case 'values':
      return fc.array(scalar(element.element), { maxLength: 12 });
    case 'records':
      return fc.array(fields(element.entry), { maxLength: 4 });
    case 'texts':
      return fc.array(textUpTo(8), { maxLength: 4 });
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
  if (element.kind !== 'values' && element.kind !== 'records' && element.kind !== 'texts') return;
  const { length } = named[element.name] as readonly unknown[];
  const field = elements.find(({ name }) => name === element.countName) as ScalarField;
  const isSentinel = length === 0 && isAbnormal;
  named[element.countName] = isSentinel ? sentinelFrom(field.size) : length;
  if (element.kind === 'texts') named[element.sizeName] = length === 0 && !isAbnormal ? 24 : 8;
}

const tail = fc.option(fc.uint8Array({ minLength: 1, maxLength: 9 }), { nil: null });

const custom = fc.record({
  kind: fc.constant('custom'),
  type: fc.integer({ min: 0x80, max: 0xfe }),
  data: fc.uint8Array({ maxLength: 30 }),
});

const item = fc.oneof(
  ...items2016.map(({ kind, type, elements }) =>
    fields(elements).map((values) => ({ kind, type, ...values })),
  ),
  custom,
);

/** A remainder begins with a type that has no layout, so that no decoder can read on. */
const remainder = fc.option(
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Uint8Array.of(0x2f, ...bytes)),
  { nil: null, freq: 2 },
);

const report = fc.record({
  kind: fc.constant('report'),
  time,
  items: fc.array(item, { maxLength: 9 }),
  remainder,
});

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

const commandWithoutLayout = fc
  .integer({ min: 9, max: 0xff })
  .filter((command) => command < 0x80 || command > 0x82);

type Drawn = Omit<FrameInput, 'vin' | 'body'> & { readonly body: unknown };

const drawn: fc.Arbitrary<Drawn> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ command: fc.constantFrom(0x02, 0x03), body: report }) },
  ...bodies2016.map(({ command, kind, elements }) => {
    // Where the last field takes all that is left, nothing trails.
    const trailing = elements.at(-1)?.kind === 'rest' ? fc.constant(null) : tail;
    const whole = fc
      .tuple(fields(elements), trailing)
      .map(([values, trailing]) => ({ kind, ...values, trailing }));
    return { weight: 1, arbitrary: fc.record({ command: fc.constant(command), body: whole }) };
  }),
  { weight: 2, arbitrary: parametersInputs(time) },
  { weight: 1, arbitrary: fc.record({ command: fc.constant(0x07), body: body('heartbeat') }) },
  { weight: 1, arbitrary: fc.record({ command: fc.constant(0x08), body: body('timeSync') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      // The answer to a query has a body of its own.
      command: fc.integer({ min: 0, max: 0xff }).filter((command) => command !== 0x80),
      response: fc.integer({ min: 0, max: 0xfd }),
      body: answer,
    }),
  },
  { weight: 1, arbitrary: fc.record({ command: commandWithoutLayout, body: opaque }) },
  {
    weight: 1,
    arbitrary: fc.record({
      command: fc.integer({ min: 0, max: 0xff }),
      response: fc.integer({ min: 0, max: 0xff }),
      encryption: fc.integer({ min: 2, max: 0xff }),
      body: opaque,
    }),
  },
);

/** Every kind of frame that decoding accepts, keeps opaque, reads partly or takes as an answer. */
export const frameInputs: fc.Arbitrary<FrameInput> = fc
  .tuple(drawn, textUpTo(17))
  .map(([frame, vin]) => ({ ...frame, vin }) as FrameInput);

export const frameBytes: fc.Arbitrary<Buffer> = frameInputs.map((input) => buildFrame(input));
