// Ends a connection on which nothing has come for 1.5 times the keepalive: a half-open one is found
// by nothing else. EMQX looks now and then (`mqtt.keepalive_check_interval`) and may be later.

import type { ModelClock } from './clock.ts';

export class Keepalive {
  readonly #clock: ModelClock;
  readonly #limitMs: number;
  readonly #onTimeout: () => void;
  #heardAt: number;
  #cancel: () => void = () => undefined;

  /** `seconds` 0: never. */
  constructor(clock: ModelClock, seconds: number, onTimeout: () => void) {
    this.#clock = clock;
    this.#limitMs = seconds * 1500;
    this.#onTimeout = onTimeout;
    this.#heardAt = clock.now();
    if (seconds > 0) this.#look();
  }

  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  stop(): void {
    this.#cancel();
  }

  #look(): void {
    const leftMs = this.#heardAt + this.#limitMs - this.#clock.now();
    if (leftMs <= 0) this.#onTimeout();
    else this.#cancel = this.#clock.after(leftMs, () => this.#look());
  }
}
