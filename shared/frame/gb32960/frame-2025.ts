// Bodies and items that GB/T 32960.3-2025 has of its own. Names ending in 2025 are those which the
// 2016 edition has too, with other fields.

import type { DeviceTime, ItemBase, Signature } from './frame.ts';

export interface Login2025 {
  readonly kind: 'login2025';
  readonly time: DeviceTime;
  readonly loginSeq: number;
  readonly iccid: string;
  readonly bmsCount: number;
  /** Of each battery management system; a sentinel means that it has none. */
  readonly packsPerBms: readonly number[];
  /** Codes of the packs of each system. */
  readonly packCodes: readonly (readonly string[])[];
  readonly trailing: Uint8Array | null;
}

/** Command 0x09: the chip of a vehicle asks to be activated. */
export interface Activation {
  readonly kind: 'activation';
  readonly time: DeviceTime;
  readonly chipId: string;
  readonly publicKey: Uint8Array;
  readonly vin: string;
  /** Over all bytes before it. */
  readonly signature: Signature;
  readonly trailing: Uint8Array | null;
}

/** Command 0x0A, whatever the response flag. */
export interface ActivationAnswer {
  readonly kind: 'activationAnswer';
  readonly activationStatus: number;
  readonly info: number;
  readonly trailing: Uint8Array | null;
}

/** Command 0x0B, both ways. */
export interface KeyExchange {
  readonly kind: 'keyExchange';
  readonly keyType: number;
  readonly key: Uint8Array;
  readonly activeTime: DeviceTime;
  readonly expireTime: DeviceTime;
  readonly trailing: Uint8Array | null;
}

export type Item2025 =
  | Vehicle2025Item
  | Motors2025Item
  | FuelCellEngineItem
  | Engine2025Item
  | Position2025Item
  | Alarm2025Item
  | CellVoltagesItem
  | PackTemperaturesItem
  | StacksItem
  | SuperCapacitorItem
  | SuperCapacitorExtremesItem;

export interface Vehicle2025Item extends ItemBase {
  readonly kind: 'vehicle2025';
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
}

export interface Motor2025 {
  readonly no: number;
  readonly status: number;
  readonly controllerTemp: number;
  readonly speed: number;
  readonly torque: number;
  readonly motorTemp: number;
}

export interface Motors2025Item extends ItemBase {
  readonly kind: 'motors2025';
  /** As sent; a sentinel means that no entry follows. */
  readonly count: number;
  readonly motors: readonly Motor2025[];
}

export interface FuelCellEngineItem extends ItemBase {
  readonly kind: 'fuelCellEngine';
  readonly hydrogenMaxTemp: number;
  readonly hydrogenMaxTempProbe: number;
  readonly hydrogenMaxConcentration: number;
  readonly hydrogenMaxConcentrationSensor: number;
  readonly hydrogenMaxPressure: number;
  readonly hydrogenMaxPressureSensor: number;
  readonly hvDcdcStatus: number;
  readonly remainingHydrogen: number;
  readonly hvDcdcControllerTemp: number;
}

export interface Engine2025Item extends ItemBase {
  readonly kind: 'engine2025';
  readonly crankshaftSpeed: number;
}

export interface Position2025Item extends ItemBase {
  readonly kind: 'position2025';
  readonly status: number;
  readonly coordinateSystem: number;
  readonly longitude: number;
  readonly latitude: number;
}

export interface GeneralAlarm {
  readonly bit: number;
  readonly level: number;
}

export interface Alarm2025Item extends ItemBase {
  readonly kind: 'alarm2025';
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
  readonly generalAlarmCount: number;
  readonly generalAlarms: readonly GeneralAlarm[];
}

export interface CellVoltagesPack {
  readonly no: number;
  readonly voltage: number;
  readonly current: number;
  readonly cellCount: number;
  readonly cellVoltages: readonly number[];
}

export interface CellVoltagesItem extends ItemBase {
  readonly kind: 'cellVoltages';
  readonly packCount: number;
  readonly packs: readonly CellVoltagesPack[];
}

export interface TemperaturesPack {
  readonly no: number;
  readonly probeCount: number;
  readonly temps: readonly number[];
}

export interface PackTemperaturesItem extends ItemBase {
  readonly kind: 'packTemperatures';
  readonly subsystemCount: number;
  readonly subsystems: readonly TemperaturesPack[];
}

export interface Stack {
  readonly no: number;
  readonly voltage: number;
  readonly current: number;
  readonly hydrogenInletPressure: number;
  readonly airInletPressure: number;
  readonly airInletTemp: number;
  readonly coolantProbeCount: number;
  readonly coolantTemps: readonly number[];
}

export interface StacksItem extends ItemBase {
  readonly kind: 'stacks';
  readonly count: number;
  readonly stacks: readonly Stack[];
}

export interface SuperCapacitorItem extends ItemBase {
  readonly kind: 'superCapacitor';
  readonly systemNo: number;
  readonly voltage: number;
  readonly current: number;
  readonly cellCount: number;
  readonly cellVoltages: readonly number[];
  readonly probeCount: number;
  readonly temps: readonly number[];
}

export interface SuperCapacitorExtremesItem extends ItemBase {
  readonly kind: 'superCapacitorExtremes';
  readonly maxVoltageSystem: number;
  readonly maxVoltageCell: number;
  readonly maxVoltage: number;
  readonly minVoltageSystem: number;
  readonly minVoltageCell: number;
  readonly minVoltage: number;
  readonly maxTempSystem: number;
  readonly maxTempProbe: number;
  readonly maxTemp: number;
  readonly minTempSystem: number;
  readonly minTempProbe: number;
  readonly minTemp: number;
}
