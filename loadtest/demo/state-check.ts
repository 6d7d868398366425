// The check of the states: every vehicle that reported has one, and it is as late as its reports.

import type { VehicleState } from '#shared/avro/types.generated.ts';
import { FindingList, type Findings } from '../ledger/findings.ts';
import { number } from '../ledger/reconciliation.ts';
import type { LatestEventTimes } from './expected-states.ts';

export interface StateFindings {
  /** That sent a report. */
  readonly vehicleCount: number;
  readonly missing: Findings;
  readonly differing: Findings;
  readonly isGood: boolean;
}

export function checkStates(
  expected: LatestEventTimes,
  states: ReadonlyMap<string, VehicleState>,
): StateFindings {
  const missing = new FindingList();
  const differing = new FindingList();
  for (const [vehicleId, latestAt] of expected) {
    const state = states.get(vehicleId);
    if (state === undefined) missing.add(vehicleId);
    else if (state.lastEventTime !== latestAt) {
      differing.add(
        `${vehicleId}: ${timeOf(latestAt)} wanted, found ${timeOf(state.lastEventTime)}`,
      );
    }
  }
  return {
    vehicleCount: expected.size,
    missing,
    differing,
    isGood: missing.count === 0 && differing.count === 0,
  };
}

function timeOf(time: number | null): string {
  return time === null ? 'none' : new Date(time).toISOString();
}

/** At the end, when nothing waits to be applied any more; else `isGood` is false. */
export interface StateOutcome extends StateFindings {
  /** Records that still wait; null: no processor could be asked. */
  readonly lagRecords: number | null;
  /** Of the fleet, as the processors say; null: they do not. Range: 0..1. */
  readonly completenessRatio: number | null;
}

/** Lines like those of the reconciliation. */
export function renderStates(found: StateOutcome): readonly string[] {
  const { vehicleCount, missing, differing, lagRecords, completenessRatio } = found;
  const equalCount = vehicleCount - missing.count - differing.count;
  const ratio = textOf(completenessRatio, (value) => value.toFixed(3));
  return [
    row(
      'as they must be',
      number(equalCount),
      'as late as the latest report that the vehicle sent',
    ),
    row('missing', number(missing.count), 'reported, but not in vehicle.state.v1'),
    row('differing', number(differing.count), 'not as late as the latest report'),
    row('records waiting', textOf(lagRecords, number), 'not yet applied to any state'),
    row('completeness', ratio, 'reports by those that the own periods of vehicles make expected'),
    ...missing.examples.map((example) => `    missing: ${example}`),
    ...differing.examples.map((example) => `    differing: ${example}`),
  ];
}

function row(name: string, value: string, note: string): string {
  return `  ${name.padEnd(15)}  ${value.padStart(7)}  ${note}`;
}

function textOf(value: number | null, write: (value: number) => string): string {
  return value === null ? 'unknown' : write(value);
}
