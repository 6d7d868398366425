// The settings of everything that talks to Kafka; services spread this table into their own.

import { ConfigError, type ConfigFault, type ConfigOf, setting } from '../runtime/config.ts';
import { choice, filePath, flag, integer, list, text } from '../runtime/config-schemas.ts';
import { type TlsSource, tlsSource } from '../runtime/tls-files.ts';

const address = /^[^:\s]+:\d{1,5}$|^\[[\da-f:]+\]:\d{1,5}$/i;

function areAddresses(brokers: readonly string[]): boolean {
  return brokers.every((broker) => address.test(broker));
}

const mebibyte = 1024 * 1024;

export const kafkaSettings = {
  kafkaBrokers: setting({
    name: 'KAFKA_BROKERS',
    schema: list()
      .refine(areAddresses)
      .describe('host:port of one or more brokers, separated by commas'),
    example: 'kafka-0:9092,kafka-1:9092',
    doc: 'Where the first connection goes; the brokers name the others.',
  }),
  kafkaClientId: setting({
    name: 'KAFKA_CLIENT_ID',
    schema: text('a name'),
    default: 'fleetwire',
    example: 'fleetwire-bridge',
    doc: 'The name under which brokers log, meter and throttle this client.',
  }),
  kafkaClient: setting({
    name: 'KAFKA_CLIENT',
    schema: choice(['kafkajs', 'platformatic']),
    default: 'kafkajs',
    example: 'platformatic',
    doc:
      'The library that writes to Kafka; kafkajs reads in any case. `platformatic` is idempotent:' +
      ' what is sent again after a lost answer is not stored twice.',
  }),
  kafkaTlsEnabled: setting({
    name: 'KAFKA_TLS_ENABLED',
    schema: flag(),
    default: false,
    example: true,
    doc: 'Talks TLS to the brokers and checks their certificates.',
  }),
  kafkaTlsCaFile: setting({
    name: 'KAFKA_TLS_CA_FILE',
    schema: filePath(),
    optional: true,
    example: '/etc/fleetwire/kafka/ca.crt',
    doc: 'PEM certificates to trust instead of those that Node brings.',
  }),
  kafkaTlsCertFile: setting({
    name: 'KAFKA_TLS_CERT_FILE',
    schema: filePath(),
    optional: true,
    example: '/etc/fleetwire/kafka/tls.crt',
    doc: 'PEM client certificate, for brokers that ask for one.',
  }),
  kafkaTlsKeyFile: setting({
    name: 'KAFKA_TLS_KEY_FILE',
    schema: filePath(),
    optional: true,
    example: '/etc/fleetwire/kafka/tls.key',
    doc: 'PEM private key of the client certificate.',
  }),
  kafkaTlsKeyPassword: setting({
    name: 'KAFKA_TLS_KEY_PASSWORD',
    schema: text('a password'),
    optional: true,
    secret: true,
    example: 'KAFKA_TLS_KEY_PASSWORD_FILE=/run/secrets/kafka-key-password',
    doc: 'Opens the private key where it is encrypted.',
  }),
  kafkaTlsServerName: setting({
    name: 'KAFKA_TLS_SERVER_NAME',
    schema: text('a host name'),
    optional: true,
    example: 'kafka.example.com',
    doc: 'The name that the certificates carry, where brokers are reached under another.',
  }),
  kafkaSaslMechanism: setting({
    name: 'KAFKA_SASL_MECHANISM',
    schema: choice(['none', 'plain', 'scram-sha-256', 'scram-sha-512']),
    default: 'none',
    example: 'scram-sha-512',
    doc: 'How this client proves who it is; `plain` only inside TLS.',
  }),
  kafkaSaslUsername: setting({
    name: 'KAFKA_SASL_USERNAME',
    schema: text('a user name'),
    optional: true,
    example: 'fleetwire',
    doc: 'The user of the SASL mechanism.',
  }),
  kafkaSaslPassword: setting({
    name: 'KAFKA_SASL_PASSWORD',
    schema: text('a password'),
    optional: true,
    secret: true,
    example: 'KAFKA_SASL_PASSWORD_FILE=/run/secrets/kafka-password',
    doc: 'The password of the SASL user.',
  }),
  kafkaCompression: setting({
    name: 'KAFKA_COMPRESSION',
    schema: choice(['zstd', 'none']),
    default: 'zstd',
    example: 'none',
    doc: 'Compression of what is produced; `none` saves CPU here and costs network and disk there.',
  }),
  kafkaInFlightBytesMax: setting({
    name: 'KAFKA_IN_FLIGHT_BYTES_MAX',
    schema: integer({ min: 4 * mebibyte, max: 1024 * mebibyte, unit: 'bytes' }),
    default: 16 * mebibyte,
    example: 32 * mebibyte,
    doc: 'Keys and values handed to the brokers and not answered yet; what is beyond waits.',
  }),
  kafkaRequestTimeoutMs: setting({
    name: 'KAFKA_REQUEST_TIMEOUT_MS',
    schema: integer({ min: 1_000, max: 120_000, unit: 'ms' }),
    default: 11_000,
    example: 30_000,
    doc:
      'A request without an answer for so long has failed and is repeated; the broker gives up' +
      ' after 0.9 of it. A little longer than `broker.session.timeout.ms`, 9 s, after which Kafka' +
      ' takes a silent broker out of service.',
  }),
  kafkaConnectTimeoutMs: setting({
    name: 'KAFKA_CONNECT_TIMEOUT_MS',
    schema: integer({ min: 100, max: 60_000, unit: 'ms' }),
    default: 3_000,
    example: 10_000,
    doc: 'A connection on which the broker answers nothing for so long (TLS included) has failed.',
  }),
};

export type KafkaConfig = ConfigOf<typeof kafkaSettings>;

/** What no single setting can see. Throws ConfigError with all faults. */
export function checkKafkaConfig(config: KafkaConfig): void {
  const faults: ConfigFault[] = [];
  const want = (name: string, isMissing: boolean, because: string) => {
    if (isMissing) faults.push({ name, text: `${name} is not set: want it ${because}` });
  };
  const { kafkaTlsCertFile: cert, kafkaTlsKeyFile: key } = config;
  want('KAFKA_TLS_KEY_FILE', cert !== undefined && key === undefined, 'with KAFKA_TLS_CERT_FILE');
  want('KAFKA_TLS_CERT_FILE', key !== undefined && cert === undefined, 'with KAFKA_TLS_KEY_FILE');
  const hasTlsFile = [config.kafkaTlsCaFile, cert, key].some((file) => file !== undefined);
  want('KAFKA_TLS_ENABLED', hasTlsFile && !config.kafkaTlsEnabled, 'true with KAFKA_TLS_…_FILE');
  const hasSasl = config.kafkaSaslMechanism !== 'none';
  const because = `with KAFKA_SASL_MECHANISM=${config.kafkaSaslMechanism}`;
  want('KAFKA_SASL_USERNAME', hasSasl && config.kafkaSaslUsername === undefined, because);
  want('KAFKA_SASL_PASSWORD', hasSasl && config.kafkaSaslPassword === undefined, because);
  const hasUser = (config.kafkaSaslUsername ?? config.kafkaSaslPassword) !== undefined;
  want('KAFKA_SASL_MECHANISM', !hasSasl && hasUser, 'with a user name or password');
  faults.push(...pemFaults(config));
  if (faults.length > 0) throw new ConfigError(faults);
}

/** Null: no TLS. */
export function kafkaTlsOf(config: KafkaConfig): TlsSource | null {
  if (!config.kafkaTlsEnabled) return null;
  return tlsSource({
    caFile: config.kafkaTlsCaFile,
    certFile: config.kafkaTlsCertFile,
    keyFile: config.kafkaTlsKeyFile,
    keyPassword: config.kafkaTlsKeyPassword,
  });
}

function pemFaults(config: KafkaConfig): ConfigFault[] {
  try {
    kafkaTlsOf(config)?.();
    return [];
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const name = 'KAFKA_TLS_CA_FILE, …CERT_FILE, …KEY_FILE or …KEY_PASSWORD';
    return [{ name, text: `${name}: want PEM that fits, found: ${found}` }];
  }
}
