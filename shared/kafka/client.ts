// The one place that makes a kafkajs client: brokers, TLS, SASL, time limits, log, compression.

import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactoryArgs, Kafka, KafkaConfig as KafkajsConfig, LogEntry } from 'kafkajs';
import type { Logger } from '../runtime/log.ts';
import type { TlsSource } from '../runtime/tls-files.ts';
import { kafkajs } from './kafkajs-patched.ts';
import { checkKafkaConfig, type KafkaConfig, kafkaTlsOf } from './settings.ts';
import { compressZstd, decompressZstd } from './zstd.ts';

export interface KafkaClient {
  readonly kafka: Kafka;
  /**
   * Cuts the connections to one broker (host:port) that has left a request without an answer.
   * kafkajs keeps them, takes them for good, and asks a frozen broker again who leads.
   */
  cut(broker: string): void;
  /**
   * Cuts every connection at once and opens none again: what kafkajs still means to send is never
   * sent. Its own `disconnect` waits for answers, for ever if a broker is frozen.
   */
  destroy(): void;
}

/** Throws ConfigError for settings that contradict each other. Opens nothing yet. */
export function createKafkaClient(config: KafkaConfig, log: Logger): KafkaClient {
  checkKafkaConfig(config);
  registerZstd();
  const sockets = createSockets(config.kafkaConnectTimeoutMs, kafkaTlsOf(config));
  const kafka = new kafkajs.Kafka({
    brokers: [...config.kafkaBrokers],
    clientId: config.kafkaClientId,
    connectionTimeout: config.kafkaConnectTimeoutMs,
    authenticationTimeout: config.kafkaRequestTimeoutMs,
    requestTimeout: config.kafkaRequestTimeoutMs,
    enforceRequestTimeout: true,
    ...serverNameOf(config),
    ...saslOf(config),
    retry: shortRetry,
    socketFactory: sockets.open,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => writeLine(log, entry),
  });
  return { kafka, cut: sockets.cut, destroy: sockets.destroy };
}

// 4 attempts in about 0.4 s: what lasts longer is the caller's, who knows what to hold back.
const shortRetry = { retries: 3, initialRetryTime: 50, maxRetryTime: 1_000, multiplier: 2 };

/** Comes back to the socket's maker, and says that it is TLS. */
function serverNameOf(config: KafkaConfig): Pick<KafkajsConfig, 'ssl'> {
  const servername = config.kafkaTlsServerName;
  if (!config.kafkaTlsEnabled) return {};
  return { ssl: servername === undefined ? {} : { servername } };
}

function saslOf(config: KafkaConfig): Pick<KafkajsConfig, 'sasl'> {
  const mechanism = config.kafkaSaslMechanism;
  if (mechanism === 'none') return {};
  const username = config.kafkaSaslUsername ?? '';
  const password = config.kafkaSaslPassword ?? '';
  // One literal a mechanism: kafkajs's type does not take a union of them.
  switch (mechanism) {
    case 'plain':
      return { sasl: { mechanism, username, password } };
    case 'scram-sha-256':
      return { sasl: { mechanism, username, password } };
    case 'scram-sha-512':
      return { sasl: { mechanism, username, password } };
  }
}

const keepAliveMs = 30_000;

function createSockets(connectMsMax: number, tls: TlsSource | null) {
  /** By host:port. */
  const open = new Map<Socket, string>();
  let isDestroyed = false;
  return {
    open({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket {
      if (isDestroyed) throw new Error('this Kafka client is closed');
      const named = isIP(host) ? {} : { servername: host };
      const socket = tls
        ? connectTls({ host, port, ...named, ...ssl, secureContext: tls() }, onConnect)
        : connectTcp({ host, port }, onConnect);
      socket.setKeepAlive(true, keepAliveMs);
      // Lanes share a connection: a small request must not wait for the ack of the one before.
      socket.setNoDelay(true);
      endIfSilent(socket, connectMsMax);
      open.set(socket, `${host}:${port}`);
      socket.once('close', () => open.delete(socket));
      return socket;
    },
    cut(broker: string): void {
      for (const [socket, address] of open) {
        if (address === broker) socket.destroy(new Error(`${broker} does not answer`));
      }
    },
    destroy(): void {
      isDestroyed = true;
      // With an error, since kafkajs ends its pending requests only for one.
      for (const socket of open.keys()) socket.destroy(new Error('this Kafka client is closed'));
    },
  };
}

/**
 * A frozen broker still takes connections, or its machine does, and kafkajs would wait for as long
 * as for any request. The first thing it asks on each connection is answered at once by a broker
 * that lives.
 */
function endIfSilent(socket: Socket, msMax: number): void {
  const timer = setTimeout(() => {
    socket.destroy(new Error(`no answer within ${msMax} ms of connecting`));
  }, msMax);
  socket.once('data', () => clearTimeout(timer));
  socket.once('close', () => clearTimeout(timer));
}

/**
 * All at debug: kafkajs writes ERROR for every retry that then succeeds and for ordinary
 * rebalances. What matters is told by the adapters, once each.
 */
function writeLine(log: Logger, { namespace, label, log: entry }: LogEntry): void {
  const { message, logger: _logger, timestamp: _timestamp, stack: _stack, ...fields } = entry;
  log.debug({ ...fields, kafkajs: namespace, level: label, said: message }, 'kafkajs says.');
}

interface KafkajsEncoder {
  readonly buffer: Buffer;
}

/** kafkajs brings only gzip. Registering twice is harmless. */
function registerZstd(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
    compress: ({ buffer }: KafkajsEncoder) => compressZstd(buffer),
    decompress: decompressZstd,
  });
}
