// What one connection has handed us and not got back: entries in order of receipt, given back only
// as a contiguous prefix. Knows neither MQTT nor Kafka.

export interface WindowEntry {
  /** Set once, when the entry may be given back. */
  isDone: boolean;
}

const capacityMin = 64;

/** A ring that doubles when full; how full it may get is its owner's business. */
export class Window<E extends WindowEntry> {
  #ring: (E | undefined)[] = new Array(capacityMin);
  #head = 0;
  #size = 0;

  /** Entries received and not given back. */
  get size(): number {
    return this.#size;
  }

  push(entry: E): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.#size) & (this.#ring.length - 1)] = entry;
    this.#size += 1;
  }

  /**
   * Takes the done entries from the front. MQTT 5 section 4.6 wants PUBACKs in the order of the
   * PUBLISHes, so an entry behind one that is not done stays.
   */
  takePrefix(): E[] {
    const prefix: E[] = [];
    for (let entry = this.#first(); entry?.isDone; entry = this.#first()) {
      prefix.push(entry);
      this.#drop();
    }
    return prefix;
  }

  /** Takes everything, done or not: the connection is gone. */
  takeAll(): E[] {
    const all = [...this.entries()];
    this.#ring = new Array(capacityMin);
    this.#head = 0;
    this.#size = 0;
    return all;
  }

  *entries(): Generator<E> {
    for (let i = 0; i < this.#size; i += 1) {
      yield this.#ring[(this.#head + i) & (this.#ring.length - 1)] as E;
    }
  }

  #first(): E | undefined {
    return this.#size === 0 ? undefined : this.#ring[this.#head];
  }

  #drop(): void {
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#size -= 1;
  }

  #grow(): void {
    const all = [...this.entries()];
    this.#ring = all.concat(new Array(all.length));
    this.#head = 0;
  }
}
