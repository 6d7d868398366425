// How fast Redis is filled again from the state topic.

import assert from 'node:assert/strict';
import { startStack } from '#deploy/local/stack.ts';
import type { ProduceRecord } from '#shared/kafka/producer.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { eventually } from '../integration/eventually.ts';
import { openRebuildBed, type RebuildBed } from '../oracle/rebuild-bed.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

const vehicles = 100_000;
const rebuildMsMax = 300_000;

export const stateRebuildProof: Proof = {
  name: 'state-rebuild',
  sentence:
    'Redis is empty: one member of the state processor rebuilds 100,000 vehicles from the state ' +
    'topic (three million in ten minutes are 5,000 a second).',
  run,
};

async function run(stage: ProofStage): Promise<Figures> {
  const stack = await startStack({ say: stage.say });
  stage.after(() => stack.stop());
  const bed = await openRebuildBed(stage, stack);
  stage.say(`${vehicles} states are written to ${kafkaTopics.state}.`);
  const bytes = await fill(bed);
  const member = await bed.crew.join();
  const joinedAt = performance.now();
  await eventually(
    'every vehicle rebuilt',
    async () => assert.equal(await bed.crew.total(rebuiltVehicles), vehicles),
    rebuildMsMax,
  );
  const seconds = (performance.now() - joinedAt) / 1000;
  await bed.crew.leave(member);
  assert.equal(await bed.storedCount(), vehicles);
  return {
    vehicles,
    'bytes of a state': Math.round(bytes / vehicles),
    seconds: Number(seconds.toFixed(1)),
    'vehicles a second': Math.round(vehicles / seconds),
  };
}

const rebuiltVehicles = 'fleetwire_stream_rebuilt_vehicles_total';
const batchRecords = 1_000;

/** Answers the bytes of all values. */
async function fill({ stateOf, produce }: RebuildBed): Promise<number> {
  let bytes = 0;
  for (let first = 0; first < vehicles; first += batchRecords) {
    const records: ProduceRecord[] = [];
    for (let index = first; index < first + batchRecords; index += 1) records.push(stateOf(index));
    bytes += records.reduce((sum, { value }) => sum + value.length, 0);
    await produce(records);
  }
  return bytes;
}
