// Writes the Grafana dashboards of deploy/observability/dashboards out of their tables: one layout,
// one set of colours, the same variables and links in all.

import { bridge } from './dashboards/bridge.ts';
import type { Dashboard } from './dashboards/dashboard.ts';
import { emqx } from './dashboards/emqx.ts';
import { dashboardJson } from './dashboards/grafana.ts';
import { scaling } from './dashboards/scaling.ts';
import { state } from './dashboards/state.ts';
import { walkOfAFrame } from './dashboards/walk-of-a-frame.ts';

/** In the order of the links at the top of each. */
export const dashboards: readonly Dashboard[] = [walkOfAFrame, bridge, state, emqx, scaling];

export const dashboardFiles = dashboards.map((dashboard) => ({
  path: dashboardPath(dashboard),
  source: () => JSON.stringify(dashboardJson(dashboard, dashboards)),
}));

export function dashboardPath({ name }: Dashboard): string {
  return `deploy/observability/dashboards/${name}.json`;
}
