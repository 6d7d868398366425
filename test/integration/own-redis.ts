// A Redis of a test's own, with settings that the stack's does not have: a password, a cluster, a
// small memory. It dies with the test.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OwnedProcess, spawnOwned } from '#deploy/local/own-process.ts';
import { claimPorts, HOST } from '#deploy/local/ports.ts';
import { obtainProgram } from '#deploy/local/program.ts';
import { REDIS } from '#deploy/local/redis.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { createLogger, type Logger } from '#shared/runtime/log.ts';
import { createRedisClient, type RedisClient } from '#shared/stream/redis-client.ts';
import { type RedisConfig, redisSettings } from '#shared/stream/redis-settings.ts';
import { eventually } from './eventually.ts';
import type { Scope } from './scope.ts';

export interface OwnRedis {
  /** redis://host:port; of a cluster the first node. */
  readonly url: string;
  /** Resolves when it accepts connections; on the same port, and empty, after a stop. */
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
}

/** Starts it; `settings` as on redis-server's command line: `['--requirepass', 'x']`. */
export async function startRedis(
  scope: Pick<Scope, 'after'>,
  settings: readonly string[] = [],
): Promise<OwnRedis> {
  const ports = await claimPorts();
  scope.after(() => ports.release());
  const redis = await createRedis(scope, { port: ports.next(), settings });
  await redis.start();
  return redis;
}

/** Three masters, a third of the slots each; resolves when each says that the cluster is well. */
export async function startRedisCluster(scope: Pick<Scope, 'after'>): Promise<OwnRedis> {
  const ports = await claimPorts();
  scope.after(() => ports.release());
  const nodes = [1, 2, 3].map(() => ({ port: ports.next(), busPort: ports.next() }));
  const started = nodes.map(async ({ port, busPort }) => {
    const redis = await createRedis(scope, { port, settings: clusterSettings(busPort) });
    await redis.start();
    return redis;
  });
  const [first] = await Promise.all(started);
  const clients = nodes.map(({ port }) => openRedis(scope, { REDIS_URL: urlOf(port) }));
  const slots = ['0 5460', '5461 10922', '10923 16383'];
  await Promise.all(
    clients.map(async (client, index) => {
      await client.call('cluster', ['set-config-epoch', index + 1]);
      await client.call('cluster', ['addslotsrange', ...slots[index]!.split(' ')]);
      const { port, busPort } = nodes[0]!;
      if (index > 0) await client.call('cluster', ['meet', HOST, port, busPort]);
    }),
  );
  await eventually('a cluster of three', async () => {
    const states = await Promise.all(clients.map((client) => client.call('cluster', ['info'])));
    const isWell = (state: unknown) =>
      /cluster_state:ok/.test(String(state)) && /cluster_known_nodes:3/.test(String(state));
    if (!states.every(isWell)) throw new Error(String(states[0]));
  });
  return first!;
}

/** A short time-out of nodes, since a new cluster waits for one before it takes commands. */
function clusterSettings(busPort: number): readonly string[] {
  const pairs = { enabled: 'yes', port: busPort, 'node-timeout': 1_000 };
  return Object.entries(pairs).flatMap(([name, value]) => [`--cluster-${name}`, String(value)]);
}

const silent = createLogger({ level: 'silent', name: 'test' });

/** A client that is closed at the end; `env` as a service would have it. */
export function openRedis(
  scope: Pick<Scope, 'after'>,
  env: Readonly<Record<string, string>>,
  log: Logger = silent,
): RedisClient {
  const client = createRedisClient(redisConfigOf(env), log);
  scope.after(() => client.close());
  return client;
}

export function redisConfigOf(env: Readonly<Record<string, string>>): RedisConfig {
  return loadConfig(redisSettings, { env });
}

interface Plan {
  readonly port: number;
  readonly settings: readonly string[];
}

async function createRedis(
  scope: Pick<Scope, 'after'>,
  { port, settings }: Plan,
): Promise<OwnRedis> {
  const command = await obtainProgram(REDIS, { say: (line) => process.stderr.write(`${line}\n`) });
  const dir = await mkdtemp(join(tmpdir(), 'fleetwire-redis-'));
  const args = ['--bind', HOST, '--port', String(port), '--dir', dir, '--save', '', ...settings];
  let running: OwnedProcess | null = null;
  const start = async () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const lines: string[] = [];
    const onLine = (line: string) => {
      lines.push(line);
      if (line.includes('Ready to accept connections')) resolve();
    };
    running = await spawnOwned({ command, args, cwd: dir, onLine });
    void running.exited.then(() => reject(new Error(`redis-server ended:\n${lines.join('\n')}`)));
    await promise;
  };
  scope.after(async () => {
    await running?.kill();
    await rm(dir, { recursive: true, force: true });
  });
  return {
    url: urlOf(port),
    start,
    kill: async () => void (await running?.kill()),
    signal: (name) => running?.signal(name),
  };
}

function urlOf(port: number): string {
  return `redis://${HOST}:${port}`;
}
