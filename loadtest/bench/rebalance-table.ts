// What `bench -- rebalance` prints: a table for people, one object for programs.

import type { Pauses } from './pauses.ts';
import { rounded } from './spread.ts';

export interface RebalanceResult {
  readonly vehicles: number;
  readonly steps: readonly MeasuredStep[];
}

export interface MeasuredStep extends Pauses {
  readonly name: string;
  /** Undefined: nothing is promised. */
  readonly limitMs: number | undefined;
}

export function rebalanceLines({ vehicles, steps }: RebalanceResult): readonly string[] {
  const line = (cells: readonly string[]): string => {
    const [name = '', ...rest] = cells;
    return `  ${name.padEnd(26)}${rest.map((cell) => cell.padEnd(12)).join('')}`.trimEnd();
  };
  return [
    `Node ${process.version}, ${vehicles} vehicles, a report each second, 12 partitions;`,
    'append of a report to append of the first state that it is in, longest of each vehicle, s:',
    line(['step', 'p50', 'p99', 'longest', 'limit']),
    ...steps.map((step) => {
      const pauses = [step.p50Ms, step.p99Ms, step.longestMs].map(seconds);
      return line([step.name, ...pauses, verdictOf(step)]);
    }),
  ];
}

function verdictOf({ longestMs, limitMs }: MeasuredStep): string {
  if (limitMs === undefined) return '';
  return `${longestMs < limitMs ? 'within' : 'beyond'} ${seconds(limitMs)}`;
}

function seconds(ms: number): string {
  return Number.isFinite(ms) ? (ms / 1000).toFixed(2) : 'never';
}

/** Seconds; null where a report never came to be in a state. */
export function rebalanceSummary({ vehicles, steps }: RebalanceResult): object {
  return {
    vehicles,
    steps: steps.map(({ name, p50Ms, p99Ms, longestMs, limitMs }) => ({
      name,
      p50S: secondsOrNull(p50Ms),
      p99S: secondsOrNull(p99Ms),
      longestS: secondsOrNull(longestMs),
      limitS: limitMs === undefined ? null : limitMs / 1000,
    })),
  };
}

function secondsOrNull(ms: number): number | null {
  return Number.isFinite(ms) ? rounded(ms / 1000, 3) : null;
}
