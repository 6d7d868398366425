// The settings of the bridge that must not go together, and what each fault says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadBridgeConfig } from '#services/bridge/config.ts';
import { linkSettingsOf } from '#shared/mqtt/settings.ts';
import { ConfigError } from '#shared/runtime/config.ts';
import { defaultRoutes } from '#shared/topics.ts';

const least = {
  MQTT_URL: 'mqtt://127.0.0.1',
  KAFKA_BROKERS: '127.0.0.1:9092',
  REGISTRY_URL: 'http://127.0.0.1:8080/apis/ccompat/v7',
};

function faultsOf(env: Record<string, string>): string {
  try {
    loadBridgeConfig({ ...least, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

test('starts with a broker, Kafka and a registry as the only settings', () => {
  const config = loadBridgeConfig(least);
  assert.equal(config.windowFrames, 4000);
  assert.equal(config.connections, 2);
  assert.deepEqual(config.routes, defaultRoutes);
  const { host, port, tls } = linkSettingsOf(config);
  assert.deepEqual({ host, port, tls }, { host: '127.0.0.1', port: 1883, tls: null });
});

test('reports are answered of all codecs, of none, or of some', () => {
  const of = (value: string) => {
    return loadBridgeConfig({ ...least, BRIDGE_ANSWER_REPORTS: value }).answerReports;
  };
  assert.deepEqual([of('true'), of('false'), of('jt808, json')], [true, false, ['jt808', 'json']]);
  assert.match(
    faultsOf({ BRIDGE_ANSWER_REPORTS: 'jt809' }),
    /BRIDGE_ANSWER_REPORTS="jt809".*jt808/,
  );
});

test('refuses a window beyond what Receive Maximum can say', () => {
  assert.match(faultsOf({ BRIDGE_WINDOW_FRAMES: '65536' }), /BRIDGE_WINDOW_FRAMES="65536"/);
});

test('refuses fewer held bytes than the lanes fill', () => {
  const faults = faultsOf({ BRIDGE_HELD_BYTES_MAX: '1048576' });
  assert.match(faults, /BRIDGE_HELD_BYTES_MAX.*2097152/);
});

test('refuses batches that could never be with Kafka as a whole', () => {
  const faults = faultsOf({ BRIDGE_BATCH_BYTES: '8388608', KAFKA_IN_FLIGHT_BYTES_MAX: '4194304' });
  assert.match(faults, /BRIDGE_BATCH_BYTES="8388608": want at most .* = 4194304/);
});

test('refuses routes that no broker would grant or that name no vehicle', () => {
  const route = (filter: string, idLevel: number) => ({ filter, idLevel, codec: 'gb32960' });
  const faultsOfRoutes = (routes: object[]): string => {
    return faultsOf({ BRIDGE_ROUTES: JSON.stringify(routes) });
  };
  assert.match(faultsOfRoutes([route('$share/x/a/+', 3)]), /no \$share/);
  assert.match(faultsOfRoutes([route('a/b+/+', 2)]), /alone in their level/);
  assert.match(faultsOfRoutes([route('a/#/+', 2)]), /# last/);
  assert.match(faultsOfRoutes([route('a/b/+', 1)]), /to be \+, found b/);
  assert.match(faultsOfRoutes([route('a/+', 1), route('a/+', 1)]), /each filter once/);
  assert.match(faultsOf({ BRIDGE_ROUTES: '[{"filter":"a/+"}]' }), /BRIDGE_ROUTES/);
});

test('refuses routes that share topics: the broker would deal a frame once for each', () => {
  const faultsOfFilters = (...filters: string[]): string => {
    const routes = filters.map((filter) => {
      return { filter, idLevel: filter.split('/').indexOf('+'), codec: 'gb32960' };
    });
    return faultsOf({ BRIDGE_ROUTES: JSON.stringify(routes) });
  };
  const shared = /BRIDGE_ROUTES\[1\].*each topic under one filter, found some under that at 0 too/;
  assert.match(faultsOfFilters('a/+/gb', 'a/+/+'), shared);
  assert.match(faultsOfFilters('a/+/#', 'a/+'), shared);
  assert.match(faultsOfFilters('+/b/#', 'a/+/c'), shared);
  assert.equal(faultsOfFilters('a/+/gb', 'a/+/jt', 'a/+', 'b/+/gb'), '');
});

test('refuses a route that takes what the bridge answers', () => {
  const route = (filter: string) => JSON.stringify([{ filter, idLevel: 2, codec: 'gb32960' }]);
  const apart = /want it apart from the answers, v1\/dn\/\+\/gb32960/;
  assert.match(faultsOf({ BRIDGE_ROUTES: route('v1/+/+/gb32960') }), apart);
  assert.match(faultsOf({ BRIDGE_ROUTES: route('v1/dn/+/#') }), apart);
  assert.equal(faultsOf({ BRIDGE_ROUTES: route('v1/up/+/#') }), '');
});

test('refuses MQTT settings that contradict each other', () => {
  assert.match(faultsOf({ MQTT_URL: 'mqtt://user:secret@host' }), /no credentials/);
  assert.doesNotMatch(faultsOf({ MQTT_URL: 'mqtt://user:secret@host' }), /secret/);
  assert.match(faultsOf({ MQTT_URL: 'mqtt://host/path' }), /host and port only/);
  assert.match(faultsOf({ MQTT_PASSWORD: 'x' }), /MQTT_USERNAME beside it/);
  const file = import.meta.filename;
  assert.match(faultsOf({ MQTT_TLS_CA_FILE: file }), /mqtts:\/\//);
  const tls = { MQTT_URL: 'mqtts://host' };
  assert.match(faultsOf({ ...tls, MQTT_TLS_CERT_FILE: file }), /found one of the two/);
  const pair = { MQTT_TLS_CERT_FILE: file, MQTT_TLS_KEY_FILE: file };
  assert.match(faultsOf({ ...tls, ...pair }), /want PEM that fits/);
});

test('tells the faults of all rooms at once', () => {
  const faults = faultsOf({
    MQTT_PASSWORD: 'x',
    KAFKA_SASL_MECHANISM: 'plain',
    BRIDGE_HELD_BYTES_MAX: '1048576',
  });
  for (const name of ['MQTT_PASSWORD', 'KAFKA_SASL_USERNAME', 'BRIDGE_HELD_BYTES_MAX']) {
    assert.match(faults, new RegExp(name));
  }
});

test('takes an IPv6 address and the port of TLS', () => {
  const config = loadBridgeConfig({ ...least, MQTT_URL: 'mqtts://[::1]' });
  const { host, port, tls } = linkSettingsOf(config);
  assert.deepEqual({ host, port }, { host: '::1', port: 8883 });
  assert.notEqual(tls, null);
});
