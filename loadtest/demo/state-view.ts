// The states as any reader of vehicle.state.v1 has them: the newest record of each vehicle.

import type { Decoded } from '#shared/avro/decoder.ts';
import type { VehicleState } from '#shared/avro/types.generated.ts';

export class StateView {
  readonly states = new Map<string, VehicleState>();

  /** One that has something to show. */
  get sample(): VehicleState | undefined {
    const all = [...this.states.values()];
    const moved = all.filter(({ lastFix, vehicle }) => lastFix !== null && vehicle !== null);
    // A location of JT/T 808 knows no charge.
    return moved.find(({ vehicle }) => vehicle?.socPercent != null) ?? moved[0];
  }

  stored(decoded: Decoded): void {
    if (decoded.kind !== 'state.v1') return;
    const { value } = decoded;
    const held = this.states.get(value.vehicleId);
    if (held === undefined || !isOlder(value, held)) this.states.set(value.vehicleId, value);
  }
}

/** After a fault an older record may follow a newer one: an earlier tenure wrote it. */
function isOlder({ provenance: found }: VehicleState, { provenance: held }: VehicleState): boolean {
  if (found.epoch !== held.epoch) return found.epoch < held.epoch;
  return found.appliedOffsets.some((offset, at) => offset < (held.appliedOffsets[at] ?? -1));
}
