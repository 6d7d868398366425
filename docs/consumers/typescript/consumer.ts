// The smallest consumer of vehicle.telemetry.v1: one line per report, each report once.
// node docs/consumers/typescript/consumer.ts, with KAFKA_BROKERS and REGISTRY_URL.

import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import avsc from 'avsc';
import kafkajs from 'kafkajs';

const { KAFKA_BROKERS = '127.0.0.1:9092', REGISTRY_URL = '', GROUP = 'example' } = process.env;

interface Report {
  readonly vehicleId: string;
  readonly frameId: Buffer | null;
  /** Epoch ms. */
  readonly eventTime: number;
  readonly codec: string;
  readonly vehicle: { readonly speedKmh: number | null; readonly socPercent: number | null } | null;
}

// Batches are packed with zstd; kafkajs leaves that to its user, Node brings it.
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
  compress: async ({ buffer }: { readonly buffer: Buffer }) => zstdCompressSync(buffer),
  decompress: async (packed: Buffer) => zstdDecompressSync(packed),
});

const types = new Map<number, avsc.Type>();

// Wire format: 0x00, the schema's id in 4 bytes, Avro. A schema never changes, so one look serves.
async function decode(value: Buffer): Promise<Report> {
  if (value[0] !== 0) throw new Error('want 0x00 and a schema id');
  const id = value.readUInt32BE(1);
  let type = types.get(id);
  if (type === undefined) {
    const answer = await fetch(`${REGISTRY_URL}/schemas/ids/${id}`);
    if (!answer.ok) throw new Error(`schema ${id}: the registry answers ${answer.status}`);
    const { schema } = (await answer.json()) as { readonly schema: string };
    type = avsc.Type.forSchema(JSON.parse(schema));
    types.set(id, type);
  }
  return type.fromBuffer(value.subarray(5));
}

const recent = new Map<string, string[]>();

// A report may come more than once: (vehicleId, frameId) tells. What must survive a restart keeps
// the ids where it keeps its results.
function isNew({ vehicleId, frameId }: Report): boolean {
  if (frameId === null) return true;
  const id = frameId.toString('hex');
  const ids = recent.get(vehicleId) ?? [];
  if (ids.includes(id)) return false;
  recent.set(vehicleId, [...ids.slice(-63), id]);
  return true;
}

const { Kafka, logLevel } = kafkajs;
const kafka = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: GROUP });
await consumer.connect();
await consumer.subscribe({ topic: 'vehicle.telemetry.v1', fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message }) => {
    const report = await decode(message.value as Buffer);
    if (!isNew(report)) return;
    const { vehicleId, eventTime, codec, vehicle } = report;
    const time = new Date(eventTime).toISOString();
    const [speed, soc] = [vehicle?.speedKmh ?? '-', vehicle?.socPercent ?? '-'];
    process.stdout.write(`${vehicleId} ${time} ${codec} ${speed} ${soc}\n`);
  },
});
