// Members of the state processor's group, real processes each, and what they own.

import type { Environment } from '#shared/runtime/config.ts';
import { delay } from '#shared/runtime/retry.ts';
import { sumOf, valuesOf } from '../demo/metric-text.ts';
import {
  metricsOf,
  type RunningService,
  serviceEnv,
  startService,
  whenReady,
} from '../demo/services.ts';
import { type ProcessorStage, partitionCount } from './processor-stage.ts';

/** With its defaults, but for `env`. Does not wait until it is ready. */
export function startState(
  stage: ProcessorStage,
  name: string,
  env: Environment = {},
): Promise<RunningService> {
  const start = {
    name,
    opsPort: stage.ports.next(),
    env: { ...stage.env, ...env },
    dir: stage.dir,
  };
  return startService(start, { room: 'state', env: serviceEnv(start), drainMs: 20_000 });
}

const ownedMsMax = 60_000;
const askEveryMs = 250;

export class StateMembers {
  readonly #stage: ProcessorStage;
  readonly #signal: AbortSignal;
  readonly #running: RunningService[] = [];
  #startedCount = 0;

  constructor(stage: ProcessorStage, signal: AbortSignal) {
    this.#stage = stage;
    this.#signal = signal;
  }

  /** All at once; resolves when every one is ready and the partitions are shared out. */
  async join(count: number): Promise<void> {
    const joining = Array.from({ length: count }, async () => {
      this.#startedCount += 1;
      const member = await startState(this.#stage, `state-${this.#startedCount}`);
      this.#running.push(member);
      await whenReady(member, this.#signal);
    });
    await Promise.all(joining);
    await this.#shareOut();
  }

  /** The newest, all at once, by SIGTERM; resolves when the others own everything. */
  async leave(count: number): Promise<void> {
    const leaving = this.#running.splice(-count).map(({ process }) => process.stop());
    await Promise.all(leaving);
    await this.#shareOut();
  }

  /** The newest, by SIGKILL; resolves when the others own everything. */
  async kill(): Promise<void> {
    await this.#running.pop()?.process.kill();
    await this.#shareOut();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map(({ process }) => process.stop()));
  }

  async #shareOut(): Promise<void> {
    const giveUpAt = Date.now() + ownedMsMax;
    let owned: readonly number[] = [];
    do {
      await delay(askEveryMs, this.#signal);
      owned = await Promise.all(this.#running.map(ownedBy));
      if (sumOf(owned) === partitionCount && owned.every((count) => count > 0)) return;
    } while (Date.now() < giveUpAt);
    throw new Error(`wanted ${partitionCount} partitions shared out, found ${owned.join(', ')}`);
  }
}

async function ownedBy(member: RunningService): Promise<number> {
  const metrics = await metricsOf(member);
  return sumOf(valuesOf(metrics ?? '', 'fleetwire_stream_partitions_owned'));
}
