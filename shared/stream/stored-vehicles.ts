// Vehicles as the state store has them, read back into what rules work on.

import { type Abandoned, abandoned, type Hold, isOurs, isRegistryAway, messageOf } from './hold.ts';
import type { StreamParts } from './parts.ts';
import type { StateProvenance } from './processor.ts';
import { FrameRing } from './ring.ts';
import type { NotAsLeft, OwnedPartition } from './store.ts';
import { decodeStored } from './stored-value.ts';
import { type Vehicle, vehicleOf } from './vehicles.ts';

export interface ReadVehicle<State> {
  readonly vehicle: Vehicle<State>;
  /** Null where nothing readable was stored. */
  readonly provenance: StateProvenance | null;
}

export interface VehicleLoading<State> {
  readonly parts: StreamParts<State>;
  readonly place: OwnedPartition;
  readonly hold: Hold;
}

/** In the order of `vehicleIds`; those without a stored state begin anew. One round trip. */
export async function loadVehicles<State>(
  { parts, place, hold }: VehicleLoading<State>,
  vehicleIds: readonly string[],
): Promise<readonly ReadVehicle<State>[] | NotAsLeft | Abandoned> {
  const values = await hold('Redis', () => parts.store.loadOwned(place, vehicleIds));
  if (values === abandoned || typeof values === 'string') return values;
  const read: ReadVehicle<State>[] = [];
  for (let at = 0; at < vehicleIds.length; at += 1) {
    const readOne = () => readVehicle(parts, vehicleIds[at]!, values[at] ?? null);
    const vehicle = await readHeld(readOne, hold);
    if (vehicle === abandoned) return abandoned;
    read.push(vehicle);
  }
  return read;
}

/** Asks again while the registry is away: only it knows what schema an older state has. */
export async function readHeld<T>(read: () => T | Promise<T>, hold: Hold): Promise<T | Abandoned> {
  const first = read();
  if (!(first instanceof Promise)) return first;
  let next: Promise<T> | null = first;
  return hold('registry', async () => {
    const tried = next ?? read();
    next = null;
    return tried;
  });
}

/**
 * A state that nobody can read must not stop its partition: its vehicle begins anew, with an ERROR.
 * Rejects only while the registry is away.
 */
export function readVehicle<State>(
  parts: StreamParts<State>,
  vehicleId: string,
  value: Buffer | null,
): ReadVehicle<State> | Promise<ReadVehicle<State>> {
  if (value === null) return begun(parts, vehicleId);
  const stored = decodeStored(value, parts.config.ringFrames);
  if (stored.kind === 'fault') return unreadable(parts, vehicleId, stored.detail);
  const read = (decoded: { state: State; provenance: StateProvenance }) => {
    const appliedOffsets = offsetsOf(parts, decoded.provenance.appliedOffsets);
    const facts = { vehicleId, state: decoded.state, ring: stored.ring, appliedOffsets };
    return { vehicle: vehicleOf(facts), provenance: decoded.provenance };
  };
  const failed = (error: unknown): ReadVehicle<State> => {
    if (isRegistryAway(error) || isOurs(error)) throw error;
    return unreadable(parts, vehicleId, messageOf(error));
  };
  try {
    const decoded = parts.processor.decode(stored.record);
    return decoded instanceof Promise ? decoded.then(read).catch(failed) : read(decoded);
  } catch (error) {
    // A registry that is away is waited for, as a promise would.
    if (isRegistryAway(error)) return Promise.reject(error);
    return failed(error);
  }
}

/** As many as there are inputs, whatever an earlier release stored. */
export function offsetsOf(
  { processor }: { readonly processor: { readonly inputs: readonly unknown[] } },
  offsets: readonly number[],
): number[] {
  return processor.inputs.map((_, input) => offsets[input] ?? -1);
}

function begun<State>(parts: StreamParts<State>, vehicleId: string): ReadVehicle<State> {
  const { processor, config } = parts;
  const vehicle = vehicleOf({
    vehicleId,
    state: processor.create(vehicleId),
    ring: new FrameRing(config.ringFrames),
    appliedOffsets: offsetsOf(parts, []),
  });
  return { vehicle, provenance: null };
}

function unreadable<State>(
  parts: StreamParts<State>,
  vehicleId: string,
  detail: string,
): ReadVehicle<State> {
  const { counters, log } = parts;
  counters.unreadableStatesCount += 1;
  log.error({ vehicleId, detail }, 'A stored state cannot be read; its vehicle begins anew.');
  return begun(parts, vehicleId);
}
