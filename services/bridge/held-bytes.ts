// How many bytes of messages the bridge holds that Kafka has not stored, over all connections, and
// who waits until there is room again.

/** Reading goes on when so much of the limit is free, so that it does not stutter at the brim. */
const resumeBelow = 0.75;

export class HeldBytes {
  readonly max: number;
  #bytes = 0;
  readonly #waiting = new Set<() => void>();

  constructor(max: number) {
    this.max = max;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isFull(): boolean {
    return this.#bytes >= this.max;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#waiting.size === 0 || this.#bytes > this.max * resumeBelow) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resume of waiting) resume();
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Calls `resume` once, when there is room again; asking twice counts once. */
  onRoom(resume: () => void): void {
    this.#waiting.add(resume);
  }

  /** Whose connection is gone waits no more: in a long outage there may be many of them. */
  forget(resume: () => void): void {
    this.#waiting.delete(resume);
  }
}
