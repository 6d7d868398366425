// The state processor that people write first: one record at a time, a lookup, a read from Redis,
// a merge, a write to Redis and one send for each, committed by the client. Never to be used: a
// record that comes late overwrites newer values, and two members may write the same vehicle.

import { zstdDecompressSync } from 'node:zlib';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { Redis } from 'ioredis';
import kafkajs from 'kafkajs';

const [, , inputTopic, stateTopic] = process.argv as [string, string, string, string];

// The bridge writes zstd, which the client leaves to its user.
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
  compress: () => Promise.reject(new Error('only read here')),
  decompress: async (buffer: Buffer) => zstdDecompressSync(buffer),
});

const brokers = process.env['KAFKA_BROKERS']!.split(',');
const kafka = new kafkajs.Kafka({ brokers, clientId: 'naive-processor' });
const producer = kafka.producer();
await producer.connect();

const registry = new SchemaRegistry({ host: process.env['REGISTRY_URL']! });
const redis = new Redis(process.env['REDIS_URL']!);

// The bench freezes it while its topic is filled: it must not be taken for dead meanwhile.
const consumer = kafka.consumer({ groupId: 'naive-processor', sessionTimeout: 60_000 });
await consumer.connect();
await consumer.subscribe({ topics: [inputTopic], fromBeginning: true });
consumer.on(consumer.events.GROUP_JOIN, () => process.stdout.write('ready\n'));
await consumer.run({
  eachMessage: async ({ message }) => {
    const vehicleId = message.key!.toString();
    const telemetry: Fields = await registry.decode(message.value!);
    const held = await redis.get(`naive:${vehicleId}`);
    const state: Fields = held === null ? {} : JSON.parse(held);
    merge(state, telemetry);
    const value = JSON.stringify(state);
    await redis.set(`naive:${vehicleId}`, value);
    await producer.send({ topic: stateTopic, messages: [{ key: vehicleId, value }] });
  },
});

interface Fields {
  [name: string]: unknown;
}

/** What was not reported leaves the value that is there. */
function merge(state: Fields, news: Fields): void {
  for (const [name, value] of Object.entries(news)) {
    if (value === null) continue;
    const held = state[name];
    if (isSection(held) && isSection(value)) merge(held, value);
    else state[name] = value;
  }
}

function isSection(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) && !Buffer.isBuffer(value);
}
