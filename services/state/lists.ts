// Motors and packs: entries by their own numbers, ascending, each with the latest of its signals.

import type { MotorSignals, PackSignals, Telemetry } from '#shared/avro/types.generated.ts';
import { type Loudness, loud, louder, none } from './change.ts';
import type { Moment } from './moment.ts';
import { applySignals, type SignalTable, signalTables } from './signals.ts';
import type { Mutable, WorkingState } from './vehicle-state.ts';

/** Of each list. The lowest numbers stay, whichever came first; no vehicle has as many. */
export const entriesMax = 256;

export function applyMotors(
  held: WorkingState['motors'],
  motors: Telemetry['motors'],
  moment: Moment,
): Loudness {
  let loudness: Loudness = none;
  for (const motor of motors) {
    loudness = louder(loudness, applyEntry(held, motor, motorRules, moment));
  }
  return loudness;
}

export function applyPacks(
  held: WorkingState['packs'],
  packs: Telemetry['packs'],
  moment: Moment,
): Loudness {
  let loudness: Loudness = none;
  for (const pack of packs) {
    loudness = louder(loudness, applyEntry(held, pack, packRules, moment));
  }
  return loudness;
}

interface EntryRules<Key, Entry extends Key> {
  readonly table: SignalTable;
  /** Negative: `a` comes before `b`. */
  readonly compare: (a: Key, b: Key) => number;
  readonly create: (key: Key) => Entry;
}

type Motor = Mutable<MotorSignals>;
type MotorKey = Pick<MotorSignals, 'no'>;

const motorRules: EntryRules<MotorKey, Motor> = {
  table: signalTables.motors,
  compare: (a, b) => a.no - b.no,
  create: ({ no }) => ({ no, ...signalTables.motors.empty }) as Motor,
};

type Pack = Mutable<PackSignals>;
type PackKey = Pick<PackSignals, 'no' | 'firstCell'>;

const packRules: EntryRules<PackKey, Pack> = {
  table: signalTables.packs,
  compare: (a, b) => a.no - b.no || cellOf(a) - cellOf(b),
  create: ({ no, firstCell }) => ({ no, firstCell, ...signalTables.packs.empty }) as Pack,
};

/** A piece without cells comes before those with some. */
function cellOf({ firstCell }: PackKey): number {
  return firstCell ?? Number.MIN_SAFE_INTEGER;
}

function applyEntry<Key extends object, Entry extends Key>(
  held: Entry[],
  reported: Key,
  rules: EntryRules<Key, Entry>,
  moment: Moment,
): Loudness {
  let at = 0;
  while (at < held.length && rules.compare(held[at]!, reported) < 0) at += 1;
  let isNew = false;
  if (at === held.length || rules.compare(held[at]!, reported) !== 0) {
    if (at === entriesMax) return none;
    held.splice(at, 0, rules.create(reported));
    if (held.length > entriesMax) held.pop();
    isNew = true;
  }
  const loudness = applySignals(held[at]!, reported, { table: rules.table, moment });
  return isNew ? loud : loudness;
}
