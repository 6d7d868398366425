// The bytes of the deferred PUBACK.

/**
 * Many PUBACKs for one write. Four bytes each (MQTT 5 section 3.4): type, remaining length 2, the
 * packet id; remaining length 2 means reason 0x00 without properties. Id 0, a delivery at QoS 0,
 * has none.
 */
export function pubackBytes(packetIds: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(packetIds.length * 4);
  let at = 0;
  for (const packetId of packetIds) {
    if (packetId === 0) continue;
    bytes[at] = 0x40;
    bytes[at + 1] = 2;
    bytes[at + 2] = packetId >> 8;
    bytes[at + 3] = packetId & 0xff;
    at += 4;
  }
  return bytes.subarray(0, at);
}
