// The state processor put together: the rules, what they read from, where their states are kept.

import { createDecoder } from '#shared/avro/decoder.ts';
import { createEncoders } from '#shared/avro/encoder.ts';
import { createRegistry } from '#shared/avro/registry.ts';
import { loadSchemaIds } from '#shared/avro/schema-ids.ts';
import { createKafkaClient } from '#shared/kafka/client.ts';
import { createKafkaConsumer } from '#shared/kafka/kafkajs-consumer.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import type { Logger } from '#shared/runtime/log.ts';
import type { MetricsRegistry } from '#shared/runtime/metrics.ts';
import { retryForever } from '#shared/runtime/retry.ts';
import { createKafkaLogs } from '#shared/stream/kafka-logs.ts';
import { checkRedis } from '#shared/stream/redis-check.ts';
import { createRedisClient } from '#shared/stream/redis-client.ts';
import { createRedisStore } from '#shared/stream/redis-store.ts';
import { createStream, type Stream } from '#shared/stream/stream.ts';
import { topicsOf } from '#shared/topics.ts';
import type { StateConfig } from './config.ts';
import { Fleet } from './fleet.ts';
import { registerFleetMetrics } from './metrics.ts';
import { createStateProcessor } from './processor.ts';
import type { Readiness } from './readiness.ts';

export interface StateOptions {
  readonly config: StateConfig;
  readonly log: Logger;
  readonly registry: MetricsRegistry;
  readonly readiness: Readiness;
  readonly signal: AbortSignal;
  /** Epoch ms. */
  readonly now?: () => number;
}

export interface StateService {
  readonly stream: Stream;
  close(): void;
}

/**
 * Resolves when every neighbour has answered once and the topics are there; nothing is read yet.
 * Rejects with the signal's reason, or with FatalError for what no retry mends.
 */
export async function createState(options: StateOptions): Promise<StateService> {
  const { config, log, registry, readiness, signal, now = Date.now } = options;
  const ids = await loadSchemaIds({ config, log, signal });
  readiness.tell('registry', null);
  const redis = createRedisClient(config, log);
  await retryForever({ what: 'Redis', log, signal }, () => checkRedis(redis, log));
  readiness.tell('Redis', null);
  const producer = createKafkaProducer({ config, log });
  await producer.connect(topicsOf('state'), signal);
  readiness.tell('Kafka', null);

  const client = createKafkaClient(config, log);
  const schemas = createRegistry(config);
  const encoders = createEncoders(ids);
  const decoder = createDecoder({ ids, schemaById: (id) => schemas.schemaById(id) });
  const fleet = new Fleet(config.sessionGapMs);
  registerFleetMetrics(registry, { fleet, now });
  const processor = createStateProcessor({ timing: config, encoders, decoder, fleet });
  const { group, inputs } = processor;
  const stream = createStream({
    ...{ processor, config, producer, encoders, decoder, registry, log, now },
    createConsumer: (wanted) => createKafkaConsumer({ config, log, ...wanted }),
    store: createRedisStore({ redis, group, inputCount: inputs.length }),
    logs: createKafkaLogs(client),
    onTrouble: (neighbour, trouble) => readiness.tell(neighbour, trouble),
    onPartitions: (trouble) => readiness.tell('group', trouble),
  });
  return { stream, close: () => client.destroy() };
}
