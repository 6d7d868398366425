// Panels that stand on more than one dashboard.

import type { Panel } from './dashboard.ts';
import { line, max, maxBy, min, of, quantile, ratio, sum } from './queries.ts';

const completeness = ratio(
  sum(of('fleetwire_state_reports_received')),
  sum(of('fleetwire_state_reports_expected')),
);

export const headroom: Panel = {
  kind: 'stat',
  title: 'Headroom',
  alerts: ['FleetwireHeadroomLow'],
  good: [
    'How long Kafka may stay away before EMQX drops frames: many minutes, a day at most.',
    'Less than twice the worst stall of Kafka is a page.',
  ],
  unit: 's',
  queries: [line('least', min(of('fleetwire_bridge_headroom_seconds')))],
  limits: { side: 'below', attention: 120, trouble: 30 },
};

export const oldestRecord: Panel = {
  kind: 'stat',
  title: 'Oldest live record not applied',
  alerts: ['FleetwireStateLags'],
  good: [
    'Less than the delay budget, state.delayBudgetSeconds of tuning.yaml.',
    'Three times as much is a page.',
  ],
  unit: 's',
  queries: [line('age', max(of('fleetwire_stream_lag_seconds', 'topic!="vehicle.backfill.v1"')))],
  limits: { side: 'above', attention: 90, trouble: 270 },
};

export const reportsArrived: Panel = {
  kind: 'stat',
  title: 'Reports that arrived',
  alerts: ['FleetwireReportsBudgetBurnsFast'],
  good: ['Close to 100 % of the reports that the own periods of the vehicles make expected.'],
  unit: 'percentunit',
  queries: [line('complete', completeness)],
  limits: { side: 'below', attention: 0.99, trouble: 0.95 },
};

export const fromKafkaToApplied: Panel = {
  title: 'From Kafka to applied',
  good: [
    'Below the delay budget, of the oldest record of each slice.',
    'Hours mean backfill or a backlog.',
  ],
  unit: 's',
  queries: [
    line('p50', quantile(0.5, 'fleetwire_stream_apply_age_seconds'), 'blue'),
    line('p99', quantile(0.99, 'fleetwire_stream_apply_age_seconds'), 'orange'),
  ],
};

export const latestReport: Panel = {
  title: 'Age of the latest report of a vehicle',
  good: ['About one reporting period for half of the vehicles that are not offline.'],
  unit: 's',
  queries: [
    line('quantile {{quantile}}', maxBy('quantile', of('fleetwire_state_freshness_seconds'))),
  ],
};
