// What is known of one vehicle while it is being worked on: VehicleState, but changed in place and
// without provenance, which is the stream's.

import type { VehicleState } from '#shared/avro/types.generated.ts';

export type WorkingState = Mutable<Omit<VehicleState, 'provenance'>>;

/**
 * A vehicle of which nothing is known yet. Fields in the order of the schema: one shape for all.
 */
export function createState(vehicleId: string): WorkingState {
  return {
    vehicleId,
    codec: '',
    firstSeenTime: 0,
    lastSeenTime: 0,
    lastEventTime: null,
    presence: 'offline',
    presenceReason: '',
    presenceSince: null,
    lastLoginTime: null,
    lastOfflineTime: null,
    lastOfflineReason: null,
    lastHeardTime: null,
    recentReportsS: [],
    reportPeriodS: null,
    completenessRatio: null,
    position: null,
    lastFix: null,
    vehicle: null,
    motors: [],
    fuelCell: null,
    engine: null,
    extremes: null,
    alarms: null,
    packs: [],
  };
}

/** Writable all the way down. */
export type Mutable<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? Mutable<Item>[]
    : { -readonly [Key in keyof T]: Mutable<T[Key]> };
