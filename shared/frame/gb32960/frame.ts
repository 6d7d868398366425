// A GB/T 32960 frame, structurally decoded. Numbers are raw integers as on the wire, named as in
// the layout tables; what they mean in units is said by the tables and told by shared/telemetry.

import type {
  Activation,
  ActivationAnswer,
  Item2025,
  KeyExchange,
  Login2025,
} from './frame-2025.ts';
import type { Control, ParameterQuery, Parameters } from './frame-downlink.ts';

/** Edition of a frame, and how it came: as bytes, or as JSON of a gateway. */
export type Gb32960Codec =
  | 'gb32960-2016'
  | 'gb32960-2025'
  | 'gb32960-2016-gateway'
  | 'gb32960-2025-gateway';

export interface Gb32960Frame {
  readonly codec: Gb32960Codec;
  /** GB/T 32960.3-2016 tables 3 and B.2. */
  readonly command: number;
  /** Table 4: 0xFE is a command, every other value an answer. */
  readonly response: number;
  /** 17 bytes of ASCII without the trailing 0x00. */
  readonly vin: string;
  readonly encryption: number;
  /** View of the data unit as sent. */
  readonly dataUnit: Uint8Array;
  readonly bcc: number;
  readonly body: Body;
}

/** Six bytes, Beijing time (table 5: year, month, day, hour, minute, second). */
export interface DeviceTime {
  readonly raw: Uint8Array;
  /** Epoch ms; null when a part is outside its range. */
  readonly epochMs: number | null;
}

export type Body =
  | Login
  | Login2025
  | Activation
  | ActivationAnswer
  | KeyExchange
  | Report
  | Logout
  | PlatformLogin
  | PlatformLogout
  | ParameterQuery
  | Parameters
  | Control
  | Empty
  | Answer
  | Opaque;

export interface Login {
  readonly kind: 'login';
  readonly time: DeviceTime;
  readonly loginSeq: number;
  readonly iccid: string;
  readonly ressCount: number;
  readonly ressCodeLength: number;
  readonly ressCodes: readonly string[];
  readonly trailing: Uint8Array | null;
}

export interface Report {
  readonly kind: 'report';
  /** Command 0x03. */
  readonly isReissued: boolean;
  readonly time: DeviceTime;
  /** In the order sent; a type may occur twice. */
  readonly items: readonly Item[];
  /** From the type byte of the first item that could not be read; null when all were. */
  readonly remainder: Uint8Array | null;
  /** 2025, behind the items; null where there is none, and always in 2016. */
  readonly signature: Signature | null;
  /** What follows the signature: neither signed nor telemetry. */
  readonly trailing: Uint8Array | null;
}

/** GB/T 32960.3-2025 table 8. An RSA signature is all R, and S is empty. */
export interface Signature {
  /** 1 SM2, 2 RSA, 3 ECC. */
  readonly algorithm: number;
  readonly r: Uint8Array;
  readonly s: Uint8Array;
}

export interface Logout {
  readonly kind: 'logout';
  readonly time: DeviceTime;
  readonly seq: number;
  readonly trailing: Uint8Array | null;
}

export interface PlatformLogin {
  readonly kind: 'platformLogin';
  readonly time: DeviceTime;
  readonly seq: number;
  readonly username: string;
  readonly password: string;
  readonly encryption: number;
  readonly trailing: Uint8Array | null;
}

export interface PlatformLogout {
  readonly kind: 'platformLogout';
  readonly time: DeviceTime;
  readonly seq: number;
  readonly trailing: Uint8Array | null;
}

export interface Empty {
  readonly kind: 'heartbeat' | 'timeSync';
  readonly trailing: Uint8Array | null;
}

/** Response flag other than 0xFE; rule A, rule B or empty. Never telemetry. */
export interface Answer {
  readonly kind: 'answer';
  readonly time: DeviceTime | null;
  readonly rest: Uint8Array | null;
}

/** Encrypted, or a command without layout: the data unit as sent. */
export interface Opaque {
  readonly kind: 'opaque';
  readonly bytes: Uint8Array;
}

export type Item =
  | VehicleItem
  | MotorsItem
  | FuelCellItem
  | EngineItem
  | PositionItem
  | ExtremesItem
  | AlarmItem
  | VoltagesItem
  | TemperaturesItem
  | Item2025
  | CustomItem;

export interface ItemBase {
  /** Item type byte. */
  readonly type: number;
  /** View of the body: the item without its type byte. */
  readonly bytes: Uint8Array;
}

export interface VehicleItem extends ItemBase {
  readonly kind: 'vehicle';
  readonly vehicleStatus: number;
  readonly chargeStatus: number;
  readonly runMode: number;
  readonly speed: number;
  readonly mileage: number;
  readonly totalVoltage: number;
  readonly totalCurrent: number;
  readonly soc: number;
  readonly dcdcStatus: number;
  readonly gear: number;
  readonly insulationResistance: number;
  readonly acceleratorPedal: number;
  readonly brakePedal: number;
}

export interface Motor {
  readonly no: number;
  readonly status: number;
  readonly controllerTemp: number;
  readonly speed: number;
  readonly torque: number;
  readonly motorTemp: number;
  readonly controllerInputVoltage: number;
  readonly controllerDcBusCurrent: number;
}

export interface MotorsItem extends ItemBase {
  readonly kind: 'motors';
  /** As sent; a sentinel means that no entry follows. */
  readonly count: number;
  readonly motors: readonly Motor[];
}

export interface FuelCellItem extends ItemBase {
  readonly kind: 'fuelCell';
  readonly voltage: number;
  readonly current: number;
  readonly fuelConsumption: number;
  readonly probeCount: number;
  readonly probeTemps: readonly number[];
  readonly hydrogenMaxTemp: number;
  readonly hydrogenMaxTempProbe: number;
  readonly hydrogenMaxConcentration: number;
  readonly hydrogenMaxConcentrationSensor: number;
  readonly hydrogenMaxPressure: number;
  readonly hydrogenMaxPressureSensor: number;
  readonly hvDcdcStatus: number;
}

export interface EngineItem extends ItemBase {
  readonly kind: 'engine';
  readonly status: number;
  readonly crankshaftSpeed: number;
  readonly fuelConsumption: number;
}

export interface PositionItem extends ItemBase {
  readonly kind: 'position';
  readonly status: number;
  readonly longitude: number;
  readonly latitude: number;
}

export interface ExtremesItem extends ItemBase {
  readonly kind: 'extremes';
  readonly maxCellVoltageSubsystem: number;
  readonly maxCellVoltageCell: number;
  readonly maxCellVoltage: number;
  readonly minCellVoltageSubsystem: number;
  readonly minCellVoltageCell: number;
  readonly minCellVoltage: number;
  readonly maxTempSubsystem: number;
  readonly maxTempProbe: number;
  readonly maxTemp: number;
  readonly minTempSubsystem: number;
  readonly minTempProbe: number;
  readonly minTemp: number;
}

export interface AlarmItem extends ItemBase {
  readonly kind: 'alarm';
  readonly maxLevel: number;
  readonly generalFlags: number;
  readonly ressFaultCount: number;
  readonly ressFaults: readonly number[];
  readonly motorFaultCount: number;
  readonly motorFaults: readonly number[];
  readonly engineFaultCount: number;
  readonly engineFaults: readonly number[];
  readonly otherFaultCount: number;
  readonly otherFaults: readonly number[];
}

export interface VoltageSubsystem {
  readonly no: number;
  readonly voltage: number;
  readonly current: number;
  readonly cellTotal: number;
  readonly frameStartCell: number;
  readonly frameCellCount: number;
  readonly cellVoltages: readonly number[];
}

export interface VoltagesItem extends ItemBase {
  readonly kind: 'voltages';
  readonly subsystemCount: number;
  readonly subsystems: readonly VoltageSubsystem[];
}

export interface TemperatureSubsystem {
  readonly no: number;
  readonly probeCount: number;
  readonly temps: readonly number[];
}

export interface TemperaturesItem extends ItemBase {
  readonly kind: 'temperatures';
  readonly subsystemCount: number;
  readonly subsystems: readonly TemperatureSubsystem[];
}

export interface CustomItem extends ItemBase {
  readonly kind: 'custom';
  readonly length: number;
  /** View of the item's content, after the length. */
  readonly data: Uint8Array;
}
