// Where a batch does not begin with the offset that comes next: were records deleted, or is it a
// place that never held one?

import type { ConsumedBatch } from '../kafka/consumer.ts';
import { storeJump } from './claim.ts';
import { type Abandoned, abandoned } from './hold.ts';
import type { Jumps } from './jumps.ts';
import { spansOf } from './tenure.ts';
import type { Desk } from './work.ts';

export interface Arrival {
  readonly input: number;
  readonly batch: ConsumedBatch;
}

export class Holes<State> {
  readonly #jumps: Jumps<State>;
  /** Input → expected offset of a hole that was looked into: nothing was deleted there. */
  readonly #harmless = new Map<number, number>();

  constructor(jumps: Jumps<State>) {
    this.#jumps = jumps;
  }

  clear(): void {
    this.#harmless.clear();
  }

  /** next: go on with the batch. again: it is fetched once more. A jump is told before 'next'. */
  async check(
    desk: Desk<State>,
    { input, batch }: Arrival,
  ): Promise<'next' | 'again' | 'clock' | Abandoned> {
    const { parts, place, hold } = desk;
    const { topic, partition } = batch;
    const wanted = place.nextOffsets[input]!;
    const found = batch.records[0]!.offset;
    // Inside of one fetch nothing is deleted.
    if (found <= wanted || this.#harmless.get(input) === wanted) return 'next';
    const spans = await hold('Kafka', () => parts.logs.spans([topic]));
    if (spans === abandoned) return abandoned;
    const { low } = spansOf(spans, [topic], partition)[0]!;
    if (low <= wanted) {
      // The marker of a transaction, or a fetch from another place than ours: asked for once more.
      this.#harmless.set(input, wanted);
      parts.consumer.seek(topic, partition, wanted);
      return 'again';
    }
    const jump = { input, partition, wanted, found };
    const stored = await storeJump({ parts, jumps: this.#jumps, hold }, jump);
    if (stored === 'stored') return 'next';
    return stored === 'fenced' ? 'clock' : stored;
  }
}
