// A wrong setting stops the start, with all faults listed at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spawnBridge } from './bridge-process.ts';

const good = {
  MQTT_URL: 'mqtt://127.0.0.1:1',
  KAFKA_BROKERS: '127.0.0.1:1',
  REGISTRY_URL: 'http://127.0.0.1:1',
};

async function faultsOf(settings: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const bridge = await spawnBridge(settings);
  // One that accepts its settings would wait for its neighbours for ever.
  const timer = setTimeout(() => void bridge.process.kill(), 20_000);
  const { code } = await bridge.process.exited;
  clearTimeout(timer);
  assert.equal(code, 78, bridge.output.join('\n'));
  assert.ok(!bridge.output.some((line) => /^\s+at /.test(line)), 'no stack trace');
  return bridge.output;
}

test('several wrong settings are told at once, each with name, value, what is wanted and an example', async () => {
  const [title, ...faults] = await faultsOf({
    MQTT_URL: 'http://broker',
    REGISTRY_URL: 'http://127.0.0.1:1',
    BRIDGE_WINDOW_FRAMES: '0',
    BRIDGE_WINDOW_FRAME: '4000',
    BRIDGE_ROUTES: '[{"filter":"cars/+","idLevel":1}]',
  });
  assert.equal(title, 'The configuration has 5 faults:');
  assert.equal(faults.length, 5, faults.join('\n'));
  const of = (name: string) => faults.find((fault) => fault.trim().startsWith(name)) ?? '';
  assert.match(of('MQTT_URL'), /http:\/\/broker.*mqtts:\/\/emqx\.example\.org:8883/);
  assert.match(of('KAFKA_BROKERS'), /not set.*kafka-0:9092/);
  assert.match(of('BRIDGE_WINDOW_FRAMES'), /"0".*1\.\.65535/);
  assert.match(of('BRIDGE_WINDOW_FRAME '), /BRIDGE_WINDOW_FRAMES\?/);
  assert.match(of('BRIDGE_ROUTES'), /codec/);
});

test('settings that do not fit together are told, too', async () => {
  const output = await faultsOf({
    ...good,
    BRIDGE_ROUTES: '[{"filter":"$share/x/cars/+","idLevel":3,"codec":"gb32960"}]',
    BRIDGE_HELD_BYTES_MAX: '1048576',
  });
  assert.match(output.join('\n'), /BRIDGE_ROUTES.*no \$share/);
  assert.match(output.join('\n'), /BRIDGE_HELD_BYTES_MAX.*BRIDGE_LANES × BRIDGE_BATCH_BYTES/);
});

test('a secret is not shown, and settings that contradict each other in Kafka and MQTT stop the start', async () => {
  const kafka = await faultsOf({ ...good, KAFKA_SASL_PASSWORD: 'hunter2', LOG_LEVEL: 'loud' });
  assert.ok(!kafka.join('\n').includes('hunter2'));
  const sasl = await faultsOf({ ...good, KAFKA_SASL_PASSWORD: 'hunter2' });
  assert.match(sasl.join('\n'), /KAFKA_SASL_MECHANISM is not set/);
  const mqtt = await faultsOf({ ...good, MQTT_PASSWORD: 'hunter2' });
  assert.match(mqtt.join('\n'), /MQTT_PASSWORD: want MQTT_USERNAME beside it/);
});
