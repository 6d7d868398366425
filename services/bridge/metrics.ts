// What the bridge tells Prometheus. Hot paths add to the plain fields of BridgeCounters; a scrape
// reads them here.

import type { RejectCode } from '#shared/frame/outcome.ts';
import {
  ageBuckets,
  counterFrom,
  gaugeFrom,
  histogram,
  type MetricsRegistry,
} from '#shared/runtime/metrics.ts';
import { codecs, topicSpecs } from '#shared/topics.ts';
import type { HeldBytes } from './held-bytes.ts';
import type { LaneCounters } from './lane.ts';
import type { Ledger, LedgerCodec } from './ledger.ts';
import type { IntakeCounters } from './source/intake.ts';
import type { Source } from './source/source.ts';

export type BridgeCounters = IntakeCounters & LaneCounters & { refusedCount: number };

const prefix = 'fleetwire_bridge';
const codecLabels = { codec: [...codecs, 'unknown'] as LedgerCodec[] };

/** All reasons a frame can be quarantined for; the type fails where one is missing. */
const quarantineReasons: Readonly<Record<RejectCode, true>> = {
  frame_empty: true,
  frame_start: true,
  frame_edition: true,
  frame_truncated: true,
  frame_length: true,
  frame_checksum: true,
  body_truncated: true,
  identity_mismatch: true,
  payload_oversize: true,
  topic_unknown: true,
  codec_unknown: true,
  record_refused: true,
};

export function createCounters(registry: MetricsRegistry): BridgeCounters {
  const age = histogram(registry, {
    name: `${prefix}_age_seconds`,
    help: 'From receipt to stored, of the oldest record of each batch.',
    labels: {},
    buckets: ageBuckets,
  }).observer({});
  return {
    acksDroppedCount: 0,
    answersSentCount: 0,
    answersDroppedCount: 0,
    answersRefusedCount: 0,
    repeatsCount: 0,
    holdsCount: 0,
    recordsStoredCounts: new Map(),
    batchesCount: 0,
    batchRecordsCount: 0,
    batchBytes: 0,
    retriesCount: 0,
    refusedCount: 0,
    observeAge: (ageMs) => age.observe(ageMs / 1000),
  };
}

export interface BridgeParts {
  readonly ledger: Ledger;
  readonly counters: BridgeCounters;
  readonly source: Source;
  readonly heldBytes: HeldBytes;
  readonly windowFrames: number;
  readonly producer: {
    readonly inFlightBytes: number;
    readonly counts: { readonly uncovered: number };
  };
}

export function registerMetrics(registry: MetricsRegistry, parts: BridgeParts): void {
  registerLedger(registry, parts.ledger);
  registerStorage(registry, parts);
  registerMqtt(registry, parts);
  registerBounds(registry, parts);
}

function registerLedger(registry: MetricsRegistry, ledger: Ledger): void {
  const line = (codec: LedgerCodec) => ledger.lines.get(codec);
  const counter = (name: string, help: string, read: (codec: LedgerCodec) => number): void => {
    const spec = { name: `${prefix}_frames_${name}_total`, help, labels: codecLabels };
    counterFrom(registry, spec, ({ codec }) => read(codec));
  };
  counter('received', 'Frames received.', (codec) => line(codec)?.receivedCount ?? 0);
  counter(
    'produced',
    'Frames stored as records and acknowledged.',
    (codec) => line(codec)?.producedCount ?? 0,
  );
  counter(
    'returned',
    'Frames given back un-acknowledged: connection lost, or drained without Kafka.',
    (codec) => line(codec)?.returnedCount ?? 0,
  );
  const reasons = Object.keys(quarantineReasons);
  counterFrom(
    registry,
    {
      name: `${prefix}_frames_quarantined_total`,
      help: 'Frames stored in quarantine and acknowledged.',
      labels: { ...codecLabels, reason: reasons },
    },
    ({ codec, reason }) => line(codec)?.quarantinedCounts.get(reason) ?? 0,
  );
  gaugeFrom(
    registry,
    {
      name: `${prefix}_frames_in_flight`,
      help: 'Frames received and not acknowledged yet, counted from the windows.',
      labels: codecLabels,
    },
    ({ codec }) => ledger.inFlightCount(codec),
  );
}

function registerStorage(registry: MetricsRegistry, { counters, producer }: BridgeParts): void {
  counterFrom(
    registry,
    {
      name: `${prefix}_records_stored_total`,
      help: 'Records that Kafka has stored, with repeats.',
      labels: { topic: topicSpecs.map(({ topic }) => topic) },
    },
    ({ topic }) => counters.recordsStoredCounts.get(topic) ?? 0,
  );
  const counter = plainCounter(registry);
  counter('batches_total', 'Batches of which Kafka stored something.', () => counters.batchesCount);
  counter('batch_records_total', 'Records in those batches.', () => counters.batchRecordsCount);
  counter('batch_bytes_total', 'Bytes in those batches.', () => counters.batchBytes);
  counter('batch_retries_total', 'Batches with something to send again.', () => {
    return counters.retriesCount;
  });
  counter('records_refused_total', 'Records Kafka will never store; quarantined instead.', () => {
    return counters.refusedCount;
  });
  counter('kafka_uncovered_total', 'Partitions sent that an answer left out; sent again.', () => {
    return producer.counts.uncovered;
  });
}

function registerMqtt(registry: MetricsRegistry, { counters, source }: BridgeParts): void {
  const counter = plainCounter(registry);
  counter('acks_dropped_total', 'Messages stored too late for their connection.', () => {
    return counters.acksDroppedCount;
  });
  counter('repeats_total', 'Messages sent again while they were still here.', () => {
    return counters.repeatsCount;
  });
  counter('answers_sent_total', 'Answers handed to the broker.', () => counters.answersSentCount);
  counter('answers_dropped_total', 'Answers given up: connection lost, or no room in time.', () => {
    return counters.answersDroppedCount;
  });
  counter('answers_refused_total', 'Answers that the broker refused.', () => {
    return counters.answersRefusedCount;
  });
  const labels = { connection: source.connections.map(({ index }) => String(index)) };
  const at = (connection: string) => source.connections[Number(connection) - 1];
  const gauge = (name: string, help: string, read: (connection: string) => number): void => {
    gaugeFrom(registry, { name: `${prefix}_${name}`, help, labels }, (of) => read(of.connection));
  };
  gauge('mqtt_connected', '1 while the broker has accepted the connection.', (connection) => {
    return at(connection)?.link?.isOpen ? 1 : 0;
  });
  gauge('mqtt_subscribed', '1 while all filters are granted.', (connection) => {
    return at(connection)?.status.kind === 'subscribed' ? 1 : 0;
  });
  gauge('broker_receive_maximum', 'As the broker’s CONNACK said.', (connection) => {
    return at(connection)?.link?.brokerReceiveMaximum ?? 0;
  });
  counterFrom(
    registry,
    { name: `${prefix}_mqtt_links_total`, help: 'Connections opened.', labels },
    ({ connection }) => at(connection)?.linkCount ?? 0,
  );
}

function registerBounds(registry: MetricsRegistry, parts: BridgeParts): void {
  const { counters, source, heldBytes, windowFrames, producer } = parts;
  plainCounter(registry)('reading_holds_total', 'Times that a bound stopped the reading.', () => {
    return counters.holdsCount;
  });
  const gauge = (name: string, help: string, read: () => number): void => {
    gaugeFrom(registry, { name: `${prefix}_${name}`, help, labels: {} }, read);
  };
  gauge('reading_held', 'Connections whose reading a bound holds now.', () => {
    return [...source.intakes].filter(({ isHeld }) => isHeld).length;
  });
  gauge('window_frames', 'Window wanted per connection.', () => windowFrames);
  gauge('window_use_ratio', 'The fullest window, 0 to 1; more where a broker overruns it.', () => {
    return source.windowUse;
  });
  gauge('held_bytes', 'Payloads and records that Kafka has not stored.', () => heldBytes.bytes);
  gauge('held_bytes_max', 'Bound of the bytes held.', () => heldBytes.max);
  gauge('kafka_in_flight_bytes', 'Bytes with Kafka, result not known.', () => {
    return producer.inFlightBytes;
  });
}

function plainCounter(registry: MetricsRegistry) {
  return (name: string, help: string, read: () => number): void => {
    counterFrom(registry, { name: `${prefix}_${name}`, help, labels: {} }, read);
  };
}
