// The rules of the state processor of a source tree against the oracle, without a stream.

import { createRandom } from '#loadtest/fleet/random.ts';
import { createDecoder } from '#shared/avro/decoder.ts';
import { createEncoders, type SchemaIds } from '#shared/avro/encoder.ts';
import { topicSpecs } from '#shared/topics.ts';
import { expectedState } from '../../oracle/expected-state.ts';
import { cutOff, replay } from '../../oracle/replay.ts';
import { stateDifferences } from '../../oracle/state-differences.ts';
import { storiesOf } from '../../oracle/stories.ts';
import { createTraffic } from '../../oracle/traffic.ts';
import type { Finding, Scenario } from '../plant.ts';
import { loadFrom } from '../tree.ts';

const plan = {
  vehicles: 12,
  seed: 3,
  startAt: Date.UTC(2026, 10, 25, 4),
  hours: 1,
  reportPeriodMs: 20_000,
};
const cutsPerVehicle = 5;
const ids = Object.fromEntries(topicSpecs.map(({ topic }, at) => [topic, at + 1])) as SchemaIds;

export const stateRules: Scenario = {
  name: 'state rules',
  sentence:
    'An hour of late, doubled and disordered reports through the rules, topics interleaved.',
  async play(treeDir) {
    const { createStateProcessor } = await loadFrom<typeof import('#services/state/processor.ts')>(
      treeDir,
      'services/state/processor.ts',
    );
    const { defaultTiming: limits } = await loadFrom<typeof import('#services/state/apply.ts')>(
      treeDir,
      'services/state/apply.ts',
    );
    const encoders = createEncoders(ids);
    const decoder = createDecoder({ ids, schemaById: async () => null });
    const processor = createStateProcessor({ timing: limits, encoders, decoder });
    const traffic = await createTraffic(plan, encoders);
    const stories = await storiesOf(traffic, decoder);
    const random = createRandom(plan.seed, 9);
    const nowMs = traffic.endAt;
    const findings: Finding[] = [];
    const cases = [...stories].flatMap(([vehicleId, all]) =>
      Array.from({ length: cutsPerVehicle }, () => [vehicleId, cutOff(all, random)] as const),
    );
    for (const [vehicleId, records] of cases) {
      const wanted = expectedState({ vehicleId, records, nowMs, limits });
      const found = await replay(vehicleId, records, { processor, decoder, nowMs, random });
      const [first] = stateDifferences(wanted, found);
      if (first === undefined) continue;
      findings.push({ promise: 'the state is the oracle’s', found: `${vehicleId}: ${first}` });
    }
    const frames = cases.reduce((sum, [, { length }]) => sum + length, 0);
    return { findings, frames };
  },
};
