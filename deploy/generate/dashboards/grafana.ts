// A dashboard as Grafana 11 and later read it: placed on the grid, coloured, linked. Knows nothing
// of what the panels are about.

import {
  type Dashboard,
  type Limits,
  mustBeZero,
  type Panel,
  type Query,
  type Row,
} from './dashboard.ts';
import { runbookUrl } from './runbook.ts';

/** Of Grafana 11; later ones read it and bring it up to theirs. */
const schemaVersion = 39;
const gridWidth = 24;

const datasource = { type: 'prometheus', uid: `\${datasource}` } as const;

export function dashboardJson(dashboard: Dashboard, all: readonly Dashboard[]): object {
  const { name, title, about, rows, podsOf } = dashboard;
  return {
    uid: uidOf(name),
    title: `fleetwire: ${title}`,
    description: about,
    tags: ['fleetwire'],
    schemaVersion,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    links: all.map(linkTo),
    templating: { list: variables(podsOf) },
    annotations: { list: [] },
    panels: placed(rows),
  };
}

function uidOf(name: string): string {
  return `fleetwire-${name}`;
}

/** Pods are not handed on: another dashboard has others. */
function linkTo({ name, title, about }: Dashboard): object {
  return {
    type: 'link',
    icon: 'dashboard',
    title,
    tooltip: about,
    url: `/d/${uidOf(name)}?\${datasource:queryparam}&\${namespace:queryparam}`,
    keepTime: true,
    includeVars: false,
    targetBlank: false,
    tags: [],
  };
}

function variables(podsOf: string): readonly object[] {
  const pods = podsOf.includes('{')
    ? podsOf.replace('{', '{namespace="$namespace", ')
    : `${podsOf}{namespace="$namespace"}`;
  const all = { includeAll: true, allValue: '.+', multi: true, current: allOfThem };
  return [
    { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
    labelVariable('namespace', 'label_values(fleetwire_build_info, namespace)'),
    { ...labelVariable('pod', `label_values(${pods}, pod)`), ...all },
  ];
}

const allOfThem = { text: ['All'], value: ['$__all'] };

function labelVariable(name: string, query: string): object {
  const asked = { query, refId: name };
  // Asked again when the time range changes; sorted by name.
  return { name, type: 'query', datasource, query: asked, definition: query, refresh: 2, sort: 1 };
}

function placed(rows: readonly Row[]): readonly object[] {
  const panels: object[] = [];
  let top = 0;
  for (const { title, panels: inRow } of rows) {
    const gridPos = { x: 0, y: top, w: gridWidth, h: 1 };
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      gridPos,
      collapsed: false,
      panels: [],
    });
    top += 1;
    for (const { panel, ...place } of layOut(inRow)) {
      const { y, ...rest } = place;
      panels.push(panelJson(panel, panels.length + 1, { ...rest, y: top + y }));
    }
    top += Math.max(...layOut(inRow).map(({ y, h }) => y + h));
  }
  return panels;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const statHeight = 4;
const linesHeight = 8;

/** Numbers stand in one line. */
function layOut(panels: readonly Panel[]): readonly (Place & { readonly panel: Panel })[] {
  const isNumbers = panels.every(({ kind }) => kind === 'stat');
  const h = isNumbers ? statHeight : linesHeight;
  const columns = isNumbers ? panels.length : columnsOf(panels.length);
  const w = gridWidth / columns;
  return panels.map((panel, index) => {
    return { panel, x: (index % columns) * w, y: Math.floor(index / columns) * h, w, h };
  });
}

/** Lines without a gap at their end: four to each where that comes out, else three. */
function columnsOf(count: number): number {
  if (count <= 4) return count;
  return count % 4 === 0 ? 4 : 3;
}

function panelJson(panel: Panel, id: number, gridPos: Place): object {
  const { kind, title, good, queries, alerts = [] } = panel;
  return {
    id,
    type: kind === 'stat' ? 'stat' : 'timeseries',
    title,
    description: good.join(' '),
    gridPos,
    datasource,
    links: alerts.map(runbookLink),
    fieldConfig: { defaults: fieldDefaults(panel), overrides: queries.flatMap(colorOverride) },
    options: kind === 'stat' ? statOptions : linesOptions,
    targets: queries.map((query, index) => target(query, index, kind)),
  };
}

function runbookLink(alert: string): object {
  return { title: `Runbook of ${alert}`, url: runbookUrl(alert), targetBlank: true };
}

function target({ expr, legend }: Query, index: number, kind: Panel['kind']): object {
  const refId = String.fromCharCode('A'.charCodeAt(0) + index);
  const isNumber = kind === 'stat';
  const when = { instant: isNumber, range: !isNumber };
  return { refId, datasource, expr, legendFormat: legend, editorMode: 'code', ...when };
}

function fieldDefaults({ kind, unit, limits }: Panel): object {
  const thresholds = { mode: 'absolute', steps: stepsOf(limits) };
  if (kind === 'stat') {
    return { unit, thresholds, color: { mode: 'thresholds' }, noValue: 'no data', mappings: [] };
  }
  const isDrawn = limits !== undefined && limits !== mustBeZero;
  const custom = {
    drawStyle: 'line',
    lineWidth: 1,
    fillOpacity: kind === 'stacked' ? 40 : 0,
    showPoints: 'never',
    spanNulls: false,
    stacking: { mode: kind === 'stacked' ? 'normal' : 'none', group: 'A' },
    thresholdsStyle: { mode: isDrawn ? 'dashed' : 'off' },
  };
  return { unit, min: 0, custom, thresholds, color: { mode: 'shades', fixedColor: 'blue' } };
}

/** Green means within limits; a number without limits has the colour of text. */
function stepsOf(limits: Limits | undefined): readonly object[] {
  if (limits === undefined) return [{ color: 'text', value: null }];
  const { side, attention, trouble } = limits;
  const middle = attention === undefined ? [] : [attention];
  if (side === 'above') {
    const orange = middle.map((value) => ({ color: 'orange', value }));
    return [{ color: 'green', value: null }, ...orange, { color: 'red', value: trouble }];
  }
  const steps = [
    { color: 'red', value: null },
    { color: 'orange', value: trouble },
  ];
  return [...steps, ...middle.map((value) => ({ color: 'green', value }))];
}

function colorOverride({ legend, color }: Query): readonly object[] {
  if (color === undefined) return [];
  const value = { mode: 'fixed', fixedColor: color };
  const matcher = { id: 'byName', options: legend };
  return [{ matcher, properties: [{ id: 'color', value }] }];
}

const statOptions = {
  reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
  colorMode: 'value',
  graphMode: 'none',
  justifyMode: 'auto',
  orientation: 'auto',
  textMode: 'auto',
};

const linesOptions = {
  legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
  tooltip: { mode: 'multi', sort: 'desc' },
};
