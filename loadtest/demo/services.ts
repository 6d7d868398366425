// The services of a demo: real processes, each with its own ops port and log file.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeExit, type OwnedProcess, spawnOwned } from '#deploy/local/own-process.ts';
import { HOST } from '#deploy/local/ports.ts';
import type { Environment } from '#shared/runtime/config.ts';
import { delay } from '#shared/runtime/retry.ts';

import { DemoFailed } from './demo-failed.ts';

export interface ServiceStart {
  readonly name: string;
  readonly opsPort: number;
  /** With the addresses of the brokers. */
  readonly env: Environment;
  /** Where its log goes. */
  readonly dir: string;
}

export interface RunningService {
  readonly name: string;
  readonly opsUrl: string;
  readonly process: OwnedProcess;
  readonly logFile: string;
}

/** The environment that a service of this name gets. */
export function serviceEnv({ opsPort, env }: ServiceStart): Environment {
  return {
    ...env,
    OPS_HOST: HOST,
    OPS_PORT: String(opsPort),
    LOG_LEVEL: env['LOG_LEVEL'] ?? 'info',
  };
}

export interface ServiceProgram {
  /** Its folder below services/. */
  readonly room: 'bridge' | 'state';
  readonly env: Environment;
  /** What its drain may take. */
  readonly drainMs: number;
}

const exitGraceMs = 10_000;

export async function startService(
  { name, opsPort, dir }: ServiceStart,
  { room, env, drainMs }: ServiceProgram,
): Promise<RunningService> {
  const logFile = join(dir, `${name}.log`);
  return {
    name,
    logFile,
    opsUrl: `http://${HOST}:${opsPort}`,
    process: await spawnOwned({
      command: process.execPath,
      args: [fileURLToPath(new URL(`../../services/${room}/main.ts`, import.meta.url))],
      env,
      logFile,
      graceMs: drainMs + exitGraceMs,
    }),
  };
}

const readyMsMax = 60_000;
const askEveryMs = 100;

/** Resolves when /readyz says so; rejects when the service ends before, or never gets there. */
export async function whenReady(service: RunningService, signal: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + readyMsMax;
  let found = 'no answer';
  while (Date.now() < giveUpAt) {
    if (!service.process.isAlive()) {
      const exit = describeExit(await service.process.exited);
      throw new DemoFailed(`${service.name} ended with ${exit}; its log: ${service.logFile}`);
    }
    const answer = await ask(`${service.opsUrl}/readyz`);
    if (answer?.ok) return;
    found = answer === null ? found : await answer.text();
    await delay(askEveryMs, signal);
  }
  const log = service.logFile;
  throw new DemoFailed(
    `${service.name} is not ready after ${readyMsMax} ms: ${found}; its log: ${log}`,
  );
}

/** Null when it cannot be asked, as between a kill and the next start. */
export async function metricsOf({ opsUrl }: RunningService): Promise<string | null> {
  const answer = await ask(`${opsUrl}/metrics`);
  if (!answer?.ok) return null;
  return answer.text().catch(() => null);
}

async function ask(url: string): Promise<Response | null> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(5_000) });
  } catch {
    return null;
  }
}
