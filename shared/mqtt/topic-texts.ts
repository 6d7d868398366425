// Topic names that have come before: the same bytes give the same string, so that it is neither
// made nor hashed again. Knows no MQTT.

/** A power of two. With its bytes a slot takes about 0.2 KiB. */
const slotCount = 8_192;

/** Longer names are made each time. */
const lengthMax = 64;

export class TopicTexts {
  readonly #texts: string[] = new Array<string>(slotCount).fill('');
  /** Of each slot, `lengthMax` bytes. */
  readonly #names = new Uint8Array(slotCount * lengthMax);
  readonly #lengths = new Uint8Array(slotCount);

  /** `bytes[from..to)` as text. 0.2 us less than making it anew and finding it in a Map. */
  textOf(bytes: Buffer, from: number, to: number): string {
    const length = to - from;
    if (length > lengthMax) return bytes.toString('utf8', from, to);
    const slot = hashOf(bytes, from, to) & (slotCount - 1);
    if (this.#lengths[slot] === length && this.#isSame(slot, bytes, from)) {
      return this.#texts[slot]!;
    }
    const text = bytes.toString('utf8', from, to);
    this.#texts[slot] = text;
    this.#lengths[slot] = length;
    this.#names.set(bytes.subarray(from, to), slot * lengthMax);
    return text;
  }

  #isSame(slot: number, bytes: Buffer, from: number): boolean {
    const names = this.#names;
    const nameAt = slot * lengthMax;
    const length = this.#lengths[slot]!;
    for (let at = 0; at < length; at += 1) {
      if (names[nameAt + at] !== bytes[from + at]) return false;
    }
    return true;
  }
}

/** FNV-1a, folded: vehicles differ in their last digits. */
function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
