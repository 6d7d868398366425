// When offsets are committed to Kafka: soon after the state is stored, never before. They are for
// lag and KEDA; where to go on is what the state store says.

import type { CommitPlace, StreamConsumer } from '../kafka/consumer.ts';

export interface CommitClockOptions {
  readonly consumer: Pick<StreamConsumer, 'commit'>;
  /** Longest time from a place noted to its commit. */
  readonly commitMs: number;
}

export class CommitClock {
  readonly #options: CommitClockOptions;
  #places = new Map<string, CommitPlace>();
  #timer: NodeJS.Timeout | null = null;
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(options: CommitClockOptions) {
    this.#options = options;
  }

  /** Everything before `next` is applied and stored. */
  note(place: CommitPlace): void {
    this.#places.set(`${place.topic}/${place.partition}`, place);
    this.#timer ??= setTimeout(() => void this.flush(), this.#options.commitMs);
  }

  /** Commits what is noted, after a commit under way. Never rejects. */
  flush(): Promise<unknown> {
    this.#clearTimer();
    if (this.#places.size === 0) return this.#underWay;
    const places = [...this.#places.values()];
    this.#places = new Map();
    this.#underWay = this.#underWay.then(() => this.#options.consumer.commit(places));
    return this.#underWay;
  }

  /** The generation has ended: what was noted belongs to whoever owns it next. */
  forget(): void {
    this.#clearTimer();
    this.#places.clear();
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
