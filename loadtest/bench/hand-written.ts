// The bridge that people write by hand, as it is found in the wild: message event, one encode and
// one send for each message, a counter and a histogram of it, acknowledged on receipt. It decodes
// with our decoder and hashes with our hash, so that it does the same work; all else is the
// libraries' usual way. Never to be used: what it holds in memory is lost with it.

import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { Kafka } from 'kafkajs';
import mqtt from 'mqtt';
import { Counter, Histogram } from 'prom-client';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { createFrameHash, framePrefix } from '#shared/ingest/frame-id.ts';
import { interpret } from '#shared/telemetry/gb32960.ts';

const kafkaTopic = 'vehicle.telemetry.v1';
const codec = 'gb32960';

const kafka = new Kafka({ brokers: [process.env['KAFKA_BROKERS']!], clientId: 'hand-written' });
const producer = kafka.producer();
await producer.connect();

const registry = new SchemaRegistry({ host: process.env['REGISTRY_URL']! });
const schemaId = await registry.getLatestSchemaId(`${kafkaTopic}-value`);
const hashFrame = await createFrameHash();

const messages = new Counter({
  name: 'messages_total',
  help: 'Messages handled.',
  labelNames: ['topic', 'codec', 'result'],
});
const seconds = new Histogram({
  name: 'message_seconds',
  help: 'From receipt to stored.',
  labelNames: ['codec'],
});

let sequence = 0;

// As ours: it is frozen while its queue is filled, and no broker may take it for dead meanwhile.
const keepalive = 300;
const client = mqtt.connect(process.env['MQTT_URL']!, { protocolVersion: 5, keepalive });

client.on('connect', async () => {
  await client.subscribeAsync('$share/fleetwire/v1/up/+/gb32960', { qos: 1 });
  process.stdout.write('ready\n');
});

client.on('message', async (topic, payload) => {
  const end = seconds.startTimer({ codec });
  try {
    await handle(topic, payload);
    messages.inc({ topic: kafkaTopic, codec, result: 'stored' });
  } catch (error) {
    messages.inc({ topic: kafkaTopic, codec, result: 'failed' });
    process.stdout.write(`${error}\n`);
  }
  end();
});

async function handle(topic: string, payload: Buffer): Promise<void> {
  const vehicleId = topic.split('/')[2]!;
  for (const { frame, reason } of decodeMessage(payload)) {
    if (frame === null) continue;
    sequence += 1;
    const telemetry = interpret(frame, reason, {
      vehicleId,
      receivedAt: Date.now(),
      origin: { bridge: 'hand-written', epoch: 1, sequence },
      identity: 'strict',
      signatureState: 'absent',
      hash: (content) => hashFrame(framePrefix(vehicleId, codec), content),
    });
    if (telemetry.kind !== 'telemetry') continue;
    const value = await registry.encode(schemaId, telemetry.value);
    await producer.send({ topic: kafkaTopic, acks: -1, messages: [{ key: vehicleId, value }] });
  }
}
