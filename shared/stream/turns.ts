// At most so many at a time, in the order in which they ask. With one it is a mutex.

export class Turns {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #busyCount = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Nothing is under way and nothing waits. */
  get isIdle(): boolean {
    return this.#busyCount === 0;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busyCount < this.#most) this.#busyCount += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // The turn goes on to the next one; nobody can come in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#busyCount -= 1;
      else next();
    }
  }
}
