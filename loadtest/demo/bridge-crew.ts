// All bridges of a demo: started, asked each second, killed, stopped.

import { describeExit, type Exit } from '#deploy/local/own-process.ts';
import type { PortBlock } from '#deploy/local/ports.ts';
import type { Environment } from '#shared/runtime/config.ts';
import type { Conservation } from '../ledger/conservation.ts';
import { metricsOf, type RunningBridge, startBridge, whenReady } from './bridges.ts';

export interface CrewOptions {
  readonly env: Environment;
  readonly dir: string;
  readonly ports: PortBlock;
  readonly signal: AbortSignal;
}

export class BridgeCrew {
  /** Frames that a kill can make the broker deliver again at most. */
  redeliveryMax = 0;

  readonly #options: CrewOptions;
  readonly #running: RunningBridge[] = [];
  /** One that is still starting answers scrapes before it has a ledger to show. */
  readonly #ready = new Set<RunningBridge>();
  #startedCount = 0;

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  get running(): readonly RunningBridge[] {
    return this.#running;
  }

  /** A longer payload is refused unread. */
  get payloadBytesMax(): number {
    return Math.max(...this.#running.map(({ payloadBytesMax }) => payloadBytesMax));
  }

  get names(): string {
    return this.#running.map(({ name }) => name).join(' and ');
  }

  /** Resolves when it is ready. */
  async start(): Promise<RunningBridge> {
    const { ports, env, dir, signal } = this.#options;
    this.#startedCount += 1;
    const name = `bridge-${this.#startedCount}`;
    const bridge = await startBridge({ name, opsPort: ports.next(), env, dir });
    this.#running.push(bridge);
    await whenReady(bridge, signal);
    this.#ready.add(bridge);
    return bridge;
  }

  /** SIGKILL, so that nothing is said to anybody. */
  async kill(bridge: RunningBridge): Promise<void> {
    this.redeliveryMax += bridge.windowMax;
    this.#running.splice(this.#running.indexOf(bridge), 1);
    await bridge.process.kill();
  }

  /** Frames in flight of all bridges together; null when none could be asked. */
  async scrape(conservation: Conservation): Promise<number | null> {
    const ready = this.#running.filter((bridge) => this.#ready.has(bridge));
    const texts = await Promise.all(
      ready.map(async (bridge) => {
        return { name: bridge.name, metrics: await metricsOf(bridge) };
      }),
    );
    let inFlightCount: number | null = null;
    for (const { name, metrics } of texts) {
      if (metrics === null) continue;
      for (const { inFlight } of conservation.add(name, metrics).values()) {
        inFlightCount = (inFlightCount ?? 0) + inFlight;
      }
    }
    return inFlightCount;
  }

  /** SIGTERM and the drain; answers those that did not end with 0. */
  async stop(): Promise<readonly string[]> {
    const bridges = this.#running.splice(0);
    const exits = await Promise.all(
      bridges.map(async (bridge) => ({ bridge, exit: await bridge.process.stop() })),
    );
    return exits
      .filter(({ exit }) => !isClean(exit))
      .map(
        ({ bridge, exit }) => `${bridge.name} ended with ${describeExit(exit)}: ${bridge.logFile}`,
      );
  }
}

function isClean({ code }: Exit): boolean {
  return code === 0;
}
