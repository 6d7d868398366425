// Time passes: vehicles that are due are told, and quiet changes reach the state topic at last.

import type { ProduceRecord } from '../kafka/producer.ts';
import { abandoned } from './hold.ts';
import { recordOfStored } from './stored-value.ts';
import { loadVehicles } from './stored-vehicles.ts';
import {
  type Desk,
  encodeTouched,
  isFencedByClock,
  nextWorkNo,
  settle,
  touch,
  type Work,
  type WorkOutcome,
} from './work.ts';

/**
 * Vehicles due by `reachedAt` (epoch ms): everything stored until then has been applied. 'none'
 * when no vehicle is due. At most a slice of them; call it again.
 */
export async function tickDue<State>(
  desk: Desk<State>,
  reachedAt: number,
): Promise<WorkOutcome | 'none'> {
  const { parts, vehicles } = desk;
  const { processor, config } = parts;
  const due = vehicles.dueBy(reachedAt, config.sliceRecords);
  if (due.length === 0) return 'none';
  const missing = due.filter((vehicleId) => vehicles.get(vehicleId) === undefined);
  const read = missing.length === 0 ? [] : await loadVehicles(desk, missing);
  if (read === abandoned || typeof read === 'string') return read;
  for (const { vehicle } of read) vehicles.add(vehicle);
  const work: Work<State> = { no: nextWorkNo(), touched: [], emitted: [], progress: null };
  for (const vehicleId of due) {
    const vehicle = vehicles.get(vehicleId)!;
    touch(work, vehicle, 'none');
    const change = processor.tick(vehicle.state, reachedAt, (topic, value) => {
      work.emitted.push({ topic, key: vehicle.key, value });
    });
    touch(work, vehicle, change);
    vehicle.isDirty = change !== 'none';
  }
  // The rules made this state of one that was encoded before: what does not fit is our fault.
  const unfit = encodeTouched(desk, work);
  if (unfit !== null) throw unfit.error;
  const outcome = await settle(desk, work);
  if (outcome === 'written') postpone(desk, due, reachedAt);
  return outcome;
}

/** A rule that stays due at the same time would be asked for ever. */
function postpone<State>({ vehicles }: Desk<State>, due: readonly string[], reachedAt: number) {
  for (const vehicleId of due) {
    if (vehicles.dueAt(vehicleId) <= reachedAt) vehicles.due(vehicleId, reachedAt + 1);
  }
}

/**
 * States changed quietly STREAM_REFRESH_MS ago or earlier go to the state topic, which then covers
 * what a replay need not read. 'none' when there is none. At most a slice of them; call it again.
 */
export async function refreshQuiet<State>(desk: Desk<State>): Promise<WorkOutcome | 'none'> {
  const { parts, place, vehicles, hold } = desk;
  const { config, now, store } = parts;
  const due = vehicles.quiet.dueBefore(now() - config.refreshMs, config.sliceRecords);
  if (due.length === 0) return 'none';
  // A write of nothing: who has been fenced must not tell the topic what is old by now.
  const { partition, epoch, writeCount, forgetCount } = place;
  const write = { partition, epoch, writeCount, forgetCount, progress: null, vehicles: [] };
  const outcome = await hold('Redis', () => store.write(write));
  if (outcome !== 'written') return outcome;
  place.writeCount += 1;
  const records = await quietRecords(desk, due);
  if (records === abandoned || typeof records === 'string') return records;
  const isFenced = () => isFencedByClock(parts);
  const stored = await parts.outputs.store({ records, hold, isFenced });
  if (stored !== 'stored') return stored === abandoned ? abandoned : 'clock';
  parts.counters.stateRecordsCount += records.length;
  for (const vehicleId of due) vehicles.quiet.written(vehicleId);
  return 'written';
}

async function quietRecords<State>(desk: Desk<State>, due: readonly string[]) {
  const { parts, place, vehicles, hold } = desk;
  const { partition, epoch } = place;
  const topic = parts.processor.stateTopic;
  const replayFromOffsets = vehicles.quiet.replayFrom(place.offsets);
  const missing = due.filter((vehicleId) => vehicles.get(vehicleId) === undefined);
  const values = await hold('Redis', () => parts.store.loadOwned(place, missing));
  if (values === abandoned || typeof values === 'string') return values;
  const records: ProduceRecord[] = [];
  for (const vehicleId of due) {
    const vehicle = vehicles.get(vehicleId);
    if (vehicle === undefined) continue;
    const { key, state, appliedOffsets } = vehicle;
    const value = parts.processor.encode(state, { epoch, appliedOffsets, replayFromOffsets });
    records.push({ topic, partition, key, value });
  }
  for (const [at, vehicleId] of missing.entries()) {
    // What is stored is the record itself, with a place to replay from that was true then.
    const stored = values[at];
    const value = stored ? recordOfStored(stored) : null;
    if (value !== null) records.push({ topic, partition, key: Buffer.from(vehicleId), value });
  }
  return records;
}
