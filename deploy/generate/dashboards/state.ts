// The dashboard of the state processor: how late, what it applied, what was odd, how the vehicles
// are.

import { fromKafkaToApplied, latestReport, oldestRecord, reportsArrived } from './common-panels.ts';
import { type Dashboard, mustBeZero, type Row } from './dashboard.ts';
import { processRow } from './process-row.ts';
import { count, increase, line, maxBy, of, quantile, rate, ratio, sum, sumBy } from './queries.ts';

const owned = sum(of('fleetwire_stream_partitions_owned'));
const claimed = sum(of('fleetwire_stream_partitions_claimed'));
const skipped = of('fleetwire_stream_offsets_skipped_total');

const retentionUsed =
  `${of('fleetwire_stream_lag_seconds')}` +
  ` / on (namespace, pod, topic) ${of('fleetwire_stream_retention_seconds')}`;

const now: Row = {
  title: 'Now',
  panels: [
    {
      kind: 'stat',
      title: 'Replicas',
      alerts: ['FleetwireStateAbsent', 'FleetwireReplicasUnavailable'],
      good: ['As many as the scaling dashboard says are wanted, at most one for each partition.'],
      unit: 'short',
      queries: [line('replicas', count(of('fleetwire_build_info', 'service="state"')))],
      limits: { side: 'below', attention: 2, trouble: 1 },
    },
    {
      kind: 'stat',
      title: 'Partitions nobody applies',
      alerts: ['FleetwirePartitionsUnclaimed'],
      good: ['0, but for seconds after a rebalance.', 'Owned and not claimed: Redis is away.'],
      unit: 'short',
      queries: [line('partitions', `${owned} - ${claimed}`)],
      limits: mustBeZero,
    },
    oldestRecord,
    {
      kind: 'stat',
      title: 'Vehicles that are late',
      good: [
        '0: vehicles in partitions that are more than STREAM_DELAY_BUDGET_MS behind.',
        'Readers see their past.',
      ],
      unit: 'short',
      queries: [line('vehicles', sum(of('fleetwire_stream_lag_vehicles')))],
      limits: { side: 'above', attention: 1e-9, trouble: 1000 },
    },
    reportsArrived,
    {
      kind: 'stat',
      title: 'Records lost before they were read',
      alerts: ['FleetwireRecordsLost'],
      good: ['0, always: retention took them.', 'Each place is in quarantine as offset_jump.'],
      unit: 'short',
      queries: [line('records', `sum(increase(${skipped}[$__range]))`)],
      limits: mustBeZero,
    },
  ],
};

const lag: Row = {
  title: 'How late',
  panels: [
    {
      title: 'Age of the oldest record not applied, by topic',
      alerts: ['FleetwireStateLags', 'FleetwirePartitionStuck'],
      good: [
        'Below the delay budget for all but backfill, which waits while live records are late.',
      ],
      unit: 's',
      queries: [
        line('{{topic}}', maxBy('topic', of('fleetwire_stream_lag_seconds'))),
        line('delay budget', 'max(fleetwire:state_delay_budget:seconds)', 'red'),
      ],
    },
    {
      title: 'Records not applied, by replica',
      good: ['Replicas alike.', 'One that stands out has a hot vehicle, or is stuck.'],
      unit: 'short',
      queries: [line('{{pod}}', sumBy('pod', of('fleetwire_stream_lag_records')))],
    },
    {
      title: 'Retention used up by lag',
      alerts: ['FleetwireRetentionHalfUsed', 'FleetwireRetentionLossAhead'],
      good: ['Close to 0.', 'At 100 % Kafka deletes records before they are read.'],
      unit: 'percentunit',
      queries: [line('{{topic}}', maxBy('topic', retentionUsed))],
      limits: { side: 'above', attention: 0.5, trouble: 0.9 },
    },
    fromKafkaToApplied,
  ],
};

const work: Row = {
  title: 'Work',
  panels: [
    {
      kind: 'stacked',
      title: 'Records applied, by replica',
      good: ['Shares as even as the partitions.'],
      unit: 'cps',
      queries: [line('{{pod}}', sumBy('pod', rate('fleetwire_stream_records_applied_total')))],
    },
    {
      title: 'Time of a slice',
      good: ['Milliseconds: Redis and Kafka are in it.', 'Far below the session of 10 s.'],
      unit: 's',
      queries: [
        line('p50', quantile(0.5, 'fleetwire_stream_slice_seconds'), 'blue'),
        line('p99', quantile(0.99, 'fleetwire_stream_slice_seconds'), 'orange'),
      ],
      limits: { side: 'above', attention: 1, trouble: 5 },
    },
    {
      title: 'Records in a slice',
      good: ['Small while it keeps up, up to 500 while it catches up.'],
      unit: 'short',
      queries: [
        line(
          '{{pod}}',
          ratio(
            sumBy('pod', rate('fleetwire_stream_slice_records_total')),
            sumBy('pod', rate('fleetwire_stream_slices_total')),
          ),
        ),
      ],
    },
    {
      title: 'States written',
      good: ['No more than the records applied.'],
      unit: 'cps',
      queries: [line('states', sum(rate('fleetwire_stream_state_records_written_total')), 'blue')],
    },
  ],
};

const group: Row = {
  title: 'Partitions',
  panels: [
    {
      kind: 'stacked',
      title: 'Partitions, by replica',
      good: ['Even, and together the partitions of the topic.'],
      unit: 'short',
      queries: [line('{{pod}}', of('fleetwire_stream_partitions_claimed'))],
    },
    {
      title: 'Joins of the group',
      alerts: ['FleetwireGroupRebalances'],
      good: [
        'Only when replicas come or go.',
        'Steady joins: sessions time out, or two versions quarrel.',
      ],
      unit: 'short',
      queries: [line('joins', sum(increase('fleetwire_stream_rebalances_total')), 'blue')],
    },
    {
      title: 'Slices given up to another owner',
      alerts: ['FleetwireWritesFenced'],
      good: ['0.', 'Each is a zombie that wrote nothing: it was frozen, or cut off from Kafka.'],
      unit: 'short',
      queries: [
        line('found by {{by}}', sumBy('by', increase('fleetwire_stream_fenced_writes_total'))),
      ],
    },
    {
      title: 'Partitions rebuilt from the state topic',
      alerts: ['FleetwireRebuildsRepeat'],
      good: ['0, until Redis has lost its data.'],
      unit: 'short',
      queries: [
        line('partitions', sum(increase('fleetwire_stream_rebuilds_total')), 'blue'),
        line('vehicles in them', sum(increase('fleetwire_stream_rebuilt_vehicles_total')), 'text'),
      ],
    },
  ],
};

const oddities: Row = {
  title: 'Odd records',
  panels: [
    {
      title: 'Seen before',
      good: [
        'Duplicates follow what the bridge had to send twice; replays follow a rebalance.',
        'Neither changes a state.',
      ],
      unit: 'cps',
      queries: [
        line('duplicates', sum(rate('fleetwire_stream_duplicates_total')), 'blue'),
        line('replayed', sum(rate('fleetwire_stream_replayed_total')), 'text'),
      ],
    },
    {
      title: 'Quarantined, by reason',
      alerts: ['FleetwireRecordsUnusable'],
      good: [
        '0.',
        'Unreadable or poison: a release is wrong, or somebody else writes to our topics.',
      ],
      unit: 'cps',
      queries: [line('{{reason}}', sumBy('reason', rate('fleetwire_stream_quarantined_total')))],
      limits: mustBeZero,
    },
    {
      title: 'Given up',
      alerts: ['FleetwireOutputsRefused', 'FleetwireStatesUnreadable'],
      good: [
        '0.',
        'Outputs that Kafka will never store; stored states that could not be read;',
        'inputs that did not go on where they were left.',
      ],
      unit: 'cps',
      queries: [
        line('outputs refused', sum(rate('fleetwire_stream_outputs_refused_total')), 'red'),
        line('states unreadable', sum(rate('fleetwire_stream_unreadable_states_total')), 'orange'),
        line('jumps of an input', sum(rate('fleetwire_stream_offset_jumps_total')), 'blue'),
      ],
      limits: mustBeZero,
    },
  ],
};

const vehicles: Row = {
  title: 'Vehicles',
  panels: [
    {
      kind: 'stacked',
      title: 'Presence',
      good: [
        'The shape of the day.',
        'A step from online to silent is an outage, not a rush hour.',
      ],
      unit: 'short',
      queries: [line('{{presence}}', sumBy('presence', of('fleetwire_state_vehicles')))],
    },
    latestReport,
    {
      title: 'Completeness, by replica',
      alerts: ['FleetwireReportsBudgetBurnsFast', 'FleetwireReportsBudgetBurnsSlowly'],
      good: ['Close to 100 %, replicas alike.'],
      unit: 'percentunit',
      queries: [line('{{pod}}', of('fleetwire_state_completeness_ratio'))],
      limits: { side: 'below', attention: 0.99, trouble: 0.95 },
    },
    {
      title: 'Vehicles known, in memory',
      good: [
        'All in memory: others are loaded from Redis.',
        'Else raise STREAM_CACHE_VEHICLES, or add replicas.',
      ],
      unit: 'short',
      queries: [
        line('known', sum(of('fleetwire_stream_vehicles')), 'text'),
        line('in memory', sum(of('fleetwire_stream_vehicles_cached')), 'blue'),
      ],
    },
  ],
};

export const state: Dashboard = {
  name: 'state',
  title: 'State processor',
  about: 'From records to the latest state of each vehicle: lag, work, partitions, oddities.',
  podsOf: 'fleetwire_build_info{service="state"}',
  rows: [now, lag, work, group, oddities, vehicles, processRow('state')],
};
