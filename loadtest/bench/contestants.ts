// The two bridges that are measured, each a process of its own on the same Node.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type OwnedProcess, spawnOwned } from '#deploy/local/own-process.ts';
import type { Environment } from '#shared/runtime/config.ts';
import { startBridge } from '../demo/bridges.ts';
import { metricsOf, whenReady } from '../demo/services.ts';
import type { BenchStage } from './stage.ts';

export interface Contestant {
  readonly name: string;
  readonly process: OwnedProcess;
  /** Whether every frame it took in has its PUBACK, as far as it can be asked. */
  isAtRest(): Promise<boolean>;
  stop(): Promise<void>;
}

export interface OursOptions {
  readonly stage: BenchStage;
  /** Where V8's CPU profile goes; undefined: no profile. */
  readonly profileDir?: string | undefined;
  /** Settings that differ from their defaults. */
  readonly settings?: Environment | undefined;
  readonly signal: AbortSignal;
}

/** The real bridge, with its defaults where nothing else is said. */
export async function startOurs({
  stage,
  profileDir,
  settings,
  signal,
}: OursOptions): Promise<Contestant> {
  const profile = profileDir && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profileDir}` };
  const bridge = await startBridge({
    name: 'bench-bridge',
    opsPort: stage.ports.next(),
    env: { ...stage.env, ...profile, LOG_LEVEL: 'warn', ...settings },
    dir: stage.dir,
  });
  await whenReady(bridge, signal);
  return {
    name: 'bridge',
    process: bridge.process,
    isAtRest: async () => inFlightOf(await metricsOf(bridge)) === 0,
    stop: async () => {
      await bridge.process.stop();
    },
  };
}

function inFlightOf(metrics: string | null): number {
  const found = (metrics ?? '').matchAll(/^fleetwire_bridge_frames_in_flight\{.*\} (\d+)$/gm);
  const counts = [...found].map(([, count]) => Number(count));
  return counts.length === 0 ? Number.NaN : counts.reduce((sum, count) => sum + count, 0);
}

const handWrittenFile = fileURLToPath(new URL('hand-written.ts', import.meta.url));

/** The one that people write: it acknowledges on receipt, so there is nothing to ask. */
export async function startHandWritten(stage: BenchStage): Promise<Contestant> {
  const ready = Promise.withResolvers<void>();
  const process_ = await spawnOwned({
    command: process.execPath,
    args: [handWrittenFile],
    env: { ...stage.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
    onLine: (line) => (line === 'ready' ? ready.resolve() : stage.note(`hand-written: ${line}`)),
  });
  const ended = process_.exited.then(({ code, signal }): never => {
    throw new Error(`the hand-written bridge ended with ${signal ?? code}; see ${logOf(stage)}`);
  });
  ended.catch(() => undefined);
  await Promise.race([ready.promise, ended]);
  return {
    name: 'hand-written',
    process: process_,
    isAtRest: async () => true,
    stop: async () => {
      await process_.kill();
    },
  };
}

function logOf(stage: BenchStage): string {
  return join(stage.dir, 'bench.log');
}
