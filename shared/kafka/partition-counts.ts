// The partition counts that a process began with, held against what Kafka says later. A key's
// partition follows from the count: whoever took a new one over would move vehicles, and leave
// their order and their state behind.

import type { Logger } from '../runtime/log.ts';
import type { TopicPartitions } from './producer-session.ts';

export class PartitionCounts {
  readonly #log: Logger;
  readonly #begunWith = new Map<string, number>();
  readonly #changed = new Map<string, number>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Topics whose count is another one now. */
  get changedCount(): number {
    return this.#changed.size;
  }

  /** Null while all is as it was; else what has changed. */
  get trouble(): string | null {
    if (this.#changed.size === 0) return null;
    const texts = [...this.#changed].map(([topic, found]) => {
      return `${topic} has ${found} partitions, ${this.#begunWith.get(topic)} are in use`;
    });
    return texts.join('; ');
  }

  /** Undefined: not begun with. */
  of(topic: string): number | undefined {
    return this.#begunWith.get(topic);
  }

  begin(found: readonly TopicPartitions[]): void {
    for (const { topic, partitionCount } of found) this.#begunWith.set(topic, partitionCount);
  }

  /** What a look has found; told once when it is news. Topics not begun with are begun with now. */
  look(found: readonly TopicPartitions[]): void {
    const before = this.trouble;
    for (const { topic, partitionCount } of found) {
      const wanted = this.#begunWith.get(topic);
      // A topic that is gone is told by whoever wants to use it.
      if (partitionCount === 0) continue;
      if (wanted === undefined) this.#begunWith.set(topic, partitionCount);
      else if (wanted === partitionCount) this.#changed.delete(topic);
      else this.#changed.set(topic, partitionCount);
    }
    const { trouble } = this;
    if (trouble === before) return;
    if (trouble === null) {
      this.#log.info('Kafka topics have the partition counts in use again.');
      return;
    }
    this.#log.error(
      { trouble },
      'Partitions were added to Kafka topics in use; every key stays where it was.',
    );
  }
}
