// A decoded record as people read it: a field a line, long lists shortened, bytes as hex digits.

import { inspect } from 'node:util';
import type { VehicleState } from '#shared/avro/types.generated.ts';
import type { Sampled } from './live-view.ts';

const titles: Readonly<Record<Sampled['kind'], string>> = {
  'telemetry.v1': 'A report, as vehicle.telemetry.v1 holds it (null: not reported)',
  'lifecycle.v1': 'A login, as vehicle.lifecycle.v1 holds it',
  'quarantine.v1': 'A refused frame, as vehicle.quarantine.v1 holds it',
};

/** The VIN may be shown: it belongs to no real car. */
export function showSample({ kind, value }: Sampled): readonly string[] {
  return [`${value.codec}: ${titles[kind]}:`, ...fieldLines(value)];
}

/** The head of it: a whole state is four times as long. */
export function showState(state: VehicleState): readonly string[] {
  const { vehicleId, presence, presenceReason, presenceSince, lastEventTime } = state;
  const { reportPeriodS, completenessRatio, lastFix } = state;
  const { speedKmh, odometerKm, socPercent } = state.vehicle ?? {};
  const head = { vehicleId, presence, presenceReason, presenceSince, lastEventTime };
  const rest = { reportPeriodS, completenessRatio, lastFix, speedKmh, odometerKm, socPercent };
  const title = 'The state of a vehicle, as vehicle.state.v1 holds it (some of its fields)';
  return [`${title}:`, ...fieldLines({ ...head, ...rest })];
}

function fieldLines(value: object): readonly string[] {
  const fields = Object.entries(value).flatMap(([name, inner]) => {
    const text = inspect(readable(inner), onOneLine);
    return wrap(`${name}: ${text}`);
  });
  return fields.map((line) => `  ${line}`);
}

const onOneLine = { depth: 5, maxArrayLength: 8, breakLength: Infinity, compact: true } as const;

const bytesShownMax = 40;

function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return hexOf(value);
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]));
}

function hexOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, bytesShownMax)).toString('hex');
  return bytes.length > bytesShownMax ? `${hex}… (${bytes.length} bytes)` : hex;
}

const lineLengthMax = 96;

/** Breaks a line behind commas. */
function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  for (const part of text.split(/(?<=, )/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length <= lineLengthMax) {
      lines[lines.length - 1] = last + part;
    } else {
      lines.push(last === undefined ? part : `    ${part}`);
    }
  }
  return lines.map((line) => line.trimEnd());
}
