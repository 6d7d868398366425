// The latest value of each signal, with its own event time. Which signals there are is read from
// the two schemas: one that is added to both needs no code.

import { ownSchemas } from '#shared/avro/schemas.ts';
import type { Telemetry } from '#shared/avro/types.generated.ts';
import { type Loudness, loud, louder, none, quiet } from './change.ts';
import type { Moment } from './moment.ts';

/** What a section of VehicleState holds of the section of the same name in Telemetry. */
export interface SignalTable {
  /** Names of signals that are one value. */
  readonly scalars: readonly string[];
  /** Names of signals that are lists, replaced whole. */
  readonly lists: readonly string[];
  /** A section of which nothing was reported yet: all of its signals null. */
  readonly empty: Readonly<Record<string, null>>;
}

export const sectionNames = ['vehicle', 'fuelCell', 'engine', 'extremes'] as const;
export const listNames = ['motors', 'packs'] as const;

export const signalTables: Readonly<
  Record<(typeof sectionNames)[number] | (typeof listNames)[number], SignalTable>
> = {
  vehicle: tableOf('vehicle'),
  fuelCell: tableOf('fuelCell'),
  engine: tableOf('engine'),
  extremes: tableOf('extremes'),
  motors: tableOf('motors'),
  packs: tableOf('packs'),
};

/** What the gear byte of GB/T 32960 says. */
const gearByte: readonly string[] = ['hasDriveForce', 'hasBrakeForce', 'gearRaw', 'isGearValid'];

const vehicleWithoutGear: SignalTable = {
  ...signalTables.vehicle,
  scalars: signalTables.vehicle.scalars.filter((name) => !gearByte.includes(name)),
};

/**
 * Flags and whole numbers of a Telemetry cannot be null: where nothing is said of the gear, as by
 * JT/T 808, those of the gear byte say nothing either.
 */
export function vehicleTableOf({ gear, gearRaw }: NonNullable<Telemetry['vehicle']>): SignalTable {
  return gear === null && gearRaw === 0 ? vehicleWithoutGear : signalTables.vehicle;
}

/**
 * `held`: a section of VehicleState, changed in place; `report`: the one of Telemetry. Both are
 * reached by name, since the names come from the schemas. Null and an empty list say nothing.
 */
export function applySignals(
  held: object,
  report: object,
  { table, moment }: { readonly table: SignalTable; readonly moment: Moment },
): Loudness {
  const signals = held as Record<string, Signal | null>;
  const values = report as Record<string, Scalar | List | null>;
  const loudness = applyScalars(signals, values, table.scalars, moment);
  if (table.lists.length === 0) return loudness;
  return louder(loudness, applyLists(signals, values, table.lists, moment));
}

type Scalar = string | number | boolean;
type List = (number | null)[];
type Signal = ScalarAt | ListAt;

interface ScalarAt {
  value: Scalar;
  eventTime: number;
}

interface ListAt {
  values: List;
  eventTime: number;
}

// Four plain arguments, here and below: these run for each section of each report.
function applyScalars(
  signals: Record<string, Signal | null>,
  values: Record<string, Scalar | List | null>,
  names: readonly string[],
  moment: Moment,
): Loudness {
  let loudness: Loudness = none;
  for (const name of names) {
    const value = values[name] as Scalar | null;
    if (value === null) continue;
    const signal = signals[name] as ScalarAt | null;
    if (signal === null) {
      signals[name] = { value, eventTime: moment.eventTime };
      loudness = loud;
      continue;
    }
    if (signal.eventTime >= moment.replacesBelow) continue;
    if (!Object.is(signal.value, value)) {
      signal.value = value;
      loudness = loud;
    } else if (signal.eventTime !== moment.eventTime) loudness = louder(loudness, quiet);
    signal.eventTime = moment.eventTime;
  }
  return loudness;
}

function applyLists(
  signals: Record<string, Signal | null>,
  values: Record<string, Scalar | List | null>,
  names: readonly string[],
  moment: Moment,
): Loudness {
  let loudness: Loudness = none;
  for (const name of names) {
    const list = values[name] as List;
    if (list.length === 0) continue;
    const signal = signals[name] as ListAt | null;
    if (signal === null) {
      signals[name] = { values: list, eventTime: moment.eventTime };
      loudness = loud;
      continue;
    }
    if (signal.eventTime >= moment.replacesBelow) continue;
    if (!isSameList(signal.values, list)) {
      signal.values = list;
      loudness = loud;
    } else if (signal.eventTime !== moment.eventTime) loudness = louder(loudness, quiet);
    signal.eventTime = moment.eventTime;
  }
  return loudness;
}

export function isSameList<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

/** What is used of a compiled schema. */
interface CompiledType {
  readonly fields?: readonly { readonly name: string; readonly type: CompiledType }[];
  /** Of a union. */
  readonly types?: readonly CompiledType[];
  /** Of an array. */
  readonly itemsType?: CompiledType;
}

function tableOf(section: string): SignalTable {
  const held = fieldTypes('state.v1', section);
  const reported = fieldTypes('telemetry.v1', section);
  const signalsWith = (field: string): string[] =>
    [...held].filter(([, type]) => hasField(type, field)).map(([name]) => name);
  const [scalars, lists] = [signalsWith('value'), signalsWith('values')];
  const strange = [...scalars, ...lists].filter((name) => !reported.has(name));
  if (strange.length > 0) throw new Error(`Telemetry.${section} lacks ${strange.join(', ')}`);
  const isSignal = (name: string) => scalars.includes(name) || lists.includes(name);
  const names = [...held.keys()].filter(isSignal);
  return { scalars, lists, empty: Object.fromEntries(names.map((name) => [name, null])) };
}

/** Name → type of the fields of a section, which is a nullable record or a list of records. */
function fieldTypes(schema: 'state.v1' | 'telemetry.v1', section: string) {
  const root = ownSchemas[schema].type as unknown as CompiledType;
  const type = root.fields!.find(({ name }) => name === section)!.type;
  return new Map(recordOf(type).fields!.map((field) => [field.name, field.type]));
}

function hasField(type: CompiledType, name: string): boolean {
  return recordOf(type).fields?.some((field) => field.name === name) ?? false;
}

/** Without null around it, or the list. */
function recordOf(type: CompiledType): CompiledType {
  return type.itemsType ?? type.types?.[1] ?? type;
}
