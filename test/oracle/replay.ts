// One vehicle's records through the rules of a processor, without a stream: topics interleave by
// chance, duplicates are recognised or not, the state is stored and read again in between.

import assert from 'node:assert/strict';
import type { Random } from '#loadtest/fleet/random.ts';
import type { WorkingState } from '#services/state/vehicle-state.ts';
import type { Decoder } from '#shared/avro/decoder.ts';
import type { VehicleState } from '#shared/avro/types.generated.ts';
import type { Processor, StreamRecord } from '#shared/stream/processor.ts';

export interface Replay {
  readonly processor: Processor<WorkingState>;
  readonly decoder: Decoder;
  readonly nowMs: number;
  readonly random: Random;
}

/** In the order of each topic, the topics dealt like cards. */
export async function replay(
  vehicleId: string,
  records: readonly StreamRecord[],
  { processor, decoder, nowMs, random }: Replay,
): Promise<VehicleState> {
  const queues = [...Map.groupBy(records, ({ topic }) => topic).values()].map((all) => [...all]);
  const applied = processor.inputs.map(() => -1);
  const known = new Set<string>();
  let state = processor.create(vehicleId);
  for (let left = records.length; left > 0; left -= 1) {
    const queue = random.pick(queues.filter(({ length }) => length > 0));
    const record = queue.shift() as StreamRecord;
    applyOne(state, record, { processor, known, random });
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

/**
 * Each topic only up to some record: at the end of a run the latest reports have healed what an
 * earlier one did wrong.
 */
export function cutOff(records: readonly StreamRecord[], random: Random): readonly StreamRecord[] {
  const byTopic = [...Map.groupBy(records, ({ topic }) => topic).values()];
  const kept = new Set(byTopic.flatMap((all) => all.slice(0, random.integer(0, all.length))));
  return records.filter((record) => kept.has(record));
}

interface Chance extends Pick<Replay, 'processor' | 'random'> {
  /** Frame ids so far. */
  readonly known: Set<string>;
}

/** A ring that sometimes fails to know what it should. */
function applyOne(
  state: WorkingState,
  record: StreamRecord,
  { processor, known, random }: Chance,
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
