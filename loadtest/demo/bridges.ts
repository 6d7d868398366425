// The bridges of a demo: real processes, each with its own ops port and log file.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeExit, type OwnedProcess, spawnOwned } from '#deploy/local/own-process.ts';
import { HOST } from '#deploy/local/ports.ts';
import { loadBridgeConfig } from '#services/bridge/config.ts';
import type { Environment } from '#shared/runtime/config.ts';
import { delay } from '#shared/runtime/retry.ts';

import { DemoFailed } from './demo-failed.ts';

export interface BridgeStart {
  readonly name: string;
  readonly opsPort: number;
  /** With the addresses of the brokers. */
  readonly env: Environment;
  /** Where its log goes. */
  readonly dir: string;
}

export interface RunningBridge {
  readonly name: string;
  readonly opsUrl: string;
  readonly process: OwnedProcess;
  readonly logFile: string;
  /** Messages that it may hold un-acknowledged: what a kill can make the broker deliver again. */
  readonly windowMax: number;
  readonly payloadBytesMax: number;
}

const mainFile = fileURLToPath(new URL('../../services/bridge/main.ts', import.meta.url));

export async function startBridge({
  name,
  opsPort,
  env,
  dir,
}: BridgeStart): Promise<RunningBridge> {
  const settings = {
    ...env,
    BRIDGE_NAME: name,
    OPS_HOST: HOST,
    OPS_PORT: String(opsPort),
    LOG_LEVEL: env['LOG_LEVEL'] ?? 'info',
  };
  const { connections, windowFrames, drainMs, payloadBytesMax } = loadBridgeConfig(settings);
  const logFile = join(dir, `${name}.log`);
  return {
    name,
    logFile,
    opsUrl: `http://${HOST}:${opsPort}`,
    process: await spawnOwned({
      command: process.execPath,
      args: [mainFile],
      env: settings,
      logFile,
      graceMs: drainMs + 10_000,
    }),
    windowMax: connections * windowFrames,
    payloadBytesMax,
  };
}

const readyMsMax = 60_000;
const askEveryMs = 100;

/** Resolves when /readyz says so; rejects when the bridge ends before, or never gets there. */
export async function whenReady(bridge: RunningBridge, signal: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + readyMsMax;
  let found = 'no answer';
  while (Date.now() < giveUpAt) {
    if (!bridge.process.isAlive()) {
      const exit = describeExit(await bridge.process.exited);
      throw new DemoFailed(`${bridge.name} ended with ${exit}; its log: ${bridge.logFile}`);
    }
    const answer = await ask(`${bridge.opsUrl}/readyz`);
    if (answer?.ok) return;
    found = answer === null ? found : await answer.text();
    await delay(askEveryMs, signal);
  }
  const log = bridge.logFile;
  throw new DemoFailed(
    `${bridge.name} is not ready after ${readyMsMax} ms: ${found}; its log: ${log}`,
  );
}

/** Null when it cannot be asked, as between a kill and the next start. */
export async function metricsOf({ opsUrl }: RunningBridge): Promise<string | null> {
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
