// What /readyz says: one part for each neighbour, and the group.

import type { Health, Part } from '#shared/runtime/health.ts';
import type { Neighbour } from '#shared/stream/neighbours.ts';

export type ReadyPart = Neighbour | 'group';

const names: readonly ReadyPart[] = ['registry', 'Redis', 'Kafka', 'group'];

export class Readiness {
  readonly #parts: ReadonlyMap<ReadyPart, Part>;
  #isDraining = false;

  constructor(health: Health) {
    this.#parts = new Map(names.map((name) => [name, health.part(name)]));
    for (const part of this.#parts.values()) part.set('starting');
  }

  /** Null: nothing waits for it. */
  tell(name: ReadyPart, trouble: string | null): void {
    if (this.#isDraining) return;
    const part = this.#parts.get(name);
    if (trouble === null) part?.set('ready');
    else part?.set('failing', trouble);
  }

  draining(): void {
    this.#isDraining = true;
    for (const part of this.#parts.values()) part.set('draining');
  }
}
