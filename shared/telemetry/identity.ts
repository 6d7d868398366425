// Who sent a frame: the id in its header against the one that the broker authenticated.

import type { Gb32960Frame } from '../frame/gb32960/frame.ts';
import type { Reason } from '../frame/outcome.ts';
import type { FrameContext } from './interpretation.ts';

const platformLogin = 0x05;
const platformLogout = 0x06;
const vinOffset = 4;

export type Identity = Pick<FrameContext, 'vehicleId' | 'identity'>;

/** Null when the frame may speak for this vehicle. */
export function refuseIdentity(
  frame: Gb32960Frame,
  { vehicleId, identity }: Identity,
): Reason | null {
  // The common case first: most frames carry the very text of their topic.
  if (frame.vin === vehicleId || carriesPlatformId(frame.command)) return null;
  return refuseId(frame.vin, { vehicleId, identity }, vinOffset);
}

/** The same for an id of any codec; `offset` is its place in the frame. */
export function refuseId(
  id: string,
  { vehicleId, identity }: Identity,
  offset: number,
): Reason | null {
  if (identity === 'record' || bareId(id) === bareId(vehicleId)) return null;
  const detail = `identity in the topic ${quoted(vehicleId)}, in the frame ${quoted(id)}`;
  return { code: 'identity_mismatch', offset, detail };
}

/** The id in the frame where its text is another one than the topic's. */
export function terminalIdOf(frame: Gb32960Frame, vehicleId: string): string | null {
  return frame.vin === vehicleId ? null : frame.vin;
}

/** Platform login and logout carry the id of a platform, whatever became of their body. */
function carriesPlatformId(command: number): boolean {
  return command === platformLogin || command === platformLogout;
}

/** Without padding at the end (GB/T 32960.3-2016 table 2) and leading zeros. */
function bareId(id: string): string {
  let from = 0;
  let to = id.length;
  while (to > 0 && id.charCodeAt(to - 1) === 0x00) to -= 1;
  while (from < to && id.charCodeAt(from) === 0x30) from += 1;
  return id.slice(from, to);
}

function quoted(id: string): string {
  return JSON.stringify(id);
}
