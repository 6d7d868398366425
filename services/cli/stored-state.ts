// A vehicle's value in Redis, as the state processor stores it: a layout version, the ring of
// latest frame ids, and the same bytes as its record in vehicle.state.v1.

const layoutVersion = 1;
const frameIdBytes = 8;

/** The record's bytes. Null: a layout that this release does not know. */
export function recordOfStored(value: Buffer): Buffer | null {
  if (value.length < 2 || value[0] !== layoutVersion) return null;
  const start = 2 + value[1]! * frameIdBytes;
  return value.length > start ? value.subarray(start) : null;
}
