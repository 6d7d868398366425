// What is broken on purpose half way: a bridge or a state processor dies, another one starts.

import { delay } from '#shared/runtime/retry.ts';
import type { LedgerFile } from '../ledger/ledger-file.ts';
import type { DemoOptions } from './options.ts';
import type { Stage } from './stage.ts';
import type { StateCrew } from './state-crew.ts';

export interface AccidentScene {
  readonly stage: Pick<Stage, 'crew' | 'stateCrew'>;
  readonly options: DemoOptions;
  readonly ledger: Pick<LedgerFile, 'fault'>;
  /** Epoch ms. */
  readonly halfwayAt: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Resolves when all that was wanted has happened and what died has been replaced. */
export async function happen(scene: AccidentScene): Promise<void> {
  const { options, halfwayAt, signal } = scene;
  if (!options.isBridgeKilled && !options.isStateKilled) return;
  await delay(halfwayAt - Date.now(), signal);
  await Promise.all([
    options.isBridgeKilled && killBridge(scene),
    options.isStateKilled && killState(scene),
  ]);
}

/** By then the broker has seen that the connections of the killed bridge are dead. */
const noticedMs = 1_000;

async function killBridge({ stage, ledger, say }: AccidentScene): Promise<void> {
  const [victim] = stage.crew.running;
  if (victim === undefined) return;
  say(`SIGKILL to ${victim.name}; its un-acknowledged frames are the broker's again.`);
  const at = Date.now();
  await stage.crew.kill(victim);
  ledger.fault({ at, untilAt: Date.now() + noticedMs, what: `SIGKILL of ${victim.name}` });
  const next = await stage.crew.start();
  say(`${next.name} is ready.`);
}

async function killState({ stage: { stateCrew }, say, signal }: AccidentScene): Promise<void> {
  const [victim] = stateCrew.running;
  if (victim === undefined) return;
  const before = await stateCrew.figures();
  say(`SIGKILL to ${victim.name}; Kafka gives it up after its session time-out.`);
  const at = performance.now();
  await stateCrew.kill(victim);
  const next = await stateCrew.start();
  say(`${next.name} is ready.`);
  await whenMoving(stateCrew, before?.appliedCount ?? 0, signal);
  const seconds = ((performance.now() - at) / 1000).toFixed(1);
  say(`${next.name} applies records; the pause was ${seconds} s.`);
}

const askEveryMs = 100;
const moveMsMax = 60_000;

/** Until more has been applied than before; what comes after is told by the check of the states. */
async function whenMoving(crew: StateCrew, before: number, signal: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + moveMsMax;
  while (Date.now() < giveUpAt) {
    const figures = await crew.figures();
    if (figures !== null && figures.appliedCount > before) return;
    await delay(askEveryMs, signal);
  }
}
