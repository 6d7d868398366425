// The rules of services/state give what the oracle gives, however the topics interleave, wherever a
// duplicate is recognised or not, and though the state is stored and read again in between.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, type Random } from '#loadtest/fleet/random.ts';
import { defaultTiming } from '#services/state/apply.ts';
import { createStateProcessor } from '#services/state/processor.ts';
import type { WorkingState } from '#services/state/vehicle-state.ts';
import { createDecoder } from '#shared/avro/decoder.ts';
import { createEncoders, type SchemaIds } from '#shared/avro/encoder.ts';
import type { VehicleState } from '#shared/avro/types.generated.ts';
import type { Processor, StreamRecord } from '#shared/stream/processor.ts';
import { topicSpecs } from '#shared/topics.ts';
import { expectedState } from './expected-state.ts';
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
      const found = await replay(vehicleId, records, { nowMs, random });
      const differences = stateDifferences(wanted, found);
      if (differences.length > 0) lines.push(vehicleId, ...differences, ...storyLines(records));
    }
    assert.deepEqual(lines.slice(0, 40), []);
    assert.equal(stories.size, plan.vehicles);
  });
}

interface Chance {
  readonly nowMs: number;
  readonly random: Random;
}

/** In the order of each topic, the topics dealt like cards. */
async function replay(
  vehicleId: string,
  records: readonly StreamRecord[],
  { nowMs, random }: Chance,
): Promise<VehicleState> {
  const queues = [...Map.groupBy(records, ({ topic }) => topic).values()].map((all) => [...all]);
  const applied = processor.inputs.map(() => -1);
  const known = new Set<string>();
  let state = processor.create(vehicleId);
  for (let left = records.length; left > 0; left -= 1) {
    const queue = random.pick(queues.filter(({ length }) => length > 0));
    const record = queue.shift() as StreamRecord;
    applyOne(state, record, { known, random });
    applied[processor.inputs.findIndex(({ topic }) => topic === record.topic)] = record.offset;
    const heardAt = state.lastHeardTime ?? 0;
    if (random.chance(0.02)) processor.tick(state, random.integer(heardAt, nowMs), () => undefined);
    if (random.chance(0.02)) state = await storedAndRead(processor, state);
  }
  processor.tick(state, nowMs, () => undefined);
  const provenance = { epoch: 1, appliedOffsets: applied, replayFromOffsets: applied };
  const decoded = await decoder.decode(processor.encode(state, provenance));
  assert.ok(decoded.kind === 'state.v1');
  return decoded.value;
}

/** A ring that sometimes fails to know what it should. */
function applyOne(
  state: WorkingState,
  record: StreamRecord,
  { known, random }: Pick<Chance, 'random'> & { readonly known: Set<string> },
): void {
  const frame = record.value.frameId?.toString('hex');
  const isDuplicate = frame !== undefined && known.has(frame) && random.chance(0.5);
  if (frame !== undefined) known.add(frame);
  if (isDuplicate) processor.applyDuplicate(state, record);
  else processor.apply(state, record, () => undefined);
}

async function storedAndRead(
  { encode, decode }: Processor<WorkingState>,
  state: WorkingState,
): Promise<WorkingState> {
  const provenance = { epoch: 1, appliedOffsets: [], replayFromOffsets: [] };
  return (await decode(Buffer.from(encode(state, provenance)))).state;
}
