// The same truth in the items of GB/T 32960.3-2025: what that edition does not carry is left out of
// the sample first. Scales and offsets stand here once more on purpose, as in report-items.ts.

import type { AlarmState, Pack } from '#shared/avro/types.generated.ts';
import type { ItemInput } from '#shared/frame/gb32960/encode-frame.ts';
import { toWgs84 } from '#shared/telemetry/datum.ts';
import { type AlarmName, alarmBits } from './alarms.ts';
import type { Car, ItemName } from './car.ts';
import { alarmItem, itemsOf, motorsItem, vehicleItem } from './report-items.ts';
import type { Sample } from './sample.ts';

/** Without pedals, extremes and the motors' electric side; with a datum and levels of alarms. */
export function as2025(sample: Sample, car: Car): Sample {
  const { vehicle, motors, engine, position, alarms, packs } = sample;
  const noPedals = { acceleratorPedalPercent: null, brakePedalPercent: null };
  const noVolts = { controllerVoltageV: null, controllerCurrentA: null };
  return {
    ...sample,
    vehicle: vehicle && { ...vehicle, ...noPedals },
    motors: motors.map((motor) => ({ ...motor, ...noVolts })),
    engine: engine && { ...engine, status: null, fuelConsumptionLPer100Km: null },
    position: position && withDatum(position, car),
    extremes: null,
    alarms: alarms.map(withLevels),
    packs: packs.map((pack) => ({ ...pack, firstCell: null })),
  };
}

function withDatum(position: NonNullable<Sample['position']>, { hasShiftedMap }: Car) {
  const { longitudeDeg, latitudeDeg } = position;
  if (!hasShiftedMap) return { ...position, datum: 'wgs84' };
  const wgs84 = toWgs84(known(longitudeDeg), known(latitudeDeg));
  return {
    ...position,
    datum: 'gcj02',
    wgs84LongitudeDeg: wgs84.longitudeDeg,
    wgs84LatitudeDeg: wgs84.latitudeDeg,
  };
}

/** Each alarm with the highest level: this terminal knows no other. */
function withLevels(alarm: AlarmState): AlarmState {
  const generalLevels = alarm.generalBits.map((name) => {
    return { bit: alarmBits[name as AlarmName], name, level: known(alarm.maxLevel) };
  });
  return { ...alarm, generalLevels };
}

export function itemsOf2025(sample: Sample, order: readonly ItemName[]): readonly ItemInput[] {
  return order.flatMap((name) => builders[name](sample));
}

const builders: Readonly<Record<ItemName, (sample: Sample) => readonly ItemInput[]>> = {
  vehicle: vehicleItem2025,
  motors: motorsItem2025,
  engine: ({ engine }) =>
    engine === null
      ? []
      : [{ kind: 'engine2025', crankshaftSpeed: known(engine.crankshaftSpeedRpm) }],
  position: positionItem,
  extremes: () => [],
  alarm: ({ alarms }) => alarms.map(alarmItem2025),
  voltages: voltagesItem,
  temperatures: temperaturesItem,
  custom: (sample) => itemsOf(sample, ['custom']),
};

const probeAbnormal = 0xfe;
const tenth = (value: number): number => Math.round(value * 10);
const ampere = (value: number): number => Math.round(value * 10) + 30_000;

function vehicleItem2025({ vehicle }: Sample): readonly ItemInput[] {
  if (vehicle === null) return [];
  const pedals = { acceleratorPedalPercent: 0, brakePedalPercent: 0 };
  const { acceleratorPedal, brakePedal, ...item } = vehicleItem({ ...vehicle, ...pedals });
  return [{ ...item, kind: 'vehicle2025', totalCurrent: ampere(known(vehicle.packCurrentA)) }];
}

function motorsItem2025({ motors }: Sample): readonly ItemInput[] {
  if (motors.length === 0) return [];
  const volts = { controllerVoltageV: 0, controllerCurrentA: 0 };
  const { count, motors: raws } = motorsItem(motors.map((motor) => ({ ...motor, ...volts })));
  const raws2025 = raws.map(({ controllerInputVoltage, controllerDcBusCurrent, ...motor }, at) => ({
    ...motor,
    speed: known(motors[at]?.speedRpm) + 32_000,
    torque: tenth(known(motors[at]?.torqueNm)) + 200_000,
  }));
  return [{ kind: 'motors2025', count, motors: raws2025 }];
}

function positionItem({ position }: Sample): readonly ItemInput[] {
  if (position === null) return [];
  return [
    {
      kind: 'position2025',
      status: position.statusRaw,
      coordinateSystem: position.datum === 'wgs84' ? 1 : 2,
      longitude: Math.round(Math.abs(known(position.longitudeDeg)) * 1e6),
      latitude: Math.round(Math.abs(known(position.latitudeDeg)) * 1e6),
    },
  ];
}

function alarmItem2025(alarm: AlarmState): ItemInput {
  const generalAlarms = alarm.generalLevels.map(({ bit, level }) => ({ bit, level }));
  const item = alarmItem(alarm);
  return {
    ...item,
    kind: 'alarm2025',
    generalAlarmCount: generalAlarms.length,
    generalAlarms,
  };
}

function voltagesItem({ packs }: Sample): readonly ItemInput[] {
  if (packs.length === 0) return [];
  const raws = packs.map(({ no, voltageV, currentA, cellVoltagesMv }: Pack) => ({
    no,
    voltage: tenth(known(voltageV)),
    current: ampere(known(currentA)),
    cellCount: cellVoltagesMv.length,
    cellVoltages: cellVoltagesMv.map(known),
  }));
  return [{ kind: 'cellVoltages', packCount: raws.length, packs: raws }];
}

function temperaturesItem({ packs }: Sample): readonly ItemInput[] {
  if (packs.length === 0) return [];
  const subsystems = packs.map(({ no, temperaturesC }) => ({
    no,
    probeCount: temperaturesC.length,
    temps: temperaturesC.map((value) => (value === null ? probeAbnormal : value + 40)),
  }));
  return [{ kind: 'packTemperatures', subsystemCount: packs.length, subsystems }];
}

function known(value: number | null | undefined): number {
  if (value === null || value === undefined) throw new RangeError('a value wanted, found null');
  return value;
}
