// Metrics as plain numbers: hot paths add to a cell, a scrape copies the cells into prom-client.
// A labelled prom-client counter costs 300 to 400 ns per call, a number field 1 ns.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import packageJson from '../../package.json' with { type: 'json' };

export type MetricsRegistry = Registry;

/** The whole hot path: `cell.value += 1`. */
export interface Cell {
  value: number;
}

/** Label → every value it can have. Closed: no vehicle, no topic of a vehicle, no free text. */
export type LabelSets = Readonly<Record<string, readonly string[]>>;

export type LabelsOf<Sets extends LabelSets> = {
  readonly [Label in keyof Sets]: Sets[Label][number];
};

export interface MetricSpec<Sets extends LabelSets> {
  readonly name: string;
  readonly help: string;
  readonly labels: Sets;
}

export interface Cells<Sets extends LabelSets> {
  /** The same cell for the same labels: fetch it outside the hot path. Throws for a stranger. */
  cell(labels: LabelsOf<Sets>): Cell;
}

/** Process, garbage collection, event loop and `fleetwire_build_info` are in it from the start. */
export function createRegistry(service: string): MetricsRegistry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerEventLoop(registry);
  registerBuildInfo(registry, service);
  return registry;
}

/** Counters that somebody adds to. All series exist at once, so that a rate sees the first step. */
export function counterCells<const Sets extends LabelSets>(
  registry: MetricsRegistry,
  spec: MetricSpec<Sets>,
): Cells<Sets> {
  const cells = new Map<string, Cell>();
  const keyOf = (labels: LabelsOf<Sets>) => seriesKey(spec.labels, labels);
  for (const labels of seriesOf(spec)) cells.set(keyOf(labels), { value: 0 });
  const cell = (labels: LabelsOf<Sets>): Cell => {
    const found = cells.get(keyOf(labels));
    if (found === undefined) {
      throw new RangeError(`${spec.name} has no series ${JSON.stringify(labels)}`);
    }
    return found;
  };
  counterFrom(registry, spec, (labels) => cell(labels).value);
  return { cell };
}

/** A counter whose total another part keeps; `read` is called for every series at a scrape. */
export function counterFrom<const Sets extends LabelSets>(
  registry: MetricsRegistry,
  spec: MetricSpec<Sets>,
  read: (labels: LabelsOf<Sets>) => number,
): void {
  if (!spec.name.endsWith('_total')) throw new RangeError(`counter ${spec.name} lacks _total`);
  const series = seriesOf(spec);
  new Counter({
    ...promOptions(registry, spec),
    collect() {
      this.reset();
      for (const labels of series) this.inc(labels, read(labels));
    },
  });
}

/** A gauge whose value another part keeps; `read` is called for every series at a scrape. */
export function gaugeFrom<const Sets extends LabelSets>(
  registry: MetricsRegistry,
  spec: MetricSpec<Sets>,
  read: (labels: LabelsOf<Sets>) => number,
): void {
  if (spec.name.endsWith('_total')) throw new RangeError(`gauge ${spec.name} is named a counter`);
  const series = seriesOf(spec);
  new Gauge({
    ...promOptions(registry, spec),
    collect() {
      for (const labels of series) this.set(labels, read(labels));
    },
  });
}

export interface Observer {
  /** Costs about a microsecond: once per batch (its oldest record), never per frame. */
  observe(value: number): void;
}

/** `buckets` are upper bounds in the metric's base unit. */
export function histogram<const Sets extends LabelSets>(
  registry: MetricsRegistry,
  spec: MetricSpec<Sets> & { readonly buckets: readonly number[] },
): { observer(labels: LabelsOf<Sets>): Observer } {
  const buckets = [...spec.buckets];
  const metric = new Histogram({ ...promOptions(registry, spec), buckets });
  for (const labels of seriesOf(spec)) metric.zero(labels);
  return {
    observer: (labels) => ({ observe: (value) => metric.observe(labels, value) }),
  };
}

/** Seconds: from a batch's own age to an outage that empties a broker's queue. */
export const ageBuckets: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 900, 3600,
];

/** A scrape blocks the loop for microseconds per series; a pod's total should stay near 200. */
const seriesMax = 200;

function seriesOf<Sets extends LabelSets>(spec: MetricSpec<Sets>): readonly LabelsOf<Sets>[] {
  let series: Record<string, string>[] = [{}];
  for (const [label, values] of Object.entries(spec.labels)) {
    series = series.flatMap((labels) => values.map((value) => ({ ...labels, [label]: value })));
  }
  if (series.length > seriesMax) {
    throw new RangeError(
      `${spec.name} has ${series.length} series, at most ${seriesMax} are meant`,
    );
  }
  return series as LabelsOf<Sets>[];
}

function seriesKey<Sets extends LabelSets>(sets: Sets, labels: LabelsOf<Sets>): string {
  return Object.keys(sets)
    .map((label) => labels[label])
    .join('\n');
}

function promOptions(registry: MetricsRegistry, spec: MetricSpec<LabelSets>) {
  const { name, help } = spec;
  return { name, help, labelNames: Object.keys(spec.labels), registers: [registry] };
}

/**
 * A counter instead of a share: its rate is the loop's utilisation for any number of scrapers and
 * any window, where a share since the last scrape would depend on who else asks.
 */
function registerEventLoop(registry: MetricsRegistry): void {
  counterFrom(
    registry,
    {
      name: 'fleetwire_event_loop_active_seconds_total',
      help: 'Time in which the event loop was busy; its rate is the utilisation, 0 to 1.',
      labels: {},
    },
    () => performance.eventLoopUtilization().active / 1000,
  );
}

function registerBuildInfo(registry: MetricsRegistry, service: string): void {
  gaugeFrom(
    registry,
    {
      name: 'fleetwire_build_info',
      help: 'Always 1; the labels say what runs.',
      labels: { service: [service], version: [packageJson.version], node: [process.version] },
    },
    () => 1,
  );
}
