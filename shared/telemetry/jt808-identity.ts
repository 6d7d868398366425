// The phone number in a JT/T 808 header against the vehicle that the broker authenticated.

import type { Jt808Frame } from '../frame/jt808/frame.ts';
import type { Reason } from '../frame/outcome.ts';
import { type Identity, refuseId } from './identity.ts';

/**
 * Null when the frame may speak for this vehicle. A phone number can only be compared with a
 * vehicleId that is all digits; beside any other it is noted.
 */
export function refusePhone(frame: Jt808Frame, identity: Identity): Reason | null {
  const { phone, protocolVersion } = frame;
  const { vehicleId } = identity;
  if (phone === vehicleId || !isDigits(vehicleId)) return null;
  const headerAt = protocolVersion === null ? 4 : 5;
  return refuseId(phone, identity, 1 + headerAt);
}

/** The number without leading zeros, where it is another than the vehicleId. */
export function terminalIdOf({ phone }: Jt808Frame, vehicleId: string): string | null {
  if (phone === vehicleId) return null;
  const bare = withoutZeros(phone);
  return bare === withoutZeros(vehicleId) ? null : bare;
}

/** A number of zeros alone keeps one. */
function withoutZeros(id: string): string {
  let from = 0;
  while (from < id.length - 1 && id.charCodeAt(from) === 0x30) from += 1;
  return from === 0 ? id : id.slice(from);
}

function isDigits(id: string): boolean {
  for (let at = 0; at < id.length; at += 1) {
    const code = id.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
