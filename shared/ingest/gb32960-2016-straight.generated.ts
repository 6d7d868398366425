// Written by `npm run generate` from shared/frame/gb32960/layout-2016.ts,
// shared/telemetry/names-2016.ts and the Telemetry schema: edit those. Items of a report straight
// to Avro: `endOf…` says where one ends, -1 where it does not fit; then `write…` may be called.

import {
  avroText,
  otherBranch,
  type Slab,
  writeBytes,
  writeInt,
  writeLong,
  writeNullableDouble,
  writeNullableInt,
  writeSomeDouble,
  writeSomeInt,
} from '../avro/straight.ts';
import {
  type Marks,
  markByte,
  markDword,
  markPlain,
  markRuns,
  markWord,
} from '../telemetry/field-states.ts';
import { markedText, rawsOf, writeBits, writeCodes } from './straight-values.ts';

const alarmBitTexts = [
  'temperature_difference',
  'battery_high_temperature',
  'ress_type_overvoltage',
  'ress_type_undervoltage',
  'soc_low',
  'cell_overvoltage',
  'cell_undervoltage',
  'soc_high',
  'soc_jump',
  'ress_mismatch',
  'cell_poor_consistency',
  'insulation',
  'dcdc_temperature',
  'brake_system',
  'dcdc_status',
  'motor_controller_temperature',
  'hv_interlock',
  'motor_temperature',
  'ress_type_overcharge',
  'reserved_bit_19',
  'reserved_bit_20',
  'reserved_bit_21',
  'reserved_bit_22',
  'reserved_bit_23',
  'reserved_bit_24',
  'reserved_bit_25',
  'reserved_bit_26',
  'reserved_bit_27',
  'reserved_bit_28',
  'reserved_bit_29',
  'reserved_bit_30',
  'reserved_bit_31',
].map((name) => avroText(name));
const gearTexts = [
  'N',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  '10',
  '11',
  '12',
  'R',
  'D',
  'P',
].map((name) => avroText(name, otherBranch));
const vehicleVehicleStatusNames: readonly (Uint8Array | null)[] = [
  null,
  avroText('started', otherBranch),
  avroText('off', otherBranch),
  avroText('other', otherBranch),
];
const vehicleChargeStatusNames: readonly (Uint8Array | null)[] = [
  null,
  avroText('parked_charging', otherBranch),
  avroText('driving_charging', otherBranch),
  avroText('not_charging', otherBranch),
  avroText('charge_complete', otherBranch),
];
const vehicleRunModeNames: readonly (Uint8Array | null)[] = [
  null,
  avroText('electric', otherBranch),
  avroText('hybrid', otherBranch),
  avroText('fuel', otherBranch),
];
const vehicleDcdcStatusNames: readonly (Uint8Array | null)[] = [
  null,
  avroText('working', otherBranch),
  avroText('disconnected', otherBranch),
];
const motorsStatusNames: readonly (Uint8Array | null)[] = [
  null,
  avroText('consuming', otherBranch),
  avroText('generating', otherBranch),
  avroText('off', otherBranch),
  avroText('ready', otherBranch),
];
const fuelCellHvDcdcStatusNames: readonly (Uint8Array | null)[] = [
  null,
  avroText('working', otherBranch),
  avroText('disconnected', otherBranch),
];
const engineStatusNames: readonly (Uint8Array | null)[] = [
  null,
  avroText('on', otherBranch),
  avroText('off', otherBranch),
];
const positionDatumText = avroText('unknown');

/** trailing, stacks, superCapacitor, superCapacitorExtremes, signature, terminal, signals: null or empty, a 0x00 each. */
export const fieldsBehindItems = 7;

/** `at` is the first byte after the type. -1 also for a type without layout. */
export function endOfItem(type: number, source: DataView, at: number, end: number): number {
  switch (type) {
    case 0x01:
      return end - at < 20 ? -1 : at + 20;
    case 0x02:
      return endOfMotors(source, at, end);
    case 0x03:
      return endOfFuelCell(source, at, end);
    case 0x04:
      return end - at < 5 ? -1 : at + 5;
    case 0x05:
      return end - at < 9 ? -1 : at + 9;
    case 0x06:
      return end - at < 14 ? -1 : at + 14;
    case 0x07:
      return endOfAlarm(source, at, end);
    case 0x08:
      return endOfVoltages(source, at, end);
    case 0x09:
      return endOfTemperatures(source, at, end);
    default:
      return -1;
  }
}

function endOfMotors(source: DataView, at: number, end: number): number {
  if (end - at < 1) return -1;
  const count = source.getUint8(at);
  const motorsEnd = at + 1 + 12 * (count >= 0xfe ? 0 : count);
  if (motorsEnd > end) return -1;
  return motorsEnd;
}

export const motorsEntrySize = 12;

function endOfFuelCell(source: DataView, at: number, end: number): number {
  if (end - at < 8) return -1;
  const probeCount = source.getUint16(at + 6);
  const probeTempsEnd = at + 8 + (probeCount >= 0xfffe ? 0 : probeCount);
  if (probeTempsEnd > end) return -1;
  if (end - probeTempsEnd < 10) return -1;
  return probeTempsEnd + 10;
}

function endOfAlarm(source: DataView, at: number, end: number): number {
  if (end - at < 6) return -1;
  const ressFaultCount = source.getUint8(at + 5);
  const ressFaultsEnd = at + 6 + 4 * (ressFaultCount >= 0xfe ? 0 : ressFaultCount);
  if (ressFaultsEnd > end) return -1;
  if (end - ressFaultsEnd < 1) return -1;
  const motorFaultCount = source.getUint8(ressFaultsEnd);
  const motorFaultsEnd = ressFaultsEnd + 1 + 4 * (motorFaultCount >= 0xfe ? 0 : motorFaultCount);
  if (motorFaultsEnd > end) return -1;
  if (end - motorFaultsEnd < 1) return -1;
  const engineFaultCount = source.getUint8(motorFaultsEnd);
  const engineFaultsEnd =
    motorFaultsEnd + 1 + 4 * (engineFaultCount >= 0xfe ? 0 : engineFaultCount);
  if (engineFaultsEnd > end) return -1;
  if (end - engineFaultsEnd < 1) return -1;
  const otherFaultCount = source.getUint8(engineFaultsEnd);
  const otherFaultsEnd = engineFaultsEnd + 1 + 4 * (otherFaultCount >= 0xfe ? 0 : otherFaultCount);
  if (otherFaultsEnd > end) return -1;
  return otherFaultsEnd;
}

function endOfVoltages(source: DataView, at: number, end: number): number {
  if (end - at < 1) return -1;
  const subsystemCount = source.getUint8(at);
  let subsystemsEnd = at + 1;
  for (let left = subsystemCount >= 0xfe ? 0 : subsystemCount; left > 0; left -= 1) {
    subsystemsEnd = endOfVoltagesEntry(source, subsystemsEnd, end);
    if (subsystemsEnd < 0) return -1;
  }
  return subsystemsEnd;
}

export function endOfVoltagesEntry(source: DataView, at: number, end: number): number {
  if (end - at < 10) return -1;
  const frameCellCount = source.getUint8(at + 9);
  const cellVoltagesEnd = at + 10 + 2 * (frameCellCount >= 0xfe ? 0 : frameCellCount);
  if (cellVoltagesEnd > end) return -1;
  return cellVoltagesEnd;
}

function endOfTemperatures(source: DataView, at: number, end: number): number {
  if (end - at < 1) return -1;
  const subsystemCount = source.getUint8(at);
  let subsystemsEnd = at + 1;
  for (let left = subsystemCount >= 0xfe ? 0 : subsystemCount; left > 0; left -= 1) {
    subsystemsEnd = endOfTemperaturesEntry(source, subsystemsEnd, end);
    if (subsystemsEnd < 0) return -1;
  }
  return subsystemsEnd;
}

export function endOfTemperaturesEntry(source: DataView, at: number, end: number): number {
  if (end - at < 3) return -1;
  const probeCount = source.getUint16(at + 1);
  const tempsEnd = at + 3 + (probeCount >= 0xfffe ? 0 : probeCount);
  if (tempsEnd > end) return -1;
  return tempsEnd;
}

export function writeVehicle(
  slab: Slab,
  from: number,
  source: DataView,
  at: number,
  marks: Marks,
): number {
  const { bytes } = slab;
  let to = from;
  const vehicleStatus = source.getUint8(at);
  const chargeStatus = source.getUint8(at + 1);
  const runMode = source.getUint8(at + 2);
  const speed = source.getUint16(at + 3);
  const mileage = source.getUint32(at + 5);
  const totalVoltage = source.getUint16(at + 9);
  const totalCurrent = source.getUint16(at + 11);
  const soc = source.getUint8(at + 13);
  const dcdcStatus = source.getUint8(at + 14);
  const gear = source.getUint8(at + 15);
  const insulationResistance = source.getUint16(at + 16);
  const acceleratorPedal = source.getUint8(at + 18);
  const brakePedal = source.getUint8(at + 19);
  to = writeBytes(
    bytes,
    to,
    vehicleVehicleStatusNames[vehicleStatus] ??
      markedText(markByte(marks, 'vehicle.status', vehicleStatus, null)),
  );
  to = writeBytes(
    bytes,
    to,
    vehicleChargeStatusNames[chargeStatus] ??
      markedText(markByte(marks, 'vehicle.chargeStatus', chargeStatus, null)),
  );
  to = writeBytes(
    bytes,
    to,
    vehicleRunModeNames[runMode] ?? markedText(markByte(marks, 'vehicle.runMode', runMode, null)),
  );
  to =
    speed > 2200
      ? writeNullableDouble(slab, to, markWord(marks, 'vehicle.speedKmh', speed, speed / 10))
      : writeSomeDouble(slab, to, speed / 10);
  to =
    mileage > 9999999
      ? writeNullableDouble(slab, to, markDword(marks, 'vehicle.odometerKm', mileage, mileage / 10))
      : writeSomeDouble(slab, to, mileage / 10);
  to =
    totalVoltage > 10000
      ? writeNullableDouble(
          slab,
          to,
          markWord(marks, 'vehicle.packVoltageV', totalVoltage, totalVoltage / 10),
        )
      : writeSomeDouble(slab, to, totalVoltage / 10);
  to =
    totalCurrent > 20000
      ? writeNullableDouble(
          slab,
          to,
          markWord(marks, 'vehicle.packCurrentA', totalCurrent, (totalCurrent - 10000) / 10),
        )
      : writeSomeDouble(slab, to, (totalCurrent - 10000) / 10);
  to =
    soc > 100
      ? writeNullableInt(bytes, to, markByte(marks, 'vehicle.socPercent', soc, soc))
      : writeSomeInt(bytes, to, soc);
  to = writeBytes(
    bytes,
    to,
    vehicleDcdcStatusNames[dcdcStatus] ??
      markedText(markByte(marks, 'vehicle.dcdcStatus', dcdcStatus, null)),
  );
  to = writeBytes(bytes, to, gearTexts[gear & 15]!);
  bytes[to++] = (gear & 32) === 0 ? 0 : 1;
  bytes[to++] = (gear & 16) === 0 ? 0 : 1;
  to = writeInt(bytes, to, gear);
  to =
    insulationResistance > 60000
      ? writeNullableInt(
          bytes,
          to,
          markWord(
            marks,
            'vehicle.insulationResistanceKohm',
            insulationResistance,
            insulationResistance,
          ),
        )
      : writeSomeInt(bytes, to, insulationResistance);
  to =
    acceleratorPedal > 100
      ? writeNullableInt(
          bytes,
          to,
          markByte(marks, 'vehicle.acceleratorPedalPercent', acceleratorPedal, acceleratorPedal),
        )
      : writeSomeInt(bytes, to, acceleratorPedal);
  to =
    brakePedal > 101
      ? writeNullableInt(
          bytes,
          to,
          markByte(marks, 'vehicle.brakePedalPercent', brakePedal, brakePedal),
        )
      : writeSomeInt(bytes, to, brakePedal);
  bytes[to++] = 1;
  return to;
}

export function writeMotor(
  slab: Slab,
  from: number,
  source: DataView,
  at: number,
  place: number,
  marks: Marks,
): number {
  const { bytes } = slab;
  let to = from;
  const no = source.getUint8(at);
  const status = source.getUint8(at + 1);
  const controllerTemp = source.getUint8(at + 2);
  const speed = source.getUint16(at + 3);
  const torque = source.getUint16(at + 5);
  const motorTemp = source.getUint8(at + 7);
  const controllerInputVoltage = source.getUint16(at + 8);
  const controllerDcBusCurrent = source.getUint16(at + 10);
  to = writeInt(
    bytes,
    to,
    no < 1 || no > 253 ? markPlain(marks, `motors[${place}].no`, no, no) : no,
  );
  to = writeBytes(
    bytes,
    to,
    motorsStatusNames[status] ??
      markedText(markByte(marks, `motors[${place}].status`, status, null)),
  );
  to =
    controllerTemp > 250
      ? writeNullableInt(
          bytes,
          to,
          markByte(
            marks,
            `motors[${place}].controllerTemperatureC`,
            controllerTemp,
            controllerTemp - 40,
          ),
        )
      : writeSomeInt(bytes, to, controllerTemp - 40);
  to =
    speed > 65531
      ? writeNullableInt(
          bytes,
          to,
          markWord(marks, `motors[${place}].speedRpm`, speed, speed - 20000),
        )
      : writeSomeInt(bytes, to, speed - 20000);
  to =
    torque > 65531
      ? writeNullableDouble(
          slab,
          to,
          markWord(marks, `motors[${place}].torqueNm`, torque, (torque - 20000) / 10),
        )
      : writeSomeDouble(slab, to, (torque - 20000) / 10);
  to =
    motorTemp > 250
      ? writeNullableInt(
          bytes,
          to,
          markByte(marks, `motors[${place}].temperatureC`, motorTemp, motorTemp - 40),
        )
      : writeSomeInt(bytes, to, motorTemp - 40);
  to =
    controllerInputVoltage > 60000
      ? writeNullableDouble(
          slab,
          to,
          markWord(
            marks,
            `motors[${place}].controllerVoltageV`,
            controllerInputVoltage,
            controllerInputVoltage / 10,
          ),
        )
      : writeSomeDouble(slab, to, controllerInputVoltage / 10);
  to =
    controllerDcBusCurrent > 20000
      ? writeNullableDouble(
          slab,
          to,
          markWord(
            marks,
            `motors[${place}].controllerCurrentA`,
            controllerDcBusCurrent,
            (controllerDcBusCurrent - 10000) / 10,
          ),
        )
      : writeSomeDouble(slab, to, (controllerDcBusCurrent - 10000) / 10);
  return to;
}

export function writeFuelCell(
  slab: Slab,
  from: number,
  source: DataView,
  at: number,
  marks: Marks,
): number {
  const { bytes } = slab;
  let to = from;
  const voltage = source.getUint16(at);
  const current = source.getUint16(at + 2);
  const fuelConsumption = source.getUint16(at + 4);
  const probeCount = source.getUint16(at + 6);
  const probeTempsLength = probeCount >= 0xfffe ? 0 : probeCount;
  const probeTempsAt = at + 8;
  const probeTempsEnd = probeTempsAt + probeTempsLength;
  const hydrogenMaxTemp = source.getUint16(probeTempsEnd);
  const hydrogenMaxTempProbe = source.getUint8(probeTempsEnd + 2);
  const hydrogenMaxConcentration = source.getUint16(probeTempsEnd + 3);
  const hydrogenMaxConcentrationSensor = source.getUint8(probeTempsEnd + 5);
  const hydrogenMaxPressure = source.getUint16(probeTempsEnd + 6);
  const hydrogenMaxPressureSensor = source.getUint8(probeTempsEnd + 8);
  const hvDcdcStatus = source.getUint8(probeTempsEnd + 9);
  to =
    voltage > 20000
      ? writeNullableDouble(slab, to, markWord(marks, 'fuelCell.voltageV', voltage, voltage / 10))
      : writeSomeDouble(slab, to, voltage / 10);
  to =
    current > 20000
      ? writeNullableDouble(slab, to, markWord(marks, 'fuelCell.currentA', current, current / 10))
      : writeSomeDouble(slab, to, current / 10);
  to =
    fuelConsumption > 60000
      ? writeNullableDouble(
          slab,
          to,
          markWord(
            marks,
            'fuelCell.fuelConsumptionKgPer100Km',
            fuelConsumption,
            fuelConsumption / 100,
          ),
        )
      : writeSomeDouble(slab, to, fuelConsumption / 100);
  to = writeFuelCellProbeTemperaturesC(slab, to, source, at, marks);
  to =
    hydrogenMaxTemp > 2400
      ? writeNullableDouble(
          slab,
          to,
          markWord(
            marks,
            'fuelCell.hydrogenMaxTemperatureC',
            hydrogenMaxTemp,
            (hydrogenMaxTemp - 400) / 10,
          ),
        )
      : writeSomeDouble(slab, to, (hydrogenMaxTemp - 400) / 10);
  to =
    hydrogenMaxTempProbe < 1 || hydrogenMaxTempProbe > 252
      ? writeNullableInt(
          bytes,
          to,
          markByte(
            marks,
            'fuelCell.hydrogenMaxTemperatureProbe',
            hydrogenMaxTempProbe,
            hydrogenMaxTempProbe,
          ),
        )
      : writeSomeInt(bytes, to, hydrogenMaxTempProbe);
  to =
    hydrogenMaxConcentration > 60000
      ? writeNullableInt(
          bytes,
          to,
          markWord(
            marks,
            'fuelCell.hydrogenMaxConcentrationMgPerKg',
            hydrogenMaxConcentration,
            hydrogenMaxConcentration,
          ),
        )
      : writeSomeInt(bytes, to, hydrogenMaxConcentration);
  to =
    hydrogenMaxConcentrationSensor < 1 || hydrogenMaxConcentrationSensor > 252
      ? writeNullableInt(
          bytes,
          to,
          markByte(
            marks,
            'fuelCell.hydrogenMaxConcentrationSensor',
            hydrogenMaxConcentrationSensor,
            hydrogenMaxConcentrationSensor,
          ),
        )
      : writeSomeInt(bytes, to, hydrogenMaxConcentrationSensor);
  to =
    hydrogenMaxPressure > 1000
      ? writeNullableDouble(
          slab,
          to,
          markWord(
            marks,
            'fuelCell.hydrogenMaxPressureMpa',
            hydrogenMaxPressure,
            hydrogenMaxPressure / 10,
          ),
        )
      : writeSomeDouble(slab, to, hydrogenMaxPressure / 10);
  to =
    hydrogenMaxPressureSensor < 1 || hydrogenMaxPressureSensor > 252
      ? writeNullableInt(
          bytes,
          to,
          markByte(
            marks,
            'fuelCell.hydrogenMaxPressureSensor',
            hydrogenMaxPressureSensor,
            hydrogenMaxPressureSensor,
          ),
        )
      : writeSomeInt(bytes, to, hydrogenMaxPressureSensor);
  to = writeBytes(
    bytes,
    to,
    fuelCellHvDcdcStatusNames[hvDcdcStatus] ??
      markedText(markByte(marks, 'fuelCell.hvDcdcStatus', hvDcdcStatus, null)),
  );
  bytes[to++] = 0;
  bytes[to++] = 0;
  bytes[to++] = 0;
  return to;
}

export function writeEngine(
  slab: Slab,
  from: number,
  source: DataView,
  at: number,
  marks: Marks,
): number {
  const { bytes } = slab;
  let to = from;
  const status = source.getUint8(at);
  const crankshaftSpeed = source.getUint16(at + 1);
  const fuelConsumption = source.getUint16(at + 3);
  to = writeBytes(
    bytes,
    to,
    engineStatusNames[status] ?? markedText(markByte(marks, 'engine.status', status, null)),
  );
  to =
    crankshaftSpeed > 60000
      ? writeNullableInt(
          bytes,
          to,
          markWord(marks, 'engine.crankshaftSpeedRpm', crankshaftSpeed, crankshaftSpeed),
        )
      : writeSomeInt(bytes, to, crankshaftSpeed);
  to =
    fuelConsumption > 60000
      ? writeNullableDouble(
          slab,
          to,
          markWord(
            marks,
            'engine.fuelConsumptionLPer100Km',
            fuelConsumption,
            fuelConsumption / 100,
          ),
        )
      : writeSomeDouble(slab, to, fuelConsumption / 100);
  return to;
}

export function writePosition(
  slab: Slab,
  from: number,
  source: DataView,
  at: number,
  marks: Marks,
): number {
  const { bytes } = slab;
  let to = from;
  const status = source.getUint8(at);
  const longitude = source.getUint32(at + 1);
  const latitude = source.getUint32(at + 5);
  bytes[to++] = (status & 1) === 0 ? 1 : 0;
  to =
    longitude > 180000000
      ? writeNullableDouble(
          slab,
          to,
          markDword(
            marks,
            'position.longitudeDeg',
            longitude,
            ((status & 4) === 0 ? longitude : 0 - longitude) / 1000000,
          ),
        )
      : writeSomeDouble(slab, to, ((status & 4) === 0 ? longitude : 0 - longitude) / 1000000);
  to =
    latitude > 90000000
      ? writeNullableDouble(
          slab,
          to,
          markDword(
            marks,
            'position.latitudeDeg',
            latitude,
            ((status & 2) === 0 ? latitude : 0 - latitude) / 1000000,
          ),
        )
      : writeSomeDouble(slab, to, ((status & 2) === 0 ? latitude : 0 - latitude) / 1000000);
  to = writeBytes(bytes, to, positionDatumText);
  to = writeInt(bytes, to, status);
  bytes[to++] = 0;
  bytes[to++] = 0;
  bytes[to++] = 0;
  bytes[to++] = 0;
  return to;
}

export function writeExtremes(
  slab: Slab,
  from: number,
  source: DataView,
  at: number,
  marks: Marks,
): number {
  const { bytes } = slab;
  let to = from;
  const maxCellVoltageSubsystem = source.getUint8(at);
  const maxCellVoltageCell = source.getUint8(at + 1);
  const maxCellVoltage = source.getUint16(at + 2);
  const minCellVoltageSubsystem = source.getUint8(at + 4);
  const minCellVoltageCell = source.getUint8(at + 5);
  const minCellVoltage = source.getUint16(at + 6);
  const maxTempSubsystem = source.getUint8(at + 8);
  const maxTempProbe = source.getUint8(at + 9);
  const maxTemp = source.getUint8(at + 10);
  const minTempSubsystem = source.getUint8(at + 11);
  const minTempProbe = source.getUint8(at + 12);
  const minTemp = source.getUint8(at + 13);
  to =
    maxCellVoltageSubsystem < 1 || maxCellVoltageSubsystem > 250
      ? writeNullableInt(
          bytes,
          to,
          markByte(
            marks,
            'extremes.maxCellVoltageSubsystem',
            maxCellVoltageSubsystem,
            maxCellVoltageSubsystem,
          ),
        )
      : writeSomeInt(bytes, to, maxCellVoltageSubsystem);
  to =
    maxCellVoltageCell < 1 || maxCellVoltageCell > 250
      ? writeNullableInt(
          bytes,
          to,
          markByte(marks, 'extremes.maxCellVoltageCell', maxCellVoltageCell, maxCellVoltageCell),
        )
      : writeSomeInt(bytes, to, maxCellVoltageCell);
  to =
    maxCellVoltage > 15000
      ? writeNullableInt(
          bytes,
          to,
          markWord(marks, 'extremes.maxCellVoltageMv', maxCellVoltage, maxCellVoltage),
        )
      : writeSomeInt(bytes, to, maxCellVoltage);
  to =
    minCellVoltageSubsystem < 1 || minCellVoltageSubsystem > 250
      ? writeNullableInt(
          bytes,
          to,
          markByte(
            marks,
            'extremes.minCellVoltageSubsystem',
            minCellVoltageSubsystem,
            minCellVoltageSubsystem,
          ),
        )
      : writeSomeInt(bytes, to, minCellVoltageSubsystem);
  to =
    minCellVoltageCell < 1 || minCellVoltageCell > 250
      ? writeNullableInt(
          bytes,
          to,
          markByte(marks, 'extremes.minCellVoltageCell', minCellVoltageCell, minCellVoltageCell),
        )
      : writeSomeInt(bytes, to, minCellVoltageCell);
  to =
    minCellVoltage > 15000
      ? writeNullableInt(
          bytes,
          to,
          markWord(marks, 'extremes.minCellVoltageMv', minCellVoltage, minCellVoltage),
        )
      : writeSomeInt(bytes, to, minCellVoltage);
  to =
    maxTempSubsystem < 1 || maxTempSubsystem > 250
      ? writeNullableInt(
          bytes,
          to,
          markByte(marks, 'extremes.maxTemperatureSubsystem', maxTempSubsystem, maxTempSubsystem),
        )
      : writeSomeInt(bytes, to, maxTempSubsystem);
  to =
    maxTempProbe < 1 || maxTempProbe > 250
      ? writeNullableInt(
          bytes,
          to,
          markByte(marks, 'extremes.maxTemperatureProbe', maxTempProbe, maxTempProbe),
        )
      : writeSomeInt(bytes, to, maxTempProbe);
  to =
    maxTemp > 250
      ? writeNullableInt(
          bytes,
          to,
          markByte(marks, 'extremes.maxTemperatureC', maxTemp, maxTemp - 40),
        )
      : writeSomeInt(bytes, to, maxTemp - 40);
  to =
    minTempSubsystem < 1 || minTempSubsystem > 250
      ? writeNullableInt(
          bytes,
          to,
          markByte(marks, 'extremes.minTemperatureSubsystem', minTempSubsystem, minTempSubsystem),
        )
      : writeSomeInt(bytes, to, minTempSubsystem);
  to =
    minTempProbe < 1 || minTempProbe > 250
      ? writeNullableInt(
          bytes,
          to,
          markByte(marks, 'extremes.minTemperatureProbe', minTempProbe, minTempProbe),
        )
      : writeSomeInt(bytes, to, minTempProbe);
  to =
    minTemp > 250
      ? writeNullableInt(
          bytes,
          to,
          markByte(marks, 'extremes.minTemperatureC', minTemp, minTemp - 40),
        )
      : writeSomeInt(bytes, to, minTemp - 40);
  return to;
}

export function writeAlarm(
  slab: Slab,
  from: number,
  source: DataView,
  at: number,
  place: number,
  marks: Marks,
): number {
  const { bytes } = slab;
  let to = from;
  const maxLevel = source.getUint8(at);
  const generalFlags = source.getUint32(at + 1);
  const ressFaultCount = source.getUint8(at + 5);
  const ressFaultsLength = ressFaultCount >= 0xfe ? 0 : ressFaultCount;
  const ressFaultsAt = at + 6;
  const ressFaultsEnd = ressFaultsAt + 4 * ressFaultsLength;
  const motorFaultCount = source.getUint8(ressFaultsEnd);
  const motorFaultsLength = motorFaultCount >= 0xfe ? 0 : motorFaultCount;
  const motorFaultsAt = ressFaultsEnd + 1;
  const motorFaultsEnd = motorFaultsAt + 4 * motorFaultsLength;
  const engineFaultCount = source.getUint8(motorFaultsEnd);
  const engineFaultsLength = engineFaultCount >= 0xfe ? 0 : engineFaultCount;
  const engineFaultsAt = motorFaultsEnd + 1;
  const engineFaultsEnd = engineFaultsAt + 4 * engineFaultsLength;
  const otherFaultCount = source.getUint8(engineFaultsEnd);
  const otherFaultsLength = otherFaultCount >= 0xfe ? 0 : otherFaultCount;
  const otherFaultsAt = engineFaultsEnd + 1;
  if (ressFaultCount > 252) markByte(marks, `alarms[${place}].ressFaults`, ressFaultCount, null);
  if (motorFaultCount > 252) markByte(marks, `alarms[${place}].motorFaults`, motorFaultCount, null);
  if (engineFaultCount > 252)
    markByte(marks, `alarms[${place}].engineFaults`, engineFaultCount, null);
  if (otherFaultCount > 252) markByte(marks, `alarms[${place}].otherFaults`, otherFaultCount, null);
  to =
    maxLevel > 3
      ? writeNullableInt(
          bytes,
          to,
          markByte(marks, `alarms[${place}].maxLevel`, maxLevel, maxLevel),
        )
      : writeSomeInt(bytes, to, maxLevel);
  to = writeBits(bytes, to, generalFlags, alarmBitTexts);
  to = writeLong(bytes, to, generalFlags);
  to = writeCodes(bytes, to, source, ressFaultsAt, ressFaultsLength);
  to = writeCodes(bytes, to, source, motorFaultsAt, motorFaultsLength);
  to = writeCodes(bytes, to, source, engineFaultsAt, engineFaultsLength);
  to = writeCodes(bytes, to, source, otherFaultsAt, otherFaultsLength);
  bytes[to++] = 0;
  return to;
}

export function writePack(
  slab: Slab,
  from: number,
  source: DataView,
  at: number,
  place: number,
  marks: Marks,
): number {
  const { bytes } = slab;
  let to = from;
  const no = source.getUint8(at);
  const voltage = source.getUint16(at + 1);
  const current = source.getUint16(at + 3);
  const cellTotal = source.getUint16(at + 5);
  const frameStartCell = source.getUint16(at + 7);
  to = writeInt(
    bytes,
    to,
    no < 1 || no > 250 ? markPlain(marks, `packs[${place}].no`, no, no) : no,
  );
  to =
    voltage > 10000
      ? writeNullableDouble(
          slab,
          to,
          markWord(marks, `packs[${place}].voltageV`, voltage, voltage / 10),
        )
      : writeSomeDouble(slab, to, voltage / 10);
  to =
    current > 20000
      ? writeNullableDouble(
          slab,
          to,
          markWord(marks, `packs[${place}].currentA`, current, (current - 10000) / 10),
        )
      : writeSomeDouble(slab, to, (current - 10000) / 10);
  to =
    cellTotal < 1 || cellTotal > 65531
      ? writeNullableInt(
          bytes,
          to,
          markWord(marks, `packs[${place}].cellCount`, cellTotal, cellTotal),
        )
      : writeSomeInt(bytes, to, cellTotal);
  to =
    frameStartCell < 1 || frameStartCell > 65531
      ? writeNullableInt(
          bytes,
          to,
          markPlain(marks, `packs[${place}].firstCell`, frameStartCell, frameStartCell),
        )
      : writeSomeInt(bytes, to, frameStartCell);
  to = writePackCellVoltagesMv(slab, to, source, at, place, marks);
  return to;
}

export function writeTemperaturePack(
  slab: Slab,
  from: number,
  source: DataView,
  at: number,
  place: number,
  marks: Marks,
): number {
  const { bytes } = slab;
  let to = from;
  const no = source.getUint8(at);
  to = writeInt(
    bytes,
    to,
    no < 1 || no > 250 ? markPlain(marks, `packs[${place}].no`, no, no) : no,
  );
  bytes[to++] = 0;
  bytes[to++] = 0;
  bytes[to++] = 0;
  bytes[to++] = 0;
  bytes[to++] = 0;
  to = writePackTemperaturesC(slab, to, source, at, place, marks);
  return to;
}

export function writeFuelCellProbeTemperaturesC(
  slab: Slab,
  from: number,
  source: DataView,
  at: number,
  marks: Marks,
): number {
  const { bytes } = slab;
  let to = from;
  const probeCount = source.getUint16(at + 6);
  const probeTempsLength = probeCount >= 0xfffe ? 0 : probeCount;
  const probeTempsAt = at + 8;
  if (probeCount > 65531) markWord(marks, 'fuelCell.probeTemperaturesC', probeCount, null);
  if (probeTempsLength > 0) to = writeInt(bytes, to, probeTempsLength);
  let highest = 0;
  for (let index = 0; index < probeTempsLength; index += 1) {
    const raw = source.getUint8(probeTempsAt + index);
    if (raw > highest) highest = raw;
    if (raw >= 254) bytes[to++] = 0;
    else to = writeSomeInt(bytes, to, raw - 40);
  }
  bytes[to++] = 0;
  if (highest > 240)
    markRuns(
      marks,
      'fuelCell.probeTemperaturesC',
      rawsOf(source, { at: probeTempsAt, length: probeTempsLength, size: 1 }),
      { rawMax: 240, abnormal: 254 },
    );
  return to;
}

export function writePackCellVoltagesMv(
  slab: Slab,
  from: number,
  source: DataView,
  at: number,
  place: number,
  marks: Marks,
): number {
  const { bytes } = slab;
  let to = from;
  const frameCellCount = source.getUint8(at + 9);
  const cellVoltagesLength = frameCellCount >= 0xfe ? 0 : frameCellCount;
  const cellVoltagesAt = at + 10;
  if (frameCellCount < 1 || frameCellCount > 200)
    markByte(marks, `packs[${place}].cellVoltagesMv`, frameCellCount, null);
  if (cellVoltagesLength > 0) to = writeInt(bytes, to, cellVoltagesLength);
  let highest = 0;
  for (let index = 0; index < cellVoltagesLength; index += 1) {
    const raw = source.getUint16(cellVoltagesAt + 2 * index);
    if (raw > highest) highest = raw;
    if (raw >= 65534) bytes[to++] = 0;
    else to = writeSomeInt(bytes, to, raw);
  }
  bytes[to++] = 0;
  if (highest > 60000)
    markRuns(
      marks,
      `packs[${place}].cellVoltagesMv`,
      rawsOf(source, { at: cellVoltagesAt, length: cellVoltagesLength, size: 2 }),
      { rawMax: 60000, abnormal: 65534 },
    );
  return to;
}

export function writePackTemperaturesC(
  slab: Slab,
  from: number,
  source: DataView,
  at: number,
  place: number,
  marks: Marks,
): number {
  const { bytes } = slab;
  let to = from;
  const probeCount = source.getUint16(at + 1);
  const tempsLength = probeCount >= 0xfffe ? 0 : probeCount;
  const tempsAt = at + 3;
  if (probeCount < 1 || probeCount > 65531)
    markWord(marks, `packs[${place}].temperaturesC`, probeCount, null);
  if (tempsLength > 0) to = writeInt(bytes, to, tempsLength);
  let highest = 0;
  for (let index = 0; index < tempsLength; index += 1) {
    const raw = source.getUint8(tempsAt + index);
    if (raw > highest) highest = raw;
    if (raw >= 254) bytes[to++] = 0;
    else to = writeSomeInt(bytes, to, raw - 40);
  }
  bytes[to++] = 0;
  if (highest > 250)
    markRuns(
      marks,
      `packs[${place}].temperaturesC`,
      rawsOf(source, { at: tempsAt, length: tempsLength, size: 1 }),
      { rawMax: 250, abnormal: 254 },
    );
  return to;
}
