// Every PromQL expression that an overlay brings into a cluster, and every metric that it names:
// of rules, of dashboards, of KEDA's triggers.

import { type Manifest, ofKind } from './manifests/manifest.ts';

export interface Expression {
  /** For people: `dashboard-bridge: Headroom`. */
  readonly where: string;
  readonly use: 'panel' | 'variable' | 'alert' | 'record' | 'trigger';
  readonly expr: string;
}

export function expressionsOf(objects: readonly Manifest[]): readonly Expression[] {
  return [
    ...ofKind(objects, 'ConfigMap').filter(isDashboard).flatMap(ofDashboard),
    ...ofKind(objects, 'PrometheusRule').flatMap(ofRules),
    ...ofKind(objects, 'ScaledObject').flatMap(ofTriggers),
  ];
}

function isDashboard({ metadata }: Manifest): boolean {
  return metadata.labels?.['grafana_dashboard'] !== undefined;
}

interface DashboardJson {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly definition?: string }[];
  };
}

function ofDashboard({ metadata, data = {} }: Manifest): readonly Expression[] {
  return Object.values(data).flatMap((text) => {
    const { panels, templating } = JSON.parse(text) as DashboardJson;
    const ofPanels = panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ where: `${metadata.name}: ${title}`, use: 'panel', expr })),
    );
    const ofVariables = templating.list.flatMap(({ name, definition = '' }) => {
      // label_values(series, label) is Grafana's word, no PromQL.
      const series = /^label_values\((.*), *\w+\)$/.exec(definition)?.[1];
      if (series === undefined) return [];
      return [{ where: `${metadata.name}: $${name}`, use: 'variable', expr: series }];
    });
    return [...ofPanels, ...ofVariables] as Expression[];
  });
}

interface RuleJson {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string | number;
}

function ofRules({ metadata, spec }: Manifest): readonly Expression[] {
  const rules = spec.groups.flatMap(({ rules }: { rules: readonly RuleJson[] }) => rules);
  return rules.map(({ alert, record, expr }: RuleJson) => {
    const use = alert === undefined ? 'record' : 'alert';
    return { where: `${metadata.name}: ${alert ?? record}`, use, expr: String(expr) };
  });
}

interface TriggerJson {
  readonly type: string;
  readonly name?: string;
  readonly metadata: { readonly query?: string };
}

function ofTriggers({ metadata, spec }: Manifest): readonly Expression[] {
  return spec.triggers.flatMap(({ type, name, metadata: { query } }: TriggerJson) => {
    if (type !== 'prometheus') return [];
    return [{ where: `ScaledObject ${metadata.name}: ${name}`, use: 'trigger', expr: query ?? '' }];
  });
}
