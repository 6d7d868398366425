// An input that does not go on where it was left: retention was faster than we, or the topic was
// made anew. Told once, counted, and kept as a record; never silent.

import type { StreamParts } from './parts.ts';
import type { Output } from './work.ts';

export interface Jump {
  readonly input: number;
  readonly partition: number;
  /** Offset that comes next by what was applied. */
  readonly wanted: number;
  /** Offset from which the topic can be read. */
  readonly found: number;
}

/** What was told already: a place that is claimed again tells nothing new. */
export class Jumps<State> {
  readonly #parts: StreamParts<State>;
  readonly #told = new Map<string, number>();

  constructor(parts: StreamParts<State>) {
    this.#parts = parts;
  }

  /** Null where it was told before; else the record for quarantine, `told` once it is stored. */
  outputOf(jump: Jump): Output | null {
    if (this.#told.get(keyOf(jump)) === jump.wanted) return null;
    const topic = this.#topicOf(jump);
    const { partition, wanted } = jump;
    return this.#parts.quarantine.outputOf({
      ...{ topic, partition, offset: wanted },
      reason: 'offset_jump',
      detail: detailOf(jump),
      attempt: 1,
      record: null,
      value: null,
    });
  }

  told(jump: Jump): void {
    const { counters, log } = this.#parts;
    const { partition, wanted, found } = jump;
    this.#told.set(keyOf(jump), wanted);
    counters.quarantinedCounts.offset_jump += 1;
    counters.offsetJumpsCount += 1;
    counters.offsetsSkippedCount += skippedOf(jump);
    log.error(
      { topic: this.#topicOf(jump), partition, wanted, found, skipped: skippedOf(jump) },
      found > wanted
        ? 'Records were deleted before they were applied; going on after the gap.'
        : 'A topic ends before what was applied of it; made anew, it is read from its start.',
    );
  }

  #topicOf({ input }: Jump): string {
    return this.#parts.processor.inputs[input]!.topic;
  }
}

function keyOf({ input, partition }: Jump): string {
  return `${input}/${partition}`;
}

/** Of a topic made anew nobody knows how many there were. */
function skippedOf({ wanted, found }: Jump): number {
  return Math.max(0, found - wanted);
}

function detailOf(jump: Jump): string {
  const { wanted, found } = jump;
  const places = `want offset ${wanted}, found ${found}`;
  if (found > wanted) return `${places}: ${skippedOf(jump)} were deleted before they were applied`;
  return `${places}: the topic was made anew or cut short`;
}
