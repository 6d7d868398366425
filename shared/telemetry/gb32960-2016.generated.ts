// Written by `npm run generate` from shared/frame/gb32960/layout-2016.ts and
// shared/telemetry/names-2016.ts: edit those. Raw integers of a report to values in units.

import type {
  AlarmState as AlarmStateRecord,
  Engine as EngineRecord,
  Extremes as ExtremesRecord,
  FuelCell as FuelCellRecord,
  Motor as MotorRecord,
  Pack as PackRecord,
  Position as PositionRecord,
  Vehicle as VehicleRecord,
} from '../avro/types.generated.ts';
import type {
  AlarmItem,
  EngineItem,
  ExtremesItem,
  FuelCellItem,
  Motor,
  PositionItem,
  TemperatureSubsystem,
  VehicleItem,
  VoltageSubsystem,
} from '../frame/gb32960/frame.ts';
import { type Marks, markByte, markDword, markPlain, markRuns, markWord } from './field-states.ts';
import { bitNames, faultCodes, scaleList } from './scale.ts';

const alarmBitNames = [
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
];
const gearNames = [
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
];
const vehicleVehicleStatusNames = [null, 'started', 'off', 'other'];
const vehicleChargeStatusNames = [
  null,
  'parked_charging',
  'driving_charging',
  'not_charging',
  'charge_complete',
];
const vehicleRunModeNames = [null, 'electric', 'hybrid', 'fuel'];
const vehicleDcdcStatusNames = [null, 'working', 'disconnected'];
const motorsStatusNames = [null, 'consuming', 'generating', 'off', 'ready'];
const fuelCellProbeTempsScaling = { rawMax: 240, rawOffset: -40, abnormal: 254 };
const fuelCellHvDcdcStatusNames = [null, 'working', 'disconnected'];
const engineStatusNames = [null, 'on', 'off'];
const voltagesCellVoltagesScaling = { rawMax: 60000, rawOffset: 0, abnormal: 65534 };
const temperaturesTempsScaling = { rawMax: 250, rawOffset: -40, abnormal: 254 };

export function toVehicle(source: VehicleItem, marks: Marks): VehicleRecord {
  return {
    status:
      vehicleVehicleStatusNames[source.vehicleStatus] ??
      markByte(marks, 'vehicle.status', source.vehicleStatus, null),
    chargeStatus:
      vehicleChargeStatusNames[source.chargeStatus] ??
      markByte(marks, 'vehicle.chargeStatus', source.chargeStatus, null),
    runMode:
      vehicleRunModeNames[source.runMode] ??
      markByte(marks, 'vehicle.runMode', source.runMode, null),
    speedKmh:
      source.speed > 2200
        ? markWord(marks, 'vehicle.speedKmh', source.speed, source.speed / 10)
        : source.speed / 10,
    odometerKm:
      source.mileage > 9999999
        ? markDword(marks, 'vehicle.odometerKm', source.mileage, source.mileage / 10)
        : source.mileage / 10,
    packVoltageV:
      source.totalVoltage > 10000
        ? markWord(marks, 'vehicle.packVoltageV', source.totalVoltage, source.totalVoltage / 10)
        : source.totalVoltage / 10,
    packCurrentA:
      source.totalCurrent > 20000
        ? markWord(
            marks,
            'vehicle.packCurrentA',
            source.totalCurrent,
            (source.totalCurrent - 10000) / 10,
          )
        : (source.totalCurrent - 10000) / 10,
    socPercent:
      source.soc > 100 ? markByte(marks, 'vehicle.socPercent', source.soc, source.soc) : source.soc,
    dcdcStatus:
      vehicleDcdcStatusNames[source.dcdcStatus] ??
      markByte(marks, 'vehicle.dcdcStatus', source.dcdcStatus, null),
    gear: gearNames[source.gear & 15] as string,
    hasDriveForce: (source.gear & 32) !== 0,
    hasBrakeForce: (source.gear & 16) !== 0,
    gearRaw: source.gear,
    insulationResistanceKohm:
      source.insulationResistance > 60000
        ? markWord(
            marks,
            'vehicle.insulationResistanceKohm',
            source.insulationResistance,
            source.insulationResistance,
          )
        : source.insulationResistance,
    acceleratorPedalPercent:
      source.acceleratorPedal > 100
        ? markByte(
            marks,
            'vehicle.acceleratorPedalPercent',
            source.acceleratorPedal,
            source.acceleratorPedal,
          )
        : source.acceleratorPedal,
    brakePedalPercent:
      source.brakePedal > 101
        ? markByte(marks, 'vehicle.brakePedalPercent', source.brakePedal, source.brakePedal)
        : source.brakePedal,
    isGearValid: true,
  };
}

export function toMotor(source: Motor, at: number, marks: Marks): MotorRecord {
  return {
    no:
      source.no < 1 || source.no > 253
        ? markPlain(marks, `motors[${at}].no`, source.no, source.no)
        : source.no,
    status:
      motorsStatusNames[source.status] ??
      markByte(marks, `motors[${at}].status`, source.status, null),
    controllerTemperatureC:
      source.controllerTemp > 250
        ? markByte(
            marks,
            `motors[${at}].controllerTemperatureC`,
            source.controllerTemp,
            source.controllerTemp - 40,
          )
        : source.controllerTemp - 40,
    speedRpm:
      source.speed > 65531
        ? markWord(marks, `motors[${at}].speedRpm`, source.speed, source.speed - 20000)
        : source.speed - 20000,
    torqueNm:
      source.torque > 65531
        ? markWord(marks, `motors[${at}].torqueNm`, source.torque, (source.torque - 20000) / 10)
        : (source.torque - 20000) / 10,
    temperatureC:
      source.motorTemp > 250
        ? markByte(marks, `motors[${at}].temperatureC`, source.motorTemp, source.motorTemp - 40)
        : source.motorTemp - 40,
    controllerVoltageV:
      source.controllerInputVoltage > 60000
        ? markWord(
            marks,
            `motors[${at}].controllerVoltageV`,
            source.controllerInputVoltage,
            source.controllerInputVoltage / 10,
          )
        : source.controllerInputVoltage / 10,
    controllerCurrentA:
      source.controllerDcBusCurrent > 20000
        ? markWord(
            marks,
            `motors[${at}].controllerCurrentA`,
            source.controllerDcBusCurrent,
            (source.controllerDcBusCurrent - 10000) / 10,
          )
        : (source.controllerDcBusCurrent - 10000) / 10,
  };
}

export function toFuelCell(source: FuelCellItem, marks: Marks): FuelCellRecord {
  return {
    voltageV:
      source.voltage > 20000
        ? markWord(marks, 'fuelCell.voltageV', source.voltage, source.voltage / 10)
        : source.voltage / 10,
    currentA:
      source.current > 20000
        ? markWord(marks, 'fuelCell.currentA', source.current, source.current / 10)
        : source.current / 10,
    fuelConsumptionKgPer100Km:
      source.fuelConsumption > 60000
        ? markWord(
            marks,
            'fuelCell.fuelConsumptionKgPer100Km',
            source.fuelConsumption,
            source.fuelConsumption / 100,
          )
        : source.fuelConsumption / 100,
    probeTemperaturesC: fuelCellProbeTemperaturesC(source, marks),
    hydrogenMaxTemperatureC:
      source.hydrogenMaxTemp > 2400
        ? markWord(
            marks,
            'fuelCell.hydrogenMaxTemperatureC',
            source.hydrogenMaxTemp,
            (source.hydrogenMaxTemp - 400) / 10,
          )
        : (source.hydrogenMaxTemp - 400) / 10,
    hydrogenMaxTemperatureProbe:
      source.hydrogenMaxTempProbe < 1 || source.hydrogenMaxTempProbe > 252
        ? markByte(
            marks,
            'fuelCell.hydrogenMaxTemperatureProbe',
            source.hydrogenMaxTempProbe,
            source.hydrogenMaxTempProbe,
          )
        : source.hydrogenMaxTempProbe,
    hydrogenMaxConcentrationMgPerKg:
      source.hydrogenMaxConcentration > 60000
        ? markWord(
            marks,
            'fuelCell.hydrogenMaxConcentrationMgPerKg',
            source.hydrogenMaxConcentration,
            source.hydrogenMaxConcentration,
          )
        : source.hydrogenMaxConcentration,
    hydrogenMaxConcentrationSensor:
      source.hydrogenMaxConcentrationSensor < 1 || source.hydrogenMaxConcentrationSensor > 252
        ? markByte(
            marks,
            'fuelCell.hydrogenMaxConcentrationSensor',
            source.hydrogenMaxConcentrationSensor,
            source.hydrogenMaxConcentrationSensor,
          )
        : source.hydrogenMaxConcentrationSensor,
    hydrogenMaxPressureMpa:
      source.hydrogenMaxPressure > 1000
        ? markWord(
            marks,
            'fuelCell.hydrogenMaxPressureMpa',
            source.hydrogenMaxPressure,
            source.hydrogenMaxPressure / 10,
          )
        : source.hydrogenMaxPressure / 10,
    hydrogenMaxPressureSensor:
      source.hydrogenMaxPressureSensor < 1 || source.hydrogenMaxPressureSensor > 252
        ? markByte(
            marks,
            'fuelCell.hydrogenMaxPressureSensor',
            source.hydrogenMaxPressureSensor,
            source.hydrogenMaxPressureSensor,
          )
        : source.hydrogenMaxPressureSensor,
    hvDcdcStatus:
      fuelCellHvDcdcStatusNames[source.hvDcdcStatus] ??
      markByte(marks, 'fuelCell.hvDcdcStatus', source.hvDcdcStatus, null),
    hydrogenMaxConcentrationPercent: null,
    remainingHydrogenPercent: null,
    hvDcdcTemperatureC: null,
  };
}

export function fuelCellProbeTemperaturesC(source: FuelCellItem, marks: Marks): (number | null)[] {
  if (source.probeCount > 65531)
    markWord(marks, 'fuelCell.probeTemperaturesC', source.probeCount, null);
  const raws = source.probeTemps;
  const values: (number | null)[] = new Array(raws.length);
  if (scaleList(raws, fuelCellProbeTempsScaling, values))
    markRuns(marks, 'fuelCell.probeTemperaturesC', raws, fuelCellProbeTempsScaling);
  return values;
}
export function toEngine(source: EngineItem, marks: Marks): EngineRecord {
  return {
    status:
      engineStatusNames[source.status] ?? markByte(marks, 'engine.status', source.status, null),
    crankshaftSpeedRpm:
      source.crankshaftSpeed > 60000
        ? markWord(
            marks,
            'engine.crankshaftSpeedRpm',
            source.crankshaftSpeed,
            source.crankshaftSpeed,
          )
        : source.crankshaftSpeed,
    fuelConsumptionLPer100Km:
      source.fuelConsumption > 60000
        ? markWord(
            marks,
            'engine.fuelConsumptionLPer100Km',
            source.fuelConsumption,
            source.fuelConsumption / 100,
          )
        : source.fuelConsumption / 100,
  };
}

export function toPosition(source: PositionItem, marks: Marks): PositionRecord {
  return {
    hasFix: (source.status & 1) === 0,
    longitudeDeg:
      source.longitude > 180000000
        ? markDword(
            marks,
            'position.longitudeDeg',
            source.longitude,
            ((source.status & 4) === 0 ? source.longitude : 0 - source.longitude) / 1000000,
          )
        : ((source.status & 4) === 0 ? source.longitude : 0 - source.longitude) / 1000000,
    latitudeDeg:
      source.latitude > 90000000
        ? markDword(
            marks,
            'position.latitudeDeg',
            source.latitude,
            ((source.status & 2) === 0 ? source.latitude : 0 - source.latitude) / 1000000,
          )
        : ((source.status & 2) === 0 ? source.latitude : 0 - source.latitude) / 1000000,
    datum: 'unknown',
    statusRaw: source.status,
    altitudeM: null,
    directionDeg: null,
    wgs84LongitudeDeg: null,
    wgs84LatitudeDeg: null,
  };
}

export function toExtremes(source: ExtremesItem, marks: Marks): ExtremesRecord {
  return {
    maxCellVoltageSubsystem:
      source.maxCellVoltageSubsystem < 1 || source.maxCellVoltageSubsystem > 250
        ? markByte(
            marks,
            'extremes.maxCellVoltageSubsystem',
            source.maxCellVoltageSubsystem,
            source.maxCellVoltageSubsystem,
          )
        : source.maxCellVoltageSubsystem,
    maxCellVoltageCell:
      source.maxCellVoltageCell < 1 || source.maxCellVoltageCell > 250
        ? markByte(
            marks,
            'extremes.maxCellVoltageCell',
            source.maxCellVoltageCell,
            source.maxCellVoltageCell,
          )
        : source.maxCellVoltageCell,
    maxCellVoltageMv:
      source.maxCellVoltage > 15000
        ? markWord(marks, 'extremes.maxCellVoltageMv', source.maxCellVoltage, source.maxCellVoltage)
        : source.maxCellVoltage,
    minCellVoltageSubsystem:
      source.minCellVoltageSubsystem < 1 || source.minCellVoltageSubsystem > 250
        ? markByte(
            marks,
            'extremes.minCellVoltageSubsystem',
            source.minCellVoltageSubsystem,
            source.minCellVoltageSubsystem,
          )
        : source.minCellVoltageSubsystem,
    minCellVoltageCell:
      source.minCellVoltageCell < 1 || source.minCellVoltageCell > 250
        ? markByte(
            marks,
            'extremes.minCellVoltageCell',
            source.minCellVoltageCell,
            source.minCellVoltageCell,
          )
        : source.minCellVoltageCell,
    minCellVoltageMv:
      source.minCellVoltage > 15000
        ? markWord(marks, 'extremes.minCellVoltageMv', source.minCellVoltage, source.minCellVoltage)
        : source.minCellVoltage,
    maxTemperatureSubsystem:
      source.maxTempSubsystem < 1 || source.maxTempSubsystem > 250
        ? markByte(
            marks,
            'extremes.maxTemperatureSubsystem',
            source.maxTempSubsystem,
            source.maxTempSubsystem,
          )
        : source.maxTempSubsystem,
    maxTemperatureProbe:
      source.maxTempProbe < 1 || source.maxTempProbe > 250
        ? markByte(marks, 'extremes.maxTemperatureProbe', source.maxTempProbe, source.maxTempProbe)
        : source.maxTempProbe,
    maxTemperatureC:
      source.maxTemp > 250
        ? markByte(marks, 'extremes.maxTemperatureC', source.maxTemp, source.maxTemp - 40)
        : source.maxTemp - 40,
    minTemperatureSubsystem:
      source.minTempSubsystem < 1 || source.minTempSubsystem > 250
        ? markByte(
            marks,
            'extremes.minTemperatureSubsystem',
            source.minTempSubsystem,
            source.minTempSubsystem,
          )
        : source.minTempSubsystem,
    minTemperatureProbe:
      source.minTempProbe < 1 || source.minTempProbe > 250
        ? markByte(marks, 'extremes.minTemperatureProbe', source.minTempProbe, source.minTempProbe)
        : source.minTempProbe,
    minTemperatureC:
      source.minTemp > 250
        ? markByte(marks, 'extremes.minTemperatureC', source.minTemp, source.minTemp - 40)
        : source.minTemp - 40,
  };
}

export function toAlarm(source: AlarmItem, at: number, marks: Marks): AlarmStateRecord {
  if (source.ressFaultCount > 252)
    markByte(marks, `alarms[${at}].ressFaults`, source.ressFaultCount, null);
  if (source.motorFaultCount > 252)
    markByte(marks, `alarms[${at}].motorFaults`, source.motorFaultCount, null);
  if (source.engineFaultCount > 252)
    markByte(marks, `alarms[${at}].engineFaults`, source.engineFaultCount, null);
  if (source.otherFaultCount > 252)
    markByte(marks, `alarms[${at}].otherFaults`, source.otherFaultCount, null);
  return {
    maxLevel:
      source.maxLevel > 3
        ? markByte(marks, `alarms[${at}].maxLevel`, source.maxLevel, source.maxLevel)
        : source.maxLevel,
    generalBits: bitNames(source.generalFlags, alarmBitNames),
    generalRaw: source.generalFlags,
    ressFaults: faultCodes(source.ressFaults),
    motorFaults: faultCodes(source.motorFaults),
    engineFaults: faultCodes(source.engineFaults),
    otherFaults: faultCodes(source.otherFaults),
    generalLevels: [],
  };
}

export function toPack(source: VoltageSubsystem, at: number, marks: Marks): PackRecord {
  return {
    no:
      source.no < 1 || source.no > 250
        ? markPlain(marks, `packs[${at}].no`, source.no, source.no)
        : source.no,
    voltageV:
      source.voltage > 10000
        ? markWord(marks, `packs[${at}].voltageV`, source.voltage, source.voltage / 10)
        : source.voltage / 10,
    currentA:
      source.current > 20000
        ? markWord(marks, `packs[${at}].currentA`, source.current, (source.current - 10000) / 10)
        : (source.current - 10000) / 10,
    cellCount:
      source.cellTotal < 1 || source.cellTotal > 65531
        ? markWord(marks, `packs[${at}].cellCount`, source.cellTotal, source.cellTotal)
        : source.cellTotal,
    firstCell:
      source.frameStartCell < 1 || source.frameStartCell > 65531
        ? markPlain(marks, `packs[${at}].firstCell`, source.frameStartCell, source.frameStartCell)
        : source.frameStartCell,
    cellVoltagesMv: packCellVoltagesMv(source, at, marks),
    temperaturesC: [],
  };
}

export function packCellVoltagesMv(
  source: VoltageSubsystem,
  at: number,
  marks: Marks,
): (number | null)[] {
  if (source.frameCellCount < 1 || source.frameCellCount > 200)
    markByte(marks, `packs[${at}].cellVoltagesMv`, source.frameCellCount, null);
  const raws = source.cellVoltages;
  const values: (number | null)[] = new Array(raws.length);
  if (scaleList(raws, voltagesCellVoltagesScaling, values))
    markRuns(marks, `packs[${at}].cellVoltagesMv`, raws, voltagesCellVoltagesScaling);
  return values;
}
export function toTemperaturePack(
  source: TemperatureSubsystem,
  at: number,
  marks: Marks,
): PackRecord {
  return {
    no:
      source.no < 1 || source.no > 250
        ? markPlain(marks, `packs[${at}].no`, source.no, source.no)
        : source.no,
    voltageV: null,
    currentA: null,
    cellCount: null,
    firstCell: null,
    cellVoltagesMv: [],
    temperaturesC: packTemperaturesC(source, at, marks),
  };
}

export function packTemperaturesC(
  source: TemperatureSubsystem,
  at: number,
  marks: Marks,
): (number | null)[] {
  if (source.probeCount < 1 || source.probeCount > 65531)
    markWord(marks, `packs[${at}].temperaturesC`, source.probeCount, null);
  const raws = source.temps;
  const values: (number | null)[] = new Array(raws.length);
  if (scaleList(raws, temperaturesTempsScaling, values))
    markRuns(marks, `packs[${at}].temperaturesC`, raws, temperaturesTempsScaling);
  return values;
}
export function markMotorsCount(count: number, marks: Marks): void {
  if (count < 1 || count > 253) markByte(marks, 'motors', count, null);
}
export function markVoltagesCount(count: number, marks: Marks): void {
  if (count < 1 || count > 250) markByte(marks, 'packs', count, null);
}
export function markTemperaturesCount(count: number, marks: Marks): void {
  if (count < 1 || count > 250) markByte(marks, 'packs[].temperaturesC', count, null);
}
