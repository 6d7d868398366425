// Settings and answers to queries for property tests: any parameters in any order, domain names as
// long as the parameter before them says, and walks that end early.

import fc from 'fast-check';
import type { Edition } from '#shared/frame/gb32960/editions.ts';
import type { DeviceTime } from '#shared/frame/gb32960/frame.ts';
import type { Parameter } from '#shared/frame/gb32960/frame-downlink.ts';

export function parametersInputs(edition: Edition, time: fc.Arbitrary<DeviceTime>) {
  const walks = walksOf(edition);
  return fc.oneof(
    fc.record({
      command: fc.constant(0x81),
      body: fc.tuple(time, walks).map(([at, walk]) => bodyOf('parameterSetting', at, walk)),
    }),
    fc.record({
      command: fc.constant(0x80),
      response: fc.integer({ min: 0, max: 0xfd }),
      body: fc.tuple(time, walks).map(([at, walk]) => bodyOf('parameterAnswer', at, walk)),
    }),
  );
}

const latin1 = fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code));

const parameterOf = ({ parameters }: Edition): fc.Arbitrary<readonly Parameter[]> =>
  fc
    .tuple(fc.constantFrom(...parameters), fc.nat(0xffff), fc.string({ unit: latin1 }))
    .map(([{ id, size, sizeId, isText }, number, text]) => {
      // No 0x00 at the end: that is padding.
      const value = text.slice(0, size ?? text.length).replace(/\0+$/u, '');
      if (sizeId !== null) {
        return [
          { id: sizeId, value: value.length },
          { id, value },
        ];
      }
      return isText ? [{ id, value }] : [{ id, value: size === 1 ? number & 0xff : number }];
    });

interface Walk {
  readonly params: readonly Parameter[];
  readonly tail: Uint8Array | null;
  readonly ending: 'whole' | 'unknown' | 'cut' | 'sentinel';
}

const walksOf = (edition: Edition): fc.Arbitrary<Walk> =>
  fc.record({
    params: fc.array(parameterOf(edition), { maxLength: 8 }).map((lists) => lists.flat()),
    tail: fc.option(fc.uint8Array({ minLength: 1, maxLength: 9 }), { nil: null }),
    ending: fc.constantFrom('whole', 'unknown', 'cut', 'sentinel'),
  });

function bodyOf(kind: string, time: DeviceTime, { params, tail, ending }: Walk) {
  const body = { kind, time, count: params.length, params, remainder: null, trailing: null };
  switch (ending) {
    case 'whole':
      return { ...body, trailing: tail };
    case 'sentinel':
      return { ...body, count: 0xfe, params: [], trailing: tail };
    case 'cut':
      return { ...body, count: params.length + 2 };
    case 'unknown': {
      // Reserved and user-defined ids are of unknown size.
      const remainder = Uint8Array.of(0x11, ...(tail ?? []));
      return { ...body, count: params.length + 1, remainder };
    }
  }
}
