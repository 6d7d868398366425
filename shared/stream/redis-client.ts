// The connection to Redis, single or cluster: every command ends within REDIS_TIMEOUT_MS, nothing
// queues while Redis is away, and its going and coming back are told once each.

import type { ConnectionOptions } from 'node:tls';
import { Cluster, Command, Redis, type RedisOptions } from 'ioredis';
import type { Logger } from '../runtime/log.ts';
import { backoffMs, FatalError } from '../runtime/retry.ts';
import { failureOf, messageOf, RedisAwayError } from './redis-failures.ts';
import { addressOf, checkRedisConfig, type RedisConfig, redisTlsOf } from './redis-settings.ts';

export type RedisArgument = string | number | Buffer;

export interface RedisClient {
  /** Host and port, for logs. */
  readonly address: string;
  /**
   * One command; bulk strings come as Buffers. Rejects within REDIS_TIMEOUT_MS, with RedisAwayError
   * (the command may have been done all the same) or with FatalError. Waits for a connection only
   * as long as that.
   */
  call(name: string, args: readonly RedisArgument[]): Promise<unknown>;
  /** The same command to every master of a cluster; one answer where there is no cluster. */
  callEach(name: string, args: readonly RedisArgument[]): Promise<readonly unknown[]>;
  /** What is under way rejects. Safe to call twice. */
  close(): Promise<void>;
}

/** Throws ConfigError for settings that contradict each other. Begins to connect. */
export function createRedisClient(config: RedisConfig, log: Logger): RedisClient {
  checkRedisConfig(config);
  return new Connection(config, log);
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

class Connection implements RedisClient {
  readonly address: string;
  readonly #driver: Redis | Cluster;
  readonly #log: Logger;
  readonly #timeoutMs: number;
  readonly #waiters = new Set<Waiter>();
  /** Of connecting; null while connected. */
  #failure: RedisAwayError | FatalError | null = null;
  #awaySinceMs: number | null = null;
  #isClosing = false;

  constructor(config: RedisConfig, log: Logger) {
    const { host, port } = addressOf(config);
    this.address = `${host}:${port}`;
    this.#log = log.child({ redis: this.address });
    this.#timeoutMs = config.redisTimeoutMs;
    this.#driver = config.redisClusterEnabled ? clusterOf(config) : singleOf(config);
    // Without a listener for errors ioredis writes them to stderr, arguments included.
    this.#driver.on('error', (error: Error) => this.#onError(error));
    this.#driver.on('node error', (error: Error) => this.#onError(error));
    this.#driver.on('ready', () => this.#onReady());
    this.#driver.on('close', () => this.#tellAway());
  }

  async call(name: string, args: readonly RedisArgument[]): Promise<unknown> {
    const startedAt = performance.now();
    await this.#ready();
    // Redis has what is left of the time: connecting and answering together are bounded.
    const leftMs = this.#timeoutMs - (performance.now() - startedAt);
    return this.#answer(this.#driver, commandOf(name, args), leftMs);
  }

  async callEach(name: string, args: readonly RedisArgument[]): Promise<readonly unknown[]> {
    if (this.#driver instanceof Redis) return [await this.call(name, args)];
    const startedAt = performance.now();
    await this.#ready();
    const leftMs = this.#timeoutMs - (performance.now() - startedAt);
    const masters = this.#driver.nodes('master');
    return Promise.all(masters.map((node) => this.#answer(node, commandOf(name, args), leftMs)));
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    this.#driver.once('end', end);
    // Between two attempts to connect there is nothing whose end ioredis could tell.
    const isIdle = this.#driver.status === 'reconnecting' || this.#driver.status === 'end';
    this.#driver.disconnect();
    if (isIdle) end();
    const timer = setTimeout(end, this.#timeoutMs);
    await ended;
    clearTimeout(timer);
    this.#rejectWaiters(new RedisAwayError(this.address, 'closed by us'));
  }

  #ready(): Promise<void> {
    if (this.#driver.status === 'ready') return Promise.resolve();
    if (this.#isClosing) return Promise.reject(new RedisAwayError(this.address, 'closed by us'));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { resolve, reject };
    const timer = setTimeout(() => reject(this.#cause()), this.#timeoutMs);
    this.#waiters.add(waiter);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    });
  }

  #answer(to: Redis | Cluster, command: Command, withinMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onTimeout = () => reject(this.#away(`no answer within ${this.#timeoutMs} ms`));
      const timer = setTimeout(onTimeout, withinMs);
      (to.sendCommand(command) as Promise<unknown>).then(
        (reply) => {
          clearTimeout(timer);
          resolve(reply);
        },
        (error) => {
          clearTimeout(timer);
          reject(failureOf(error, this.address));
        },
      );
    });
  }

  #away(found: string): RedisAwayError {
    return new RedisAwayError(this.address, found);
  }

  #cause(): Error {
    return this.#failure ?? this.#away(`no connection within ${this.#timeoutMs} ms`);
  }

  #onError(error: Error): void {
    // A cluster says that no node answered; the last node's error says why.
    const { lastNodeError } = error as { readonly lastNodeError?: unknown };
    this.#failure = failureOf(lastNodeError ?? error, this.address);
    this.#log.debug({ cause: messageOf(lastNodeError ?? error) }, 'Redis gave an error.');
    if (this.#driver.status === 'ready') return;
    this.#tellAway();
    if (this.#failure instanceof FatalError) this.#rejectWaiters(this.#failure);
  }

  #onReady(): void {
    this.#failure = null;
    if (this.#awaySinceMs !== null) {
      const awayMs = Math.round(performance.now() - this.#awaySinceMs);
      this.#awaySinceMs = null;
      this.#log.info({ awayMs }, 'Redis is back.');
    }
    for (const waiter of [...this.#waiters]) waiter.resolve();
  }

  #tellAway(): void {
    if (this.#isClosing || this.#awaySinceMs !== null) return;
    this.#awaySinceMs = performance.now();
    const cause = this.#failure?.message ?? 'the connection was closed';
    this.#log.warn({ cause }, 'Redis is away; connecting until it is back.');
  }

  #rejectWaiters(error: Error): void {
    for (const waiter of [...this.#waiters]) waiter.reject(error);
  }
}

function commandOf(name: string, args: readonly RedisArgument[]): Command {
  return new Command(name, [...args], { replyEncoding: null });
}

function singleOf(config: RedisConfig): Redis {
  const { host, port, database } = addressOf(config);
  return new Redis({
    ...commonOf(config),
    host,
    port,
    db: database,
    enableOfflineQueue: false,
    retryStrategy: waitMs,
    // A replica that was the master a moment ago: look again for who is.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
}

function clusterOf(config: RedisConfig): Cluster {
  const { host, port } = addressOf(config);
  return new Cluster([{ host, port }], {
    enableOfflineQueue: false,
    clusterRetryStrategy: waitMs,
    slotsRefreshTimeout: config.redisTimeoutMs,
    // Names stay names: certificates seldom carry addresses.
    dnsLookup: (address, callback) => callback(null, address),
    redisOptions: commonOf(config),
  });
}

function commonOf(config: RedisConfig) {
  const { redisUsername: username, redisPassword: password } = config;
  return {
    connectTimeout: config.redisTimeoutMs,
    // A frozen Redis keeps the connection open: it is cut before the caller hears of it, else every
    // retry would add to its buffer.
    socketTimeout: 0.9 * config.redisTimeoutMs,
    // What a lost connection leaves unanswered is rejected at once and never sent again: its sender
    // knows what has become of it meanwhile, ioredis does not.
    maxRetriesPerRequest: 0,
    disconnectTimeout: 200,
    autoResendUnfulfilledCommands: false,
    // INFO is no right that a state store needs; a Redis that is loading says so itself.
    enableReadyCheck: false,
    disableClientInfo: true,
    connectionName: 'fleetwire',
    protocol: 2,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(addressOf(config).isTls && { tls: tlsOptionsOf(config) }),
  } satisfies RedisOptions;
}

/** ioredis copies these options for each connection; the getter is asked each time. */
function tlsOptionsOf(config: RedisConfig): ConnectionOptions {
  const servername = config.redisTlsServerName;
  const source = redisTlsOf(config);
  return {
    get secureContext() {
      return source();
    },
    ...(servername !== undefined && { servername }),
  };
}

const reconnectBounds = { minMs: 100, maxMs: 2_000 };

function waitMs(attempt: number): number {
  return backoffMs(attempt, Math.random, reconnectBounds);
}
