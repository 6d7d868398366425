// What is known of a vehicle, as people read it: where it comes from, how old it is, what waits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signalsOf } from '#services/cli/state-signals.ts';
import { pipelineText, vehicleLines } from '#services/cli/vehicle-lines.ts';
import type { PipelineInput, TopicState, VehicleLook } from '#services/cli/vehicle-look.ts';
import { sourceText } from '#services/cli/vehicle-source.ts';
import { heardAt, sampleState } from './sample-state.ts';

const nowAt = heardAt + 12_000;
const record = { topic: 'vehicle.state.v1', partition: 7, offset: 42, timestamp: heardAt };
const state = sampleState();
const published: TopicState = {
  record: { ...record, key: null, value: null },
  state: sampleState({ lastSeenTime: heardAt - 90_000 }),
};

function look(change: Partial<VehicleLook> = {}): VehicleLook {
  return {
    ...{ vehicleId: state.vehicleId, partition: 7, partitionCount: 12, lookBack: 2_000 },
    ...{ redis: { kind: 'found', state }, topicState: published, frames: [], pipeline: [] },
    ...change,
  };
}

test('each signal has its value, its unit and the time when it held', () => {
  const signals = new Map(signalsOf(state).map((signal) => [signal.path, signal]));
  const shown = (path: string) => {
    const { text, unit, eventTime } = signals.get(path)!;
    return [text, unit, heardAt - eventTime];
  };
  assert.deepEqual(shown('vehicle.speedKmh'), ['43.2', 'km/h', 1_000]);
  assert.deepEqual(shown('vehicle.socPercent'), ['81', 'percent', 61_000]);
  assert.deepEqual(shown('position.latitudeDeg'), ['31.25', 'degree', 1_000]);
  assert.deepEqual(shown('motors[no=2].torqueNm'), ['12.5', 'N.m', 1_000]);
  assert.equal(signals.has('vehicle.gear'), false);
});

test('a state says its presence, its completeness and the age of each signal', () => {
  const text = vehicleLines(look(), nowAt).join('\n');
  assert.match(text, /^LTEST000000000042: partition 7 of 12\n/);
  assert.match(text, /presence +online \(message\) since 2026-05-17T07:30:12\.000Z, 1 h ago/);
  assert.match(text, /completeness +97\.5 % of a report each 10 s/);
  assert.match(text, /vehicle\.speedKmh +43\.2 +km\/h +13 s/);
  assert.match(text, /latest records, out of the last 2000 .*: none/);
});

test('says where the state is from, and how old the other copy is', () => {
  assert.deepEqual(sourceText(look(), nowAt), [
    'state from Redis; last seen 12 s ago',
    '  vehicle.state.v1 has one that is 1 min 30 s older (7/42)',
  ]);
  const absent = look({ redis: { kind: 'absent' } });
  assert.deepEqual(sourceText(absent, nowAt), [
    'state from vehicle.state.v1, 7/42, since Redis has none; last seen 1 min 42 s ago',
  ]);
  const forgotten = look({ redis: { kind: 'absent' }, topicState: { ...published, state: null } });
  assert.deepEqual(sourceText(forgotten, nowAt), [
    'no state: Redis has none, and it was forgotten (7/42)',
  ]);
  const [line] = sourceText(look({ redis: { kind: 'not_asked' }, topicState: null }), nowAt);
  assert.match(line!, /REDIS_URL is not set.*, and vehicle\.state\.v1 has none$/);
});

test('says of each input whether the latest record is in the state', () => {
  const input: PipelineInput = {
    ...{ topic: 'vehicle.telemetry.v1', partition: 7, latest: 1203, applied: 1203 },
    ...{ position: 1204, end: 1204 },
  };
  const text = (change: Partial<PipelineInput>) => pipelineText({ ...input, ...change }, 2_000);
  assert.equal(text({}), 'telemetry 7/1203 applied, the group is 0 behind');
  assert.equal(
    text({ applied: 1100, position: 1200 }),
    'telemetry 7/1203 not applied, 3 records before it, the group is 4 behind',
  );
  assert.match(text({ applied: null, position: 1203 }), /not applied, it is next, .* 1 behind/);
  assert.match(text({ applied: 1100 }), /read, not noted in this state/);
  assert.equal(
    text({ latest: null }),
    'telemetry 7: none in the last 2000 records, the group is 0 behind',
  );
});
