// The latest value of each signal out of reports in order. Plain on purpose: see expected-state.ts.

import type { Telemetry } from '#shared/avro/types.generated.ts';

/** A value as one report gave it. */
export interface Seen<Value> {
  readonly eventTime: number;
  readonly isReissued: boolean;
  /** Offset of the report in its topic, place of the value in the report. */
  readonly place: readonly [number, number];
  readonly value: Value;
}

/**
 * Whoever comes later in this order has the say. At one event time a live report beats a reissued
 * one; of two live ones the later stands, of two reissued ones the earlier.
 */
export function inOrder<Value>(seen: readonly Seen<Value>[]): readonly Seen<Value>[] {
  return seen.toSorted((a, b) => {
    if (a.eventTime !== b.eventTime) return a.eventTime - b.eventTime;
    if (a.isReissued !== b.isReissued) return a.isReissued ? -1 : 1;
    const distance = a.place[0] - b.place[0] || a.place[1] - b.place[1];
    return a.isReissued ? -distance : distance;
  });
}

type Fields = Readonly<Record<string, unknown>>;

/** Each field's latest value and when it held; null where no report had the section. */
export function expectedSection<Signals>(
  reports: readonly Seen<Telemetry>[],
  sectionOf: (report: Telemetry) => object | null,
): Signals | null {
  const seen = reports.flatMap((report) => {
    const value = sectionOf(report.value);
    return value === null ? [] : [{ ...report, value: value as Fields }];
  });
  return seen.length === 0 ? null : (latestFields(seen) as Signals);
}

const entriesMax = 256;

/** The same for each entry of a list, by the fields that name an entry; the lowest names stay. */
export function expectedEntries<Entry>(
  reports: readonly Seen<Telemetry>[],
  entriesOf: (report: Telemetry) => readonly object[],
  names: readonly string[],
): readonly Entry[] {
  const seen = reports.flatMap((report) =>
    entriesOf(report.value).map((value, at): Seen<Fields> => {
      return { ...report, place: [report.place[0], at], value: value as Fields };
    }),
  );
  const nameOf = (value: Fields) => names.map((name) => Number(value[name] ?? -1));
  const groups = Map.groupBy(inOrder(seen), ({ value }) => nameOf(value).join('/'));
  return [...groups.values()]
    .map((group) => {
      const named = Object.fromEntries(names.map((name) => [name, group[0]?.value[name]]));
      return { ...latestFields(group), ...named };
    })
    .toSorted((a, b) => compare(nameOf(a), nameOf(b)))
    .slice(0, entriesMax) as readonly unknown[] as readonly Entry[];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, place) => number !== b[place]);
  return at < 0 ? 0 : (a[at] as number) - (b[at] as number);
}

function latestFields(seen: readonly Seen<Fields>[]): Fields {
  const names = new Set(seen.flatMap(({ value }) => Object.keys(value)));
  return Object.fromEntries([...names].map((name) => [name, latestOf(seen, name)]));
}

function latestOf(seen: readonly Seen<Fields>[], name: string): Fields | null {
  const latest = seen.findLast(({ value }) => isReported(value[name]));
  if (latest === undefined) return null;
  const { eventTime } = latest;
  const value = latest.value[name];
  return Array.isArray(value) ? { values: value, eventTime } : { value, eventTime };
}

/** A subsystem that is sent without its cells has an empty list of them. */
function isReported(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}
