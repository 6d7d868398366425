// A clock that stands still until a test turns it.

import type { ModelClock } from './clock.ts';

interface Alarm {
  readonly at: number;
  readonly act: () => void;
}

export class HandClock implements ModelClock {
  #now = 0;
  readonly #alarms = new Set<Alarm>();

  now(): number {
    return this.#now;
  }

  after(ms: number, act: () => void): () => void {
    const alarm = { at: this.#now + ms, act };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** Runs what falls due meanwhile, the earliest first, each at its own instant. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#dueBy(until); next; next = this.#dueBy(until)) {
      this.#alarms.delete(next);
      this.#now = next.at;
      next.act();
    }
    this.#now = until;
  }

  #dueBy(until: number): Alarm | undefined {
    const due = [...this.#alarms].filter(({ at }) => at <= until);
    return due.sort((a, b) => a.at - b.at)[0];
  }
}
