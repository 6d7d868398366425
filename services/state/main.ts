// The state processor: records in, the latest state of each vehicle out. This is its life;
// state.ts is its wiring, apply.ts what a record does to a state.

import { once } from 'node:events';
import { registerCertificateExpiry } from '#shared/runtime/certificate-expiry.ts';
import { createHealth } from '#shared/runtime/health.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { type Life, runMain } from '#shared/runtime/main.ts';
import { createRegistry } from '#shared/runtime/metrics.ts';
import { startOpsServer } from '#shared/runtime/ops-server.ts';
import type { Stream } from '#shared/stream/stream.ts';
import { loadStateConfig } from './config.ts';
import { Readiness } from './readiness.ts';
import { createState } from './state.ts';

/** Beyond the drain's own time: for the loop to come round and the process to exit. */
const drainGraceMs = 5000;

await runMain(main, { name: 'state' });

async function main(signal: AbortSignal, life: Life): Promise<void> {
  const config = loadStateConfig(process.env);
  const log = createLogger({ level: config.logLevel, name: 'state' });
  life.useLog(log);
  life.useDeadline(config.drainMs + drainGraceMs);

  const health = createHealth();
  const readiness = new Readiness(health);
  const registry = createRegistry('state');
  const certificates = { kafka: config.kafkaTlsCertFile, redis: config.redisTlsCertFile };
  registerCertificateExpiry(registry, certificates);
  let stream: Stream | undefined;
  const { opsHost: host, opsPort: port } = config;
  const aliveFault = () => stream?.aliveFault() ?? null;
  const ops = await startOpsServer({ host, port, health, registry, aliveFault });
  const { kafkaBrokers: kafka, redisUrl: redis } = config;
  log.info({ kafka, redis, ops: ops.url }, 'Starting.');

  const state = await createState({ config, log, registry, readiness, signal });
  stream = state.stream;
  await Promise.race([stream.start(signal), stream.failed]);
  readiness.tell('group', null);
  log.info('Ready.');
  if (!signal.aborted) await Promise.race([once(signal, 'abort'), stream.failed]);

  readiness.draining();
  await life.own('drain', stream.stop());
  state.close();
  await ops.close();
}
