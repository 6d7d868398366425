// The truth: a car's values at one instant, in units and at the resolution that frames have. Held
// before anything is encoded; the check compares stored records with it.

import type {
  Extremes,
  Motor,
  Pack,
  Position,
  Telemetry,
  Vehicle,
} from '#shared/avro/types.generated.ts';
import { blankPosition } from '#shared/telemetry/blank-records.ts';
import { type AlarmCauses, alarmStateOf } from './alarms.ts';
import { type Battery, isFull, type PackReading } from './battery.ts';
import type { Car } from './car.ts';
import type { Drive } from './drive.ts';
import type { Random } from './random.ts';

/** The fields of a Telemetry that a report's items carry. */
export type Sample = Pick<
  Telemetry,
  | 'fieldStates'
  | 'position'
  | 'vehicle'
  | 'motors'
  | 'fuelCell'
  | 'engine'
  | 'extremes'
  | 'alarms'
  | 'packs'
  | 'custom'
>;

export interface CarState extends AlarmCauses {
  readonly car: Car;
  readonly drive: Drive;
  readonly battery: Battery;
  readonly readings: readonly PackReading[];
  /** Where it last had a fix, and whether that is now. */
  readonly fix: {
    readonly isLost: boolean;
    readonly longitudeDeg: number;
    readonly latitudeDeg: number;
  };
}

export function sampleOf(state: CarState, random: Random): Sample {
  const packs = packsOf(state);
  const { car } = state;
  return {
    fieldStates: fieldStatesOf(car),
    position: positionOf(state),
    vehicle: vehicleOf(state, packs, random),
    // A car that charges while parked need not send its motors.
    motors: state.drive.mode === 'charging' ? [] : motorsOf(state, random),
    fuelCell: null,
    engine: car.hasEngine ? engineOf(state) : null,
    extremes: extremesOf(packs),
    alarms: [alarmStateOf(state)],
    packs,
    custom: car.hasCustomItem ? [{ type: 0x80, bytes: random.bytes(6) }] : [],
  };
}

function fieldStatesOf({ isInsulationUnknown, brokenProbe }: Car): Sample['fieldStates'] {
  const states: { path: string; state: string; raw: number }[] = [];
  if (isInsulationUnknown) {
    states.push({ path: 'vehicle.insulationResistanceKohm', state: 'invalid', raw: 0xffff });
  }
  if (brokenProbe !== null) {
    const path = `packs[0].temperaturesC[${brokenProbe}]`;
    states.push({ path, state: 'abnormal', raw: 0xfe });
  }
  return states;
}

function positionOf({ fix }: CarState): Position {
  const longitudeDeg = round(fix.longitudeDeg, 1e6);
  const latitudeDeg = round(fix.latitudeDeg, 1e6);
  const statusRaw = (fix.isLost ? 1 : 0) + (latitudeDeg < 0 ? 2 : 0) + (longitudeDeg < 0 ? 4 : 0);
  return { ...blankPosition, hasFix: !fix.isLost, longitudeDeg, latitudeDeg, statusRaw };
}

const gearCodes = { D: 14, P: 15 } as const;

function vehicleOf(state: CarState, packs: readonly Pack[], random: Random): Vehicle {
  const { car, drive, battery } = state;
  const isDriving = drive.mode === 'driving';
  const gear = isDriving ? 'D' : 'P';
  const accelerator = isDriving ? acceleratorOf(drive) : 0;
  const brake = isDriving ? Math.max(0, Math.round((-drive.accelerationMs2 - 0.3) * 35)) : 0;
  return {
    status: isDriving ? 'started' : 'off',
    chargeStatus: chargeStatusOf(drive, battery),
    runMode: car.hasEngine ? 'hybrid' : 'electric',
    speedKmh: round(drive.speedMs * 3.6, 10),
    odometerKm: round(drive.odometerKm, 10),
    packVoltageV: round(meanOf(packs.map(({ voltageV }) => voltageV ?? 0)), 10),
    packCurrentA: round(battery.currentA, 10),
    socPercent: Math.round(battery.socPercent),
    dcdcStatus: drive.mode === 'parked' ? 'disconnected' : 'working',
    gear,
    hasDriveForce: accelerator > 0,
    hasBrakeForce: brake > 0,
    gearRaw: gearCodes[gear] + (accelerator > 0 ? 0x20 : 0) + (brake > 0 ? 0x10 : 0),
    insulationResistanceKohm: car.isInsulationUnknown ? null : random.integer(1800, 20_000),
    acceleratorPedalPercent: accelerator,
    brakePedalPercent: Math.min(100, brake),
    isGearValid: true,
  };
}

function acceleratorOf({ accelerationMs2, speedMs }: Drive): number {
  if (accelerationMs2 < -0.3) return 0;
  const hold = speedMs * 0.4;
  return Math.min(100, Math.max(0, Math.round(hold + accelerationMs2 * 32)));
}

function chargeStatusOf({ mode }: Drive, battery: Battery): string {
  if (mode !== 'charging') return 'not_charging';
  return isFull(battery) ? 'charge_complete' : 'parked_charging';
}

const wheelRadiusM = 0.33;
const gearRatio = 9;

function motorsOf({ car, drive, battery, readings }: CarState, random: Random): readonly Motor[] {
  const rpm = (drive.speedMs / (2 * Math.PI * wheelRadiusM)) * 60 * gearRatio;
  const voltageV = round(sum(readings[0]?.cellVoltagesMv ?? []) / 1000, 10);
  return car.motors.map(({ share }, at) => ({
    no: at + 1,
    status: motorStatusOf(drive),
    controllerTemperatureC: Math.round(38 + Math.abs(drive.powerKw) * 0.2 + random.between(-1, 1)),
    speedRpm: Math.round(rpm),
    torqueNm: round((drive.forceN * share * wheelRadiusM) / gearRatio, 10),
    temperatureC: Math.round(42 + Math.abs(drive.powerKw) * 0.3 + random.between(-1, 1)),
    controllerVoltageV: voltageV,
    controllerCurrentA: round(battery.currentA * share, 10),
  }));
}

function motorStatusOf({ mode, speedMs, forceN }: Drive): string {
  if (mode !== 'driving') return 'off';
  if (speedMs === 0) return 'ready';
  return forceN >= 0 ? 'consuming' : 'generating';
}

/** The range extender runs while the battery is low. */
function engineOf({ drive, battery }: CarState): Sample['engine'] {
  const isOn = drive.mode === 'driving' && battery.socPercent < 40;
  return {
    status: isOn ? 'on' : 'off',
    crankshaftSpeedRpm: isOn ? 1800 + Math.round(drive.speedMs * 20) : 0,
    fuelConsumptionLPer100Km: isOn ? 5.25 : 0,
  };
}

function packsOf({ car, battery, readings }: CarState): readonly Pack[] {
  return readings.map(({ cellVoltagesMv, temperaturesC }, at) => ({
    no: at + 1,
    voltageV: round(sum(cellVoltagesMv) / 1000, 10),
    currentA: round(battery.currentA / readings.length, 10),
    cellCount: cellVoltagesMv.length,
    firstCell: 1,
    cellVoltagesMv,
    temperaturesC: at === 0 ? withoutBroken(temperaturesC, car.brokenProbe) : temperaturesC,
  }));
}

function withoutBroken(temperatures: readonly number[], broken: number | null): (number | null)[] {
  return temperatures.map((value, at) => (at === broken ? null : value));
}

function extremesOf(packs: readonly Pack[]): Extremes {
  const cells = placesOf(packs, ({ cellVoltagesMv }) => cellVoltagesMv);
  const probes = placesOf(packs, ({ temperaturesC }) => temperaturesC);
  const [maxCell, minCell] = [highest(cells), lowest(cells)];
  const [maxProbe, minProbe] = [highest(probes), lowest(probes)];
  return {
    maxCellVoltageSubsystem: maxCell.pack,
    maxCellVoltageCell: maxCell.no,
    maxCellVoltageMv: maxCell.value,
    minCellVoltageSubsystem: minCell.pack,
    minCellVoltageCell: minCell.no,
    minCellVoltageMv: minCell.value,
    maxTemperatureSubsystem: maxProbe.pack,
    maxTemperatureProbe: maxProbe.no,
    maxTemperatureC: maxProbe.value,
    minTemperatureSubsystem: minProbe.pack,
    minTemperatureProbe: minProbe.no,
    minTemperatureC: minProbe.value,
  };
}

interface Place {
  readonly pack: number;
  /** From 1. */
  readonly no: number;
  readonly value: number;
}

function placesOf(
  packs: readonly Pack[],
  valuesOf: (pack: Pack) => readonly (number | null)[],
): readonly Place[] {
  return packs.flatMap((pack) =>
    valuesOf(pack).flatMap((value, at) =>
      value === null ? [] : [{ pack: pack.no, no: at + 1, value }],
    ),
  );
}

function highest(places: readonly Place[]): Place {
  return places.reduce((best, place) => (place.value > best.value ? place : best));
}

function lowest(places: readonly Place[]): Place {
  return places.reduce((best, place) => (place.value < best.value ? place : best));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function meanOf(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** To the resolution of the wire: 10 is a tenth. Never -0, which no integer on a wire can say. */
function round(value: number, perUnit: number): number {
  return Math.round(value * perUnit) / perUnit + 0;
}
