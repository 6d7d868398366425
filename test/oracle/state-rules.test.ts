// The rules of services/state give what the oracle gives, however the topics interleave, wherever a
// duplicate is recognised or not, and though the state is stored and read again in between.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '#loadtest/fleet/random.ts';
import { defaultTiming } from '#services/state/apply.ts';
import { createStateProcessor } from '#services/state/processor.ts';
import { createDecoder } from '#shared/avro/decoder.ts';
import { createEncoders, type SchemaIds } from '#shared/avro/encoder.ts';
import { topicSpecs } from '#shared/topics.ts';
import { expectedState } from './expected-state.ts';
import { cutOff, replay } from './replay.ts';
import { stateDifferences, storyLines } from './state-differences.ts';
import { storiesOf } from './stories.ts';
import { createTraffic } from './traffic.ts';

const ids = Object.fromEntries(topicSpecs.map(({ topic }, at) => [topic, at + 1])) as SchemaIds;
const encoders = createEncoders(ids);
const decoder = createDecoder({ ids, schemaById: async () => null });
const processor = createStateProcessor({ timing: defaultTiming, encoders, decoder });
const plan = { vehicles: 60, startAt: Date.UTC(2026, 10, 25, 4), hours: 3, reportPeriodMs: 20_000 };

for (const seed of [1, 2]) {
  test(`60 vehicles, 3 hours, topics in any order: the oracle's states (seed ${seed})`, async () => {
    const traffic = await createTraffic({ ...plan, seed }, encoders);
    const stories = await storiesOf(traffic, decoder);
    const nowMs = traffic.endAt;
    const random = createRandom(seed, 9);
    const lines: string[] = [];
    for (const [vehicleId, records] of stories) {
      const wanted = expectedState({ vehicleId, records, nowMs, limits: defaultTiming });
      const found = await replay(vehicleId, records, { processor, decoder, nowMs, random });
      const differences = stateDifferences(wanted, found);
      if (differences.length > 0) lines.push(vehicleId, ...differences, ...storyLines(records));
    }
    assert.deepEqual(lines.slice(0, 40), []);
    assert.equal(stories.size, plan.vehicles);
  });
}

test('cut off anywhere, before later reports have healed it: the oracle’s state still', async () => {
  const traffic = await createTraffic({ ...plan, vehicles: 12, hours: 1, seed: 3 }, encoders);
  const stories = await storiesOf(traffic, decoder);
  const nowMs = traffic.endAt;
  const random = createRandom(3, 9);
  for (const [vehicleId, all] of stories) {
    for (let cut = 0; cut < 5; cut += 1) {
      const records = cutOff(all, random);
      const wanted = expectedState({ vehicleId, records, nowMs, limits: defaultTiming });
      const found = await replay(vehicleId, records, { processor, decoder, nowMs, random });
      assert.deepEqual(stateDifferences(wanted, found), [], storyLines(records).join('\n'));
    }
  }
});
