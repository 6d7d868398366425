// What state processors say of their work and their lag, added up over the replicas.

import type { Scrape } from './crew.ts';
import { sumOf, valuesOf } from './metric-text.ts';

export interface StateFigures {
  /** Records in all, also those of processors that are gone. */
  readonly appliedCount: number;
  /** Null while no processor has looked yet. */
  readonly lagRecords: number | null;
  /** Age of the oldest record that waits. */
  readonly lagSeconds: number;
  readonly onlineCount: number;
  /** Reports received by reports expected; null while none are expected. Range: 0..1. */
  readonly completenessRatio: number | null;
}

export class StateFiguresSum {
  readonly #appliedCounts = new Map<string, number>();

  /** The figures now; null when none could be asked. */
  add(scrapes: readonly Scrape[]): StateFigures | null {
    if (scrapes.length === 0) return null;
    const all = (name: string, labels?: string): readonly number[] =>
      scrapes.flatMap(({ metrics }) => valuesOf(metrics, name, labels));
    for (const { name, metrics } of scrapes) {
      const applied = sumOf(valuesOf(metrics, 'fleetwire_stream_records_applied_total'));
      this.#appliedCounts.set(name, applied);
    }
    const lags = all('fleetwire_stream_lag_records');
    const expected = sumOf(all('fleetwire_state_reports_expected'));
    const received = sumOf(all('fleetwire_state_reports_received'));
    return {
      appliedCount: sumOf([...this.#appliedCounts.values()]),
      lagRecords: lags.length > 0 ? sumOf(lags) : null,
      lagSeconds: Math.max(0, ...all('fleetwire_stream_lag_seconds')),
      onlineCount: sumOf(all('fleetwire_state_vehicles', 'presence="online"')),
      completenessRatio: expected > 0 ? received / expected : null,
    };
  }
}
