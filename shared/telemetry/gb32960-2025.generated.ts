// Written by `npm run generate` from shared/frame/gb32960/layout-2025.ts and
// shared/telemetry/names-2025.ts: edit those. Raw integers of a report to values in units.

import type {
  AlarmState as AlarmStateRecord,
  Engine as EngineRecord,
  FuelCell as FuelCellRecord,
  Motor as MotorRecord,
  Pack as PackRecord,
  Position as PositionRecord,
  Stack as StackRecord,
  SuperCapacitorExtremes as SuperCapacitorExtremesRecord,
  SuperCapacitor as SuperCapacitorRecord,
  Vehicle as VehicleRecord,
} from '../avro/types.generated.ts';
import type {
  Alarm2025Item,
  CellVoltagesPack,
  Engine2025Item,
  FuelCellEngineItem,
  Motor2025,
  Position2025Item,
  Stack,
  SuperCapacitorExtremesItem,
  SuperCapacitorItem,
  TemperaturesPack,
  Vehicle2025Item,
} from '../frame/gb32960/frame-2025.ts';
import { type Marks, markByte, markDword, markPlain, markRuns, markWord } from './field-states.ts';
import { generalLevels } from './general-levels.ts';
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
  'motor_overspeed',
  'motor_overcurrent',
  'supercap_overtemperature',
  'supercap_overvoltage',
  'ress_thermal_event',
  'hydrogen_leak',
  'hydrogen_pressure',
  'hydrogen_temperature',
  'fuel_cell_stack_overtemperature',
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
const vehicle2025VehicleStatusNames = [null, 'started', 'off', 'other'];
const vehicle2025ChargeStatusNames = [
  null,
  'parked_charging',
  'driving_charging',
  'not_charging',
  'charge_complete',
];
const vehicle2025RunModeNames = [null, 'electric', 'hybrid', 'fuel'];
const vehicle2025DcdcStatusNames = [null, 'working', 'disconnected'];
const motors2025StatusNames = [null, 'consuming', 'generating', 'off', 'ready'];
const fuelCellEngineHvDcdcStatusNames = [null, 'working', 'disconnected'];
const position2025CoordinateSystemNames = [null, 'wgs84', 'gcj02', 'other'];
const cellVoltagesCellVoltagesScaling = { rawMax: 60000, rawOffset: 0, abnormal: 65534 };
const packTemperaturesTempsScaling = { rawMax: 250, rawOffset: -40, abnormal: 254 };
const stacksCoolantTempsScaling = { rawMax: 250, rawOffset: -40, abnormal: 254 };
const superCapacitorCellVoltagesScaling = { rawMax: 60000, rawOffset: 0, abnormal: 65534 };
const superCapacitorTempsScaling = { rawMax: 250, rawOffset: -40, abnormal: 254 };

export function toVehicle2025(source: Vehicle2025Item, marks: Marks): VehicleRecord {
  return {
    status:
      vehicle2025VehicleStatusNames[source.vehicleStatus] ??
      markByte(marks, 'vehicle.status', source.vehicleStatus, null),
    chargeStatus:
      vehicle2025ChargeStatusNames[source.chargeStatus] ??
      markByte(marks, 'vehicle.chargeStatus', source.chargeStatus, null),
    runMode:
      vehicle2025RunModeNames[source.runMode] ??
      markByte(marks, 'vehicle.runMode', source.runMode, null),
    speedKmh:
      source.speed > 5000
        ? markWord(marks, 'vehicle.speedKmh', source.speed, source.speed / 10)
        : source.speed / 10,
    odometerKm:
      source.mileage > 9999999
        ? markDword(marks, 'vehicle.odometerKm', source.mileage, source.mileage / 10)
        : source.mileage / 10,
    packVoltageV:
      source.totalVoltage > 60000
        ? markWord(marks, 'vehicle.packVoltageV', source.totalVoltage, source.totalVoltage / 10)
        : source.totalVoltage / 10,
    packCurrentA:
      source.totalCurrent > 60000
        ? markWord(
            marks,
            'vehicle.packCurrentA',
            source.totalCurrent,
            (source.totalCurrent - 30000) / 10,
          )
        : (source.totalCurrent - 30000) / 10,
    socPercent:
      source.soc > 100 ? markByte(marks, 'vehicle.socPercent', source.soc, source.soc) : source.soc,
    dcdcStatus:
      vehicle2025DcdcStatusNames[source.dcdcStatus] ??
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
    acceleratorPedalPercent: null,
    brakePedalPercent: null,
    isGearValid: (source.gear & 128) === 0,
  };
}

export function toMotor2025(source: Motor2025, at: number, marks: Marks): MotorRecord {
  return {
    no:
      source.no < 1 || source.no > 253
        ? markPlain(marks, `motors[${at}].no`, source.no, source.no)
        : source.no,
    status:
      motors2025StatusNames[source.status] ??
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
        ? markWord(marks, `motors[${at}].speedRpm`, source.speed, source.speed - 32000)
        : source.speed - 32000,
    torqueNm:
      source.torque > 400000
        ? markDword(marks, `motors[${at}].torqueNm`, source.torque, (source.torque - 200000) / 10)
        : (source.torque - 200000) / 10,
    temperatureC:
      source.motorTemp > 250
        ? markByte(marks, `motors[${at}].temperatureC`, source.motorTemp, source.motorTemp - 40)
        : source.motorTemp - 40,
    controllerVoltageV: null,
    controllerCurrentA: null,
  };
}

export function toFuelCellEngine(source: FuelCellEngineItem, marks: Marks): FuelCellRecord {
  return {
    voltageV: null,
    currentA: null,
    fuelConsumptionKgPer100Km: null,
    probeTemperaturesC: [],
    hydrogenMaxTemperatureC:
      source.hydrogenMaxTemp > 250
        ? markWord(
            marks,
            'fuelCell.hydrogenMaxTemperatureC',
            source.hydrogenMaxTemp,
            source.hydrogenMaxTemp - 40,
          )
        : source.hydrogenMaxTemp - 40,
    hydrogenMaxTemperatureProbe:
      source.hydrogenMaxTempProbe < 1 || source.hydrogenMaxTempProbe > 253
        ? markByte(
            marks,
            'fuelCell.hydrogenMaxTemperatureProbe',
            source.hydrogenMaxTempProbe,
            source.hydrogenMaxTempProbe,
          )
        : source.hydrogenMaxTempProbe,
    hydrogenMaxConcentrationMgPerKg: null,
    hydrogenMaxConcentrationSensor:
      source.hydrogenMaxConcentrationSensor < 1 || source.hydrogenMaxConcentrationSensor > 253
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
      source.hydrogenMaxPressureSensor < 1 || source.hydrogenMaxPressureSensor > 253
        ? markByte(
            marks,
            'fuelCell.hydrogenMaxPressureSensor',
            source.hydrogenMaxPressureSensor,
            source.hydrogenMaxPressureSensor,
          )
        : source.hydrogenMaxPressureSensor,
    hvDcdcStatus:
      fuelCellEngineHvDcdcStatusNames[source.hvDcdcStatus] ??
      markByte(marks, 'fuelCell.hvDcdcStatus', source.hvDcdcStatus, null),
    hydrogenMaxConcentrationPercent:
      source.hydrogenMaxConcentration > 60000
        ? markWord(
            marks,
            'fuelCell.hydrogenMaxConcentrationPercent',
            source.hydrogenMaxConcentration,
            source.hydrogenMaxConcentration / 10000,
          )
        : source.hydrogenMaxConcentration / 10000,
    remainingHydrogenPercent:
      source.remainingHydrogen > 100
        ? markByte(
            marks,
            'fuelCell.remainingHydrogenPercent',
            source.remainingHydrogen,
            source.remainingHydrogen,
          )
        : source.remainingHydrogen,
    hvDcdcTemperatureC:
      source.hvDcdcControllerTemp > 250
        ? markByte(
            marks,
            'fuelCell.hvDcdcTemperatureC',
            source.hvDcdcControllerTemp,
            source.hvDcdcControllerTemp - 40,
          )
        : source.hvDcdcControllerTemp - 40,
  };
}

export function toEngine2025(source: Engine2025Item, marks: Marks): EngineRecord {
  return {
    status: null,
    crankshaftSpeedRpm:
      source.crankshaftSpeed > 60000
        ? markWord(
            marks,
            'engine.crankshaftSpeedRpm',
            source.crankshaftSpeed,
            source.crankshaftSpeed,
          )
        : source.crankshaftSpeed,
    fuelConsumptionLPer100Km: null,
  };
}

export function toPosition2025(source: Position2025Item, marks: Marks): PositionRecord {
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
    datum:
      position2025CoordinateSystemNames[source.coordinateSystem] ??
      markByte(marks, 'position.datum', source.coordinateSystem, null) ??
      'unknown',
    statusRaw: source.status,
    altitudeM: null,
    directionDeg: null,
    wgs84LongitudeDeg: null,
    wgs84LatitudeDeg: null,
  };
}

export function toAlarm2025(source: Alarm2025Item, at: number, marks: Marks): AlarmStateRecord {
  if (source.ressFaultCount > 253)
    markByte(marks, `alarms[${at}].ressFaults`, source.ressFaultCount, null);
  if (source.motorFaultCount > 253)
    markByte(marks, `alarms[${at}].motorFaults`, source.motorFaultCount, null);
  if (source.engineFaultCount > 253)
    markByte(marks, `alarms[${at}].engineFaults`, source.engineFaultCount, null);
  if (source.otherFaultCount > 253)
    markByte(marks, `alarms[${at}].otherFaults`, source.otherFaultCount, null);
  if (source.generalAlarmCount > 253)
    markByte(marks, `alarms[${at}].generalLevels`, source.generalAlarmCount, null);
  return {
    maxLevel:
      source.maxLevel > 4
        ? markByte(marks, `alarms[${at}].maxLevel`, source.maxLevel, source.maxLevel)
        : source.maxLevel,
    generalBits: bitNames(source.generalFlags, alarmBitNames),
    generalRaw: source.generalFlags,
    ressFaults: faultCodes(source.ressFaults),
    motorFaults: faultCodes(source.motorFaults),
    engineFaults: faultCodes(source.engineFaults),
    otherFaults: faultCodes(source.otherFaults),
    generalLevels: generalLevels(source.generalAlarms, at, marks),
  };
}

export function toPack2025(source: CellVoltagesPack, at: number, marks: Marks): PackRecord {
  return {
    no:
      source.no < 1 || source.no > 50
        ? markPlain(marks, `packs[${at}].no`, source.no, source.no)
        : source.no,
    voltageV:
      source.voltage > 60000
        ? markWord(marks, `packs[${at}].voltageV`, source.voltage, source.voltage / 10)
        : source.voltage / 10,
    currentA:
      source.current > 60000
        ? markWord(marks, `packs[${at}].currentA`, source.current, (source.current - 30000) / 10)
        : (source.current - 30000) / 10,
    cellCount: source.cellCount >= 0xfffe ? null : source.cellCount,
    firstCell: null,
    cellVoltagesMv: packCellVoltagesMv(source, at, marks),
    temperaturesC: [],
  };
}

export function packCellVoltagesMv(
  source: CellVoltagesPack,
  at: number,
  marks: Marks,
): (number | null)[] {
  if (source.cellCount < 1 || source.cellCount > 65531)
    markWord(marks, `packs[${at}].cellCount`, source.cellCount, null);
  const raws = source.cellVoltages;
  const values: (number | null)[] = new Array(raws.length);
  if (scaleList(raws, cellVoltagesCellVoltagesScaling, values))
    markRuns(marks, `packs[${at}].cellVoltagesMv`, raws, cellVoltagesCellVoltagesScaling);
  return values;
}
export function toTemperaturePack2025(
  source: TemperaturesPack,
  at: number,
  marks: Marks,
): PackRecord {
  return {
    no:
      source.no < 1 || source.no > 50
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
  source: TemperaturesPack,
  at: number,
  marks: Marks,
): (number | null)[] {
  if (source.probeCount < 1 || source.probeCount > 65531)
    markWord(marks, `packs[${at}].temperaturesC`, source.probeCount, null);
  const raws = source.temps;
  const values: (number | null)[] = new Array(raws.length);
  if (scaleList(raws, packTemperaturesTempsScaling, values))
    markRuns(marks, `packs[${at}].temperaturesC`, raws, packTemperaturesTempsScaling);
  return values;
}
export function toStack(source: Stack, at: number, marks: Marks): StackRecord {
  return {
    no:
      source.no < 1 || source.no > 253
        ? markPlain(marks, `stacks[${at}].no`, source.no, source.no)
        : source.no,
    voltageV:
      source.voltage > 20000
        ? markWord(marks, `stacks[${at}].voltageV`, source.voltage, source.voltage / 10)
        : source.voltage / 10,
    currentA:
      source.current > 20000
        ? markWord(marks, `stacks[${at}].currentA`, source.current, source.current / 10)
        : source.current / 10,
    hydrogenInletPressureKpa:
      source.hydrogenInletPressure > 5000
        ? markWord(
            marks,
            `stacks[${at}].hydrogenInletPressureKpa`,
            source.hydrogenInletPressure,
            (source.hydrogenInletPressure - 1000) / 10,
          )
        : (source.hydrogenInletPressure - 1000) / 10,
    airInletPressureKpa:
      source.airInletPressure > 5000
        ? markWord(
            marks,
            `stacks[${at}].airInletPressureKpa`,
            source.airInletPressure,
            (source.airInletPressure - 1000) / 10,
          )
        : (source.airInletPressure - 1000) / 10,
    airInletTemperatureC:
      source.airInletTemp > 250
        ? markByte(
            marks,
            `stacks[${at}].airInletTemperatureC`,
            source.airInletTemp,
            source.airInletTemp - 40,
          )
        : source.airInletTemp - 40,
    coolantTemperaturesC: stackCoolantTemperaturesC(source, at, marks),
  };
}

export function stackCoolantTemperaturesC(
  source: Stack,
  at: number,
  marks: Marks,
): (number | null)[] {
  if (source.coolantProbeCount > 65531)
    markWord(marks, `stacks[${at}].coolantTemperaturesC`, source.coolantProbeCount, null);
  const raws = source.coolantTemps;
  const values: (number | null)[] = new Array(raws.length);
  if (scaleList(raws, stacksCoolantTempsScaling, values))
    markRuns(marks, `stacks[${at}].coolantTemperaturesC`, raws, stacksCoolantTempsScaling);
  return values;
}
export function toSuperCapacitor(source: SuperCapacitorItem, marks: Marks): SuperCapacitorRecord {
  return {
    no:
      source.systemNo < 1 || source.systemNo > 253
        ? markByte(marks, 'superCapacitor.no', source.systemNo, source.systemNo)
        : source.systemNo,
    voltageV:
      source.voltage > 10000
        ? markWord(marks, 'superCapacitor.voltageV', source.voltage, source.voltage / 10)
        : source.voltage / 10,
    currentA:
      source.current > 60000
        ? markWord(marks, 'superCapacitor.currentA', source.current, (source.current - 30000) / 10)
        : (source.current - 30000) / 10,
    cellCount: source.cellCount >= 0xfffe ? null : source.cellCount,
    cellVoltagesMv: superCapacitorCellVoltagesMv(source, marks),
    temperaturesC: superCapacitorTemperaturesC(source, marks),
  };
}

export function superCapacitorCellVoltagesMv(
  source: SuperCapacitorItem,
  marks: Marks,
): (number | null)[] {
  if (source.cellCount < 1 || source.cellCount > 65531)
    markWord(marks, 'superCapacitor.cellCount', source.cellCount, null);
  const raws = source.cellVoltages;
  const values: (number | null)[] = new Array(raws.length);
  if (scaleList(raws, superCapacitorCellVoltagesScaling, values))
    markRuns(marks, 'superCapacitor.cellVoltagesMv', raws, superCapacitorCellVoltagesScaling);
  return values;
}

export function superCapacitorTemperaturesC(
  source: SuperCapacitorItem,
  marks: Marks,
): (number | null)[] {
  if (source.probeCount < 1 || source.probeCount > 65531)
    markWord(marks, 'superCapacitor.temperaturesC', source.probeCount, null);
  const raws = source.temps;
  const values: (number | null)[] = new Array(raws.length);
  if (scaleList(raws, superCapacitorTempsScaling, values))
    markRuns(marks, 'superCapacitor.temperaturesC', raws, superCapacitorTempsScaling);
  return values;
}
export function toSuperCapacitorExtremes(
  source: SuperCapacitorExtremesItem,
  marks: Marks,
): SuperCapacitorExtremesRecord {
  return {
    maxVoltageSystem:
      source.maxVoltageSystem < 1 || source.maxVoltageSystem > 253
        ? markByte(
            marks,
            'superCapacitorExtremes.maxVoltageSystem',
            source.maxVoltageSystem,
            source.maxVoltageSystem,
          )
        : source.maxVoltageSystem,
    maxVoltageCell:
      source.maxVoltageCell < 1 || source.maxVoltageCell > 65531
        ? markWord(
            marks,
            'superCapacitorExtremes.maxVoltageCell',
            source.maxVoltageCell,
            source.maxVoltageCell,
          )
        : source.maxVoltageCell,
    maxVoltageMv:
      source.maxVoltage > 60000
        ? markWord(
            marks,
            'superCapacitorExtremes.maxVoltageMv',
            source.maxVoltage,
            source.maxVoltage,
          )
        : source.maxVoltage,
    minVoltageSystem:
      source.minVoltageSystem < 1 || source.minVoltageSystem > 253
        ? markByte(
            marks,
            'superCapacitorExtremes.minVoltageSystem',
            source.minVoltageSystem,
            source.minVoltageSystem,
          )
        : source.minVoltageSystem,
    minVoltageCell:
      source.minVoltageCell < 1 || source.minVoltageCell > 65531
        ? markWord(
            marks,
            'superCapacitorExtremes.minVoltageCell',
            source.minVoltageCell,
            source.minVoltageCell,
          )
        : source.minVoltageCell,
    minVoltageMv:
      source.minVoltage > 60000
        ? markWord(
            marks,
            'superCapacitorExtremes.minVoltageMv',
            source.minVoltage,
            source.minVoltage,
          )
        : source.minVoltage,
    maxTemperatureSystem:
      source.maxTempSystem < 1 || source.maxTempSystem > 253
        ? markByte(
            marks,
            'superCapacitorExtremes.maxTemperatureSystem',
            source.maxTempSystem,
            source.maxTempSystem,
          )
        : source.maxTempSystem,
    maxTemperatureProbe:
      source.maxTempProbe < 1 || source.maxTempProbe > 65531
        ? markWord(
            marks,
            'superCapacitorExtremes.maxTemperatureProbe',
            source.maxTempProbe,
            source.maxTempProbe,
          )
        : source.maxTempProbe,
    maxTemperatureC:
      source.maxTemp > 250
        ? markByte(
            marks,
            'superCapacitorExtremes.maxTemperatureC',
            source.maxTemp,
            source.maxTemp - 40,
          )
        : source.maxTemp - 40,
    minTemperatureSystem:
      source.minTempSystem < 1 || source.minTempSystem > 253
        ? markByte(
            marks,
            'superCapacitorExtremes.minTemperatureSystem',
            source.minTempSystem,
            source.minTempSystem,
          )
        : source.minTempSystem,
    minTemperatureProbe:
      source.minTempProbe < 1 || source.minTempProbe > 65531
        ? markWord(
            marks,
            'superCapacitorExtremes.minTemperatureProbe',
            source.minTempProbe,
            source.minTempProbe,
          )
        : source.minTempProbe,
    minTemperatureC:
      source.minTemp > 250
        ? markByte(
            marks,
            'superCapacitorExtremes.minTemperatureC',
            source.minTemp,
            source.minTemp - 40,
          )
        : source.minTemp - 40,
  };
}

export function markMotors2025Count(count: number, marks: Marks): void {
  if (count < 1 || count > 253) markByte(marks, 'motors', count, null);
}
export function markCellVoltagesCount(count: number, marks: Marks): void {
  if (count > 50) markByte(marks, 'packs', count, null);
}
export function markPackTemperaturesCount(count: number, marks: Marks): void {
  if (count > 50) markByte(marks, 'packs[].temperaturesC', count, null);
}
export function markStacksCount(count: number, marks: Marks): void {
  if (count < 1 || count > 253) markByte(marks, 'stacks', count, null);
}
