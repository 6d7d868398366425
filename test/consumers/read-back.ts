// What is asked of every consumer of docs/consumers: it says each report once, with the values that
// were stored, also where the bridge has stored one twice.

import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import kafkajs from 'kafkajs';
import { spawnOwned } from '#deploy/local/own-process.ts';
import { createEncoders } from '#shared/avro/encoder.ts';
import { loadSchemaIds } from '#shared/avro/schema-ids.ts';
import type { Telemetry } from '#shared/avro/types.generated.ts';
import { partitionOf } from '#shared/kafka/partitioner.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { eventually } from '#test/integration/eventually.ts';
import type { Ground } from '#test/integration/ground.ts';
import type { Scope } from '#test/integration/scope.ts';
import { sampleTelemetry } from '#test/shared/avro/sample-records.ts';

/** How one is started; the addresses come by the environment. */
export interface ConsumerProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
}

const topic = kafkaTopics.telemetry;
const log = createLogger({ level: 'silent', name: 'test' });
/** A JVM compiles the file first. */
const firstLineMsMax = 60_000;

/** Rejects where it says anything else. */
export async function readsBack(
  program: ConsumerProgram,
  { config, addresses }: Ground,
  scope: Scope,
): Promise<void> {
  const vehicleId = `LREAD${randomInt(100_000_000_000, 281_000_000_000)}`;
  const reports = reportsOf(vehicleId);
  const group = await groupAtEnd(addresses.kafkaBrokers, vehicleId);
  await store(config, reports);
  const lines: string[] = [];
  const { kafkaBrokers: KAFKA_BROKERS, registryUrl: REGISTRY_URL } = addresses;
  const env = { ...process.env, KAFKA_BROKERS, REGISTRY_URL, GROUP: group };
  const consumer = await spawnOwned({ ...program, env, onLine: (line) => lines.push(line) });
  scope.after(() => consumer.kill());
  const [first, , second] = reports as [Telemetry, Telemetry, Telemetry];
  await eventually(
    'each report once, in order',
    () => {
      const own = lines.filter((line) => line.startsWith(vehicleId)).map(partsOf);
      assert.deepEqual(own, [wantedOf(first), wantedOf(second)], lines.slice(-20).join('\n'));
    },
    firstLineMsMax,
  );
  await consumer.stop();
}

/** The second is the first once more: so a bridge stores what its broker hands it twice. */
function reportsOf(vehicleId: string): readonly Telemetry[] {
  const first = sampleTelemetry({ vehicleId });
  const frameId = Buffer.from('00000000000000ff', 'hex');
  return [first, first, sampleTelemetry({ vehicleId, frameId, vehicle: null })];
}

type Said = readonly [vehicleId: string, at: number, codec: string, speed: string, soc: string];

/** Languages write the same instant in different ways. */
function partsOf(line: string): Said {
  const [vehicleId = '', at = '', codec = '', speed = '', soc = ''] = line.split(' ');
  return [vehicleId, Date.parse(at), codec, speed, soc];
}

function wantedOf({ vehicleId, eventTime, codec, vehicle }: Telemetry): Said {
  const [speed, soc] = [vehicle?.speedKmh ?? '-', vehicle?.socPercent ?? '-'];
  return [vehicleId, eventTime, codec, String(speed), String(soc)];
}

/** Reads from where the topic ends now: what other tests have stored is not its matter. */
async function groupAtEnd(brokers: string, name: string): Promise<string> {
  const { Kafka, logLevel } = kafkajs;
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const groupId = `consumer-${name}`;
  await admin.connect();
  try {
    const ends = await admin.fetchTopicOffsets(topic);
    const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
    await admin.setOffsets({ groupId, topic, partitions });
  } finally {
    await admin.disconnect();
  }
  return groupId;
}

async function store(config: Ground['config'], reports: readonly Telemetry[]): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  const encoders = createEncoders(await loadSchemaIds({ config, log, signal }));
  const producer = createKafkaProducer({ config, log });
  await producer.connect([topic], signal);
  for (const report of reports) {
    const key = Buffer.from(report.vehicleId);
    const partition = partitionOf(key, producer.partitionCount(topic));
    const value = encoders.encodeTelemetry(topic, report);
    const [result] = await producer.produce([{ topic, partition, key, value }]);
    assert.equal(result?.kind, 'stored', JSON.stringify(result));
  }
  await producer.close();
}
