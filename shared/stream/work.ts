// The end of every change of state: encoded, outputs stored, state written; and only then does
// memory count. Slices of records and ticks both end here.

import type { ProduceRecord } from '../kafka/producer.ts';
import { type Abandoned, abandoned, type Hold } from './hold.ts';
import type { StreamParts } from './parts.ts';
import type { Change } from './processor.ts';
import type { PartitionWrite, StoredVehicle, WriteOutcome } from './store.ts';
import { encodeStored } from './stored-value.ts';
import type { Vehicle, Vehicles } from './vehicles.ts';

/** Where an owned partition is: as the store has it, and where its inputs are read on. */
export interface Place {
  readonly partition: number;
  readonly epoch: number;
  writeCount: number;
  readonly forgetCount: number;
  /** Of the last record applied of each input, -1 for none. */
  readonly offsets: number[];
  /** Of the record that comes next. */
  readonly nextOffsets: number[];
  /** Epoch ms at which Kafka appended the last record applied; 0: unknown. */
  readonly appendedAt: number[];
}

/** What one piece of work has to do with. */
export interface Desk<State> {
  readonly parts: StreamParts<State>;
  readonly place: Place;
  readonly vehicles: Vehicles<State>;
  readonly hold: Hold;
}

export type Output = Omit<ProduceRecord, 'partition'>;

export interface Work<State> {
  readonly no: number;
  readonly touched: Vehicle<State>[];
  /** Beside the state; the partition goes by the key. */
  readonly emitted: Output[];
  readonly progress: PartitionWrite['progress'];
}

/** clock: too long without a word from the coordinator, so others may own the partition. */
export type WorkOutcome = WriteOutcome | 'clock' | Abandoned;

let lastWorkNo = 0;

/** Numbers are never used twice: a vehicle tells by it whether this work has touched it. */
export function nextWorkNo(): number {
  lastWorkNo += 1;
  return lastWorkNo;
}

/** Once per vehicle and work; `change` adds to what the work has done to it before. */
export function touch<State>(work: Work<State>, vehicle: Vehicle<State>, change: Change): void {
  if (vehicle.workNo !== work.no) {
    vehicle.workNo = work.no;
    vehicle.change = change;
    vehicle.isDirty = false;
    vehicle.record = null;
    work.touched.push(vehicle);
  } else if (change === 'loud' || (change === 'quiet' && vehicle.change === 'none')) {
    vehicle.change = change;
  }
}

/** A throw is the processor's: `vehicle` says whose state does not fit. */
export function encodeTouched<State>({ parts, place, vehicles }: Desk<State>, work: Work<State>) {
  const replayFromOffsets = vehicles.quiet.replayFrom(place.offsets);
  const { epoch } = place;
  for (const vehicle of work.touched) {
    if (!vehicle.isDirty) continue;
    const { appliedOffsets } = vehicle;
    try {
      const provenance = { epoch, appliedOffsets, replayFromOffsets };
      vehicle.record = parts.processor.encode(vehicle.state, provenance);
    } catch (error) {
      return { vehicle, error };
    }
  }
  return null;
}

/** Whatever the outcome: memory is as the store has it, or empty of what was touched. */
export async function settle<State>(desk: Desk<State>, work: Work<State>): Promise<WorkOutcome> {
  const { parts, place, vehicles, hold } = desk;
  const loud = loudRecords(desk, work.touched);
  const placed = (output: Output): ProduceRecord => {
    return { ...output, partition: parts.partitionOf(output.topic, output.key) };
  };
  const records = work.emitted.length === 0 ? loud : [...work.emitted.map(placed), ...loud];
  const isFenced = () => isFencedByClock(parts);
  const stored = await parts.outputs.store({ records, hold, isFenced });
  if (stored !== 'stored') {
    vehicles.drop(work.touched);
    return stored === abandoned ? abandoned : 'clock';
  }
  parts.counters.stateRecordsCount += loud.length;
  const { partition, epoch, writeCount, forgetCount } = place;
  const write: PartitionWrite = {
    ...{ partition, epoch, writeCount, forgetCount },
    progress: work.progress,
    vehicles: storedVehicles(work.touched),
  };
  const outcome = await hold('Redis', () => parts.store.write(write));
  if (outcome === 'written') remember(desk, work);
  else vehicles.drop(work.touched);
  return outcome;
}

/** The session may be over without our knowing, after a freeze for example. */
export function isFencedByClock({
  config,
  consumer,
  monotonicNow,
}: Pick<StreamParts<never>, 'config' | 'consumer' | 'monotonicNow'>): boolean {
  return monotonicNow() - consumer.memberAt > config.sessionMs;
}

function loudRecords<State>(
  { parts, place: { partition } }: Desk<State>,
  touched: readonly Vehicle<State>[],
): ProduceRecord[] {
  const topic = parts.processor.stateTopic;
  const records: ProduceRecord[] = [];
  for (const { change, key, record } of touched) {
    // Into its own partition, whatever its key says: a rebuild reads that one alone.
    if (change === 'loud' && record !== null)
      records.push({ topic, partition, key, value: record });
  }
  return records;
}

function storedVehicles<State>(touched: readonly Vehicle<State>[]): StoredVehicle[] {
  const stored: StoredVehicle[] = [];
  for (const { vehicleId, ring, record } of touched) {
    if (record !== null) stored.push({ vehicleId, value: encodeStored(ring, record) });
  }
  return stored;
}

function remember<State>({ parts, place, vehicles }: Desk<State>, work: Work<State>): void {
  const { processor } = parts;
  // Of the offsets as they are before this work: a replay must find it.
  let replayFrom: readonly number[] | null = null;
  for (const vehicle of work.touched) {
    const { vehicleId, state, change } = vehicle;
    vehicle.record = null;
    vehicles.stored(vehicle, processor.dueAt(state));
    if (!vehicle.isDirty) continue;
    processor.observe?.(place.partition, vehicleId, state);
    if (change === 'loud') {
      vehicles.quiet.written(vehicleId);
      continue;
    }
    replayFrom ??= place.offsets.map((offset) => offset + 1);
    vehicles.quiet.changed(vehicleId, parts.now(), replayFrom);
  }
  place.writeCount += 1;
  if (work.progress !== null) place.offsets[work.progress.input] = work.progress.offset;
}
