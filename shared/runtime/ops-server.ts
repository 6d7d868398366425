// The port for operators and probes: /livez, /readyz, /metrics. Carries no traffic of the product.

import fastify from 'fastify';
import { setting } from './config.ts';
import { integer, text } from './config-schemas.ts';
import type { Health } from './health.ts';
import type { MetricsRegistry } from './metrics.ts';

export interface OpsServerOptions {
  readonly host: string;
  /** 0: any free port, see `OpsServer.port`. */
  readonly port: number;
  readonly health: Health;
  readonly registry: MetricsRegistry;
  /**
   * Why this process will not move again by itself; null while there is life. A dependency that is
   * away is no reason: no restart brings it back.
   */
  readonly aliveFault?: () => string | null;
}

export interface OpsServer {
  readonly port: number;
  /** `http://127.0.0.1:9464`, as reached from this machine. */
  readonly url: string;
  /** Ends open connections too: a scraper's keep-alive must not hold up the exit. */
  close(): Promise<void>;
}

/** Rejects when the port cannot be had. */
export async function startOpsServer(options: OpsServerOptions): Promise<OpsServer> {
  const { host, health, registry, aliveFault = () => null } = options;
  const server = fastify({ forceCloseConnections: true });
  // An answer proves that the loop moves; whether the work does, only its owner knows.
  server.get('/livez', (_request, reply) => {
    const fault = aliveFault();
    if (fault === null) return reply.send({ isAlive: true });
    return reply.code(503).send({ isAlive: false, fault });
  });
  server.get('/readyz', (_request, reply) => {
    const report = health.report();
    return reply.code(report.isReady ? 200 : 503).send(report);
  });
  server.get('/metrics', async (_request, reply) => {
    reply.type(registry.contentType);
    return registry.metrics();
  });
  await server.listen({ host, port: options.port });
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const isWildcard = host === '0.0.0.0' || host === '::';
  const reached = isWildcard ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return { port, url: `http://${reached}:${port}`, close: () => server.close() };
}

export const opsSettings = {
  opsHost: setting({
    name: 'OPS_HOST',
    schema: text('a host name or an address'),
    default: '0.0.0.0',
    example: '127.0.0.1',
    doc: 'Where the ops server (probes and metrics) listens.',
  }),
  opsPort: setting({
    name: 'OPS_PORT',
    schema: integer({ min: 0, max: 65_535, unit: 'port' }),
    default: 9464,
    example: 0,
    doc: 'Port of the ops server; 0 takes any free one and logs it.',
  }),
};
