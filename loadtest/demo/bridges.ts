// One bridge of a demo or a bench.

import { loadBridgeConfig } from '#services/bridge/config.ts';
import { type RunningService, type ServiceStart, serviceEnv, startService } from './services.ts';

export interface RunningBridge extends RunningService {
  /** Messages that it may hold un-acknowledged: what a kill can make the broker deliver again. */
  readonly windowMax: number;
  readonly payloadBytesMax: number;
}

export async function startBridge(start: ServiceStart): Promise<RunningBridge> {
  const env = { ...serviceEnv(start), BRIDGE_NAME: start.name };
  const { connections, windowFrames, drainMs, payloadBytesMax } = loadBridgeConfig(env);
  const service = await startService(start, { room: 'bridge', env, drainMs });
  return { ...service, windowMax: connections * windowFrames, payloadBytesMax };
}
