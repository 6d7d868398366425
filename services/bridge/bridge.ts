// The bridge put together: what takes messages in, what they pass through, where they go.

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Encoders } from '#shared/avro/encoder.ts';
import { partitionOf } from '#shared/kafka/partitioner.ts';
import type { KafkaProducer } from '#shared/kafka/session-producer.ts';
import { linkSettingsOf } from '#shared/mqtt/settings.ts';
import type { Logger } from '#shared/runtime/log.ts';
import type { MetricsRegistry } from '#shared/runtime/metrics.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { createBridgeIngest } from './bridge-ingest.ts';
import type { BridgeConfig } from './config.ts';
import { Headroom } from './headroom.ts';
import { watchHeadroom } from './headroom-watch.ts';
import { HeldBytes } from './held-bytes.ts';
import type { LaneEvents } from './lane.ts';
import { LaneHealth } from './lane-health.ts';
import { Lanes } from './lanes.ts';
import { Ledger } from './ledger.ts';
import { Membership } from './membership.ts';
import { MessagePath } from './message.ts';
import { type BridgeCounters, createCounters, registerMetrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';
import { createRefuse } from './refusal.ts';
import { Source } from './source/source.ts';

export interface BridgeOptions {
  readonly config: BridgeConfig;
  readonly log: Logger;
  readonly registry: MetricsRegistry;
  readonly readiness: Readiness;
  readonly encoders: Encoders;
  /** Connected. */
  readonly producer: KafkaProducer;
}

export interface Bridge {
  readonly source: Source;
  readonly lanes: Lanes;
  readonly ledger: Ledger;
  readonly laneHealth: LaneHealth;
  /** To be called when the drain begins: from then on an empty window is no room. */
  stopWatching(): void;
}

export async function createBridge(options: BridgeOptions): Promise<Bridge> {
  const { config, log, registry, readiness, encoders, producer } = options;
  const { ingest, look: lookAtParts } = await createBridgeIngest(options);
  const name = config.bridgeName ?? hostname();
  const [ledger, heldBytes] = [new Ledger(), new HeldBytes(config.heldBytesMax)];
  const counters = createCounters(registry);
  const { brokerQueueFrames, refusalHoldMs } = config;
  const headroom = new Headroom({ inflows: () => source.inflows, brokerQueueFrames });
  const headroomFacts = () => ({ headroomSeconds: Math.floor(headroom.seconds) });
  const kafkaDetail = () => kafkaTrouble({ laneHealth, source, headroom, producer });
  const tellKafka = () => readiness.tell('kafka', kafkaDetail());
  const laneHealth = new LaneHealth(log, tellKafka, headroomFacts);
  const lanes = new Lanes({
    count: config.lanes,
    producer,
    partitionOf: (topic, key) => partitionOf(key, producer.partitionCount(topic)),
    limits: config,
    events: laneEvents(() => path, counters, log),
    counters,
    health: laneHealth,
  });
  const path = new MessagePath({
    // A name of its own for each life: origins of two lives must never look like one tenure.
    bridge: `${name}-${randomBytes(4).toString('hex')}`,
    ingest,
    refuse: await createRefuse({ routes: config.routes, encoders }),
    lanes,
    heldBytes,
    onIngestFault: (fault, { mqttTopic }) => {
      log.error({ err: fault, mqttTopic }, 'Ingest failed on a message; it is in quarantine.');
    },
  });
  const source: Source = new Source({
    link: linkSettingsOf(config),
    connectionCount: config.connections,
    windowFrames: config.windowFrames,
    routes: config.routes,
    clientIdPrefix: name,
    payloadBytesMax: config.payloadBytesMax,
    receive: path.receive,
    heldBytes,
    ledger,
    counters,
    log,
    onStatus: () => readiness.tell('mqtt', source.trouble),
  });
  const parts = { ledger, counters, source, heldBytes, headroom, laneHealth, producer };
  registerMetrics(registry, { ...config, ...parts });
  const membership = new Membership({ source, health: laneHealth, headroom, refusalHoldMs, log });
  const onLook = () => {
    tellKafka();
    membership.look();
    lookAtParts();
  };
  const stopWatching = watchHeadroom({ headroom, log, onLook });
  return { source, lanes, ledger, laneHealth, stopWatching };
}

function laneEvents(path: () => MessagePath, counters: BridgeCounters, log: Logger): LaneEvents {
  return {
    stored: (record) => path().recordStored(record),
    refused: (record, detail) => {
      const isReplaced = path().recordRefused(record, detail);
      const { topic } = record;
      // A quarantine record stands for one that was told already.
      if (!isReplaced || topic === kafkaTopics.quarantine) return isReplaced;
      counters.refusedCount += 1;
      log.warn({ topic, detail }, 'Kafka refused a record for good; quarantined.');
      return true;
    },
  };
}

interface KafkaParts extends Pick<Bridge, 'laneHealth' | 'source'> {
  readonly headroom: Headroom;
  readonly producer: Pick<KafkaProducer, 'partitions'>;
}

/** Null while Kafka takes what it is sent; else what is wrong, and how long the broker can wait. */
function kafkaTrouble({ laneHealth, source, headroom, producer }: KafkaParts): string | null {
  const { detail } = laneHealth;
  if (detail === null) return producer.partitions.trouble;
  if (source.hasLeft) return `${detail}; out of the shared group until Kafka takes records`;
  return `${detail}; the broker has room for ${Math.floor(headroom.seconds)} s`;
}
