// A report that is written straight from its frame is, byte for byte, what it would be by way of
// objects; and an ordinary one is written straight.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { typicalReports } from '#loadtest/bench/typical-report.ts';
import type { Encoders } from '#shared/avro/encoder.ts';
import { buildFrame, type FrameInput, type ItemInput } from '#shared/frame/gb32960/encode-frame.ts';
import { checkByteOf } from '#shared/frame/gb32960/outer-frame.ts';
import type { Ingest, IngestMessage } from '#shared/ingest/contract.ts';
import { gb32960Fuzz } from '#test/fuzz/codecs/gb32960.ts';
import { mutatedPayload } from '#test/fuzz/mutate.ts';
import { fixedSeed, frameInputs } from '#test/shared/frame/gb32960/arbitrary-frames.ts';
import {
  custom,
  everyItem,
  receivedAt,
  reportFrame,
  temperatureSubsystem,
  vehicle,
  vehicleId,
  voltageSubsystem,
} from '#test/shared/telemetry/sample-frames.ts';
import { messageOf, testEncoders, testIngest } from './ingest-bed.ts';

interface Ways {
  readonly straight: Ingest;
  readonly byObjects: Ingest;
  /** Records that were written straight. */
  readonly count: () => number;
}

async function bothWays(): Promise<Ways> {
  const encoders = testEncoders();
  let count = 0;
  const watched: Encoders = {
    ...encoders,
    writeTelemetry: (...args) => {
      const value = encoders.writeTelemetry(...args);
      if (value !== null) count += 1;
      return value;
    },
  };
  return {
    straight: await testIngest({ encoders: watched }),
    byObjects: await testIngest({ encoders: { ...encoders, writeTelemetry: () => null } }),
    count: () => count,
  };
}

const { straight, byObjects, count } = await bothWays();

function compare(message: IngestMessage): void {
  assert.deepEqual(straight(message), byObjects(message));
}

/** Whether it went straight; the same either way. */
function goesStraight(payload: Buffer): boolean {
  const before = count();
  compare(messageOf(payload));
  return count() > before;
}

/** The first of each kind but custom ones, of which there may be many. */
function withoutTwins(items: readonly ItemInput[]): readonly ItemInput[] {
  return items.filter(
    ({ kind }, at) => kind === 'custom' || items.findIndex((item) => item.kind === kind) === at,
  );
}

const reports: fc.Arbitrary<Buffer> = frameInputs
  .filter(({ codec, body }) => codec === 'gb32960-2016' && body.kind === 'report')
  .map((input) => {
    const body = input.body as Extract<FrameInput['body'], { readonly kind: 'report' }>;
    const items = withoutTwins(body.items);
    return buildFrame({ ...input, vin: vehicleId, body: { ...body, items, remainder: null } });
  });

const origins = fc.record({
  bridge: fc.oneof(fc.constantFrom('bridge-a', '', '桥'), fc.string({ unit: 'binary' })),
  epoch: fc.oneof(fc.nat(), fc.constantFrom(-1, 0, 2 ** 31 - 1)),
  sequence: fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 30 - 1, 2 ** 30, 2 ** 52)),
});

const receiveTimes = fc.oneof(
  fc.constant(receivedAt),
  fc.integer({ min: 0, max: Date.UTC(2120, 0, 1) }),
);

function voltagesOf(...numbers: readonly number[]): ItemInput {
  const subsystems = numbers.map((no) => ({ ...voltageSubsystem, no }));
  return { kind: 'voltages', subsystemCount: numbers.length, subsystems };
}

function temperaturesOf(...numbers: readonly number[]): ItemInput {
  const subsystems = numbers.map((no) => ({ ...temperatureSubsystem, no }));
  return { kind: 'temperatures', subsystemCount: numbers.length, subsystems };
}

/** Every second one is a sentinel, so that no two are one run. */
const manyMarks: ItemInput = {
  kind: 'temperatures',
  subsystemCount: 1,
  subsystems: [
    { no: 1, probeCount: 100, temps: Array.from({ length: 100 }, (_, n) => 0xff - (n & 1)) },
  ],
};

test('writes what any report becomes by way of objects, marks and all', () => {
  const before = count();
  const numRuns = 4000;
  fc.assert(
    fc.property(reports, origins, receiveTimes, (payload, origin, at) => {
      compare({ ...messageOf(payload), origin, receivedAt: at });
    }),
    { ...fixedSeed, numRuns },
  );
  assert.ok(count() - before > numRuns / 2, `${count() - before} reports went straight`);
});

test('writes every raw value of every byte of a report as objects have it', () => {
  const frame = reportFrame(everyItem);
  for (let at = 24; at < frame.length - 1; at += 1) {
    for (let byte = 0; byte <= 0xff; byte += 1) {
      const changed = Buffer.from(frame);
      changed[at] = byte;
      changed[changed.length - 1] = checkByteOf(changed);
      compare(messageOf(changed));
    }
  }
});

test('comes to the same for what is broken, odd or not a report', () => {
  for (const payload of gb32960Fuzz.corpus) compare(messageOf(payload));
  for (let index = 0; index < 5000; index += 1) {
    const payload = mutatedPayload(gb32960Fuzz, fixedSeed.seed, index);
    // The id of the topic, so that it can be a report of this vehicle.
    if (payload.length > 25) {
      payload.write(vehicleId, 4, 'latin1');
      payload[payload.length - 1] = checkByteOf(payload);
    }
    compare(messageOf(payload));
  }
});

test('takes the ordinary report: the typical one, one with every item, reissued or marked', () => {
  const [typical] = typicalReports({ count: 1, vehicles: 1, seed: 1, startAt: receivedAt });
  const before = count();
  straight({ ...messageOf(typical!.payload), mqttTopic: typical!.mqttTopic });
  assert.equal(count(), before + 1);
  assert.ok(goesStraight(reportFrame(everyItem)));
  assert.ok(goesStraight(reportFrame(everyItem, { command: 0x03 })));
  assert.ok(goesStraight(reportFrame([{ ...vehicle, speed: 0xffff, soc: 0xfe, runMode: 9 }])));
  assert.ok(goesStraight(reportFrame([temperaturesOf(1, 7)])));
  assert.ok(goesStraight(reportFrame([custom, custom])));
});

test('leaves to objects what is rare: twins, packs out of order, many marks, another id', () => {
  assert.ok(!goesStraight(reportFrame([vehicle, vehicle])));
  assert.ok(!goesStraight(reportFrame([voltagesOf(1, 2), temperaturesOf(2, 1)])));
  assert.ok(goesStraight(reportFrame([temperaturesOf(1, 2), voltagesOf(1, 2, 3)])));
  assert.ok(!goesStraight(reportFrame([{ ...vehicle, speed: 0xffff }, manyMarks])));
  assert.ok(!goesStraight(reportFrame([vehicle], { vin: 'X' })));
  assert.ok(!goesStraight(Buffer.concat([reportFrame([vehicle]), reportFrame([vehicle])])));
});

test('is written where answers to reports are asked for by way of objects', async () => {
  const encoders = { ...testEncoders(), writeTelemetry: () => assert.fail('written straight') };
  const ingest = await testIngest({ encoders, answerReports: true });
  assert.equal(ingest(messageOf(reportFrame([vehicle]))).answers.length, 1);
});
