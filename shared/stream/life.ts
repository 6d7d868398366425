// The life of a stream: its signs of life, its end, and the fault that ends it.

/** A member that has not moved for so long will not move again by itself. */
const standstillMs = 60_000;

export class Life {
  readonly failed: Promise<never>;
  readonly #fail: (error: unknown) => void;
  readonly #now: () => number;
  #steppedAt: number;
  #isStopping = false;

  /** `performance.now`. */
  constructor(now: () => number) {
    const { promise, reject } = Promise.withResolvers<never>();
    // Whoever runs the stream races it; one that was never started has nobody who listens.
    promise.catch(() => undefined);
    this.failed = promise;
    this.#fail = reject;
    this.#now = now;
    this.#steppedAt = now();
  }

  /** No new slice begins. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  stopping(): void {
    this.#isStopping = true;
  }

  /** A slice has ended, or a wait for an absent neighbour goes on. */
  stepped(): void {
    this.#steppedAt = this.#now();
  }

  /** A fault of ours: the process must end, since trying again would come to the same. */
  fail(error: unknown): void {
    this.#isStopping = true;
    this.#fail(error);
  }

  /** `consumerAliveAt` as the consumer port says it. */
  standstill(consumerAliveAt: number): string | null {
    const idleMs = this.#now() - Math.max(consumerAliveAt, this.#steppedAt);
    if (idleMs <= standstillMs) return null;
    const idleS = Math.round(idleMs / 1000);
    return `no fetch, no heartbeat and no slice for ${idleS} s`;
  }
}
