// What every processor tells Prometheus. The slice adds to plain numbers; a scrape reads them here.

import {
  ageBuckets,
  counterFrom,
  gaugeFrom,
  histogram,
  type MetricsRegistry,
} from '../runtime/metrics.ts';
import { topicSpecs } from '../topics.ts';
import type { StreamInput } from './processor.ts';
import { type StreamReason, streamReasons } from './quarantine.ts';

/** Plain cells; the tables below say what each means. */
export interface StreamCounters {
  /** In the order of the inputs. */
  readonly appliedCounts: number[];
  readonly quarantinedCounts: Record<StreamReason, number>;
  readonly fencedCounts: Record<Fence, number>;
  duplicatesCount: number;
  replayedCount: number;
  offsetJumpsCount: number;
  offsetsSkippedCount: number;
  rebuildsCount: number;
  rebuiltVehiclesCount: number;
  slicesCount: number;
  sliceRecordsCount: number;
  stateRecordsCount: number;
  outputsRefusedCount: number;
  rebalancesCount: number;
  unreadableStatesCount: number;
  /** Once per slice: how long it took. */
  observeSlice(ms: number): void;
  /** Once per slice: from the append of its first record to its state stored. */
  observeAge(ms: number): void;
}

/** Who found out that the partition may have another owner. */
export type Fence = 'epoch' | 'clock';

const fences: readonly Fence[] = ['epoch', 'clock'];

/** Seconds: a slice takes milliseconds, and must stay far below a session. */
const sliceBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10, 60];

export function createCounters(
  registry: MetricsRegistry,
  inputs: readonly StreamInput[],
): StreamCounters {
  const slice = histogram(registry, {
    name: 'fleetwire_stream_slice_seconds',
    help: 'Time from the start of a slice to its state stored.',
    labels: {},
    buckets: sliceBuckets,
  }).observer({});
  const age = histogram(registry, {
    name: 'fleetwire_stream_apply_age_seconds',
    help: 'From append in Kafka to applied and stored, of the oldest record of each slice.',
    labels: {},
    buckets: ageBuckets,
  }).observer({});
  return {
    appliedCounts: inputs.map(() => 0),
    quarantinedCounts: { record_undecodable: 0, record_poison: 0, offset_jump: 0 },
    fencedCounts: { epoch: 0, clock: 0 },
    duplicatesCount: 0,
    replayedCount: 0,
    offsetJumpsCount: 0,
    offsetsSkippedCount: 0,
    rebuildsCount: 0,
    rebuiltVehiclesCount: 0,
    slicesCount: 0,
    sliceRecordsCount: 0,
    stateRecordsCount: 0,
    outputsRefusedCount: 0,
    rebalancesCount: 0,
    unreadableStatesCount: 0,
    observeSlice: (ms) => slice.observe(ms / 1000),
    observeAge: (ms) => age.observe(Math.max(0, ms) / 1000),
  };
}

/** What a look last found, and what is owned. */
export interface StreamGauges {
  readonly topicsRepartitionedCount: number;
  readonly partitionsOwnedCount: number;
  readonly partitionsClaimedCount: number;
  readonly vehiclesCachedCount: number;
  readonly vehiclesCount: number;
  readonly lagVehiclesCount: number;
  lagRecordsCount(input: number): number;
  lagSeconds(input: number): number;
}

export interface StreamMetricsParts {
  readonly inputs: readonly StreamInput[];
  readonly counters: StreamCounters;
  readonly gauges: StreamGauges;
}

interface PlainMetric<Source> {
  readonly name: string;
  readonly help: string;
  readonly read: (source: Source) => number;
}

const plainCounters: readonly PlainMetric<StreamCounters>[] = [
  {
    name: 'fleetwire_stream_duplicates_total',
    help: 'Records whose frame id their vehicle has applied already.',
    read: ({ duplicatesCount }) => duplicatesCount,
  },
  {
    name: 'fleetwire_stream_replayed_total',
    help: 'Records read once more whose offset is applied already; they cost nothing.',
    read: ({ replayedCount }) => replayedCount,
  },
  {
    name: 'fleetwire_stream_offset_jumps_total',
    help: 'Times that an input did not go on where it was left: retention, or a topic made anew.',
    read: ({ offsetJumpsCount }) => offsetJumpsCount,
  },
  {
    name: 'fleetwire_stream_offsets_skipped_total',
    help: 'Offsets that were gone when their turn came: records never applied.',
    read: ({ offsetsSkippedCount }) => offsetsSkippedCount,
  },
  {
    name: 'fleetwire_stream_rebuilds_total',
    help: 'Partitions rebuilt from the state topic.',
    read: ({ rebuildsCount }) => rebuildsCount,
  },
  {
    name: 'fleetwire_stream_rebuilt_vehicles_total',
    help: 'Vehicles in those rebuilds.',
    read: ({ rebuiltVehiclesCount }) => rebuiltVehiclesCount,
  },
  {
    name: 'fleetwire_stream_slices_total',
    help: 'Slices stored.',
    read: ({ slicesCount }) => slicesCount,
  },
  {
    name: 'fleetwire_stream_slice_records_total',
    help: 'Records in those slices.',
    read: ({ sliceRecordsCount }) => sliceRecordsCount,
  },
  {
    name: 'fleetwire_stream_state_records_written_total',
    help: 'Records stored in the state topic.',
    read: ({ stateRecordsCount }) => stateRecordsCount,
  },
  {
    name: 'fleetwire_stream_outputs_refused_total',
    help: 'Output records that Kafka will never store; dropped.',
    read: ({ outputsRefusedCount }) => outputsRefusedCount,
  },
  {
    name: 'fleetwire_stream_rebalances_total',
    help: 'Joins of the consumer group.',
    read: ({ rebalancesCount }) => rebalancesCount,
  },
  {
    name: 'fleetwire_stream_unreadable_states_total',
    help: 'Stored states that could not be read; their vehicles began anew.',
    read: ({ unreadableStatesCount }) => unreadableStatesCount,
  },
];

const plainGauges: readonly PlainMetric<StreamGauges>[] = [
  {
    name: 'fleetwire_stream_partitions_owned',
    help: 'Partition numbers that the group has given to this replica.',
    read: ({ partitionsOwnedCount }) => partitionsOwnedCount,
  },
  {
    name: 'fleetwire_stream_partitions_claimed',
    help: 'Of those, the ones whose place is known: applied as records come.',
    read: ({ partitionsClaimedCount }) => partitionsClaimedCount,
  },
  {
    name: 'fleetwire_stream_topics_repartitioned',
    help: 'Topics whose partition count is another one now than when this replica came up.',
    read: ({ topicsRepartitionedCount }) => topicsRepartitionedCount,
  },
  {
    name: 'fleetwire_stream_vehicles_cached',
    help: 'Vehicles whose state is in memory.',
    read: ({ vehiclesCachedCount }) => vehiclesCachedCount,
  },
  {
    name: 'fleetwire_stream_vehicles',
    help: 'Vehicles known in the partitions of this replica.',
    read: ({ vehiclesCount }) => vehiclesCount,
  },
  {
    name: 'fleetwire_stream_lag_vehicles',
    help: 'Vehicles in partitions that are more than STREAM_DELAY_BUDGET_MS behind.',
    read: ({ lagVehiclesCount }) => lagVehiclesCount,
  },
];

export function registerMetrics(registry: MetricsRegistry, parts: StreamMetricsParts): void {
  const { counters, gauges } = parts;
  for (const { name, help, read } of plainCounters) {
    counterFrom(registry, { name, help, labels: {} }, () => read(counters));
  }
  for (const { name, help, read } of plainGauges) {
    gaugeFrom(registry, { name, help, labels: {} }, () => read(gauges));
  }
  counterFrom(
    registry,
    {
      name: 'fleetwire_stream_quarantined_total',
      help: 'Records stored in quarantine.',
      labels: { reason: streamReasons },
    },
    ({ reason }) => counters.quarantinedCounts[reason],
  );
  counterFrom(
    registry,
    {
      name: 'fleetwire_stream_fenced_writes_total',
      help: 'Slices given up since the partition has another owner, or may have.',
      labels: { by: fences },
    },
    ({ by }) => counters.fencedCounts[by],
  );
  registerByTopic(registry, parts);
}

function registerByTopic(
  registry: MetricsRegistry,
  { inputs, counters, gauges }: StreamMetricsParts,
): void {
  const labels = { topic: inputs.map(({ topic }) => topic) };
  const inputOf = (topic: string) => inputs.findIndex((input) => input.topic === topic);
  counterFrom(
    registry,
    {
      name: 'fleetwire_stream_records_applied_total',
      help: 'Records applied, duplicates not among them.',
      labels,
    },
    ({ topic }) => counters.appliedCounts[inputOf(topic)] ?? 0,
  );
  gaugeFrom(
    registry,
    {
      name: 'fleetwire_stream_lag_records',
      help: 'Records stored and not applied, at the latest look.',
      labels,
    },
    ({ topic }) => gauges.lagRecordsCount(inputOf(topic)),
  );
  gaugeFrom(
    registry,
    {
      name: 'fleetwire_stream_lag_seconds',
      help: 'Age of the oldest record not applied, of the partition furthest behind.',
      labels,
    },
    ({ topic }) => gauges.lagSeconds(inputOf(topic)),
  );
  registerRetention(registry, inputs);
}

/** What lag must stay far below: records older than this are gone before they are applied. */
function registerRetention(registry: MetricsRegistry, inputs: readonly StreamInput[]): void {
  const secondsOf = new Map<string, number>();
  for (const { topic, retention } of topicSpecs) {
    if (retention === 'compacted' || !inputs.some((input) => input.topic === topic)) continue;
    secondsOf.set(topic, retention.deleteAfterMs / 1000);
  }
  gaugeFrom(
    registry,
    {
      name: 'fleetwire_stream_retention_seconds',
      help: 'Age at which Kafka deletes records of the topic, as `fleetwire topics apply` sets it.',
      labels: { topic: [...secondsOf.keys()] },
    },
    ({ topic }) => secondsOf.get(topic) ?? 0,
  );
}
