// What a run stands on: a stack of which Kafka and Redis are its own, the traffic, and the crew.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Addresses } from '#loadtest/demo/addresses.ts';
import { defaultTiming } from '#services/state/apply.ts';
import { stateInputs } from '#services/state/processor.ts';
import { createDecoder } from '#shared/avro/decoder.ts';
import { createEncoders } from '#shared/avro/encoder.ts';
import { createRegistry } from '#shared/avro/registry.ts';
import { loadSchemaIds } from '#shared/avro/schema-ids.ts';
import { createKafkaClient } from '#shared/kafka/client.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import { createLogger } from '#shared/runtime/log.ts';
import type { RedisClient } from '#shared/stream/redis-client.ts';
import { createRedisStore } from '#shared/stream/redis-store.ts';
import { consumerGroups, kafkaTopics, topicsOf } from '#shared/topics.ts';
import { openGround } from '../integration/ground.ts';
import { openRedis } from '../integration/own-redis.ts';
import type { Scope } from '../integration/scope.ts';
import { createClockFile } from './clock-file.ts';
import { Crew, type CrewOptions } from './crew.ts';
import { Feed } from './feed.ts';
import type { Places } from './findings.ts';
import { createTraffic, type Traffic, type TrafficPlan } from './traffic.ts';

export interface OracleBed {
  readonly traffic: Traffic;
  readonly feed: Feed;
  readonly crew: Crew;
  readonly places: Places;
  readonly redis: RedisClient;
  /** Moves the simulated time on. */
  setTime(nowMs: number): void;
}

/** Between beats of the members; a second in production. Short, so that a run is short. */
const beats = { STREAM_LAG_MS: '300', STREAM_HEARTBEAT_MS: '500', STREAM_SESSION_MS: '6000' };

/** `addresses` of a Kafka and a Redis that nobody else uses. */
export async function openOracleBed(
  scope: Scope,
  addresses: Addresses & { readonly redisUrl: string },
  plan: TrafficPlan & Pick<CrewOptions, 'program'>,
): Promise<OracleBed> {
  const { config, idsFile } = await openGround(addresses, { scope });
  const log = createLogger({ level: 'silent', name: 'oracle' });
  const signal = AbortSignal.timeout(60_000);
  const ids = await loadSchemaIds({ config, log, signal });
  const registry = createRegistry(config);
  const decoder = createDecoder({ ids, schemaById: (id) => registry.schemaById(id) });
  const producer = createKafkaProducer({ config, log });
  scope.after(() => producer.close());
  await producer.connect(topicsOf('bridge'), signal);
  const client = createKafkaClient(config, log);
  scope.after(() => client.destroy());
  const redis = openRedis(scope, { REDIS_URL: addresses.redisUrl });
  const group = consumerGroups.state;
  const store = createRedisStore({ redis, group, inputCount: stateInputs.length });
  const clock = createClockFile(await clockPath(scope), plan.startAt);
  scope.after(() => clock.close());
  const traffic = await createTraffic(plan, createEncoders(ids));
  const partitionCount = producer.partitionCount(kafkaTopics.telemetry);
  const { kafkaBrokers, registryUrl, redisUrl } = addresses;
  const env = {
    ...{ KAFKA_BROKERS: kafkaBrokers, REGISTRY_URL: registryUrl, REDIS_URL: redisUrl },
    ...{ REGISTRY_IDS_FILE: idsFile, CLOCK_FILE: clock.path, ...beats },
  };
  return {
    traffic,
    feed: new Feed({ traffic, producer, clock }),
    crew: new Crew(scope, { env, partitionCount, program: plan.program }),
    places: { client, decoder, store, partitionCount },
    redis,
    setTime: (nowMs) => clock.set(nowMs),
  };
}

export const oracleLimits = defaultTiming;

async function clockPath(scope: Pick<Scope, 'after'>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'fleetwire-oracle-'));
  scope.after(() => rm(dir, { recursive: true, force: true }));
  return join(dir, 'clock');
}
