// One part of the stack with a life: started, awaited until it answers, stopped, killed, started
// again on the same ports and data, and missed loudly when it dies by itself.
import { setTimeout as pause } from 'node:timers/promises';
import { describeExit, type OwnedProcess, spawnOwned } from './own-process.ts';

export interface PartPlan {
  /** Among parts of one kind, from 1. */
  readonly id: number;
  /** As it reads in a sentence: "Kafka broker 1". */
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Resolves when the part answers as it must; throws with what is missing until then. */
  readonly probe: () => Promise<void>;
  readonly say: (line: string) => void;
}

export interface ManagedPart {
  readonly id: number;
  readonly title: string;
  readonly logFile: string;
  /** Of the running process; throws when it is stopped. */
  readonly pid: number;
  isRunning(): boolean;
  /** Resolves when the part is ready. Does nothing when it runs. */
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

const READY_MS_MAX = 90_000;
const PROBE_EVERY_MS = 50;
const STOP_MS_MAX = 15_000;

export function managePart(plan: PartPlan): ManagedPart {
  let running: OwnedProcess | undefined;

  const end = async (how: (child: OwnedProcess) => Promise<unknown>) => {
    const child = running;
    // Cleared first: an end that was asked for is not reported.
    running = undefined;
    if (child) await how(child);
  };
  const watch = async (child: OwnedProcess) => {
    const exit = await child.exited;
    if (running !== child) return;
    running = undefined;
    plan.say(`${plan.title} died by itself (${describeExit(exit)}); its log: ${plan.logFile}`);
  };

  return {
    id: plan.id,
    title: plan.title,
    logFile: plan.logFile,
    get pid() {
      if (running === undefined) throw new Error(`${plan.title} is not running.`);
      return running.pid;
    },
    isRunning: () => running?.isAlive() ?? false,
    async start() {
      if (running) return;
      const { command, args, logFile, env, cwd } = plan;
      const rest = { ...(env && { env }), ...(cwd && { cwd }) };
      const child = await spawnOwned({ command, args, logFile, graceMs: STOP_MS_MAX, ...rest });
      running = child;
      void watch(child);
      await ready(plan, child);
    },
    stop: () => end((child) => child.stop()),
    kill: () => end((child) => child.kill()),
  };
}

async function ready(plan: PartPlan, child: OwnedProcess): Promise<void> {
  const deadlineAt = performance.now() + READY_MS_MAX;
  for (;;) {
    // Our own process must be alive: another broker on the port would answer just as well.
    if (!child.isAlive()) {
      const exit = describeExit(await child.exited);
      throw new Error(
        `${plan.title} ended before it was ready (${exit}); its log: ${plan.logFile}`,
      );
    }
    const missing = await plan.probe().then(
      () => undefined,
      (error: Error) => error,
    );
    if (missing === undefined && child.isAlive()) return;
    if (performance.now() > deadlineAt) {
      const lack = missing?.message ?? 'nothing';
      await child.kill();
      throw new Error(
        `${plan.title} is not ready after ${READY_MS_MAX} ms: ${lack}; log: ${plan.logFile}`,
      );
    }
    await Promise.race([pause(PROBE_EVERY_MS), child.exited]);
  }
}
