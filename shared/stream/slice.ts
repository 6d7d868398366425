// What happens to a slice of records, in this order: decoded, applied in memory, outputs stored,
// state and place written. Any end but 'written' leaves no trace in memory.

import type { ReadRecord } from '../kafka/reader.ts';
import { type Attempt, attemptOf, type Run, type Thrown, triesMax } from './attempt.ts';
import { decodeSlice, type SliceItem } from './decode-slice.ts';
import { type Abandoned, abandoned } from './hold.ts';
import type { NotAsLeft } from './store.ts';
import { loadVehicles } from './stored-vehicles.ts';
import { type Desk, settle, type WorkOutcome } from './work.ts';

export interface Slice {
  readonly input: number;
  /** Ascending, none applied before; never empty. */
  readonly records: readonly ReadRecord[];
}

export async function applySlice<State>(desk: Desk<State>, slice: Slice): Promise<WorkOutcome> {
  const startedAt = desk.parts.monotonicNow();
  const items = await decoded(desk, slice.records);
  if (items === abandoned) return abandoned;
  const run: Run = { ...slice, items, tries: new Map(), throws: new Map(), suspects: new Set() };
  for (;;) {
    const loading = await load(desk, items);
    if (loading !== 'loaded') return loading;
    const attempt = attemptOf(desk, run);
    if (attempt.thrown !== null) {
      desk.vehicles.drop(attempt.work.touched);
      blame(desk, run, attempt.thrown);
      continue;
    }
    const outcome = await settle(desk, attempt.work);
    if (outcome === 'written') count(desk, slice, attempt);
    desk.parts.counters.observeSlice(desk.parts.monotonicNow() - startedAt);
    return outcome;
  }
}

async function decoded<State>({ parts, hold }: Desk<State>, records: readonly ReadRecord[]) {
  const first = decodeSlice(parts.decoder, records);
  const items = first instanceof Promise ? await first : first;
  if (!items.some(isRegistryAway)) return items;
  return hold('registry', async () => {
    const again = await decodeSlice(parts.decoder, records);
    const away = again.find(isRegistryAway);
    if (away?.kind === 'undecoded') throw new Error(away.detail);
    return again;
  });
}

function isRegistryAway(item: SliceItem): boolean {
  return item.kind === 'undecoded' && item.code === 'registry_away';
}

/** Every vehicle of the slice is in memory, unless the partition is not as we left it. */
async function load<State>(
  desk: Desk<State>,
  items: readonly SliceItem[],
): Promise<'loaded' | NotAsLeft | Abandoned> {
  const { vehicles } = desk;
  let missing: Set<string> | null = null;
  for (const item of items) {
    if (item.kind === 'undecoded' || vehicles.get(item.vehicleId) !== undefined) continue;
    missing ??= new Set();
    missing.add(item.vehicleId);
  }
  if (missing === null) return 'loaded';
  const read = await loadVehicles(desk, [...missing]);
  if (read === abandoned || typeof read === 'string') return read;
  for (const { vehicle } of read) vehicles.add(vehicle);
  return 'loaded';
}

function blame<State>({ parts, place }: Desk<State>, run: Run, thrown: Thrown): void {
  const { at, vehicleId, error } = thrown;
  if (at === null) {
    // Once more by single records; if none of them is at fault, we are.
    if (run.suspects.has(vehicleId)) throw error;
    run.suspects.add(vehicleId);
    return;
  }
  const tries = (run.tries.get(at) ?? 0) + 1;
  run.tries.set(at, tries);
  run.throws.set(at, error);
  if (tries < triesMax) return;
  const { topic, offset } = run.records[at]!;
  const { partition } = place;
  parts.log.warn(
    { topic, partition, offset, err: error },
    'A record cannot be applied; it goes to quarantine.',
  );
}

function count<State>({ parts, place }: Desk<State>, slice: Slice, attempt: Attempt<State>): void {
  const { counters, now } = parts;
  const { input, records } = slice;
  counters.appliedCounts[input]! += attempt.appliedCount;
  counters.duplicatesCount += attempt.duplicatesCount;
  counters.replayedCount += attempt.replayedCount;
  counters.quarantinedCounts.record_undecodable += attempt.undecodableCount;
  counters.quarantinedCounts.record_poison += attempt.poisonCount;
  counters.slicesCount += 1;
  counters.sliceRecordsCount += records.length;
  counters.observeAge(now() - records[0]!.timestamp);
  const last = records.at(-1)!;
  place.nextOffsets[input] = last.offset + 1;
  place.appendedAt[input] = last.timestamp;
}
