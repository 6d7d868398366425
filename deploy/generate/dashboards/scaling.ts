// The dashboard of scaling: what the autoscalers see, want and may. The targets are read from
// Kubernetes, so that no number of the tuning stands here a second time.

import { consumerGroups } from '#shared/topics.ts';
import { type Dashboard, mustBeZero, type Panel, type Row } from './dashboard.ts';
import {
  avg,
  count,
  inNamespace,
  line,
  max,
  maxBy,
  rate,
  rateInNamespace,
  ratio,
  sum,
  sumBy,
} from './queries.ts';

const hpaMetric = 'kube_horizontalpodautoscaler';

/** KEDA names its autoscalers so. */
const hpaOf = (name: string) => `horizontalpodautoscaler="keda-hpa-${name}"`;

/** Of KEDA's own metrics: where labels are not honoured, its namespace takes another name. */
const keda = (metric: string) =>
  `(${inNamespace(metric)} or ${metric}{exported_namespace="$namespace"})`;

function replicas(name: string): Panel {
  const hpa = hpaOf(name);
  const series = (what: string) => max(inNamespace(`${hpaMetric}_${what}`, hpa));
  return {
    title: `Replicas of ${name}`,
    alerts: ['FleetwireReplicasFlap', 'FleetwireStateAtMax', 'FleetwireBridgeAtMax'],
    good: [
      'Current on wanted, below most.',
      'On most for long: raise it, or the partitions end there.',
    ],
    unit: 'short',
    queries: [
      line('current', series('status_current_replicas'), 'blue'),
      line('wanted', series('status_desired_replicas'), 'green'),
      line('least', series('spec_min_replicas'), 'text'),
      line('most', series('spec_max_replicas'), 'red'),
    ],
  };
}

function againstTarget(name: string): Panel {
  const hpa = hpaOf(name);
  const value = inNamespace(`${hpaMetric}_status_target_metric`, hpa);
  const target = inNamespace(`${hpaMetric}_spec_target_metric`, hpa);
  const by = 'metric_name, metric_target_type';
  return {
    title: `What scales ${name}, by its target`,
    good: ['Around 100 % or below.', 'Above, replicas come; below, they go after the window.'],
    unit: 'percentunit',
    queries: [line('{{metric_name}}', ratio(maxBy(by, value), maxBy(by, target)))],
    limits: { side: 'above', attention: 1.1, trouble: 2 },
  };
}

const cannotScale = inNamespace(
  `${hpaMetric}_status_condition`,
  'condition="ScalingActive", status="false"',
);
const errors = 'keda_scaler_detail_errors_total';
const faultsOfTriggers =
  `increase(${inNamespace(errors)}[5m])` +
  ` or increase(${errors}{exported_namespace="$namespace"}[5m])`;
const eventLoop = rateInNamespace(
  'fleetwire_event_loop_active_seconds_total',
  'container="bridge"',
);
const stateReplicas = inNamespace('fleetwire_build_info', 'service="state"');

const committedLag = inNamespace(
  'kafka_consumergroup_lag',
  `consumergroup="${consumerGroups.state}"`,
);

const faults: Row = {
  title: 'Does scaling work?',
  panels: [
    {
      kind: 'stat',
      title: 'Autoscalers that cannot scale',
      alerts: ['FleetwireScalingInactive', 'FleetwireClusterScrapeAbsent'],
      good: ['0.', 'The number of replicas is frozen while KEDA cannot read its metric.'],
      unit: 'short',
      queries: [line('autoscalers', sum(cannotScale))],
      limits: mustBeZero,
    },
    {
      kind: 'stat',
      title: 'Faults of triggers',
      alerts: ['FleetwireScalerErrors'],
      good: [
        '0 in the last minutes.',
        'KEDA’s log names the trigger: Kafka’s certificate, or the address of Prometheus.',
      ],
      unit: 'short',
      queries: [line('faults', sum(faultsOfTriggers))],
      limits: mustBeZero,
    },
    {
      kind: 'stat',
      title: 'Paused by hand',
      alerts: ['FleetwireScalingPaused'],
      good: ['0.', 'Somebody froze a ScaledObject and may have forgotten it.'],
      unit: 'short',
      queries: [line('paused', sum(keda('keda_scaled_object_paused')))],
      limits: { side: 'above', attention: 1e-9, trouble: 2 },
    },
  ],
};

const bridge: Row = {
  title: 'Bridge: by its own saturation',
  panels: [
    replicas('bridge'),
    againstTarget('bridge'),
    {
      title: 'Saturation of the replicas',
      good: ['Windows and event loops below their targets, replicas alike.'],
      unit: 'percentunit',
      queries: [
        line('window, average', avg(inNamespace('fleetwire_bridge_window_use_ratio')), 'blue'),
        line('event loop, average', avg(eventLoop), 'orange'),
      ],
    },
  ],
};

const state: Row = {
  title: 'State processor: by lag',
  panels: [
    replicas('state'),
    againstTarget('state'),
    {
      title: 'Records not applied, for each replica',
      good: [
        'Below the lag threshold.',
        'The rest of what KEDA sees is what was applied and not yet committed.',
      ],
      unit: 'short',
      queries: [
        line(
          '{{topic}}',
          ratio(
            sumBy('topic', inNamespace('fleetwire_stream_lag_records')),
            `scalar(${count(stateReplicas)})`,
          ),
        ),
      ],
    },
    {
      title: 'Lag by committed offsets',
      alerts: ['FleetwireStateAtMax'],
      good: [
        'What KEDA sees, told by Kafka’s exporter: what was applied and not committed is in it.',
        'Below the lag threshold times the replicas.',
      ],
      unit: 'short',
      queries: [line('{{topic}}', sumBy('topic', committedLag))],
    },
    {
      title: 'Rate of one replica',
      good: ['Below the measured rate that the tuning names (state.ratePerReplica).'],
      unit: 'cps',
      queries: [line('{{pod}}', sumBy('pod', rate('fleetwire_stream_records_applied_total')))],
    },
  ],
};

export const scaling: Dashboard = {
  name: 'scaling',
  title: 'Scaling',
  about: 'What KEDA and the autoscalers see, want and may.',
  podsOf: 'fleetwire_build_info',
  rows: [faults, bridge, state],
};
