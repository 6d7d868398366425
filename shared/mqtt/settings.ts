// Settings of the MQTT side: where the broker is and who we are to it.

import { ConfigError, type ConfigFault, type ConfigOf, setting } from '#shared/runtime/config.ts';
import { filePath, integer, text, url } from '#shared/runtime/config-schemas.ts';
import { type TlsSource, tlsSource } from '#shared/runtime/tls-files.ts';
import type { LinkSettings } from './link.ts';

export const mqttSettings = {
  mqttUrl: setting({
    name: 'MQTT_URL',
    schema: url(['mqtt', 'mqtts']),
    example: 'mqtts://emqx.example.org:8883',
    doc: 'The broker: host and port; mqtts is TLS. Without a port 1883, with TLS 8883.',
  }),
  mqttUsername: setting({
    name: 'MQTT_USERNAME',
    schema: text('a user name'),
    optional: true,
    example: 'fleetwire',
    doc: 'User name for the broker, where it wants one.',
  }),
  mqttPassword: setting({
    name: 'MQTT_PASSWORD',
    schema: text('a password'),
    optional: true,
    secret: true,
    example: '…',
    doc: 'Password for the broker.',
  }),
  mqttTlsCaFile: setting({
    name: 'MQTT_TLS_CA_FILE',
    schema: filePath(),
    optional: true,
    example: '/etc/fleetwire/mqtt/ca.crt',
    doc: 'PEM file of the authority that signed the broker; without it the public ones count.',
  }),
  mqttTlsCertFile: setting({
    name: 'MQTT_TLS_CERT_FILE',
    schema: filePath(),
    optional: true,
    example: '/etc/fleetwire/mqtt/tls.crt',
    doc: 'PEM file of our own certificate, with the key beside it.',
  }),
  mqttTlsKeyFile: setting({
    name: 'MQTT_TLS_KEY_FILE',
    schema: filePath(),
    optional: true,
    example: '/etc/fleetwire/mqtt/tls.key',
    doc: 'PEM file of the key of our own certificate.',
  }),
  mqttKeepaliveSeconds: setting({
    name: 'MQTT_KEEPALIVE_SECONDS',
    schema: integer({ min: 2, max: 3600, unit: 's' }),
    default: 15,
    example: 15,
    doc: 'Ping period. A dead replica keeps its share of the frames for 1.5 times as long.',
  }),
  mqttConnectTimeoutMs: setting({
    name: 'MQTT_CONNECT_TIMEOUT_MS',
    schema: integer({ min: 100, max: 120_000, unit: 'ms' }),
    default: 10_000,
    example: 10_000,
    doc: 'From the first packet to CONNACK; then the attempt is given up and made again.',
  }),
};

export type MqttConfig = ConfigOf<typeof mqttSettings>;

/** All that a link needs but its client id and window. Throws ConfigError where settings clash. */
export function linkSettingsOf(
  config: MqttConfig,
): Omit<LinkSettings, 'clientId' | 'receiveMaximum'> {
  const parsed = new URL(config.mqttUrl);
  const isTls = parsed.protocol === 'mqtts:';
  const faults = [...urlFaults(parsed), ...credentialFaults(config), ...tlsFaults(config, isTls)];
  if (faults.length > 0) throw new ConfigError(faults);
  const { mqttUsername: username, mqttPassword: password } = config;
  return {
    // The URL keeps the brackets of an IPv6 address; a socket wants none.
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: Number(parsed.port || (isTls ? 8883 : 1883)),
    keepaliveSeconds: config.mqttKeepaliveSeconds,
    connectTimeoutMs: config.mqttConnectTimeoutMs,
    credentials: username === undefined ? null : { username, password: password ?? null },
    tls: isTls ? tlsOf(config) : null,
  };
}

function urlFaults({ username, password, pathname, search }: URL): ConfigFault[] {
  const hasPath = pathname !== '' && pathname !== '/';
  const faults: ConfigFault[] = [];
  if (username || password) faults.push(fault('MQTT_URL', 'want no credentials in it'));
  if (hasPath || search) faults.push(fault('MQTT_URL', 'want host and port only, found a path'));
  return faults;
}

function credentialFaults({ mqttUsername, mqttPassword }: MqttConfig): ConfigFault[] {
  if (mqttPassword === undefined || mqttUsername !== undefined) return [];
  return [fault('MQTT_PASSWORD', 'want MQTT_USERNAME beside it, found none')];
}

function tlsFaults(config: MqttConfig, isTls: boolean): ConfigFault[] {
  const { mqttTlsCaFile: ca, mqttTlsCertFile: cert, mqttTlsKeyFile: key } = config;
  if (!isTls && (ca || cert || key)) {
    return [fault('MQTT_URL', 'want mqtts:// where MQTT_TLS_… files are given, found mqtt://')];
  }
  if (Boolean(cert) !== Boolean(key)) {
    return [fault('MQTT_TLS_CERT_FILE', 'want it and MQTT_TLS_KEY_FILE, found one of the two')];
  }
  try {
    tlsOf(config)();
    return [];
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return [fault('MQTT_TLS_CA_FILE, …CERT_FILE or …KEY_FILE', `want PEM that fits: ${found}`)];
  }
}

function tlsOf(config: MqttConfig): TlsSource {
  const { mqttTlsCaFile: caFile, mqttTlsCertFile: certFile, mqttTlsKeyFile: keyFile } = config;
  return tlsSource({ caFile, certFile, keyFile });
}

function fault(name: string, what: string): ConfigFault {
  return { name, text: `${name}: ${what}` };
}
