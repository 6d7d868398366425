// How many of its reports came: a vehicle's latest event times against its own period. A set of
// seconds of which the largest stay: no order and no duplicate changes it.

import { type Loudness, none, quiet } from './change.ts';
import type { WorkingState } from './vehicle-state.ts';

/** Reports that are remembered: ten minutes of a car that reports each 10 s. */
export const reportsMax = 64;

export interface ReportCounts {
  /** Null with fewer than 3 reports; then nothing is expected. */
  readonly periodS: number | null;
  /** By the vehicle's own period, pauses left out. */
  readonly expected: number;
  readonly received: number;
}

/** `gapMs`: a longer distance is a pause, not a loss. */
export function applyReport(state: WorkingState, eventTime: number, gapMs: number): Loudness {
  if (!insertSecond(state.recentReportsS, Math.floor(eventTime / 1000))) return none;
  const { periodS, expected, received } = countReports(state, gapMs);
  state.reportPeriodS = periodS;
  state.completenessRatio = periodS === null ? null : ratioOf(expected, received);
  return quiet;
}

export function countReports(
  { recentReportsS, reportPeriodS }: Pick<WorkingState, 'recentReportsS' | 'reportPeriodS'>,
  gapMs: number,
): ReportCounts {
  if (recentReportsS.length < 3) return noCounts;
  const periodS = isMedian(recentReportsS, reportPeriodS)
    ? reportPeriodS
    : medianOf(recentReportsS);
  let expected = 0;
  let received = 0;
  for (let at = 1; at < recentReportsS.length; at += 1) {
    const distanceS = recentReportsS[at]!;
    if (distanceS * 1000 > gapMs) continue;
    expected += Math.max(1, Math.round(distanceS / periodS));
    received += 1;
  }
  return { periodS, expected, received };
}

/** Where every distance is a pause nothing was expected, so nothing is missing. */
function ratioOf(expected: number, received: number): number {
  return expected === 0 ? 1 : received / expected;
}

const noCounts: ReportCounts = { periodS: null, expected: 0, received: 0 };

/** `list`: the newest second, then distances. False: it is there already, or too old. */
function insertSecond(list: number[], second: number): boolean {
  if (list.length === 0) return list.push(second) > 0;
  let newer = list[0]!;
  if (second === newer) return false;
  if (second > newer) {
    list[0] = second - newer;
    list.unshift(second);
    if (list.length > reportsMax) list.pop();
    return true;
  }
  for (let at = 1; at < list.length; at += 1) {
    const older = newer - list[at]!;
    if (second === older) return false;
    if (second > older) {
      list.splice(at, 1, newer - second, second - older);
      if (list.length > reportsMax) list.pop();
      return true;
    }
    newer = older;
  }
  return list.length < reportsMax && list.push(newer - second) > 0;
}

/** The period hardly ever changes: to look whether it is the one still is cheaper than to sort. */
function isMedian(list: readonly number[], periodS: number | null): periodS is number {
  if (periodS === null) return false;
  let below = 0;
  let upTo = 0;
  for (let at = 1; at < list.length; at += 1) {
    if (list[at]! < periodS) below += 1;
    if (list[at]! <= periodS) upTo += 1;
  }
  const middle = (list.length - 2) >> 1;
  return below <= middle && middle < upTo;
}

/** The lower one of two: a loss makes distances longer, never shorter. */
function medianOf(list: readonly number[]): number {
  const distances = list.slice(1).sort((a, b) => a - b);
  return Math.min(distances[(distances.length - 1) >> 1]!, intMax);
}

/** Of an Avro int: 68 years. */
const intMax = 2 ** 31 - 1;
