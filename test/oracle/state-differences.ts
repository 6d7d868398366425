// Where a state is another than the oracle's, field by field, with the story behind it.

import type { VehicleState } from '#shared/avro/types.generated.ts';
import type { StreamRecord } from '#shared/stream/processor.ts';
import type { ExpectedState } from './expected-state.ts';

/** One line a field: path, wanted and found. Empty: equal. */
export function stateDifferences(
  { appliedOffsets, ...expected }: ExpectedState,
  found: VehicleState | undefined,
): readonly string[] {
  if (found === undefined) return ['the whole state: wanted one, found none'];
  const { provenance, ...state } = found;
  const lines: string[] = [];
  compare(lines, 'state', { wanted: expected, found: state });
  compare(lines, 'appliedOffsets', { wanted: appliedOffsets, found: provenance.appliedOffsets });
  return lines;
}

/** The vehicle's last records, the latest received last. */
export function storyLines(records: readonly StreamRecord[], count = 8): readonly string[] {
  return records
    .toSorted((a, b) => a.value.receivedTime - b.value.receivedTime)
    .slice(-count)
    .map(({ topic, partition, offset, ...record }) => {
      const { receivedTime, eventTime, clockState } = record.value;
      const what = record.kind === 'telemetry.v1' ? 'report' : record.value.event;
      const times = `received ${receivedTime}, event ${eventTime} ${clockState}`;
      return `  ${topic}/${partition} offset ${offset}: ${what}, ${times}`;
    });
}

interface Pair {
  readonly wanted: unknown;
  readonly found: unknown;
}

function compare(lines: string[], path: string, { wanted, found }: Pair): void {
  if (Object.is(wanted, found)) return;
  if (isObject(wanted) && isObject(found)) {
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
      compare(lines, `${path}.${name}`, { wanted: wanted[name], found: found[name] });
    }
    return;
  }
  lines.push(`${path}: wanted ${shown(wanted)}, found ${shown(found)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 120) ?? 'nothing';
}
