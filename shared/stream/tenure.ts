// One generation of the consumer group, as long as it lasts: what is ours is ours until its end.

import type { LogSpan, StreamLogs } from './logs.ts';

export interface TenureOptions {
  readonly logs: StreamLogs;
  readonly topics: readonly string[];
}

export class Tenure {
  readonly #options: TenureOptions;
  readonly #end = new AbortController();
  #joinSpans: Promise<readonly LogSpan[]> | null = null;

  constructor(options: TenureOptions) {
    this.#options = options;
  }

  /** Aborts when others may own what was ours. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  end(): void {
    this.#end.abort();
  }

  /** Where all inputs began and ended at the join: asked once for all partitions. */
  joinSpans(): Promise<readonly LogSpan[]> {
    if (this.#joinSpans !== null) return this.#joinSpans;
    const asked = this.spansNow();
    this.#joinSpans = asked;
    asked.catch(() => {
      this.#joinSpans = null;
    });
    return asked;
  }

  spansNow(): Promise<readonly LogSpan[]> {
    return this.#options.logs.spans(this.#options.topics);
  }
}

/** Of one partition, in the order of `topics`. Throws where a topic lacks the partition. */
export function spansOf(
  spans: readonly LogSpan[],
  topics: readonly string[],
  partition: number,
): readonly LogSpan[] {
  return topics.map((topic) => {
    const span = spans.find((each) => each.topic === topic && each.partition === partition);
    if (span === undefined) throw new RangeError(`want partition ${partition} of ${topic}`);
    return span;
  });
}
