// What the reading commands are tried on: a vehicle of its own in the shared stack, whose records
// and state the test writes itself.

import { randomInt } from 'node:crypto';
import { after } from 'node:test';
import { Redis } from 'ioredis';
import { createEncoders } from '#shared/avro/encoder.ts';
import { loadSchemaIds } from '#shared/avro/schema-ids.ts';
import type {
  Lifecycle,
  Quarantined,
  Telemetry,
  VehicleState,
} from '#shared/avro/types.generated.ts';
import { createKafkaClient } from '#shared/kafka/client.ts';
import { partitionOf } from '#shared/kafka/partitioner.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { consumerGroups, type KafkaTopic, kafkaTopics, topicSpecs } from '#shared/topics.ts';
import { sampleState } from '#test/services/cli/sample-state.ts';
import {
  sampleLifecycle,
  sampleQuarantined,
  sampleTelemetry,
} from '#test/shared/avro/sample-records.ts';
import { type Ground, openGround } from './ground.ts';
import { sharedStack } from './stack-under-test.ts';

const log = createLogger({ level: 'silent', name: 'test' });

/** Call it at the top level of a test file. */
export async function openReadSideBed() {
  const stack = await sharedStack();
  const { config } = await openGround(stack);
  const { kafkaBrokers, registryUrl, redisUrl } = stack;
  const client = createKafkaClient(config, log);
  // No other test and no earlier run has it.
  const vehicleId = `LREAD${randomInt(100_000_000_000, 281_000_000_000)}`;
  const { store, partition } = await openStore(config, vehicleId);
  after(() => client.destroy());
  return {
    env: { KAFKA_BROKERS: kafkaBrokers, REGISTRY_URL: registryUrl, REDIS_URL: redisUrl },
    client,
    vehicleId,
    partition,
    ...store,
    ...openRedis(redisUrl, { vehicleId, partition, stateBytes: store.stateBytes }),
  };
}

/** Records of the vehicle, as a bridge and the state processor would store them. */
async function openStore(config: Ground['config'], vehicleId: string) {
  const signal = AbortSignal.timeout(30_000);
  const encoders = createEncoders(await loadSchemaIds({ config, log, signal }));
  const producer = createKafkaProducer({ config, log });
  after(() => producer.close());
  const topics = topicSpecs.map(({ topic }) => topic);
  await producer.connect(topics, signal);
  const key = Buffer.from(vehicleId);
  const partition = partitionOf(key, producer.partitionCount(kafkaTopics.state));
  async function storeBytes(topic: KafkaTopic, value: Buffer): Promise<void> {
    const [result] = await producer.produce([{ topic, partition, key, value }]);
    if (result?.kind !== 'stored') throw new Error(JSON.stringify(result));
  }
  const { quarantine, state, telemetry, lifecycle } = kafkaTopics;
  const stateBytes = (change: Partial<VehicleState> = {}) =>
    encoders.encodeVehicleState(state, sampleState({ vehicleId, ...change }));
  const store = {
    storeBytes,
    stateBytes,
    report: (change: Partial<Telemetry> = {}) =>
      storeBytes(telemetry, encoders.encodeTelemetry(telemetry, sampleTelemetry(change))),
    lifecycle: (change: Partial<Lifecycle> = {}, topic: KafkaTopic = lifecycle) =>
      storeBytes(topic, encoders.encodeLifecycle(topic, sampleLifecycle(change))),
    refuse: (change: Partial<Quarantined> = {}) =>
      storeBytes(quarantine, encoders.encodeQuarantined(quarantine, sampleQuarantined(change))),
    publishState: (change: Partial<VehicleState> = {}) => storeBytes(state, stateBytes(change)),
  };
  return { store, partition };
}

interface Kept {
  readonly vehicleId: string;
  readonly partition: number;
  readonly stateBytes: (change: Partial<VehicleState>) => Buffer;
}

function openRedis(url: string, { vehicleId, partition, stateBytes }: Kept) {
  // Once: a stack that this file has started is stopped before.
  const redis = new Redis(url, { retryStrategy: () => null });
  const key = `${consumerGroups.state}:{${consumerGroups.state}:${partition}}`;
  after(() => redis.disconnect());
  return {
    /** As the state processor lays it out, here with one frame id in the ring. */
    keepState: async (change: Partial<VehicleState> = {}) => {
      const ring = Buffer.from([1, 1, 1, 2, 3, 4, 5, 6, 7, 8]);
      const value = Buffer.concat([ring, stateBytes(change)]);
      // With an epoch: a partition that has an owner.
      await redis.hset(key, 'e', '5', `v${vehicleId}`, value);
    },
    forgetCount: async () => Number(await redis.hget(key, 'f')),
    isKept: async () => (await redis.hexists(key, `v${vehicleId}`)) === 1,
  };
}
