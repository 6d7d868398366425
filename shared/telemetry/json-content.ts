// The content of a JSON report, brought to the fields of a Telemetry. Names are the same on both
// sides; a number out of the schema's range is marked, one that a whole field cannot hold is kept
// exactly among the signals.

import type {
  AlarmState,
  Engine,
  Extremes,
  FieldState,
  Motor,
  Pack,
  Position,
  Signal,
  Vehicle,
} from '../avro/types.generated.ts';
import type { Fields } from '../frame/json/envelope.ts';
import { fieldNames, fieldSchema, measuredRange } from '../frame/json/schema.ts';
import { blankPosition, blankVehicle } from './blank-records.ts';
import { withWgs84 } from './datum.ts';
import { fieldStatesMax } from './field-states.ts';

/** What the records of one report add beside themselves. */
export interface Additions {
  /** Up to one more than `fieldStatesMax`, which shows the excess. */
  readonly marks: FieldState[];
  readonly signals: Signal[];
}

export function toPosition(source: Fields, additions: Additions): Position {
  const blank = { ...blankPosition, hasFix: true };
  const position = fill(blank, source, { record: 'position', path: 'position' }, additions);
  return withWgs84(position);
}

export function toVehicle(source: Fields, additions: Additions): Vehicle {
  return fill(blankVehicle, source, { record: 'vehicle', path: 'vehicle' }, additions);
}

export function toEngine(source: Fields, additions: Additions): Engine {
  return fill(blankEngine, source, { record: 'engine', path: 'engine' }, additions);
}

export function toExtremes(source: Fields, additions: Additions): Extremes {
  return fill(blankExtremes, source, { record: 'extremes', path: 'extremes' }, additions);
}

export function toMotor(source: Fields, at: number, additions: Additions): Motor {
  return fill(blankMotor, source, { record: 'motor', path: `motors[${at}]` }, additions);
}

export function toPack(source: Fields, at: number, additions: Additions): Pack {
  return fill(blankPack, source, { record: 'pack', path: `packs[${at}]` }, additions);
}

/** Texts and a level: nothing here is measured. */
export function toAlarm(source: Fields): AlarmState {
  return { ...blankAlarm, ...source };
}

const blankEngine: Engine = {
  status: null,
  crankshaftSpeedRpm: null,
  fuelConsumptionLPer100Km: null,
};

const blankExtremes: Extremes = {
  maxCellVoltageSubsystem: null,
  maxCellVoltageCell: null,
  maxCellVoltageMv: null,
  minCellVoltageSubsystem: null,
  minCellVoltageCell: null,
  minCellVoltageMv: null,
  maxTemperatureSubsystem: null,
  maxTemperatureProbe: null,
  maxTemperatureC: null,
  minTemperatureSubsystem: null,
  minTemperatureProbe: null,
  minTemperatureC: null,
};

const blankMotor: Motor = {
  no: 0,
  status: null,
  controllerTemperatureC: null,
  speedRpm: null,
  torqueNm: null,
  temperatureC: null,
  controllerVoltageV: null,
  controllerCurrentA: null,
};

const blankPack: Pack = {
  no: 0,
  voltageV: null,
  currentA: null,
  cellCount: null,
  firstCell: null,
  cellVoltagesMv: [],
  temperaturesC: [],
};

const blankAlarm: AlarmState = {
  maxLevel: null,
  generalBits: [],
  generalRaw: 0,
  ressFaults: [],
  motorFaults: [],
  engineFaults: [],
  otherFaults: [],
  generalLevels: [],
};

/** Measured fields that a Telemetry holds as whole numbers. */
const wholeFields = new Set([
  ...['altitudeM', 'directionDeg', 'socPercent', 'insulationResistanceKohm'],
  ...['acceleratorPedalPercent', 'brakePedalPercent', 'controllerTemperatureC', 'speedRpm'],
  ...['temperatureC', 'crankshaftSpeedRpm', 'maxCellVoltageMv', 'minCellVoltageMv'],
  ...['maxTemperatureC', 'minTemperatureC', 'cellVoltagesMv', 'temperaturesC'],
]);

/** Of the schema's definitions, each with what it says of its fields. */
const tables = {
  position: tableOf('position'),
  vehicle: tableOf('vehicle'),
  engine: tableOf('engine'),
  extremes: tableOf('extremes'),
  motor: tableOf('motor'),
  pack: tableOf('pack'),
} as const;

interface Field {
  readonly name: string;
  /** Null for what is no number. */
  readonly range: Range | null;
  readonly isWhole: boolean;
}

type Range = NonNullable<ReturnType<typeof measuredRange>>;

function tableOf(record: string): ReadonlyMap<string, Field> {
  const fields = fieldNames(record).map((name): readonly [string, Field] => {
    const node = fieldSchema(record, name) ?? {};
    const items = node['items'] as typeof node | undefined;
    return [name, { name, range: measuredRange(items ?? node), isWhole: wholeFields.has(name) }];
  });
  return new Map(fields);
}

interface Target {
  readonly record: keyof typeof tables;
  readonly path: string;
}

function fill<T extends object>(
  blank: T,
  source: Fields,
  { record, path }: Target,
  additions: Additions,
): T {
  const table = tables[record];
  const filled = { ...blank } as Record<string, unknown>;
  for (const name of Object.keys(source)) {
    const value = source[name];
    // Not known is not reported.
    if (value === null) continue;
    const field = table.get(name) as Field;
    const place = { field, path, additions };
    if (Array.isArray(value)) filled[name] = list(value as readonly Number64[], place);
    else filled[name] = field.range === null ? value : measured(value as Number64, place);
  }
  return filled as T;
}

/** An integer beyond 2^53 - 1 comes as its digits. */
type Number64 = number | string;

interface Place {
  readonly field: Field;
  /** Of the record. */
  readonly path: string;
  readonly additions: Additions;
}

function measured(sent: Number64, { field, path, additions }: Place): number | null {
  const { name, range, isWhole } = field;
  const value = Number(sent);
  if (range !== null && isOutside(value, range)) mark(additions, `${path}.${name}`, value);
  if (!isWhole || (Number.isInteger(value) && fitsInt(value))) return value;
  const signalName = `${path}.${name}`;
  additions.signals.push(
    typeof sent === 'string' ? textSignal(signalName, sent) : numberSignal(signalName, sent),
  );
  return fitsInt(value) ? Math.round(value) : null;
}

/** The integers of an array; a run of equal ones out of range is one mark. */
function list(values: readonly (Number64 | null)[], { field, path, additions }: Place) {
  const { name, range } = field;
  const filled = values.map((sent) => {
    const value = sent === null ? null : Number(sent);
    return value === null || fitsInt(value) ? value : null;
  });
  if (range === null) return filled;
  for (let from = 0; from < values.length; ) {
    const sent = values[from] ?? null;
    let to = from + 1;
    while (to < values.length && values[to] === sent) to += 1;
    if (sent !== null && isOutside(Number(sent), range)) {
      const places = to - from === 1 ? `${from}` : `${from}..${to - 1}`;
      mark(additions, `${path}.${name}[${places}]`, Number(sent));
    }
    from = to;
  }
  return filled;
}

function isOutside(value: number, { minimum, maximum }: Range): boolean {
  return value < minimum || value > maximum;
}

/** What an Avro int holds. */
function fitsInt(value: number): boolean {
  return value >= -0x8000_0000 && value < 0x7fff_ffff;
}

/** The encoder refuses a long above, and writes one below as another: its sums are doubles. */
const longMax = Number.MAX_SAFE_INTEGER - 1;
const longMin = -(2 ** 52);

/** Whether a number can stand in a long as it is. */
export function fitsLong(value: number): boolean {
  return Number.isInteger(value) && value >= longMin && value <= longMax;
}

function mark({ marks }: Additions, path: string, value: number): void {
  if (marks.length > fieldStatesMax) return;
  const raw = Math.min(Math.max(Math.trunc(value), longMin), longMax);
  marks.push({ path, state: 'out_of_range', raw });
}

export function numberSignal(name: string, value: number, unit: string | null = null): Signal {
  return { name, value, text: null, flag: null, unit };
}

export function textSignal(name: string, text: string, unit: string | null = null): Signal {
  return { name, value: null, text, flag: null, unit };
}
