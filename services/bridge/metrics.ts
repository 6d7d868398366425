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
import { topicsOf } from '#shared/topics.ts';
import { registerConnections } from './connection-metrics.ts';
import type { Headroom } from './headroom.ts';
import type { HeldBytes } from './held-bytes.ts';
import type { LaneCounters } from './lane.ts';
import type { LaneHealth } from './lane-health.ts';
import type { Ledger, LedgerLine } from './ledger.ts';
import type { IntakeCounters } from './source/intake.ts';
import type { Source } from './source/source.ts';

export type BridgeCounters = IntakeCounters & LaneCounters & { refusedCount: number };

/** All reasons a frame can be quarantined for; the type fails where one is missing. */
const quarantineReasons: Readonly<Record<RejectCode, true>> = {
  frame_empty: true,
  frame_start: true,
  frame_truncated: true,
  frame_escape: true,
  frame_header: true,
  frame_length: true,
  frame_checksum: true,
  body_truncated: true,
  body_length: true,
  json_syntax: true,
  json_unicode: true,
  json_limit: true,
  json_key: true,
  json_version: true,
  json_schema: true,
  identity_mismatch: true,
  signature_missing: true,
  signature_unchecked: true,
  signature_invalid: true,
  payload_oversize: true,
  topic_unknown: true,
  codec_unknown: true,
  record_refused: true,
};

/** Seconds: from an ack within a rack to the time after which a request has failed. */
const sendBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];

export function createCounters(registry: MetricsRegistry): BridgeCounters {
  const age = histogram(registry, {
    name: 'fleetwire_bridge_age_seconds',
    help: 'From receipt to stored, of the oldest record of each batch.',
    labels: {},
    buckets: ageBuckets,
  }).observer({});
  const send = histogram(registry, {
    name: 'fleetwire_bridge_kafka_send_seconds',
    help: 'One batch from its hand-over to the producer to its result, stored or failed.',
    labels: {},
    buckets: sendBuckets,
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
    observeSend: (ms) => send.observe(ms / 1000),
  };
}

export interface BridgeParts {
  readonly ledger: Ledger;
  readonly counters: BridgeCounters;
  readonly source: Source;
  readonly heldBytes: HeldBytes;
  readonly windowFrames: number;
  readonly headroom: Pick<Headroom, 'seconds'>;
  readonly laneHealth: Pick<LaneHealth, 'isRefused'>;
  readonly producer: {
    readonly inFlightBytes: number;
    readonly counts: { readonly uncovered: number };
    readonly partitions: { readonly changedCount: number };
  };
}

interface PlainMetric {
  readonly name: string;
  readonly help: string;
  readonly read: (parts: BridgeParts) => number;
}

interface LedgerMetric {
  readonly name: string;
  readonly help: string;
  readonly read: (line: LedgerLine) => number;
}

const ledgerCounters: readonly LedgerMetric[] = [
  {
    name: 'fleetwire_bridge_frames_received_total',
    help: 'Frames received.',
    read: (line) => line.receivedCount,
  },
  {
    name: 'fleetwire_bridge_frames_produced_total',
    help: 'Frames stored as records and acknowledged.',
    read: (line) => line.producedCount,
  },
  {
    name: 'fleetwire_bridge_frames_returned_total',
    help: 'Frames given back un-acknowledged: connection lost, or drained without Kafka.',
    read: (line) => line.returnedCount,
  },
];

const plainCounters: readonly PlainMetric[] = [
  {
    name: 'fleetwire_bridge_batches_total',
    help: 'Batches of which Kafka stored something.',
    read: ({ counters }) => counters.batchesCount,
  },
  {
    name: 'fleetwire_bridge_batch_records_total',
    help: 'Records in those batches.',
    read: ({ counters }) => counters.batchRecordsCount,
  },
  {
    name: 'fleetwire_bridge_batch_bytes_total',
    help: 'Bytes of keys and values in those batches.',
    read: ({ counters }) => counters.batchBytes,
  },
  {
    name: 'fleetwire_bridge_batch_retries_total',
    help: 'Batches of which something must be sent again after a pause.',
    read: ({ counters }) => counters.retriesCount,
  },
  {
    name: 'fleetwire_bridge_records_refused_total',
    help: 'Records that Kafka will never store; quarantined instead.',
    read: ({ counters }) => counters.refusedCount,
  },
  {
    name: 'fleetwire_bridge_kafka_uncovered_total',
    help: 'Partitions sent that the client left out of its answer; sent again.',
    read: ({ producer }) => producer.counts.uncovered,
  },
  {
    name: 'fleetwire_bridge_acks_dropped_total',
    help: 'Messages stored when their connection was gone: stored again by who gets them next.',
    read: ({ counters }) => counters.acksDroppedCount,
  },
  {
    name: 'fleetwire_bridge_repeats_total',
    help: 'Messages sent again on a live connection while they were still here; ignored.',
    read: ({ counters }) => counters.repeatsCount,
  },
  {
    name: 'fleetwire_bridge_answers_sent_total',
    help: 'Answers handed to the broker.',
    read: ({ counters }) => counters.answersSentCount,
  },
  {
    name: 'fleetwire_bridge_answers_dropped_total',
    help: 'Answers given up: connection gone, or no room at the broker in time.',
    read: ({ counters }) => counters.answersDroppedCount,
  },
  {
    name: 'fleetwire_bridge_answers_refused_total',
    help: 'Answers that the broker refused.',
    read: ({ counters }) => counters.answersRefusedCount,
  },
  {
    name: 'fleetwire_bridge_reading_holds_total',
    help: 'Times that a bound stopped the reading of a connection.',
    read: ({ counters }) => counters.holdsCount,
  },
];

const plainGauges: readonly PlainMetric[] = [
  {
    name: 'fleetwire_bridge_reading_held',
    help: 'Connections whose reading a bound holds now.',
    read: ({ source }) => [...source.intakes].filter(({ isHeld }) => isHeld).length,
  },
  {
    name: 'fleetwire_bridge_window_frames',
    help: 'Window wanted per connection: messages un-acknowledged.',
    read: ({ windowFrames }) => windowFrames,
  },
  {
    name: 'fleetwire_bridge_window_use_ratio',
    help: 'The fullest window, 0 to 1; more where a broker overruns it.',
    read: ({ source }) => source.windowUse,
  },
  {
    name: 'fleetwire_bridge_headroom_seconds',
    help: 'How long Kafka may stay away before the broker drops frames; a day at most.',
    read: ({ headroom }) => headroom.seconds,
  },
  {
    name: 'fleetwire_bridge_held_bytes',
    help: 'Payloads and records that Kafka has not stored, with the objects around them.',
    read: ({ heldBytes }) => heldBytes.bytes,
  },
  {
    name: 'fleetwire_bridge_held_bytes_max',
    help: 'Bound of the bytes held.',
    read: ({ heldBytes }) => heldBytes.max,
  },
  {
    name: 'fleetwire_bridge_kafka_in_flight_bytes',
    help: 'Bytes with Kafka whose result is not known.',
    read: ({ producer }) => producer.inFlightBytes,
  },
  {
    name: 'fleetwire_bridge_topics_repartitioned',
    help: 'Topics whose partition count is another one now than the one this bridge writes by.',
    read: ({ producer }) => producer.partitions.changedCount,
  },
  {
    name: 'fleetwire_bridge_kafka_refused',
    help: '1 while Kafka refuses this bridge: its rights, credentials or settings.',
    read: ({ laneHealth }) => Number(laneHealth.isRefused),
  },
  {
    name: 'fleetwire_bridge_group_left',
    help: '1 while the bridge is out of the shared group because Kafka refuses it.',
    read: ({ source }) => Number(source.hasLeft),
  },
];

export function registerMetrics(registry: MetricsRegistry, parts: BridgeParts): void {
  registerLedger(registry, parts.ledger);
  for (const { name, help, read } of plainCounters) {
    counterFrom(registry, { name, help, labels: {} }, () => read(parts));
  }
  for (const { name, help, read } of plainGauges) {
    gaugeFrom(registry, { name, help, labels: {} }, () => read(parts));
  }
  counterFrom(
    registry,
    {
      name: 'fleetwire_bridge_records_stored_total',
      help: 'Records that Kafka has stored, repeats among them.',
      labels: { topic: topicsOf('bridge') },
    },
    ({ topic }) => parts.counters.recordsStoredCounts.get(topic) ?? 0,
  );
  registerConnections(registry, parts.source.connections);
}

function registerLedger(registry: MetricsRegistry, ledger: Ledger): void {
  const labels = { codec: [...ledger.lines.keys()] };
  for (const { name, help, read } of ledgerCounters) {
    counterFrom(registry, { name, help, labels }, ({ codec }) => read(ledger.line(codec)));
  }
  counterFrom(
    registry,
    {
      name: 'fleetwire_bridge_frames_quarantined_total',
      help: 'Frames stored in quarantine and acknowledged.',
      labels: { ...labels, reason: Object.keys(quarantineReasons) },
    },
    ({ codec, reason }) => ledger.line(codec).quarantinedCounts.get(reason) ?? 0,
  );
  gaugeFrom(
    registry,
    {
      name: 'fleetwire_bridge_frames_in_flight',
      help: 'Frames received and not acknowledged yet, counted from the windows.',
      labels,
    },
    ({ codec }) => ledger.inFlightCount(codec),
  );
}
