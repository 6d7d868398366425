// The bridge of a source tree, in this process: its own MQTT connections, lanes, ledger and drain;
// only what is behind the producer port is ours.

import type { Bridge } from '#services/bridge/bridge.ts';
import type { SchemaIds } from '#shared/avro/encoder.ts';
import { loadFrom } from '../tree.ts';
import type { SmallKafkaPort } from './small-kafka.ts';

export interface SmallBridgeOptions {
  readonly treeDir: string;
  readonly name: string;
  readonly mqttUrl: string;
  readonly port: SmallKafkaPort;
  readonly ids: SchemaIds;
  readonly settings?: Readonly<Record<string, string>>;
}

export interface SmallBridge {
  readonly name: string;
  readonly bridge: Bridge;
  /** What /metrics would say. */
  metrics(): Promise<string>;
  isSubscribed(): boolean;
  /** SIGTERM. */
  drain(): Promise<void>;
  /** Nothing of it does anything any more; whoever calls cuts its connections. */
  kill(): void;
}

/** Resolves when it is subscribed. */
export async function startSmallBridge(options: SmallBridgeOptions): Promise<SmallBridge> {
  const { treeDir, name, mqttUrl, port, ids, settings } = options;
  const rooms = await roomsOf(treeDir);
  const config = rooms.config.loadBridgeConfig({
    MQTT_URL: mqttUrl,
    KAFKA_BROKERS: '127.0.0.1:1',
    REGISTRY_URL: 'http://127.0.0.1:1',
    BRIDGE_NAME: name,
    BRIDGE_DRAIN_MS: '1000',
    ...settings,
  });
  const log = rooms.log.createLogger({ level: 'silent', name });
  const registry = rooms.metrics.createRegistry('bridge');
  const readiness = new rooms.readiness.Readiness(rooms.health.createHealth(), log);
  const encoders = rooms.encoder.createEncoders(ids);
  const own = { config, log, registry, readiness, encoders, producer: port };
  const bridge = await rooms.bridge.createBridge(own);
  const { source, lanes } = bridge;
  const running = source.run();
  return {
    name,
    bridge,
    metrics: () => registry.metrics(),
    isSubscribed: () => source.trouble === null,
    drain: async () => {
      bridge.stopWatching();
      const { drainMs } = config;
      await rooms.drain.drain({ source, lanes, producer: port, drainMs, log });
      await running;
    },
    kill: () => {
      port.isAlive = false;
      bridge.stopWatching();
      lanes.stop();
      for (const connection of source.connections) connection.stop();
    },
  };
}

async function roomsOf(treeDir: string) {
  const load = <M>(file: string) => loadFrom<M>(treeDir, file);
  return {
    bridge: await load<typeof import('#services/bridge/bridge.ts')>('services/bridge/bridge.ts'),
    config: await load<typeof import('#services/bridge/config.ts')>('services/bridge/config.ts'),
    drain: await load<typeof import('#services/bridge/drain.ts')>('services/bridge/drain.ts'),
    readiness: await load<typeof import('#services/bridge/readiness.ts')>(
      'services/bridge/readiness.ts',
    ),
    encoder: await load<typeof import('#shared/avro/encoder.ts')>('shared/avro/encoder.ts'),
    health: await load<typeof import('#shared/runtime/health.ts')>('shared/runtime/health.ts'),
    log: await load<typeof import('#shared/runtime/log.ts')>('shared/runtime/log.ts'),
    metrics: await load<typeof import('#shared/runtime/metrics.ts')>('shared/runtime/metrics.ts'),
  };
}
