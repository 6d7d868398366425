// Composed reports: one with every item of the edition, and the way from items to a Telemetry.

import assert from 'node:assert/strict';
import type { Lifecycle, Telemetry } from '#shared/avro/types.generated.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { buildFrame, type FrameInput, type ItemInput } from '#shared/frame/gb32960/encode-frame.ts';
import type { Gb32960Codec, Signature } from '#shared/frame/gb32960/frame.ts';
import { items2025 } from '#shared/frame/gb32960/layout-2025.ts';
import { interpret } from '#shared/telemetry/gb32960.ts';
import type { FrameContext } from '#shared/telemetry/interpretation.ts';

export const vehicleId = 'LTESTVN0000000001';
export const receivedAt = Date.UTC(2026, 5, 15, 4);
export const eventAt = receivedAt - 1000;

type Input<K extends ItemInput['kind']> = Extract<ItemInput, { readonly kind: K }>;

export const vehicle: Input<'vehicle'> = {
  kind: 'vehicle',
  vehicleStatus: 1,
  chargeStatus: 3,
  runMode: 2,
  speed: 523,
  mileage: 1234567,
  totalVoltage: 3801,
  totalCurrent: 10162,
  soc: 77,
  dcdcStatus: 1,
  gear: 0x2e,
  insulationResistance: 5000,
  acceleratorPedal: 22,
  brakePedal: 101,
};

export const motor = {
  no: 1,
  status: 2,
  controllerTemp: 80,
  speed: 23456,
  torque: 20123,
  motorTemp: 90,
  controllerInputVoltage: 3800,
  controllerDcBusCurrent: 9960,
};

export const motors: Input<'motors'> = {
  kind: 'motors',
  count: 2,
  motors: [motor, { ...motor, no: 2, status: 4, torque: 19_999 }],
};

export const fuelCell: Input<'fuelCell'> = {
  kind: 'fuelCell',
  voltage: 3000,
  current: 450,
  fuelConsumption: 123,
  probeCount: 3,
  probeTemps: [100, 101, 102],
  hydrogenMaxTemp: 700,
  hydrogenMaxTempProbe: 2,
  hydrogenMaxConcentration: 77,
  hydrogenMaxConcentrationSensor: 1,
  hydrogenMaxPressure: 351,
  hydrogenMaxPressureSensor: 3,
  hvDcdcStatus: 2,
};

export const engine: Input<'engine'> = {
  kind: 'engine',
  status: 1,
  crankshaftSpeed: 2100,
  fuelConsumption: 655,
};

export const position: Input<'position'> = {
  kind: 'position',
  status: 0b110,
  longitude: 58_381_592,
  latitude: 34_603_722,
};

export const extremes: Input<'extremes'> = {
  kind: 'extremes',
  maxCellVoltageSubsystem: 1,
  maxCellVoltageCell: 3,
  maxCellVoltage: 3999,
  minCellVoltageSubsystem: 2,
  minCellVoltageCell: 9,
  minCellVoltage: 3980,
  maxTempSubsystem: 1,
  maxTempProbe: 2,
  maxTemp: 68,
  minTempSubsystem: 2,
  minTempProbe: 4,
  minTemp: 35,
};

export const alarm: Input<'alarm'> = {
  kind: 'alarm',
  maxLevel: 2,
  generalFlags: 0x8004_0011,
  ressFaultCount: 1,
  ressFaults: [0x00000102],
  motorFaultCount: 2,
  motorFaults: [0xdeadbeef, 7],
  engineFaultCount: 0,
  engineFaults: [],
  otherFaultCount: 1,
  otherFaults: [0xffffffff],
};

export const voltageSubsystem = {
  no: 1,
  voltage: 3801,
  current: 10162,
  cellTotal: 288,
  frameStartCell: 201,
  frameCellCount: 5,
  cellVoltages: [3980, 3981, 3982, 3983, 3984],
};

export const voltages: Input<'voltages'> = {
  kind: 'voltages',
  subsystemCount: 2,
  subsystems: [voltageSubsystem, { ...voltageSubsystem, no: 2 }],
};

export const temperatureSubsystem = { no: 1, probeCount: 4, temps: [65, 66, 67, 30] };

export const temperatures: Input<'temperatures'> = {
  kind: 'temperatures',
  subsystemCount: 2,
  subsystems: [temperatureSubsystem, { ...temperatureSubsystem, no: 2 }],
};

export const custom: Input<'custom'> = {
  kind: 'custom',
  type: 0x82,
  data: Uint8Array.of(1, 2, 3, 4),
};

/** Every item of the edition, 0x01 to 0x09, and one of the maker's. */
export const everyItem: readonly ItemInput[] = [
  vehicle,
  motors,
  fuelCell,
  engine,
  position,
  extremes,
  alarm,
  voltages,
  temperatures,
  custom,
];

export interface ReportChoice {
  /** The edition that has the items where it is left out. */
  readonly codec?: Gb32960Codec;
  readonly command?: number;
  readonly vin?: string;
  readonly at?: number;
  readonly remainder?: Uint8Array | null;
  readonly signature?: Signature | null;
  readonly trailing?: Uint8Array | null;
}

/** A whole frame. */
export function reportFrame(items: readonly ItemInput[], choice: ReportChoice = {}): Buffer {
  const time = deviceTimeOf(choice.at ?? eventAt);
  const { remainder = null, signature = null, trailing = null } = choice;
  return buildFrame({
    codec: choice.codec ?? codecOf(items),
    command: choice.command ?? 0x02,
    vin: choice.vin ?? vehicleId,
    body: { kind: 'report', time, items, remainder, signature, trailing },
  });
}

function codecOf(items: readonly ItemInput[]): Gb32960Codec {
  const isOf2025 = ({ kind }: ItemInput) => items2025.some((layout) => layout.kind === kind);
  return items.some(isOf2025) ? 'gb32960-2025' : 'gb32960-2016';
}

export function commandFrame(input: Omit<FrameInput, 'vin'> & { readonly vin?: string }): Buffer {
  return buildFrame({ vin: vehicleId, ...input });
}

/** What the one frame of a payload means; without a frameId, so that only content differs. */
/** Of a frame that has just come in; the hash of any content is the same eight bytes. */
export function contextOf(change: Partial<FrameContext> = {}): FrameContext {
  return {
    vehicleId,
    receivedAt,
    origin: { bridge: 'test', epoch: 1, sequence: 1 },
    identity: 'strict',
    signatureState: 'absent',
    hash: () => Buffer.alloc(8),
    ...change,
  };
}

export function interpretPayload(payload: Uint8Array) {
  const [outcome, ...more] = decodeMessage(payload);
  assert.ok(outcome !== undefined && more.length === 0, 'one frame');
  if (outcome.kind === 'reject') return { kind: 'rejection' as const, reason: outcome.reason };
  return interpret(outcome.frame, outcome.reason, contextOf());
}

export function telemetryOf(items: readonly ItemInput[], choice: ReportChoice = {}): Telemetry {
  return telemetryIn(reportFrame(items, choice));
}

export function telemetryIn(payload: Uint8Array): Telemetry {
  const interpreted = interpretPayload(payload);
  assert.ok(interpreted.kind === 'telemetry', interpreted.kind);
  return interpreted.value;
}

export function lifecycleIn(payload: Uint8Array): Lifecycle {
  const interpreted = interpretPayload(payload);
  assert.ok(interpreted.kind === 'lifecycle', interpreted.kind);
  return interpreted.value;
}
