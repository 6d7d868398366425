// Which field of a layout becomes which field of a Telemetry. The generator refuses a layout with
// a field that this table does not name, so nothing decoded can get lost on the way.

/** How the entries of one layout become one record of the Telemetry. */
export interface Target {
  /** Name of the generated function. */
  readonly functionName: string;
  /** `kind` of the item whose elements, or whose one list of records, are the source. */
  readonly item: string;
  /** Type of the source in frame.ts. */
  readonly source: string;
  /** Type of the record in the Avro schema. */
  readonly record: string;
  /** Path of the record; `#` stands for its place in an array. */
  readonly path: string;
  /** Layout field to record field. A count maps to the list that it drives. */
  readonly names: Readonly<Record<string, string>>;
  /** Record fields that this layout says nothing of, with their value. */
  readonly unset: Readonly<Record<string, string>>;
  /** Values of an enumeration that the record has under another name. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** By layout field: what stands in the record for a raw value that has no name. */
  readonly otherwise?: Readonly<Record<string, string>>;
}

export const same = (...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, name]));

export const packWithoutVoltages = {
  voltageV: 'null',
  currentA: 'null',
  cellCount: 'null',
  firstCell: 'null',
  cellVoltagesMv: '[]',
};

export const targets2016: readonly Target[] = [
  {
    functionName: 'toVehicle',
    item: 'vehicle',
    source: 'VehicleItem',
    record: 'Vehicle',
    path: 'vehicle',
    names: {
      vehicleStatus: 'status',
      ...same('chargeStatus', 'runMode', 'dcdcStatus', 'gear'),
      speed: 'speedKmh',
      mileage: 'odometerKm',
      totalVoltage: 'packVoltageV',
      totalCurrent: 'packCurrentA',
      soc: 'socPercent',
      insulationResistance: 'insulationResistanceKohm',
      acceleratorPedal: 'acceleratorPedalPercent',
      brakePedal: 'brakePedalPercent',
    },
    unset: { isGearValid: 'true' },
  },
  {
    functionName: 'toMotor',
    item: 'motors',
    source: 'Motor',
    record: 'Motor',
    path: 'motors[#]',
    names: {
      ...same('no', 'status'),
      controllerTemp: 'controllerTemperatureC',
      speed: 'speedRpm',
      torque: 'torqueNm',
      motorTemp: 'temperatureC',
      controllerInputVoltage: 'controllerVoltageV',
      controllerDcBusCurrent: 'controllerCurrentA',
    },
    unset: {},
  },
  {
    functionName: 'toFuelCell',
    item: 'fuelCell',
    source: 'FuelCellItem',
    record: 'FuelCell',
    path: 'fuelCell',
    names: {
      voltage: 'voltageV',
      current: 'currentA',
      fuelConsumption: 'fuelConsumptionKgPer100Km',
      probeCount: 'probeTemperaturesC',
      probeTemps: 'probeTemperaturesC',
      hydrogenMaxTemp: 'hydrogenMaxTemperatureC',
      hydrogenMaxTempProbe: 'hydrogenMaxTemperatureProbe',
      hydrogenMaxConcentration: 'hydrogenMaxConcentrationMgPerKg',
      hydrogenMaxPressure: 'hydrogenMaxPressureMpa',
      ...same('hydrogenMaxConcentrationSensor', 'hydrogenMaxPressureSensor', 'hvDcdcStatus'),
    },
    unset: {
      hydrogenMaxConcentrationPercent: 'null',
      remainingHydrogenPercent: 'null',
      hvDcdcTemperatureC: 'null',
    },
  },
  {
    functionName: 'toEngine',
    item: 'engine',
    source: 'EngineItem',
    record: 'Engine',
    path: 'engine',
    names: {
      ...same('status'),
      crankshaftSpeed: 'crankshaftSpeedRpm',
      fuelConsumption: 'fuelConsumptionLPer100Km',
    },
    unset: {},
  },
  {
    functionName: 'toPosition',
    item: 'position',
    source: 'PositionItem',
    record: 'Position',
    path: 'position',
    names: { status: 'statusRaw', longitude: 'longitudeDeg', latitude: 'latitudeDeg' },
    unset: {
      datum: "'unknown'",
      altitudeM: 'null',
      directionDeg: 'null',
      wgs84LongitudeDeg: 'null',
      wgs84LatitudeDeg: 'null',
    },
  },
  {
    functionName: 'toExtremes',
    item: 'extremes',
    source: 'ExtremesItem',
    record: 'Extremes',
    path: 'extremes',
    names: {
      ...same('maxCellVoltageSubsystem', 'maxCellVoltageCell'),
      maxCellVoltage: 'maxCellVoltageMv',
      ...same('minCellVoltageSubsystem', 'minCellVoltageCell'),
      minCellVoltage: 'minCellVoltageMv',
      maxTempSubsystem: 'maxTemperatureSubsystem',
      maxTempProbe: 'maxTemperatureProbe',
      maxTemp: 'maxTemperatureC',
      minTempSubsystem: 'minTemperatureSubsystem',
      minTempProbe: 'minTemperatureProbe',
      minTemp: 'minTemperatureC',
    },
    unset: {},
  },
  {
    functionName: 'toAlarm',
    item: 'alarm',
    source: 'AlarmItem',
    record: 'AlarmState',
    path: 'alarms[#]',
    names: {
      ...same('maxLevel', 'ressFaults', 'motorFaults', 'engineFaults', 'otherFaults'),
      generalFlags: 'general',
      ressFaultCount: 'ressFaults',
      motorFaultCount: 'motorFaults',
      engineFaultCount: 'engineFaults',
      otherFaultCount: 'otherFaults',
    },
    unset: { generalLevels: '[]' },
  },
  {
    functionName: 'toPack',
    item: 'voltages',
    source: 'VoltageSubsystem',
    record: 'Pack',
    path: 'packs[#]',
    names: {
      ...same('no'),
      voltage: 'voltageV',
      current: 'currentA',
      cellTotal: 'cellCount',
      frameStartCell: 'firstCell',
      frameCellCount: 'cellVoltagesMv',
      cellVoltages: 'cellVoltagesMv',
    },
    unset: { temperaturesC: '[]' },
  },
  {
    functionName: 'toTemperaturePack',
    item: 'temperatures',
    source: 'TemperatureSubsystem',
    record: 'Pack',
    path: 'packs[#]',
    names: { ...same('no'), probeCount: 'temperaturesC', temps: 'temperaturesC' },
    unset: packWithoutVoltages,
  },
];

/** Where a mark on the count of a whole item goes: the list has no single record. */
export const itemCountPaths2016: Readonly<Record<string, string>> = {
  motors: 'motors',
  voltages: 'packs',
  temperatures: 'packs[].temperaturesC',
};
