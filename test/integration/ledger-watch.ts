// Scrapes bridges over and over while a test does its work: at every scrape the ledger must
// balance.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Conservation, type LedgerLine } from '#loadtest/ledger/conservation.ts';
import type { BridgeProcess } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import type { Scope } from './scope.ts';

const scrapeEveryMs = 50;

/** Watches until the test ends. */
export function watchLedgers(t: Scope, bridges: readonly BridgeProcess[]): LedgerWatch {
  const watch = new LedgerWatch(bridges);
  t.after(() => watch.stop());
  return watch;
}

export class LedgerWatch {
  readonly conservation = new Conservation();
  readonly #bridges: BridgeProcess[];
  readonly #last = new Map<BridgeProcess, LedgerLine>();
  readonly #running: Promise<void>;
  #isStopped = false;

  constructor(bridges: readonly BridgeProcess[]) {
    this.#bridges = [...bridges];
    this.#running = this.#run();
  }

  add(bridge: BridgeProcess): void {
    this.#bridges.push(bridge);
  }

  /** Frames that bridges have stored and acknowledged; of those that ended, what they said last. */
  get ackedCount(): number {
    return [...this.#last.values()].reduce(
      (sum, { produced, quarantined }) => sum + produced + quarantined,
      0,
    );
  }

  get returnedCount(): number {
    return [...this.#last.values()].reduce((sum, { returned }) => sum + returned, 0);
  }

  get inFlightCount(): number {
    const alive = this.#bridges.filter(({ process }) => process.isAlive());
    return alive.reduce((sum, bridge) => sum + (this.#last.get(bridge)?.inFlight ?? 0), 0);
  }

  async scrape(bridge: BridgeProcess): Promise<LedgerLine> {
    const metrics = await bridge.metrics();
    this.conservation.add(bridge.name, metrics.text);
    this.#last.set(bridge, metrics.ledger);
    return metrics.ledger;
  }

  /** What a bridge that drained said in its last words, in place of its last scrape. */
  ended(bridge: BridgeProcess): LedgerLine {
    const line = { received: 0, produced: 0, quarantined: 0, returned: 0, inFlight: 0 };
    for (const said of bridge.log.filter(({ msg }) => msg === 'Drained.')) {
      for (const term of ['received', 'produced', 'quarantined', 'returned'] as const) {
        line[term] += Number(said[term]);
      }
    }
    this.#last.set(bridge, line);
    return line;
  }

  /**
   * Resolves when bridges have acknowledged so many frames and hold none; more, where connections
   * ended with PUBACKs on their way, which the broker answers by dealing those frames again.
   */
  async whenAcked(frameCount: number, withinMs?: number, mayRepeat = false): Promise<void> {
    await eventually(
      `${frameCount} frames acknowledged, none in flight`,
      () => {
        const { inFlightCount } = this;
        const ackedCount = mayRepeat ? Math.min(this.ackedCount, frameCount) : this.ackedCount;
        assert.deepEqual(
          { ackedCount, inFlightCount },
          { ackedCount: frameCount, inFlightCount: 0 },
        );
      },
      withinMs,
    );
  }

  /** Resolves when no bridge that lives holds a frame. */
  async whenIdle(withinMs?: number): Promise<void> {
    await eventually('no frame in flight', () => assert.equal(this.inFlightCount, 0), withinMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      // One that was just killed or stopped cannot be asked.
      const alive = this.#bridges.filter(({ process }) => process.isAlive());
      await Promise.all(alive.map((bridge) => this.scrape(bridge).catch(() => undefined)));
      await pause(scrapeEveryMs);
    }
  }
}
