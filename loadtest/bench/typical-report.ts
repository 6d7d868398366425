// The frame that all benches count with: a realtime report of a battery car with one pack of 76
// cells and 12 probes and two motors, 300 bytes and a few. Values move as a drive's do.

import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { buildFrame, type ItemInput } from '#shared/frame/gb32960/encode-frame.ts';
import { createRandom, type Random } from '../fleet/random.ts';
import { vinOf } from '../fleet/vin.ts';

export interface BenchFrame {
  readonly mqttTopic: string;
  readonly vehicleId: string;
  readonly payload: Buffer;
  /** The time that it carries: epoch ms, whole seconds. */
  readonly reportedAt: number;
}

export interface FramesPlan {
  readonly count: number;
  readonly vehicles: number;
  readonly seed: number;
  /** Epoch ms of the first report. */
  readonly startAt: number;
}

/** Between two reports of a vehicle. */
export const reportPeriodMs = 10_000;

/** Round after round of all vehicles, ten seconds apart; every frame is different. */
export function typicalReports({ count, vehicles, seed, startAt }: FramesPlan): BenchFrame[] {
  const reportOf = createCars({ vehicles, seed });
  return Array.from({ length: count }, (_, n) => {
    return reportOf(n % vehicles, startAt + Math.floor(n / vehicles) * reportPeriodMs);
  });
}

const reportCommand = 0x02;

/** The next report of car `serial`, 0 to `vehicles` - 1, as of `at` (epoch ms). */
export type ReportOf = (serial: number, at: number) => BenchFrame;

/** Cars that drive on from report to report. */
export function createCars({ vehicles, seed }: Pick<FramesPlan, 'vehicles' | 'seed'>): ReportOf {
  const random = createRandom(seed);
  const cars = Array.from({ length: vehicles }, (_, serial) => ({
    vin: vinOf('BENCH', serial),
    state: carState(random),
  }));
  return (serial, at) => {
    const { vin, state } = cars[serial]!;
    const body = { kind: 'report' as const, time: deviceTimeOf(at), items: itemsOf(state, random) };
    return {
      mqttTopic: `v1/up/${vin}/gb32960`,
      vehicleId: vin,
      payload: buildFrame({ command: reportCommand, vin, body }),
      reportedAt: Math.floor(at / 1000) * 1000,
    };
  };
}

interface CarState {
  mileage: number;
  soc: number;
  longitude: number;
  latitude: number;
}

function carState(random: Random): CarState {
  return {
    mileage: random.integer(10_000, 2_000_000),
    soc: random.integer(20, 95),
    longitude: random.integer(113_000_000, 122_000_000),
    latitude: random.integer(22_000_000, 40_000_000),
  };
}

const cellCount = 76;
const probeCount = 12;

function itemsOf(state: CarState, random: Random): readonly ItemInput[] {
  const speed = random.integer(0, 1200);
  state.mileage += Math.ceil(speed / 360);
  state.longitude += random.integer(-300, 300);
  state.latitude += random.integer(-300, 300);
  const cellMv = 3600 + state.soc * 5;
  const cells = Array.from({ length: cellCount }, () => cellMv + random.integer(-12, 12));
  const probes = Array.from({ length: probeCount }, () => 40 + 24 + random.integer(0, 6));
  const totalVoltage = Math.round(cells.reduce((sum, mv) => sum + mv, 0) / 100);
  const totalCurrent = 10_000 + random.integer(-800, 2_000);
  return [
    vehicleItem(state, { speed, totalVoltage, totalCurrent, random }),
    motorsItem(speed, random),
    { kind: 'position', status: 0, longitude: state.longitude, latitude: state.latitude },
    extremesItem(cells, probes),
    noAlarm,
    {
      kind: 'voltages',
      subsystemCount: 1,
      subsystems: [
        {
          no: 1,
          voltage: totalVoltage,
          current: totalCurrent,
          cellTotal: cellCount,
          frameStartCell: 1,
          frameCellCount: cellCount,
          cellVoltages: cells,
        },
      ],
    },
    { kind: 'temperatures', subsystemCount: 1, subsystems: [{ no: 1, probeCount, temps: probes }] },
  ];
}

interface Drive {
  readonly speed: number;
  readonly totalVoltage: number;
  readonly totalCurrent: number;
  readonly random: Random;
}

function vehicleItem(state: CarState, drive: Drive): ItemInput {
  const { speed, totalVoltage, totalCurrent, random } = drive;
  return {
    kind: 'vehicle',
    vehicleStatus: 1,
    chargeStatus: 3,
    runMode: 1,
    speed,
    mileage: state.mileage,
    totalVoltage,
    totalCurrent,
    soc: state.soc,
    dcdcStatus: 1,
    gear: 0x2e,
    insulationResistance: random.integer(4_000, 6_000),
    acceleratorPedal: random.integer(0, 60),
    brakePedal: 0,
  };
}

function motorsItem(speed: number, random: Random): ItemInput {
  const motors = [1, 2].map((no) => ({
    no,
    status: 1,
    controllerTemp: 40 + random.integer(35, 45),
    speed: 20_000 + speed * 8 + random.integer(-20, 20),
    torque: 20_000 + random.integer(0, 1_500),
    motorTemp: 40 + random.integer(45, 60),
    controllerInputVoltage: 3_650 + random.integer(-10, 10),
    controllerDcBusCurrent: 10_000 + random.integer(0, 900),
  }));
  return { kind: 'motors', count: motors.length, motors };
}

function extremesItem(cells: readonly number[], probes: readonly number[]): ItemInput {
  const maxCellVoltage = Math.max(...cells);
  const minCellVoltage = Math.min(...cells);
  const maxTemp = Math.max(...probes);
  const minTemp = Math.min(...probes);
  return {
    kind: 'extremes',
    maxCellVoltageSubsystem: 1,
    maxCellVoltageCell: cells.indexOf(maxCellVoltage) + 1,
    maxCellVoltage,
    minCellVoltageSubsystem: 1,
    minCellVoltageCell: cells.indexOf(minCellVoltage) + 1,
    minCellVoltage,
    maxTempSubsystem: 1,
    maxTempProbe: probes.indexOf(maxTemp) + 1,
    maxTemp,
    minTempSubsystem: 1,
    minTempProbe: probes.indexOf(minTemp) + 1,
    minTemp,
  };
}

const noAlarm: ItemInput = {
  kind: 'alarm',
  maxLevel: 0,
  generalFlags: 0,
  ressFaultCount: 0,
  ressFaults: [],
  motorFaultCount: 0,
  motorFaults: [],
  engineFaultCount: 0,
  engineFaults: [],
  otherFaultCount: 0,
  otherFaults: [],
};
