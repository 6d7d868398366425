// Which partition a key belongs to: the one that Kafka's Java client picks, so that every producer
// and consumer in any language agrees. Pure.

/**
 * Partition of a record with this key in a topic of `count` partitions.
 * No cache by vehicle: hashing a 17-byte VIN costs less than finding it in a Map (measured).
 */
export function partitionOf(key: Uint8Array, count: number): number {
  // Java's Utils.toPositive: the sign bit is dropped, not negated.
  return (murmur2(key) & 0x7fffffff) % count;
}

const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;

/** MurmurHash2 as in org.apache.kafka.common.utils.Utils, as a signed 32-bit integer. */
export function murmur2(data: Uint8Array): number {
  const length = data.length;
  const tailAt = length & ~3;
  let hash = seed ^ length;
  for (let at = 0; at < tailAt; at += 4) {
    let word = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    word = Math.imul(word, multiplier);
    word = Math.imul(word ^ (word >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  if (tailAt < length) hash = Math.imul(hash ^ tailOf(data, tailAt), multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

/** The last one to three bytes, little-endian. */
function tailOf(data: Uint8Array, tailAt: number): number {
  const second = tailAt + 1 < data.length ? data[tailAt + 1]! << 8 : 0;
  const third = tailAt + 2 < data.length ? data[tailAt + 2]! << 16 : 0;
  return data[tailAt]! | second | third;
}
