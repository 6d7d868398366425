// Working state to records of vehicle.state.v1 and back. The stored value in Redis is the same
// bytes.

import type { Decoded, DecodeFaultCode, Decoder } from '#shared/avro/decoder.ts';
import type { Encoders } from '#shared/avro/encoder.ts';
import type { VehicleState } from '#shared/avro/types.generated.ts';
import type { DecodedState, StateProvenance } from '#shared/stream/processor.ts';
import { kafkaTopics } from '#shared/topics.ts';
import type { Mutable, WorkingState } from './vehicle-state.ts';

export function encodeState(
  encoders: Pick<Encoders, 'encodeVehicleState'>,
  state: WorkingState,
  provenance: StateProvenance,
): Buffer {
  return encoders.encodeVehicleState(kafkaTopics.state, withProvenance(state, provenance));
}

/** Rejects with StateUnreadable. Answers at once where the writer's schema is known. */
export function decodeState(
  decoder: Decoder,
  value: Buffer,
): DecodedState<WorkingState> | Promise<DecodedState<WorkingState>> {
  const decoded = decoder.decode(value);
  return decoded instanceof Promise ? decoded.then(stateOf) : stateOf(decoded);
}

/** `registry_away` among the codes is a neighbour's absence; all others are broken for good. */
export class StateUnreadable extends Error {
  readonly code: DecodeFaultCode | 'not_state';

  constructor(code: DecodeFaultCode | 'not_state', detail: string) {
    super(`no state of a vehicle: ${detail}`);
    this.name = 'StateUnreadable';
    this.code = code;
  }
}

function stateOf(decoded: Decoded): DecodedState<WorkingState> {
  if (decoded.kind === 'fault') throw new StateUnreadable(decoded.code, decoded.detail);
  if (decoded.kind !== 'state.v1') {
    throw new StateUnreadable('not_state', `want state.v1, found ${decoded.kind}`);
  }
  const { value } = decoded;
  const { epoch, appliedOffsets, replayFromOffsets } = value.provenance;
  return {
    state: withoutProvenance(value as Mutable<VehicleState>),
    provenance: { epoch, appliedOffsets, replayFromOffsets },
  };
}

// Both name every field: one shape whether a state was created or read keeps the writers fast.

function withProvenance(state: WorkingState, provenance: StateProvenance): VehicleState {
  return {
    vehicleId: state.vehicleId,
    codec: state.codec,
    firstSeenTime: state.firstSeenTime,
    lastSeenTime: state.lastSeenTime,
    lastEventTime: state.lastEventTime,
    presence: state.presence,
    presenceReason: state.presenceReason,
    presenceSince: state.presenceSince,
    lastLoginTime: state.lastLoginTime,
    lastOfflineTime: state.lastOfflineTime,
    lastOfflineReason: state.lastOfflineReason,
    lastHeardTime: state.lastHeardTime,
    recentReportsS: state.recentReportsS,
    reportPeriodS: state.reportPeriodS,
    completenessRatio: state.completenessRatio,
    position: state.position,
    lastFix: state.lastFix,
    vehicle: state.vehicle,
    motors: state.motors,
    fuelCell: state.fuelCell,
    engine: state.engine,
    extremes: state.extremes,
    alarms: state.alarms,
    packs: state.packs,
    provenance,
  };
}

function withoutProvenance(value: Mutable<VehicleState>): WorkingState {
  return {
    vehicleId: value.vehicleId,
    codec: value.codec,
    firstSeenTime: value.firstSeenTime,
    lastSeenTime: value.lastSeenTime,
    lastEventTime: value.lastEventTime,
    presence: value.presence,
    presenceReason: value.presenceReason,
    presenceSince: value.presenceSince,
    lastLoginTime: value.lastLoginTime,
    lastOfflineTime: value.lastOfflineTime,
    lastOfflineReason: value.lastOfflineReason,
    lastHeardTime: value.lastHeardTime,
    recentReportsS: value.recentReportsS,
    reportPeriodS: value.reportPeriodS,
    completenessRatio: value.completenessRatio,
    position: value.position,
    lastFix: value.lastFix,
    vehicle: value.vehicle,
    motors: value.motors,
    fuelCell: value.fuelCell,
    engine: value.engine,
    extremes: value.extremes,
    alarms: value.alarms,
    packs: value.packs,
  };
}
