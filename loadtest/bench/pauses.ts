// How long vehicles stood still: from a report's append in Kafka to the append of the first record
// of state that it is in. Arithmetic only.

import { quantile } from './spread.ts';

export interface SeenReport {
  readonly vehicleId: string;
  /** Epoch ms; a later report of the vehicle has a later one. */
  readonly eventTime: number;
  /** Epoch ms of Kafka's append. */
  readonly appendedAt: number;
}

export interface SeenState {
  readonly vehicleId: string;
  readonly lastEventTime: number;
  readonly appendedAt: number;
}

/** How long one report waited. */
export interface Wait {
  readonly vehicleId: string;
  readonly fromAt: number;
  /** Infinity: no record of state has it. */
  readonly untilAt: number;
}

/** One wait for each report, in the order of the reports. */
export function waitsOf(reports: readonly SeenReport[], states: readonly SeenState[]): Wait[] {
  const byVehicle = Map.groupBy(states, ({ vehicleId }) => vehicleId);
  const ladders = new Map(
    [...byVehicle].map(([vehicleId, own]) => [vehicleId, ladderOf(own)] as const),
  );
  return reports.map(({ vehicleId, eventTime, appendedAt }) => {
    const first = firstFrom(ladders.get(vehicleId) ?? [], eventTime);
    const untilAt = first === undefined ? Number.POSITIVE_INFINITY : first.appendedAt;
    return { vehicleId, fromAt: appendedAt, untilAt };
  });
}

/** Only the states that were the first to have something new: both times ascend. */
function ladderOf(states: readonly SeenState[]): readonly SeenState[] {
  const ladder: SeenState[] = [];
  let known = Number.NEGATIVE_INFINITY;
  for (const state of states.toSorted((a, b) => a.appendedAt - b.appendedAt)) {
    if (state.lastEventTime <= known) continue;
    known = state.lastEventTime;
    ladder.push(state);
  }
  return ladder;
}

function firstFrom(ladder: readonly SeenState[], eventTime: number): SeenState | undefined {
  let [low, high] = [0, ladder.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ladder[middle]!.lastEventTime < eventTime) low = middle + 1;
    else high = middle;
  }
  return ladder[low];
}

export interface Window {
  readonly fromAt: number;
  readonly untilAt: number;
}

export interface Pauses {
  readonly vehicles: number;
  /** Over the vehicles, each with its longest wait; Infinity: a report is in no state. ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

/** Of waits that lie in the window at least in part. Throws when there is none. */
export function pausesIn(waits: readonly Wait[], { fromAt, untilAt }: Window): Pauses {
  const longest = new Map<string, number>();
  for (const wait of waits) {
    if (wait.untilAt < fromAt || wait.fromAt >= untilAt) continue;
    const ms = wait.untilAt - wait.fromAt;
    longest.set(wait.vehicleId, Math.max(ms, longest.get(wait.vehicleId) ?? 0));
  }
  const sorted = [...longest.values()].sort((a, b) => a - b);
  return {
    vehicles: sorted.length,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    longestMs: quantile(sorted, 1),
  };
}
