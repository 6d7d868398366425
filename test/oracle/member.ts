// A member of the state processor's group, as services/state is one, but with the time of a
// simulation, and able to stop itself in the tracks of a slice.

import { writeSync } from 'node:fs';
import { stateConfigTable } from '#services/state/config.ts';
import { createStateProcessor } from '#services/state/processor.ts';
import { createDecoder } from '#shared/avro/decoder.ts';
import { createEncoders } from '#shared/avro/encoder.ts';
import { createRegistry as createSchemaRegistry } from '#shared/avro/registry.ts';
import { loadSchemaIds } from '#shared/avro/schema-ids.ts';
import { createKafkaClient } from '#shared/kafka/client.ts';
import { createKafkaConsumer } from '#shared/kafka/kafkajs-consumer.ts';
import type { Producer } from '#shared/kafka/producer.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { createHealth } from '#shared/runtime/health.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { runMain } from '#shared/runtime/main.ts';
import { createRegistry } from '#shared/runtime/metrics.ts';
import { startOpsServer } from '#shared/runtime/ops-server.ts';
import { createKafkaLogs } from '#shared/stream/kafka-logs.ts';
import { createRedisClient } from '#shared/stream/redis-client.ts';
import { createRedisStore } from '#shared/stream/redis-store.ts';
import { streamSettings } from '#shared/stream/settings.ts';
import type { StateStore } from '#shared/stream/store.ts';
import { createStream } from '#shared/stream/stream.ts';
import { kafkaTopics, topicsOf } from '#shared/topics.ts';
import { openClockFile } from './clock-file.ts';
import { type StopPlace, stopSentence, stopSignals } from './member-process.ts';

await runMain(main, { name: process.env['MEMBER_NAME'] ?? 'member' });

async function main(signal: AbortSignal): Promise<void> {
  const config = loadConfig({ ...stateConfigTable, ...streamSettings }, { env: process.env });
  const log = createLogger({
    level: config.logLevel,
    name: process.env['MEMBER_NAME'] ?? 'member',
  });
  const registry = createRegistry('state');
  const { opsHost: host, opsPort: port } = config;
  const ops = await startOpsServer({ host, port, health: createHealth(), registry });
  log.info({ ops: ops.url }, 'Starting.');
  const ids = await loadSchemaIds({ config, log, signal });
  const encoders = createEncoders(ids);
  const schemas = createSchemaRegistry(config);
  const decoder = createDecoder({ ids, schemaById: (id) => schemas.schemaById(id) });
  const producer = createKafkaProducer({ config, log });
  await producer.connect(topicsOf('state'), signal);
  const processor = createStateProcessor({ timing: config, encoders, decoder });
  const { group, inputs } = processor;
  const redis = createRedisClient(config, log);
  const store = createRedisStore({ redis, group, inputCount: inputs.length });
  const client = createKafkaClient(config, log);
  const stops = armStops();
  const stream = createStream({
    ...{ processor, config, encoders, decoder, registry, log },
    createConsumer: (options) => createKafkaConsumer({ config, log, ...options }),
    store: stoppingStore(store, stops),
    producer: stoppingProducer(producer, stops),
    logs: createKafkaLogs(client),
    now: openClockFile(process.env['CLOCK_FILE'] ?? ''),
  });
  await Promise.race([stream.start(signal), stream.failed]);
  log.info('Joined.');
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  await Promise.race([stopped, stream.failed]);
  await stream.stop();
  client.destroy();
  await ops.close();
}

/** Places at which to stop, once, the next time. */
function armStops(): Set<StopPlace> {
  const armed = new Set<StopPlace>();
  for (const place of Object.keys(stopSignals) as StopPlace[]) {
    process.on(stopSignals[place], () => armed.add(place));
  }
  return armed;
}

/** Nothing of this process runs until somebody continues it: also no timer and no heartbeat. */
function stopHere(armed: Set<StopPlace>, place: StopPlace): void {
  if (!armed.delete(place)) return;
  writeSync(1, `${JSON.stringify({ level: 'info', msg: stopSentence, place })}\n`);
  process.kill(process.pid, 'SIGSTOP');
}

function stoppingStore(store: StateStore, armed: Set<StopPlace>): StateStore {
  return {
    claim: (partition) => store.claim(partition),
    load: (partition, vehicleIds) => store.load(partition, vehicleIds),
    loadOwned: (owned, vehicleIds) => store.loadOwned(owned, vehicleIds),
    write: (write) => {
      if (write.progress !== null) stopHere(armed, 'before its write');
      return store.write(write);
    },
    scan: (partition) => store.scan(partition),
    beginRebuild: (...args) => store.beginRebuild(...args),
    fillRebuild: (...args) => store.fillRebuild(...args),
    finishRebuild: (...args) => store.finishRebuild(...args),
    forget: (...args) => store.forget(...args),
    close: () => store.close(),
  };
}

function stoppingProducer(producer: Producer, armed: Set<StopPlace>): Producer {
  return {
    connect: (topics, signal) => producer.connect(topics, signal),
    partitionCount: (topic) => producer.partitionCount(topic),
    produce: (records) => {
      const isState = records.some(({ topic }) => topic === kafkaTopics.state);
      if (isState) stopHere(armed, 'before its outputs');
      return producer.produce(records);
    },
    partitions: producer.partitions,
    get inFlightBytes() {
      return producer.inFlightBytes;
    },
    close: () => producer.close(),
  };
}
