// All replicas of one service in a demo: started, asked each second, killed, stopped.

import { describeExit } from '#deploy/local/own-process.ts';
import type { PortBlock } from '#deploy/local/ports.ts';
import type { Environment } from '#shared/runtime/config.ts';
import { metricsOf, type RunningService, type ServiceStart, whenReady } from './services.ts';

export interface CrewOptions {
  readonly env: Environment;
  readonly dir: string;
  readonly ports: PortBlock;
  readonly signal: AbortSignal;
}

export interface CrewPlan<Service extends RunningService> {
  /** Each is called `<title>-<number>`. */
  readonly title: string;
  readonly begin: (start: ServiceStart) => Promise<Service>;
}

/** What one replica says of itself. */
export interface Scrape {
  readonly name: string;
  readonly metrics: string;
}

export class Crew<Service extends RunningService> {
  readonly #options: CrewOptions;
  readonly #plan: CrewPlan<Service>;
  readonly #running: Service[] = [];
  /** One that is still starting answers scrapes before it has anything to show. */
  readonly #ready = new Set<Service>();
  #startedCount = 0;

  constructor(plan: CrewPlan<Service>, options: CrewOptions) {
    this.#plan = plan;
    this.#options = options;
  }

  get running(): readonly Service[] {
    return this.#running;
  }

  get names(): string {
    return this.#running.map(({ name }) => name).join(' and ');
  }

  /** Resolves when it is ready. */
  async start(): Promise<Service> {
    const { ports, env, dir, signal } = this.#options;
    const { title, begin } = this.#plan;
    this.#startedCount += 1;
    const name = `${title}-${this.#startedCount}`;
    const service = await begin({ name, opsPort: ports.next(), env, dir });
    this.#running.push(service);
    await whenReady(service, signal);
    this.#ready.add(service);
    return service;
  }

  /** SIGKILL, so that nothing is said to anybody. */
  async kill(service: Service): Promise<void> {
    this.#running.splice(this.#running.indexOf(service), 1);
    await service.process.kill();
  }

  /** Of those that are ready and answer. */
  async scrape(): Promise<readonly Scrape[]> {
    const ready = this.#running.filter((service) => this.#ready.has(service));
    const scrapes = await Promise.all(
      ready.map(async (service) => {
        const metrics = await metricsOf(service);
        return metrics === null ? [] : [{ name: service.name, metrics }];
      }),
    );
    return scrapes.flat();
  }

  /** SIGTERM and the drain; answers those that did not end with 0. */
  async stop(): Promise<readonly string[]> {
    const exits = await Promise.all(
      this.#running.splice(0).map(async ({ name, logFile, process }) => {
        return { name, logFile, exit: await process.stop() };
      }),
    );
    return exits
      .filter(({ exit }) => exit.code !== 0)
      .map(({ name, logFile, exit }) => `${name} ended with ${describeExit(exit)}: ${logFile}`);
  }
}
