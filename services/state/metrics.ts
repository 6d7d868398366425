// What the state processor tells Prometheus beside the stream's own figures: how the vehicles of
// this replica are. Sums, so that replicas can be added up.

import { gaugeFrom, type MetricsRegistry } from '#shared/runtime/metrics.ts';
import { type Fleet, presences } from './fleet.ts';

export interface FleetMetricsParts {
  readonly fleet: Pick<Fleet, 'count' | 'reports' | 'agesS'>;
  /** Epoch ms. */
  readonly now: () => number;
}

export function registerFleetMetrics(registry: MetricsRegistry, parts: FleetMetricsParts): void {
  const { fleet, now } = parts;
  gaugeFrom(
    registry,
    {
      name: 'fleetwire_state_vehicles',
      help: 'Vehicles in the partitions of this replica.',
      labels: { presence: presences },
    },
    ({ presence }) => fleet.count(presence),
  );
  registerReports(registry, parts);
  gaugeFrom(
    registry,
    {
      name: 'fleetwire_state_freshness_seconds',
      help: 'Age of the latest report of vehicles that are not offline; NaN without any.',
      labels: { quantile: quantiles },
    },
    quantileReader(() => fleet.agesS(now())),
  );
}

function registerReports(registry: MetricsRegistry, { fleet, now }: FleetMetricsParts): void {
  gaugeFrom(
    registry,
    {
      name: 'fleetwire_state_reports_expected',
      help: 'Latest reports that the own periods of vehicles heard within an hour make expected.',
      labels: {},
    },
    () => fleet.reports(now()).expected,
  );
  gaugeFrom(
    registry,
    {
      name: 'fleetwire_state_reports_received',
      help: 'Those of them that came.',
      labels: {},
    },
    () => fleet.reports(now()).received,
  );
  gaugeFrom(
    registry,
    {
      name: 'fleetwire_state_completeness_ratio',
      help: 'Reports received by reports expected, of this replica; NaN while none are expected.',
      labels: {},
    },
    () => {
      const { expected, received } = fleet.reports(now());
      return received / expected;
    },
  );
}

const quantiles = ['0.5', '0.95', '0.99'] as const;

/** One look at the fleet serves all quantiles of a scrape: the first of them takes it. */
function quantileReader(look: () => Float64Array) {
  let ages = new Float64Array(0);
  return ({ quantile }: { readonly quantile: (typeof quantiles)[number] }): number => {
    if (quantile === quantiles[0]) ages = look() as Float64Array<ArrayBuffer>;
    return ages[Math.ceil(Number(quantile) * ages.length) - 1] ?? Number.NaN;
  };
}
