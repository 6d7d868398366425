// A vehicle's own reporting period and how many of its reports are there. See expected-state.ts.

import type { VehicleState } from '#shared/avro/types.generated.ts';

type Completeness = Pick<VehicleState, 'recentReportsS' | 'reportPeriodS' | 'completenessRatio'>;

const recentMax = 64;

/** `eventTimes` of all reports, epoch ms, in any order. */
export function expectedCompleteness(
  eventTimes: readonly number[],
  sessionGapMs: number,
): Completeness {
  const seconds = new Set(eventTimes.map((at) => Math.floor(at / 1000)));
  const newestFirst = [...seconds].sort((a, b) => b - a).slice(0, recentMax);
  const distances = newestFirst.slice(1).map((second, at) => (newestFirst[at] as number) - second);
  const recentReportsS = [...newestFirst.slice(0, 1), ...distances];
  if (newestFirst.length < 3) {
    return { recentReportsS, reportPeriodS: null, completenessRatio: null };
  }
  const sorted = distances.toSorted((a, b) => a - b);
  const reportPeriodS = sorted[Math.floor((sorted.length - 1) / 2)] as number;
  const driven = distances.filter((distance) => distance * 1000 <= sessionGapMs);
  const expected = driven
    .map((distance) => Math.max(1, Math.round(distance / reportPeriodS)))
    .reduce((sum, count) => sum + count, 0);
  // Where every distance is a pause nothing was expected, so nothing is missing.
  const completenessRatio = expected === 0 ? 1 : Math.min(1, driven.length / expected);
  return { recentReportsS, reportPeriodS, completenessRatio };
}
