// The oracle itself, by cases that a person can work out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lifecycle, Telemetry } from '#shared/avro/types.generated.ts';
import type { StreamRecord } from '#shared/stream/processor.ts';
import { blankPosition } from '#shared/telemetry/blank-records.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { type ExpectedState, expectedState } from './expected-state.ts';

const limits = { silentAfterMs: 120_000, offlineAfterMs: 1_800_000, sessionGapMs: 600_000 };
const minute = 60_000;

test('the latest event time wins, whichever came first', () => {
  const late = report({ at: 3_000, speedKmh: 30 });
  const early = report({ at: 1_000, speedKmh: 10, offset: 1 });
  assert.deepEqual(stateOf([late, early]).vehicle?.speedKmh, { value: 30, eventTime: 3_000 });
  assert.equal(stateOf([late, early]).lastEventTime, 3_000);
});

test('a value that a later report does not have stays', () => {
  const state = stateOf([
    report({ at: 1_000, speedKmh: 10 }),
    report({ at: 2_000, speedKmh: null, offset: 1 }),
  ]);
  assert.deepEqual(state.vehicle?.speedKmh, { value: 10, eventTime: 1_000 });
});

test('at one event time the later live report stands, and a reissued one never replaces it', () => {
  const first = report({ at: 1_000, speedKmh: 1 });
  const second = report({ at: 1_000, speedKmh: 2, offset: 1 });
  const reissued = report({ at: 1_000, speedKmh: 3, isReissued: true });
  for (const records of [
    [first, second, reissued],
    [reissued, first, second],
  ]) {
    assert.equal(stateOf(records).vehicle?.speedKmh?.value, 2);
  }
});

test('of two reissued reports of one event time the earlier stands', () => {
  const first = report({ at: 1_000, speedKmh: 1, isReissued: true });
  const second = report({ at: 1_000, speedKmh: 2, isReissued: true, offset: 1 });
  assert.equal(stateOf([second, first]).vehicle?.speedKmh?.value, 1);
});

test('a frame that came again is no report, but the vehicle was heard', () => {
  const first = report({ at: 1_000, receivedAt: 1_500, speedKmh: 1, frame: 'a' });
  const second = report({ at: 1_000, receivedAt: 1_600, speedKmh: 2, frame: 'b', offset: 1 });
  const again = report({ at: 1_000, receivedAt: 9_000, speedKmh: 1, frame: 'a', offset: 2 });
  const state = stateOf([first, second, again]);
  assert.equal(state.vehicle?.speedKmh?.value, 2);
  assert.equal(state.lastHeardTime, 9_000);
  assert.equal(state.lastSeenTime, 9_000);
  assert.deepEqual(state.appliedOffsets, [2, -1, -1, -1]);
});

test('motors are kept by number, each signal with its own time', () => {
  const state = stateOf([
    report({ at: 1_000, motors: [motor(2, 20), motor(1, 10)] }),
    report({ at: 2_000, motors: [motor(2, null)], offset: 1 }),
  ]);
  assert.deepEqual(
    state.motors.map(({ no, speedRpm }) => [no, speedRpm]),
    [
      [1, { value: 10, eventTime: 1_000 }],
      [2, { value: 20, eventTime: 1_000 }],
    ],
  );
});

test('alarms are those of the latest report that had any', () => {
  const alarms = [{ maxLevel: 2 }] as unknown as Telemetry['alarms'];
  const state = stateOf([report({ at: 1_000, alarms }), report({ at: 2_000, offset: 1 })]);
  assert.deepEqual(state.alarms, { items: alarms, eventTime: 1_000 });
});

test('the last fix stays while there is none', () => {
  const fix = { ...blankPosition, hasFix: true, longitudeDeg: 1, latitudeDeg: 2 };
  const none = { ...fix, hasFix: false, statusRaw: 1 };
  const state = stateOf([
    report({ at: 1_000, position: fix }),
    report({ at: 2_000, position: none, offset: 1 }),
  ]);
  assert.deepEqual(state.position, { ...none, eventTime: 2_000 });
  assert.deepEqual(state.lastFix, { ...fix, eventTime: 1_000 });
});

const presences = [
  { name: 'online since its login', events: 'login@1 report@2', now: 3, is: 'online message 1' },
  { name: 'online, no login seen', events: 'report@2', now: 3, is: 'online message null' },
  { name: 'silent after two minutes', events: 'report@2', now: 4, is: 'silent silence 2' },
  { name: 'timed out', events: 'heartbeat@2', now: 32, is: 'offline timeout 32' },
  { name: 'logged out', events: 'login@1 logout@3', now: 99, is: 'offline logout 3' },
  { name: 'a tie is offline', events: 'report@3 logout@3', now: 3, is: 'offline logout 3' },
  { name: 'back', events: 'login@1 disconnected@2 report@3', now: 3, is: 'online message null' },
  { name: 'a platform', events: 'platform_login@3 logout@2', now: 3, is: 'offline logout 2' },
  { name: 'late logout', events: 'report@5 logout@4', now: 5, is: 'online message null' },
];

for (const { name, events, now, is } of presences) {
  test(`presence: ${name}`, () => {
    const records = events.split(' ').map((text, offset) => {
      const [event, at] = text.split('@');
      const receivedAt = Number(at) * minute;
      if (event === 'report') return report({ at: receivedAt, receivedAt, offset });
      return lifecycle({ event: event as string, receivedAt, offset });
    });
    const state = stateOf(records, now * minute);
    const since = state.presenceSince === null ? null : state.presenceSince / minute;
    assert.equal(`${state.presence} ${state.presenceReason} ${since}`, is);
  });
}

test('completeness counts what the own period makes expected, pauses apart', () => {
  // Each 10 s, two missing after the third; then a pause; then two more.
  const seconds = [0, 10, 20, 50, 60, 2_000, 2_010];
  const state = stateOf(seconds.map((second, offset) => report({ at: second * 1000, offset })));
  assert.deepEqual(state.recentReportsS, [2_010, 10, 1_940, 10, 30, 10, 10]);
  assert.equal(state.reportPeriodS, 10);
  assert.equal(state.completenessRatio, 5 / 7);
});

test('two reports are too few for a period', () => {
  const state = stateOf([report({ at: 0 }), report({ at: 10_000, offset: 1 })]);
  assert.equal(state.reportPeriodS, null);
  assert.equal(state.completenessRatio, null);
});

test('of more than 64 reports the latest count', () => {
  const state = stateOf(
    Array.from({ length: 70 }, (_, at) => report({ at: at * 5_000, offset: at })),
  );
  assert.equal(state.recentReportsS.length, 64);
  assert.equal(state.recentReportsS[0], 69 * 5);
});

function stateOf(records: readonly StreamRecord[], nowMs = 10 * minute): ExpectedState {
  return expectedState({ vehicleId: 'car', records, nowMs, limits });
}

interface ReportFacts extends Partial<Pick<Telemetry, 'motors' | 'alarms' | 'position'>> {
  /** Event time. */
  readonly at: number;
  readonly receivedAt?: number;
  readonly offset?: number;
  readonly speedKmh?: number | null;
  readonly isReissued?: boolean;
  readonly frame?: string;
}

function report(facts: ReportFacts): StreamRecord {
  const {
    at,
    offset = 0,
    receivedAt = at,
    speedKmh,
    isReissued = false,
    frame,
    ...content
  } = facts;
  const value = {
    ...{ motors: [], packs: [], alarms: [], position: null, engine: null, ...content },
    ...{ fuelCell: null, extremes: null, codec: 'gb32960-2016', isReissued },
    frameId: frame === undefined ? null : Buffer.from(frame),
    eventTime: at,
    receivedTime: receivedAt,
    vehicle: speedKmh === undefined ? null : { speedKmh },
  } as unknown as Telemetry;
  const topic = isReissued ? kafkaTopics.backfill : kafkaTopics.telemetry;
  return { kind: 'telemetry.v1', topic, partition: 0, offset, vehicleId: 'car', value };
}

interface LifecycleFacts {
  readonly event: string;
  readonly receivedAt: number;
  readonly offset: number;
}

function lifecycle({ event, receivedAt, offset }: LifecycleFacts): StreamRecord {
  const value = { event, receivedTime: receivedAt, frameId: null } as Lifecycle;
  const topic = event === 'heartbeat' ? kafkaTopics.heartbeat : kafkaTopics.lifecycle;
  return { kind: 'lifecycle.v1', topic, partition: 0, offset, vehicleId: 'car', value };
}

function motor(no: number, speedRpm: number | null): Telemetry['motors'][number] {
  return { no, speedRpm } as Telemetry['motors'][number];
}
