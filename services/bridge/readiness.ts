// What /readyz says of the bridge: its three parts, and that it drains.

import type { Health, Part } from '#shared/runtime/health.ts';
import type { Logger } from '#shared/runtime/log.ts';

export type PartName = 'schemas' | 'kafka' | 'mqtt';

const partNames: readonly PartName[] = ['schemas', 'kafka', 'mqtt'];

export class Readiness {
  readonly #health: Health;
  readonly #log: Logger;
  readonly #parts: ReadonlyMap<PartName, Part>;
  #isDraining = false;
  #isReadyTold = false;

  constructor(health: Health, log: Logger) {
    this.#health = health;
    this.#log = log;
    this.#parts = new Map(partNames.map((name) => [name, health.part(name)]));
  }

  /** `trouble` null: the part is ready. */
  tell(name: PartName, trouble: string | null): void {
    if (this.#isDraining) return;
    const part = this.#parts.get(name);
    if (trouble === null) part?.set('ready');
    else part?.set('failing', trouble);
    if (this.#isReadyTold || !this.#health.report().isReady) return;
    this.#isReadyTold = true;
    this.#log.info('Ready.');
  }

  /** What a part that is not ready yet waits for. */
  starting(name: PartName, detail: string): void {
    if (!this.#isDraining) this.#parts.get(name)?.set('starting', detail);
  }

  draining(): void {
    this.#isDraining = true;
    for (const part of this.#parts.values()) part.set('draining');
  }
}
