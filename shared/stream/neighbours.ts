// The neighbours that partitions wait for: told once when the first waits, once when none does.

import type { Logger } from '../runtime/log.ts';

export type Neighbour = 'Redis' | 'Kafka' | 'registry';

export interface AbsencesOptions {
  readonly log: Logger;
  /** Null: no partition waits for it any more. */
  readonly onTrouble: (neighbour: Neighbour, trouble: string | null) => void;
  /** Epoch ms. */
  readonly now: () => number;
}

export class Absences {
  readonly #options: AbsencesOptions;
  readonly #waiting = new Map<Neighbour, Map<number, string>>();
  readonly #sinceAt = new Map<Neighbour, number>();

  constructor(options: AbsencesOptions) {
    this.#options = options;
  }

  /** Told at every attempt that fails. */
  away(neighbour: Neighbour, partition: number, cause: string): void {
    const { log, onTrouble, now } = this.#options;
    const waiting = this.#waitingFor(neighbour);
    const isNews = waiting.size === 0;
    waiting.set(partition, cause);
    if (!isNews) return;
    this.#sinceAt.set(neighbour, now());
    onTrouble(neighbour, cause);
    log.warn({ neighbour, partition, cause }, 'A neighbour is away; its partitions wait.');
  }

  /** It answered this partition. */
  back(neighbour: Neighbour, partition: number): void {
    const waiting = this.#waiting.get(neighbour);
    if (!waiting?.delete(partition) || waiting.size > 0) return;
    const { log, onTrouble, now } = this.#options;
    const awayMs = now() - (this.#sinceAt.get(neighbour) ?? now());
    onTrouble(neighbour, null);
    log.info({ neighbour, awayMs }, 'No partition waits for this neighbour any more.');
  }

  /** The partition is not ours: it waits for nobody. */
  leave(partition: number): void {
    for (const neighbour of this.#waiting.keys()) this.back(neighbour, partition);
  }

  #waitingFor(neighbour: Neighbour): Map<number, string> {
    const known = this.#waiting.get(neighbour);
    if (known !== undefined) return known;
    const waiting = new Map<number, string>();
    this.#waiting.set(neighbour, waiting);
    return waiting;
  }
}
