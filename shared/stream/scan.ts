// After a claim, beside the slices: every vehicle of the partition is looked at once. Tells when
// each is due, what the owner before may have left un-written, and warms the cache.

import { abandoned, type Hold } from './hold.ts';
import type { StreamParts } from './parts.ts';
import { type ReadVehicle, readVehicle } from './stored-vehicles.ts';
import type { Vehicles } from './vehicles.ts';

export interface ScanOptions<State> {
  readonly parts: StreamParts<State>;
  readonly partition: number;
  readonly vehicles: Vehicles<State>;
  readonly hold: Hold;
  /** What the scan finds is wanted no more. */
  readonly signal: AbortSignal;
}

/** cut: of what was found nothing can be concluded. Rejects only for a fault of ours. */
export async function scanPartition<State>(
  options: ScanOptions<State>,
): Promise<'complete' | 'cut'> {
  const { parts, partition, vehicles, hold, signal } = options;
  const outcome = await hold('Redis', async () => {
    for await (const chunk of parts.store.scan(partition)) {
      for (const { vehicleId, value } of chunk) {
        if (signal.aborted) return 'cut';
        const read = readVehicle(parts, vehicleId, value);
        const found = read instanceof Promise ? await read : read;
        if (!signal.aborted) take(options, found);
      }
    }
    if (signal.aborted) return 'cut';
    vehicles.closeScan();
    return 'complete';
  });
  return outcome === abandoned ? 'cut' : outcome;
}

/** What a slice has stored meanwhile is newer than what the scan finds of it. */
function take<State>(
  { parts, partition, vehicles }: ScanOptions<State>,
  { vehicle, provenance }: ReadVehicle<State>,
): void {
  const { vehicleId, state, appliedOffsets } = vehicle;
  if (provenance !== null) {
    vehicles.quiet.found(vehicleId, appliedOffsets, provenance.replayFromOffsets);
  }
  if (vehicles.isNewerThanScan(vehicleId)) return;
  vehicles.due(vehicleId, parts.processor.dueAt(state));
  parts.processor.observe?.(partition, vehicleId, state);
  if (vehicles.cachedCount < parts.cachedMax()) vehicles.add(vehicle);
}
