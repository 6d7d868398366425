// The settings of everything that talks to Redis; services spread this table into their own.

import { ConfigError, type ConfigFault, type ConfigOf, setting } from '../runtime/config.ts';
import { filePath, flag, integer, text, url } from '../runtime/config-schemas.ts';
import { type TlsSource, tlsSource } from '../runtime/tls-files.ts';

export const redisSettings = {
  redisUrl: setting({
    name: 'REDIS_URL',
    schema: url(['redis', 'rediss']),
    example: 'rediss://redis.example.org:6379',
    doc:
      'Redis: host and port; rediss is TLS. Without a port 6379. A number as path chooses the' +
      ' database. Of a cluster any node.',
  }),
  redisClusterEnabled: setting({
    name: 'REDIS_CLUSTER_ENABLED',
    schema: flag(),
    default: false,
    example: true,
    doc: 'Redis is a Redis Cluster: the keys of a partition are where its hash tag says.',
  }),
  redisUsername: setting({
    name: 'REDIS_USERNAME',
    schema: text('a user name'),
    optional: true,
    example: 'fleetwire',
    doc:
      'The ACL user; without it the password is the one of the user `default`. It needs no more' +
      ' than `~<group>:* +@hash +unlink +time +eval +evalsha +info`, in a cluster also' +
      ' `+cluster|slots +cluster|info`.',
  }),
  redisPassword: setting({
    name: 'REDIS_PASSWORD',
    schema: text('a password'),
    optional: true,
    secret: true,
    example: 'REDIS_PASSWORD_FILE=/run/secrets/redis-password',
    doc: 'The password of the user.',
  }),
  redisTlsCaFile: setting({
    name: 'REDIS_TLS_CA_FILE',
    schema: filePath(),
    optional: true,
    example: '/etc/fleetwire/redis/ca.crt',
    doc: 'PEM certificates to trust instead of those that Node brings.',
  }),
  redisTlsCertFile: setting({
    name: 'REDIS_TLS_CERT_FILE',
    schema: filePath(),
    optional: true,
    example: '/etc/fleetwire/redis/tls.crt',
    doc: 'PEM client certificate: a Redis with TLS asks for one unless `tls-auth-clients` is no.',
  }),
  redisTlsKeyFile: setting({
    name: 'REDIS_TLS_KEY_FILE',
    schema: filePath(),
    optional: true,
    example: '/etc/fleetwire/redis/tls.key',
    doc: 'PEM private key of the client certificate.',
  }),
  redisTlsServerName: setting({
    name: 'REDIS_TLS_SERVER_NAME',
    schema: text('a host name'),
    optional: true,
    example: 'redis.example.org',
    doc: 'The name that the certificates carry, where nodes are reached under another.',
  }),
  redisTimeoutMs: setting({
    name: 'REDIS_TIMEOUT_MS',
    schema: integer({ min: 100, max: 60_000, unit: 'ms' }),
    default: 2_000,
    example: 5_000,
    doc: 'A command without an answer for so long has failed, connecting included.',
  }),
};

export type RedisConfig = ConfigOf<typeof redisSettings>;

/** What no single setting can see. Throws ConfigError with all faults. */
export function checkRedisConfig(config: RedisConfig): void {
  const parsed = new URL(config.redisUrl);
  const faults = [...urlFaults(parsed, config), ...credentialFaults(config)];
  faults.push(...tlsFaults(config, parsed.protocol === 'rediss:'));
  if (faults.length > 0) throw new ConfigError(faults);
}

function urlFaults({ username, password, pathname, search }: URL, config: RedisConfig) {
  const faults: ConfigFault[] = [];
  if (username || password) {
    const what = 'want no credentials in it, but REDIS_USERNAME and REDIS_PASSWORD_FILE beside it';
    faults.push(fault('REDIS_URL', what));
  }
  if (!/^(\/\d{0,4})?$/.test(pathname) || search) {
    faults.push(fault('REDIS_URL', 'want host, port and at most /database, found more'));
  } else if (config.redisClusterEnabled && databaseOf(pathname) !== 0) {
    faults.push(fault('REDIS_URL', `want no database in a cluster, found ${pathname}`));
  }
  return faults;
}

function credentialFaults({ redisUsername, redisPassword }: RedisConfig): ConfigFault[] {
  if (redisUsername === undefined || redisPassword !== undefined) return [];
  return [fault('REDIS_USERNAME', 'want REDIS_PASSWORD beside it, found none')];
}

function tlsFaults(config: RedisConfig, isTls: boolean): ConfigFault[] {
  const { redisTlsCaFile: ca, redisTlsCertFile: cert, redisTlsKeyFile: key } = config;
  const given = [ca, cert, key, config.redisTlsServerName].some((value) => value !== undefined);
  const faults: ConfigFault[] = [];
  if (!isTls && given) {
    faults.push(fault('REDIS_URL', 'want rediss:// where REDIS_TLS_… is given, found redis://'));
  }
  if ((cert === undefined) !== (key === undefined)) {
    faults.push(fault('REDIS_TLS_CERT_FILE', 'want it and REDIS_TLS_KEY_FILE, found one of them'));
  }
  try {
    redisTlsOf(config)();
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    faults.push(fault('REDIS_TLS_CA_FILE, …CERT_FILE or …KEY_FILE', `want PEM, found: ${found}`));
  }
  return faults;
}

export function redisTlsOf(config: RedisConfig): TlsSource {
  const { redisTlsCaFile: caFile, redisTlsCertFile: certFile, redisTlsKeyFile: keyFile } = config;
  return tlsSource({ caFile, certFile, keyFile });
}

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly isTls: boolean;
}

export function addressOf({ redisUrl }: Pick<RedisConfig, 'redisUrl'>): RedisAddress {
  const { hostname, port, pathname, protocol } = new URL(redisUrl);
  return {
    // The URL keeps the brackets of an IPv6 address; a socket wants none.
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 6379),
    database: databaseOf(pathname),
    isTls: protocol === 'rediss:',
  };
}

function databaseOf(pathname: string): number {
  return Number(pathname.slice(1));
}

function fault(name: string, what: string): ConfigFault {
  return { name, text: `${name}: ${what}` };
}
