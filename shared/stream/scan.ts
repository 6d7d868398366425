// After a claim, beside the slices: every vehicle of the partition is looked at once. Tells when
// each is due, what the owner before may have left un-written, and warms the cache.

import { abandoned } from './hold.ts';
import { type ReadVehicle, readVehicle } from './stored-vehicles.ts';
import type { Desk } from './work.ts';

/** cut: of what was found nothing can be concluded. */
export type ScanState = 'running' | 'complete' | 'cut';

/** One scan at a time; one that is started anew takes the place of the one before. */
export class Scanner<State> {
  #state: ScanState = 'cut';
  #scan = new AbortController();

  get state(): ScanState {
    return this.#state;
  }

  /** Tells `vehicles`, which know nothing before. */
  start(desk: Desk<State>): void {
    this.stop();
    const scan = new AbortController();
    this.#scan = scan;
    this.#state = 'running';
    scanPartition(desk, scan.signal).then(
      (outcome) => {
        if (this.#scan === scan) this.#state = outcome;
      },
      (error) => desk.parts.life.fail(error),
    );
  }

  stop(): void {
    this.#scan.abort();
    this.#state = 'cut';
  }

  /** All vehicles are known already. */
  isNotNeeded(): void {
    this.stop();
    this.#state = 'complete';
  }
}

/** Rejects only for a fault of ours. */
async function scanPartition<State>(
  desk: Desk<State>,
  signal: AbortSignal,
): Promise<'complete' | 'cut'> {
  const { parts, place, vehicles, hold } = desk;
  const outcome = await hold('Redis', async () => {
    for await (const chunk of parts.store.scan(place.partition)) {
      for (const { vehicleId, value } of chunk) {
        if (signal.aborted) return 'cut';
        const read = readVehicle(parts, vehicleId, value);
        const found = read instanceof Promise ? await read : read;
        if (!signal.aborted) take(desk, found);
      }
    }
    // What was flushed meanwhile looks as if nobody were left: nothing may be concluded from that.
    const asLeft = await parts.store.loadOwned(place, []);
    // stale: a write of ours is on its way back.
    const isWhole = typeof asLeft !== 'string' || asLeft === 'stale';
    if (signal.aborted || !isWhole) return 'cut';
    vehicles.closeScan();
    return 'complete';
  });
  return outcome === abandoned ? 'cut' : outcome;
}

/** What a slice has stored meanwhile is newer than what the scan finds of it. */
function take<State>(
  { parts, place, vehicles }: Desk<State>,
  { vehicle, provenance }: ReadVehicle<State>,
): void {
  const { vehicleId, state, appliedOffsets } = vehicle;
  if (provenance !== null) {
    vehicles.quiet.found(vehicleId, appliedOffsets, provenance.replayFromOffsets);
  }
  if (vehicles.isNewerThanScan(vehicleId)) return;
  vehicles.due(vehicleId, parts.processor.dueAt(state));
  parts.processor.observe?.(place.partition, vehicleId, state);
  if (vehicles.cachedCount < parts.cachedMax()) vehicles.add(vehicle);
}
