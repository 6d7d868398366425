// Written by `npm run generate` from layout-2016.ts: edit that. Each function reads one
// part of a data unit between `at` and `end`, and answers null when the part does not fit.

import { readTime } from './device-time.ts';
import type {
  AlarmItem,
  Body,
  CustomItem,
  EngineItem,
  ExtremesItem,
  FuelCellItem,
  Item,
  Login,
  Logout,
  MotorsItem,
  PlatformLogin,
  PlatformLogout,
  PositionItem,
  TemperaturesItem,
  VehicleItem,
  VoltagesItem,
} from './frame.ts';
import type { Control, ParameterQuery } from './frame-downlink.ts';
import { readText } from './text.ts';

/** `at` is the first byte after the type. Null also for a type without layout. */
export function readItem(
  type: number,
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): Item | null {
  switch (type) {
    case 0x01:
      return readVehicleItem(view, bytes, at, end);
    case 0x02:
      return readMotorsItem(view, bytes, at, end);
    case 0x03:
      return readFuelCellItem(view, bytes, at, end);
    case 0x04:
      return readEngineItem(view, bytes, at, end);
    case 0x05:
      return readPositionItem(view, bytes, at, end);
    case 0x06:
      return readExtremesItem(view, bytes, at, end);
    case 0x07:
      return readAlarmItem(view, bytes, at, end);
    case 0x08:
      return readVoltagesItem(view, bytes, at, end);
    case 0x09:
      return readTemperaturesItem(view, bytes, at, end);
    default:
      if (type < 0x80 || type > 0xfe) return null;
      return readCustomItem(type, view, bytes, at, end);
  }
}

/** Null also for a command without a fixed sequence. */
export function readBody(
  command: number,
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): Body | null {
  switch (command) {
    case 0x01:
      return readLogin(view, bytes, at, end);
    case 0x04:
      return readLogout(view, bytes, at, end);
    case 0x05:
      return readPlatformLogin(view, bytes, at, end);
    case 0x06:
      return readPlatformLogout(view, bytes, at, end);
    case 0x80:
      return readParameterQuery(view, bytes, at, end);
    case 0x82:
      return readControl(view, bytes, at, end);
    default:
      return null;
  }
}

function readVehicleItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): VehicleItem | null {
  if (end - at < 20) return null;
  return {
    kind: 'vehicle',
    type: 0x01,
    bytes: bytes.subarray(at, at + 20),
    vehicleStatus: view.getUint8(at),
    chargeStatus: view.getUint8(at + 1),
    runMode: view.getUint8(at + 2),
    speed: view.getUint16(at + 3),
    mileage: view.getUint32(at + 5),
    totalVoltage: view.getUint16(at + 9),
    totalCurrent: view.getUint16(at + 11),
    soc: view.getUint8(at + 13),
    dcdcStatus: view.getUint8(at + 14),
    gear: view.getUint8(at + 15),
    insulationResistance: view.getUint16(at + 16),
    acceleratorPedal: view.getUint8(at + 18),
    brakePedal: view.getUint8(at + 19),
  };
}

function readMotorsItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): MotorsItem | null {
  if (end - at < 1) return null;
  const count = view.getUint8(at);
  const motorsLength = count >= 0xfe ? 0 : count;
  const motorsAt = at + 1;
  const motorsEnd = motorsAt + motorsLength * 12;
  if (motorsEnd > end) return null;
  const motors = new Array<MotorsItem['motors'][number]>(motorsLength);
  for (let index = 0; index < motorsLength; index += 1) {
    const entryAt = motorsAt + index * 12;
    motors[index] = {
      no: view.getUint8(entryAt),
      status: view.getUint8(entryAt + 1),
      controllerTemp: view.getUint8(entryAt + 2),
      speed: view.getUint16(entryAt + 3),
      torque: view.getUint16(entryAt + 5),
      motorTemp: view.getUint8(entryAt + 7),
      controllerInputVoltage: view.getUint16(entryAt + 8),
      controllerDcBusCurrent: view.getUint16(entryAt + 10),
    };
  }
  return {
    kind: 'motors',
    type: 0x02,
    bytes: bytes.subarray(at, motorsEnd),
    count,
    motors,
  };
}

function readFuelCellItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): FuelCellItem | null {
  if (end - at < 8) return null;
  const probeCount = view.getUint16(at + 6);
  const probeTempsLength = probeCount >= 0xfffe ? 0 : probeCount;
  const probeTempsAt = at + 8;
  const probeTempsEnd = probeTempsAt + probeTempsLength;
  if (probeTempsEnd > end) return null;
  const probeTemps = new Array<number>(probeTempsLength);
  for (let index = 0; index < probeTempsLength; index += 1) {
    probeTemps[index] = view.getUint8(probeTempsAt + index);
  }
  if (end - probeTempsEnd < 10) return null;
  return {
    kind: 'fuelCell',
    type: 0x03,
    bytes: bytes.subarray(at, probeTempsEnd + 10),
    voltage: view.getUint16(at),
    current: view.getUint16(at + 2),
    fuelConsumption: view.getUint16(at + 4),
    probeCount,
    probeTemps,
    hydrogenMaxTemp: view.getUint16(probeTempsEnd),
    hydrogenMaxTempProbe: view.getUint8(probeTempsEnd + 2),
    hydrogenMaxConcentration: view.getUint16(probeTempsEnd + 3),
    hydrogenMaxConcentrationSensor: view.getUint8(probeTempsEnd + 5),
    hydrogenMaxPressure: view.getUint16(probeTempsEnd + 6),
    hydrogenMaxPressureSensor: view.getUint8(probeTempsEnd + 8),
    hvDcdcStatus: view.getUint8(probeTempsEnd + 9),
  };
}

function readEngineItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): EngineItem | null {
  if (end - at < 5) return null;
  return {
    kind: 'engine',
    type: 0x04,
    bytes: bytes.subarray(at, at + 5),
    status: view.getUint8(at),
    crankshaftSpeed: view.getUint16(at + 1),
    fuelConsumption: view.getUint16(at + 3),
  };
}

function readPositionItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): PositionItem | null {
  if (end - at < 9) return null;
  return {
    kind: 'position',
    type: 0x05,
    bytes: bytes.subarray(at, at + 9),
    status: view.getUint8(at),
    longitude: view.getUint32(at + 1),
    latitude: view.getUint32(at + 5),
  };
}

function readExtremesItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): ExtremesItem | null {
  if (end - at < 14) return null;
  return {
    kind: 'extremes',
    type: 0x06,
    bytes: bytes.subarray(at, at + 14),
    maxCellVoltageSubsystem: view.getUint8(at),
    maxCellVoltageCell: view.getUint8(at + 1),
    maxCellVoltage: view.getUint16(at + 2),
    minCellVoltageSubsystem: view.getUint8(at + 4),
    minCellVoltageCell: view.getUint8(at + 5),
    minCellVoltage: view.getUint16(at + 6),
    maxTempSubsystem: view.getUint8(at + 8),
    maxTempProbe: view.getUint8(at + 9),
    maxTemp: view.getUint8(at + 10),
    minTempSubsystem: view.getUint8(at + 11),
    minTempProbe: view.getUint8(at + 12),
    minTemp: view.getUint8(at + 13),
  };
}

function readAlarmItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): AlarmItem | null {
  if (end - at < 6) return null;
  const ressFaultCount = view.getUint8(at + 5);
  const ressFaultsLength = ressFaultCount >= 0xfe ? 0 : ressFaultCount;
  const ressFaultsAt = at + 6;
  const ressFaultsEnd = ressFaultsAt + ressFaultsLength * 4;
  if (ressFaultsEnd > end) return null;
  const ressFaults = new Array<number>(ressFaultsLength);
  for (let index = 0; index < ressFaultsLength; index += 1) {
    ressFaults[index] = view.getUint32(ressFaultsAt + index * 4);
  }
  if (end - ressFaultsEnd < 1) return null;
  const motorFaultCount = view.getUint8(ressFaultsEnd);
  const motorFaultsLength = motorFaultCount >= 0xfe ? 0 : motorFaultCount;
  const motorFaultsAt = ressFaultsEnd + 1;
  const motorFaultsEnd = motorFaultsAt + motorFaultsLength * 4;
  if (motorFaultsEnd > end) return null;
  const motorFaults = new Array<number>(motorFaultsLength);
  for (let index = 0; index < motorFaultsLength; index += 1) {
    motorFaults[index] = view.getUint32(motorFaultsAt + index * 4);
  }
  if (end - motorFaultsEnd < 1) return null;
  const engineFaultCount = view.getUint8(motorFaultsEnd);
  const engineFaultsLength = engineFaultCount >= 0xfe ? 0 : engineFaultCount;
  const engineFaultsAt = motorFaultsEnd + 1;
  const engineFaultsEnd = engineFaultsAt + engineFaultsLength * 4;
  if (engineFaultsEnd > end) return null;
  const engineFaults = new Array<number>(engineFaultsLength);
  for (let index = 0; index < engineFaultsLength; index += 1) {
    engineFaults[index] = view.getUint32(engineFaultsAt + index * 4);
  }
  if (end - engineFaultsEnd < 1) return null;
  const otherFaultCount = view.getUint8(engineFaultsEnd);
  const otherFaultsLength = otherFaultCount >= 0xfe ? 0 : otherFaultCount;
  const otherFaultsAt = engineFaultsEnd + 1;
  const otherFaultsEnd = otherFaultsAt + otherFaultsLength * 4;
  if (otherFaultsEnd > end) return null;
  const otherFaults = new Array<number>(otherFaultsLength);
  for (let index = 0; index < otherFaultsLength; index += 1) {
    otherFaults[index] = view.getUint32(otherFaultsAt + index * 4);
  }
  return {
    kind: 'alarm',
    type: 0x07,
    bytes: bytes.subarray(at, otherFaultsEnd),
    maxLevel: view.getUint8(at),
    generalFlags: view.getUint32(at + 1),
    ressFaultCount,
    ressFaults,
    motorFaultCount,
    motorFaults,
    engineFaultCount,
    engineFaults,
    otherFaultCount,
    otherFaults,
  };
}

function readVoltagesItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): VoltagesItem | null {
  if (end - at < 1) return null;
  const subsystemCount = view.getUint8(at);
  const subsystems: VoltagesItem['subsystems'][number][] = [];
  let subsystemsEnd = at + 1;
  for (let left = subsystemCount >= 0xfe ? 0 : subsystemCount; left > 0; left -= 1) {
    const entryAt = subsystemsEnd;
    if (end - entryAt < 10) return null;
    const frameCellCount = view.getUint8(entryAt + 9);
    const cellVoltagesLength = frameCellCount >= 0xfe ? 0 : frameCellCount;
    const cellVoltagesAt = entryAt + 10;
    const cellVoltagesEnd = cellVoltagesAt + cellVoltagesLength * 2;
    if (cellVoltagesEnd > end) return null;
    const cellVoltages = new Array<number>(cellVoltagesLength);
    for (let index = 0; index < cellVoltagesLength; index += 1) {
      cellVoltages[index] = view.getUint16(cellVoltagesAt + index * 2);
    }
    subsystems.push({
      no: view.getUint8(entryAt),
      voltage: view.getUint16(entryAt + 1),
      current: view.getUint16(entryAt + 3),
      cellTotal: view.getUint16(entryAt + 5),
      frameStartCell: view.getUint16(entryAt + 7),
      frameCellCount,
      cellVoltages,
    });
    subsystemsEnd = cellVoltagesEnd;
  }
  return {
    kind: 'voltages',
    type: 0x08,
    bytes: bytes.subarray(at, subsystemsEnd),
    subsystemCount,
    subsystems,
  };
}

function readTemperaturesItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): TemperaturesItem | null {
  if (end - at < 1) return null;
  const subsystemCount = view.getUint8(at);
  const subsystems: TemperaturesItem['subsystems'][number][] = [];
  let subsystemsEnd = at + 1;
  for (let left = subsystemCount >= 0xfe ? 0 : subsystemCount; left > 0; left -= 1) {
    const entryAt = subsystemsEnd;
    if (end - entryAt < 3) return null;
    const probeCount = view.getUint16(entryAt + 1);
    const tempsLength = probeCount >= 0xfffe ? 0 : probeCount;
    const tempsAt = entryAt + 3;
    const tempsEnd = tempsAt + tempsLength;
    if (tempsEnd > end) return null;
    const temps = new Array<number>(tempsLength);
    for (let index = 0; index < tempsLength; index += 1) {
      temps[index] = view.getUint8(tempsAt + index);
    }
    subsystems.push({ no: view.getUint8(entryAt), probeCount, temps });
    subsystemsEnd = tempsEnd;
  }
  return {
    kind: 'temperatures',
    type: 0x09,
    bytes: bytes.subarray(at, subsystemsEnd),
    subsystemCount,
    subsystems,
  };
}

export function readCustomItem(
  type: number,
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): CustomItem | null {
  if (end - at < 2) return null;
  const length = view.getUint16(at);
  if (end - at - 2 < length) return null;
  const dataEnd = at + 2 + length;
  return {
    kind: 'custom',
    type,
    bytes: bytes.subarray(at, dataEnd),
    length,
    data: bytes.subarray(at + 2, dataEnd),
  };
}

export function readLogin(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): Login | null {
  if (end - at < 30) return null;
  const ressCount = view.getUint8(at + 28);
  const ressCodeLength = view.getUint8(at + 29);
  const ressCodesSize = ressCodeLength >= 0xfe ? 0 : ressCodeLength;
  const ressCodesLength = ressCount >= 0xfe ? 0 : ressCount;
  const ressCodesAt = at + 30;
  const ressCodesEnd = ressCodesAt + ressCodesLength * ressCodesSize;
  if (ressCodesEnd > end) return null;
  const ressCodes = new Array<string>(ressCodesSize === 0 ? 0 : ressCodesLength);
  for (let index = 0; index < ressCodes.length; index += 1) {
    ressCodes[index] = readText(bytes, ressCodesAt + index * ressCodesSize, ressCodesSize);
  }
  return {
    kind: 'login',
    time: readTime(bytes, at),
    loginSeq: view.getUint16(at + 6),
    iccid: readText(bytes, at + 8, 20),
    ressCount,
    ressCodeLength,
    ressCodes,
    trailing: trailingOf(bytes, ressCodesEnd, end),
  };
}

export function readLogout(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): Logout | null {
  if (end - at < 8) return null;
  return {
    kind: 'logout',
    time: readTime(bytes, at),
    seq: view.getUint16(at + 6),
    trailing: trailingOf(bytes, at + 8, end),
  };
}

export function readPlatformLogin(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): PlatformLogin | null {
  if (end - at < 41) return null;
  return {
    kind: 'platformLogin',
    time: readTime(bytes, at),
    seq: view.getUint16(at + 6),
    username: readText(bytes, at + 8, 12),
    password: readText(bytes, at + 20, 20),
    encryption: view.getUint8(at + 40),
    trailing: trailingOf(bytes, at + 41, end),
  };
}

export function readPlatformLogout(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): PlatformLogout | null {
  if (end - at < 8) return null;
  return {
    kind: 'platformLogout',
    time: readTime(bytes, at),
    seq: view.getUint16(at + 6),
    trailing: trailingOf(bytes, at + 8, end),
  };
}

export function readParameterQuery(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): ParameterQuery | null {
  if (end - at < 7) return null;
  const count = view.getUint8(at + 6);
  const paramIdsLength = count >= 0xfe ? 0 : count;
  const paramIdsAt = at + 7;
  const paramIdsEnd = paramIdsAt + paramIdsLength;
  if (paramIdsEnd > end) return null;
  const paramIds = new Array<number>(paramIdsLength);
  for (let index = 0; index < paramIdsLength; index += 1) {
    paramIds[index] = view.getUint8(paramIdsAt + index);
  }
  return {
    kind: 'parameterQuery',
    time: readTime(bytes, at),
    count,
    paramIds,
    trailing: trailingOf(bytes, paramIdsEnd, end),
  };
}

export function readControl(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): Control | null {
  if (end - at < 7) return null;
  return {
    kind: 'control',
    time: readTime(bytes, at),
    commandId: view.getUint8(at + 6),
    args: bytes.subarray(at + 7, end),
    trailing: trailingOf(bytes, end, end),
  };
}

function trailingOf(bytes: Uint8Array, at: number, end: number): Uint8Array | null {
  return at === end ? null : bytes.subarray(at, end);
}
