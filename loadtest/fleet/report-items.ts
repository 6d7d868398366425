// From the truth to raw integers: the items of a report. Scales and offsets stand here once more on
// purpose, so that a fault in the decoder's table cannot hide by being used on both sides.

import type { AlarmState, Motor, Pack, Vehicle } from '#shared/avro/types.generated.ts';
import type { ItemInput } from '#shared/frame/gb32960/encode-frame.ts';
import type { ItemName } from './car.ts';
import type { Sample } from './sample.ts';

export function itemsOf(sample: Sample, order: readonly ItemName[]): readonly ItemInput[] {
  return order.flatMap((name) => builders[name](sample));
}

const builders: Readonly<Record<ItemName, (sample: Sample) => readonly ItemInput[]>> = {
  vehicle: ({ vehicle }) => (vehicle === null ? [] : [vehicleItem(vehicle)]),
  motors: ({ motors }) => (motors.length === 0 ? [] : [motorsItem(motors)]),
  engine: engineItem,
  position: positionItem,
  extremes: extremesItem,
  alarm: ({ alarms }) => alarms.map(alarmItem),
  voltages: voltagesItem,
  temperatures: temperaturesItem,
  custom: ({ custom }) => custom.map(({ type, bytes }) => ({ kind: 'custom', type, data: bytes })),
};

// Sentinels: 0xFE.. is abnormal, 0xFF.. is invalid.
const probeAbnormal = 0xfe;
const wordInvalid = 0xffff;

const ampere = (value: number): number => Math.round(value * 10) + 10_000;
const tenth = (value: number): number => Math.round(value * 10);
const celsius = (value: number): number => value + 40;

type ItemOf<K extends ItemInput['kind']> = Extract<ItemInput, { readonly kind: K }>;

export function vehicleItem(vehicle: Vehicle): ItemOf<'vehicle'> {
  const { insulationResistanceKohm: insulation } = vehicle;
  return {
    kind: 'vehicle',
    vehicleStatus: code(vehicle.status, ['started', 'off', 'other']),
    chargeStatus: code(vehicle.chargeStatus, chargeStates),
    runMode: code(vehicle.runMode, ['electric', 'hybrid', 'fuel']),
    speed: tenth(known(vehicle.speedKmh)),
    mileage: tenth(known(vehicle.odometerKm)),
    totalVoltage: tenth(known(vehicle.packVoltageV)),
    totalCurrent: ampere(known(vehicle.packCurrentA)),
    soc: known(vehicle.socPercent),
    dcdcStatus: code(vehicle.dcdcStatus, ['working', 'disconnected']),
    gear: vehicle.gearRaw,
    insulationResistance: insulation ?? wordInvalid,
    acceleratorPedal: known(vehicle.acceleratorPedalPercent),
    brakePedal: known(vehicle.brakePedalPercent),
  };
}

const chargeStates = ['parked_charging', 'driving_charging', 'not_charging', 'charge_complete'];

export function motorsItem(motors: readonly Motor[]): ItemOf<'motors'> {
  const raws = motors.map((motor) => ({
    no: motor.no,
    status: code(motor.status, ['consuming', 'generating', 'off', 'ready']),
    controllerTemp: celsius(known(motor.controllerTemperatureC)),
    speed: known(motor.speedRpm) + 20_000,
    torque: tenth(known(motor.torqueNm)) + 20_000,
    motorTemp: celsius(known(motor.temperatureC)),
    controllerInputVoltage: tenth(known(motor.controllerVoltageV)),
    controllerDcBusCurrent: ampere(known(motor.controllerCurrentA)),
  }));
  return { kind: 'motors', count: raws.length, motors: raws };
}

function engineItem({ engine }: Sample): readonly ItemInput[] {
  if (engine === null) return [];
  return [
    {
      kind: 'engine',
      status: code(engine.status, ['on', 'off']),
      crankshaftSpeed: known(engine.crankshaftSpeedRpm),
      fuelConsumption: Math.round(known(engine.fuelConsumptionLPer100Km) * 100),
    },
  ];
}

function positionItem({ position }: Sample): readonly ItemInput[] {
  if (position === null) return [];
  return [
    {
      kind: 'position',
      status: position.statusRaw,
      longitude: Math.round(Math.abs(known(position.longitudeDeg)) * 1e6),
      latitude: Math.round(Math.abs(known(position.latitudeDeg)) * 1e6),
    },
  ];
}

function extremesItem({ extremes }: Sample): readonly ItemInput[] {
  if (extremes === null) return [];
  return [
    {
      kind: 'extremes',
      maxCellVoltageSubsystem: known(extremes.maxCellVoltageSubsystem),
      maxCellVoltageCell: known(extremes.maxCellVoltageCell),
      maxCellVoltage: known(extremes.maxCellVoltageMv),
      minCellVoltageSubsystem: known(extremes.minCellVoltageSubsystem),
      minCellVoltageCell: known(extremes.minCellVoltageCell),
      minCellVoltage: known(extremes.minCellVoltageMv),
      maxTempSubsystem: known(extremes.maxTemperatureSubsystem),
      maxTempProbe: known(extremes.maxTemperatureProbe),
      maxTemp: celsius(known(extremes.maxTemperatureC)),
      minTempSubsystem: known(extremes.minTemperatureSubsystem),
      minTempProbe: known(extremes.minTemperatureProbe),
      minTemp: celsius(known(extremes.minTemperatureC)),
    },
  ];
}

export function alarmItem(alarm: AlarmState): ItemOf<'alarm'> {
  const { ressFaults, motorFaults, engineFaults, otherFaults } = alarm;
  return {
    kind: 'alarm',
    maxLevel: known(alarm.maxLevel),
    generalFlags: alarm.generalRaw,
    ressFaultCount: ressFaults.length,
    ressFaults: ressFaults.map(fromHex),
    motorFaultCount: motorFaults.length,
    motorFaults: motorFaults.map(fromHex),
    engineFaultCount: engineFaults.length,
    engineFaults: engineFaults.map(fromHex),
    otherFaultCount: otherFaults.length,
    otherFaults: otherFaults.map(fromHex),
  };
}

function voltagesItem({ packs }: Sample): readonly ItemInput[] {
  if (packs.length === 0) return [];
  const subsystems = packs.map((pack: Pack) => ({
    no: pack.no,
    voltage: tenth(known(pack.voltageV)),
    current: ampere(known(pack.currentA)),
    cellTotal: known(pack.cellCount),
    frameStartCell: known(pack.firstCell),
    frameCellCount: pack.cellVoltagesMv.length,
    cellVoltages: pack.cellVoltagesMv.map(known),
  }));
  return [{ kind: 'voltages', subsystemCount: packs.length, subsystems }];
}

function temperaturesItem({ packs }: Sample): readonly ItemInput[] {
  if (packs.length === 0) return [];
  const subsystems = packs.map(({ no, temperaturesC }) => ({
    no,
    probeCount: temperaturesC.length,
    temps: temperaturesC.map((value) => (value === null ? probeAbnormal : celsius(value))),
  }));
  return [{ kind: 'temperatures', subsystemCount: packs.length, subsystems }];
}

/** Codes of the enumerations count from 1. */
function code(name: string | null, names: readonly string[]): number {
  const at = name === null ? -1 : names.indexOf(name);
  if (at === -1) throw new RangeError(`one of ${names.join(', ')} wanted, found ${name}`);
  return at + 1;
}

function known(value: number | null): number {
  if (value === null) throw new RangeError('a value wanted, found null');
  return value;
}

function fromHex(text: string): number {
  return Number.parseInt(text, 16);
}
