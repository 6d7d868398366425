// Written by `npm run generate` from layout-2025.ts: edit that. Each function reads one
// part of a data unit between `at` and `end`, and answers null when the part does not fit.

import {
  readControl,
  readCustomItem,
  readLogout,
  readParameterQuery,
  readPlatformLogin,
  readPlatformLogout,
} from './decode-2016.generated.ts';
import { readTime } from './device-time.ts';
import type { Body, Item } from './frame.ts';
import type {
  Activation,
  ActivationAnswer,
  Alarm2025Item,
  CellVoltagesItem,
  Engine2025Item,
  FuelCellEngineItem,
  KeyExchange,
  Login2025,
  Motors2025Item,
  PackTemperaturesItem,
  Position2025Item,
  StacksItem,
  SuperCapacitorExtremesItem,
  SuperCapacitorItem,
  Vehicle2025Item,
} from './frame-2025.ts';
import { readSignature, signatureSize } from './read-signature.ts';
import { groupsSize, readGroups, readPadded, readText } from './text.ts';

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
      return readVehicle2025Item(view, bytes, at, end);
    case 0x02:
      return readMotors2025Item(view, bytes, at, end);
    case 0x03:
      return readFuelCellEngineItem(view, bytes, at, end);
    case 0x04:
      return readEngine2025Item(view, bytes, at, end);
    case 0x05:
      return readPosition2025Item(view, bytes, at, end);
    case 0x06:
      return readAlarm2025Item(view, bytes, at, end);
    case 0x07:
      return readCellVoltagesItem(view, bytes, at, end);
    case 0x08:
      return readPackTemperaturesItem(view, bytes, at, end);
    case 0x30:
      return readStacksItem(view, bytes, at, end);
    case 0x31:
      return readSuperCapacitorItem(view, bytes, at, end);
    case 0x32:
      return readSuperCapacitorExtremesItem(view, bytes, at, end);
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
      return readLogin2025(view, bytes, at, end);
    case 0x04:
      return readLogout(view, bytes, at, end);
    case 0x05:
      return readPlatformLogin(view, bytes, at, end);
    case 0x06:
      return readPlatformLogout(view, bytes, at, end);
    case 0x09:
      return readActivation(view, bytes, at, end);
    case 0x0a:
      return readActivationAnswer(view, bytes, at, end);
    case 0x0b:
      return readKeyExchange(view, bytes, at, end);
    case 0x80:
      return readParameterQuery(view, bytes, at, end);
    case 0x82:
      return readControl(view, bytes, at, end);
    default:
      return null;
  }
}

function readVehicle2025Item(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): Vehicle2025Item | null {
  if (end - at < 18) return null;
  return {
    kind: 'vehicle2025',
    type: 0x01,
    bytes: bytes.subarray(at, at + 18),
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
  };
}

function readMotors2025Item(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): Motors2025Item | null {
  if (end - at < 1) return null;
  const count = view.getUint8(at);
  const motorsLength = count >= 0xfe ? 0 : count;
  const motorsAt = at + 1;
  const motorsEnd = motorsAt + motorsLength * 10;
  if (motorsEnd > end) return null;
  const motors = new Array<Motors2025Item['motors'][number]>(motorsLength);
  for (let index = 0; index < motorsLength; index += 1) {
    const entryAt = motorsAt + index * 10;
    motors[index] = {
      no: view.getUint8(entryAt),
      status: view.getUint8(entryAt + 1),
      controllerTemp: view.getUint8(entryAt + 2),
      speed: view.getUint16(entryAt + 3),
      torque: view.getUint32(entryAt + 5),
      motorTemp: view.getUint8(entryAt + 9),
    };
  }
  return {
    kind: 'motors2025',
    type: 0x02,
    bytes: bytes.subarray(at, motorsEnd),
    count,
    motors,
  };
}

function readFuelCellEngineItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): FuelCellEngineItem | null {
  if (end - at < 12) return null;
  return {
    kind: 'fuelCellEngine',
    type: 0x03,
    bytes: bytes.subarray(at, at + 12),
    hydrogenMaxTemp: view.getUint16(at),
    hydrogenMaxTempProbe: view.getUint8(at + 2),
    hydrogenMaxConcentration: view.getUint16(at + 3),
    hydrogenMaxConcentrationSensor: view.getUint8(at + 5),
    hydrogenMaxPressure: view.getUint16(at + 6),
    hydrogenMaxPressureSensor: view.getUint8(at + 8),
    hvDcdcStatus: view.getUint8(at + 9),
    remainingHydrogen: view.getUint8(at + 10),
    hvDcdcControllerTemp: view.getUint8(at + 11),
  };
}

function readEngine2025Item(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): Engine2025Item | null {
  if (end - at < 2) return null;
  return {
    kind: 'engine2025',
    type: 0x04,
    bytes: bytes.subarray(at, at + 2),
    crankshaftSpeed: view.getUint16(at),
  };
}

function readPosition2025Item(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): Position2025Item | null {
  if (end - at < 10) return null;
  return {
    kind: 'position2025',
    type: 0x05,
    bytes: bytes.subarray(at, at + 10),
    status: view.getUint8(at),
    coordinateSystem: view.getUint8(at + 1),
    longitude: view.getUint32(at + 2),
    latitude: view.getUint32(at + 6),
  };
}

function readAlarm2025Item(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): Alarm2025Item | null {
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
  if (end - otherFaultsEnd < 1) return null;
  const generalAlarmCount = view.getUint8(otherFaultsEnd);
  const generalAlarmsLength = generalAlarmCount >= 0xfe ? 0 : generalAlarmCount;
  const generalAlarmsAt = otherFaultsEnd + 1;
  const generalAlarmsEnd = generalAlarmsAt + generalAlarmsLength * 2;
  if (generalAlarmsEnd > end) return null;
  const generalAlarms = new Array<Alarm2025Item['generalAlarms'][number]>(generalAlarmsLength);
  for (let index = 0; index < generalAlarmsLength; index += 1) {
    const entryAt = generalAlarmsAt + index * 2;
    generalAlarms[index] = { bit: view.getUint8(entryAt), level: view.getUint8(entryAt + 1) };
  }
  return {
    kind: 'alarm2025',
    type: 0x06,
    bytes: bytes.subarray(at, generalAlarmsEnd),
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
    generalAlarmCount,
    generalAlarms,
  };
}

function readCellVoltagesItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): CellVoltagesItem | null {
  if (end - at < 1) return null;
  const packCount = view.getUint8(at);
  const packs: CellVoltagesItem['packs'][number][] = [];
  let packsEnd = at + 1;
  for (let left = packCount >= 0xfe ? 0 : packCount; left > 0; left -= 1) {
    const entryAt = packsEnd;
    if (end - entryAt < 7) return null;
    const cellCount = view.getUint16(entryAt + 5);
    const cellVoltagesLength = cellCount >= 0xfffe ? 0 : cellCount;
    const cellVoltagesAt = entryAt + 7;
    const cellVoltagesEnd = cellVoltagesAt + cellVoltagesLength * 2;
    if (cellVoltagesEnd > end) return null;
    const cellVoltages = new Array<number>(cellVoltagesLength);
    for (let index = 0; index < cellVoltagesLength; index += 1) {
      cellVoltages[index] = view.getUint16(cellVoltagesAt + index * 2);
    }
    packs.push({
      no: view.getUint8(entryAt),
      voltage: view.getUint16(entryAt + 1),
      current: view.getUint16(entryAt + 3),
      cellCount,
      cellVoltages,
    });
    packsEnd = cellVoltagesEnd;
  }
  return {
    kind: 'cellVoltages',
    type: 0x07,
    bytes: bytes.subarray(at, packsEnd),
    packCount,
    packs,
  };
}

function readPackTemperaturesItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): PackTemperaturesItem | null {
  if (end - at < 1) return null;
  const subsystemCount = view.getUint8(at);
  const subsystems: PackTemperaturesItem['subsystems'][number][] = [];
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
    kind: 'packTemperatures',
    type: 0x08,
    bytes: bytes.subarray(at, subsystemsEnd),
    subsystemCount,
    subsystems,
  };
}

function readStacksItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): StacksItem | null {
  if (end - at < 1) return null;
  const count = view.getUint8(at);
  const stacks: StacksItem['stacks'][number][] = [];
  let stacksEnd = at + 1;
  for (let left = count >= 0xfe ? 0 : count; left > 0; left -= 1) {
    const entryAt = stacksEnd;
    if (end - entryAt < 12) return null;
    const coolantProbeCount = view.getUint16(entryAt + 10);
    const coolantTempsLength = coolantProbeCount >= 0xfffe ? 0 : coolantProbeCount;
    const coolantTempsAt = entryAt + 12;
    const coolantTempsEnd = coolantTempsAt + coolantTempsLength;
    if (coolantTempsEnd > end) return null;
    const coolantTemps = new Array<number>(coolantTempsLength);
    for (let index = 0; index < coolantTempsLength; index += 1) {
      coolantTemps[index] = view.getUint8(coolantTempsAt + index);
    }
    stacks.push({
      no: view.getUint8(entryAt),
      voltage: view.getUint16(entryAt + 1),
      current: view.getUint16(entryAt + 3),
      hydrogenInletPressure: view.getUint16(entryAt + 5),
      airInletPressure: view.getUint16(entryAt + 7),
      airInletTemp: view.getUint8(entryAt + 9),
      coolantProbeCount,
      coolantTemps,
    });
    stacksEnd = coolantTempsEnd;
  }
  return {
    kind: 'stacks',
    type: 0x30,
    bytes: bytes.subarray(at, stacksEnd),
    count,
    stacks,
  };
}

function readSuperCapacitorItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): SuperCapacitorItem | null {
  if (end - at < 7) return null;
  const cellCount = view.getUint16(at + 5);
  const cellVoltagesLength = cellCount >= 0xfffe ? 0 : cellCount;
  const cellVoltagesAt = at + 7;
  const cellVoltagesEnd = cellVoltagesAt + cellVoltagesLength * 2;
  if (cellVoltagesEnd > end) return null;
  const cellVoltages = new Array<number>(cellVoltagesLength);
  for (let index = 0; index < cellVoltagesLength; index += 1) {
    cellVoltages[index] = view.getUint16(cellVoltagesAt + index * 2);
  }
  if (end - cellVoltagesEnd < 2) return null;
  const probeCount = view.getUint16(cellVoltagesEnd);
  const tempsLength = probeCount >= 0xfffe ? 0 : probeCount;
  const tempsAt = cellVoltagesEnd + 2;
  const tempsEnd = tempsAt + tempsLength;
  if (tempsEnd > end) return null;
  const temps = new Array<number>(tempsLength);
  for (let index = 0; index < tempsLength; index += 1) {
    temps[index] = view.getUint8(tempsAt + index);
  }
  return {
    kind: 'superCapacitor',
    type: 0x31,
    bytes: bytes.subarray(at, tempsEnd),
    systemNo: view.getUint8(at),
    voltage: view.getUint16(at + 1),
    current: view.getUint16(at + 3),
    cellCount,
    cellVoltages,
    probeCount,
    temps,
  };
}

function readSuperCapacitorExtremesItem(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): SuperCapacitorExtremesItem | null {
  if (end - at < 18) return null;
  return {
    kind: 'superCapacitorExtremes',
    type: 0x32,
    bytes: bytes.subarray(at, at + 18),
    maxVoltageSystem: view.getUint8(at),
    maxVoltageCell: view.getUint16(at + 1),
    maxVoltage: view.getUint16(at + 3),
    minVoltageSystem: view.getUint8(at + 5),
    minVoltageCell: view.getUint16(at + 6),
    minVoltage: view.getUint16(at + 8),
    maxTempSystem: view.getUint8(at + 10),
    maxTempProbe: view.getUint16(at + 11),
    maxTemp: view.getUint8(at + 13),
    minTempSystem: view.getUint8(at + 14),
    minTempProbe: view.getUint16(at + 15),
    minTemp: view.getUint8(at + 17),
  };
}

export function readLogin2025(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): Login2025 | null {
  if (end - at < 29) return null;
  const bmsCount = view.getUint8(at + 28);
  const packsPerBmsLength = bmsCount >= 0xfe ? 0 : bmsCount;
  const packsPerBmsAt = at + 29;
  const packsPerBmsEnd = packsPerBmsAt + packsPerBmsLength;
  if (packsPerBmsEnd > end) return null;
  const packsPerBms = new Array<number>(packsPerBmsLength);
  for (let index = 0; index < packsPerBmsLength; index += 1) {
    packsPerBms[index] = view.getUint8(packsPerBmsAt + index);
  }
  const packCodesEnd = packsPerBmsEnd + groupsSize(packsPerBms, 24);
  if (packCodesEnd > end) return null;
  return {
    kind: 'login2025',
    time: readTime(bytes, at),
    loginSeq: view.getUint16(at + 6),
    iccid: readText(bytes, at + 8, 20),
    bmsCount,
    packsPerBms,
    packCodes: readGroups(bytes, packsPerBmsEnd, { counts: packsPerBms, size: 24 }),
    trailing: trailingOf(bytes, packCodesEnd, end),
  };
}

export function readActivation(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): Activation | null {
  if (end - at < 22) return null;
  const publicKeyAt = at + 22 + 2;
  if (publicKeyAt > end) return null;
  const publicKeyEnd = publicKeyAt + view.getUint16(at + 22);
  if (publicKeyEnd > end) return null;
  if (end - publicKeyEnd < 17) return null;
  const signature = readSignature(view, bytes, publicKeyEnd + 17, end);
  if (signature === null) return null;
  const signatureEnd = publicKeyEnd + 17 + signatureSize(signature);
  return {
    kind: 'activation',
    time: readTime(bytes, at),
    chipId: readPadded(bytes, at + 6, 16, 0x20),
    publicKey: bytes.subarray(publicKeyAt, publicKeyEnd),
    vin: readText(bytes, publicKeyEnd, 17),
    signature,
    trailing: trailingOf(bytes, signatureEnd, end),
  };
}

export function readActivationAnswer(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): ActivationAnswer | null {
  if (end - at < 2) return null;
  return {
    kind: 'activationAnswer',
    activationStatus: view.getUint8(at),
    info: view.getUint8(at + 1),
    trailing: trailingOf(bytes, at + 2, end),
  };
}

export function readKeyExchange(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  end: number,
): KeyExchange | null {
  if (end - at < 1) return null;
  const keyAt = at + 1 + 2;
  if (keyAt > end) return null;
  const keyEnd = keyAt + view.getUint16(at + 1);
  if (keyEnd > end) return null;
  if (end - keyEnd < 12) return null;
  return {
    kind: 'keyExchange',
    keyType: view.getUint8(at),
    key: bytes.subarray(keyAt, keyEnd),
    activeTime: readTime(bytes, keyEnd),
    expireTime: readTime(bytes, keyEnd + 6),
    trailing: trailingOf(bytes, keyEnd + 12, end),
  };
}

function trailingOf(bytes: Uint8Array, at: number, end: number): Uint8Array | null {
  return at === end ? null : bytes.subarray(at, end);
}
