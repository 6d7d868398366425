// The bridge: MQTT in, Kafka out. This is its life; bridge.ts is its wiring, message.ts what
// happens to a message.

import { once } from 'node:events';
import { createEncoders } from '#shared/avro/encoder.ts';
import { loadSchemaIds } from '#shared/avro/schema-ids.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import { registerCertificateExpiry } from '#shared/runtime/certificate-expiry.ts';
import { createHealth } from '#shared/runtime/health.ts';
import { createLogger, type Logger } from '#shared/runtime/log.ts';
import { type Life, runMain } from '#shared/runtime/main.ts';
import { createRegistry } from '#shared/runtime/metrics.ts';
import { startOpsServer } from '#shared/runtime/ops-server.ts';
import { topicsOf } from '#shared/topics.ts';
import { type Bridge, createBridge } from './bridge.ts';
import { type BridgeConfig, loadBridgeConfig } from './config.ts';
import { drain } from './drain.ts';
import { watchQuiet } from './quiet.ts';
import { Readiness } from './readiness.ts';

/** Beyond the drain's own time: for the loop to come round and the process to exit. */
const drainGraceMs = 5000;

await runMain(main, { name: 'bridge' });

async function main(signal: AbortSignal, life: Life): Promise<void> {
  const config = loadBridgeConfig(process.env);
  const log = createLogger({ level: config.logLevel, name: 'bridge' });
  life.useLog(log);
  life.useDeadline(config.drainMs + drainGraceMs);

  const health = createHealth();
  const readiness = new Readiness(health, log);
  const registry = createRegistry('bridge');
  const { mqttTlsCertFile: mqtt, kafkaTlsCertFile: kafka } = config;
  registerCertificateExpiry(registry, { mqtt, kafka });
  const { opsHost: host, opsPort: port } = config;
  const ops = await startOpsServer({ host, port, health, registry });
  tellStart(log, config, ops.url);

  readiness.starting('schemas', 'looking for the schema ids');
  readiness.starting('kafka', 'waits for the schema ids');
  readiness.starting('mqtt', 'waits for Kafka: whoever subscribes is dealt frames');
  const encoders = createEncoders(await loadSchemaIds({ config, log, signal }));
  readiness.tell('schemas', null);
  readiness.starting('kafka', 'connecting, and looking for the topics');
  const producer = createKafkaProducer({ config, log });
  await producer.connect(topicsOf('bridge'), signal);
  readiness.tell('kafka', null);

  const bridge = await createBridge({ config, log, registry, readiness, encoders, producer });
  const running = life.own('MQTT connections', bridge.source.run());
  const stopWatching = watchQuiet({
    log,
    receivedCount: () => receivedCount(bridge),
    troubles: () => [bridge.source.trouble, bridge.laneHealth.detail],
    filters: config.routes.map(({ filter }) => filter),
  });
  if (!signal.aborted) await once(signal, 'abort');

  readiness.draining();
  stopWatching();
  bridge.stopWatching();
  const { source, lanes } = bridge;
  await life.own('drain', drain({ source, lanes, producer, drainMs: config.drainMs, log }));
  await running;
  tellLedger(log, bridge);
  await ops.close();
}

function tellStart(log: Logger, config: BridgeConfig, opsUrl: string): void {
  log.info(
    {
      mqtt: config.mqttUrl,
      kafka: config.kafkaBrokers,
      filters: config.routes.map(({ filter }) => filter),
      connections: config.connections,
      windowFrames: config.windowFrames,
      ops: opsUrl,
    },
    'Starting.',
  );
}

function receivedCount({ ledger }: Bridge): number {
  return [...ledger.lines.values()].reduce((sum, line) => sum + line.receivedCount, 0);
}

function tellLedger(log: Logger, { ledger }: Bridge): void {
  for (const [codec, line] of ledger.lines) {
    const { receivedCount: received, producedCount: produced, returnedCount: returned } = line;
    const quarantined = [...line.quarantinedCounts.values()].reduce((sum, n) => sum + n, 0);
    if (received > 0) log.info({ codec, received, produced, quarantined, returned }, 'Drained.');
  }
}
