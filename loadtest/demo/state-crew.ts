// All state processors of a demo.

import { type Environment, loadConfig } from '#shared/runtime/config.ts';
import { streamSettings } from '#shared/stream/settings.ts';
import { Crew, type CrewOptions } from './crew.ts';
import { type RunningService, type ServiceStart, serviceEnv, startService } from './services.ts';
import { type StateFigures, StateFiguresSum } from './state-figures.ts';

export class StateCrew extends Crew<RunningService> {
  readonly #sum = new StateFiguresSum();

  constructor(options: CrewOptions) {
    super({ title: 'state', begin: startStateProcessor }, options);
  }

  /** Of all processors together; null when none could be asked. */
  async figures(): Promise<StateFigures | null> {
    return this.#sum.add(await this.scrape());
  }
}

// A demo is over long before the five minutes in which a processor may write quiet changes, and
// looks each second.
const demoPace: Environment = { STREAM_REFRESH_MS: '1000', STREAM_LAG_MS: '1000' };

async function startStateProcessor(start: ServiceStart): Promise<RunningService> {
  const env = { ...demoPace, ...serviceEnv(start) };
  const { drainMs } = loadConfig(streamSettings, { env });
  return startService(start, { room: 'state', env, drainMs });
}
