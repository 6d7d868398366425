// A profile's samples go to the innermost code that belongs to a stage.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CpuProfile, stageShares } from '#loadtest/bench/cpu-stages.ts';

const node = (id: number, url: string, children: readonly number[] = []) => ({
  id,
  callFrame: { functionName: 'f', url },
  children,
});

const profile: CpuProfile = {
  startTime: 1_000,
  nodes: [
    node(1, '', [2, 5, 6, 7]),
    node(2, 'file:///app/shared/mqtt/publish-reader.ts', [3]),
    node(3, 'file:///app/services/bridge/message.ts', [4]),
    node(4, 'file:///app/shared/avro/encoder.ts', [8]),
    node(5, 'node:net'),
    { id: 6, callFrame: { functionName: '(idle)', url: '' } },
    { id: 7, callFrame: { functionName: '(garbage collector)', url: '' } },
    node(8, 'node:buffer'),
  ],
  // Each sample is as long as the time since the one before.
  samples: [2, 3, 8, 5, 6, 7],
  timeDeltas: [10, 10, 20, 10, 500, 50],
};

const sharesOf = (from: number, to: number) =>
  Object.fromEntries([...stageShares(profile, { from, to })].filter(([, share]) => share > 0));

test('shares are of the busy time, by the innermost code that has a stage', () => {
  assert.deepEqual(sharesOf(0, 10_000), {
    MQTT: 0.1,
    'window and lanes': 0.1,
    Avro: 0.2,
    'garbage collection': 0.5,
    other: 0.1,
  });
});

test('only samples between the two instants count', () => {
  assert.deepEqual(sharesOf(1_011, 1_041), { 'window and lanes': 1 / 3, Avro: 2 / 3 });
});
