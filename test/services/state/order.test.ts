// The state does not depend on the order in which the topics are read, nor on duplicates.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Telemetry } from '#shared/avro/types.generated.ts';
import type { StreamRecord } from '#shared/stream/processor.ts';
import { sampleTelemetry } from '#test/shared/avro/sample-records.ts';
import { bareReportAt, eventAt, startAt, stateOf } from './reports.ts';

const sample = sampleTelemetry();
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

const vehicle = fc.record({
  speedKmh: maybe(fc.integer({ min: 0, max: 9 })),
  gear: maybe(fc.constantFrom('N', 'D', 'P')),
  hasBrakeForce: fc.boolean(),
});
const entryNo = fc.integer({ min: 1, max: 4 });
const motor = fc.record({ no: entryNo, speedRpm: maybe(fc.integer({ min: 0, max: 9 })) });
const cells = fc.array(maybe(fc.integer({ min: 0, max: 3 })), { maxLength: 3 });
const pack = fc.record({ no: entryNo, firstCell: maybe(entryNo), cellVoltagesMv: cells });
const position = fc.record({ hasFix: fc.boolean(), longitudeDeg: fc.integer({ min: 0, max: 5 }) });

/**
 * Event times of their own, so that any order is allowed: live in even seconds, reissued in odd.
 */
const report = fc.record({
  atS: fc.integer({ min: 0, max: 2_000 }),
  delayS: fc.integer({ min: 0, max: 3_000 }),
  isReissued: fc.boolean(),
  codec: fc.constantFrom('a', 'b'),
  vehicle: maybe(vehicle),
  motors: fc.array(motor, { maxLength: 3 }),
  packs: fc.array(pack, { maxLength: 3 }),
  position: maybe(position),
  alarms: fc.array(fc.record({ maxLevel: fc.integer({ min: 0, max: 3 }) }), { maxLength: 2 }),
});

type Report = typeof report extends fc.Arbitrary<infer Value> ? Value : never;

function recordOf({ atS, delayS, ...content }: Report): StreamRecord {
  const eventS = 2 * atS + (content.isReissued ? 1 : 0);
  return bareReportAt(eventS, {
    ...{ isReissued: content.isReissued, codec: content.codec },
    receivedTime: startAt + (eventS + delayS) * 1000,
    vehicle: content.vehicle && { ...sample.vehicle!, ...content.vehicle },
    motors: content.motors.map((change) => ({ ...sample.motors[0]!, ...change })),
    packs: content.packs.map((change) => ({ ...sample.packs[0]!, ...change })),
    position: content.position && { ...sample.position!, ...content.position },
    alarms: content.alarms.map((change) => ({ ...sample.alarms[0]!, ...change })),
  });
}

const events = ['login', 'logout', 'connected', 'disconnected', 'heartbeat', 'platform_login'];
const lifecycle = fc
  .tuple(fc.integer({ min: 0, max: 5_000 }), fc.constantFrom(...events))
  .map(([atS, event]): StreamRecord => eventAt(atS, event));

const story = fc
  .tuple(
    fc.uniqueArray(report, {
      selector: ({ atS, isReissued }) => `${atS} ${isReissued}`,
      maxLength: 90,
    }),
    fc.array(lifecycle, { maxLength: 20 }),
  )
  .map(([reports, others]) => [...reports.map(recordOf), ...others]);

test('any permutation and any duplication of a set of records gives the same state', () => {
  const shuffled = story.chain((records) =>
    fc.tuple(
      fc.constant(records),
      fc.shuffledSubarray([...records, ...records], {
        minLength: records.length,
        maxLength: 2 * records.length,
      }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([records, others]) => {
      // What the draw left out comes last, so that every record is there at least once.
      const left = records.filter((record) => !others.includes(record));
      assert.deepEqual(stateOf([...others, ...left]), stateOf(records));
    }),
    { seed: 20_260_517, numRuns: 300 },
  );
});

test('topics may be read in any interleaving: equal times are settled by the topic alone', () => {
  const live = fc.array(report, { maxLength: 12 }).map((all) => inOneSecond(all, false));
  const reissued = fc.array(report, { maxLength: 12 }).map((all) => inOneSecond(all, true));
  const picks = fc.array(fc.boolean(), { maxLength: 24 });
  fc.assert(
    fc.property(live, reissued, picks, (first, second, choice) => {
      const wanted = stateOf([...first, ...second]);
      assert.deepEqual(stateOf([...second, ...first]), wanted);
      assert.deepEqual(stateOf(interleaved(first, second, choice)), wanted);
    }),
    { seed: 20_260_517, numRuns: 300 },
  );
});

/** All of them in one of two seconds: nothing but ties. */
function inOneSecond(reports: readonly Report[], isReissued: boolean): readonly StreamRecord[] {
  return reports.map((change) => {
    const record = recordOf({ ...change, isReissued });
    const eventTime = startAt + (change.atS % 2) * 1000;
    return { ...record, value: { ...record.value, eventTime } as Telemetry } as StreamRecord;
  });
}

function interleaved(
  first: readonly StreamRecord[],
  second: readonly StreamRecord[],
  choice: readonly boolean[],
): readonly StreamRecord[] {
  const [a, b] = [[...first], [...second]];
  const chosen = choice.flatMap((isFirst) => (isFirst ? a : b).splice(0, 1));
  return [...chosen, ...a, ...b];
}
