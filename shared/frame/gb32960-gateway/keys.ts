// The names that EMQX's GB/T 32960 gateway gives to the fields of the layout tables: one for each
// row, in the order of the wire. The numbers under them are raw.

import { edition2016, edition2025 } from '../gb32960/editions.ts';
import type { Element } from '../gb32960/layout.ts';

/** A name, or that of a list with the names inside its entries. */
export type Key = string | { readonly list: string; readonly entry: Keys };
export type Keys = readonly Key[];

export interface GatewayLayout {
  /** Type byte of the item. */
  readonly type: number;
  readonly clause: string;
  readonly elements: readonly Element[];
  readonly keys: Keys;
}

export type Year = 2016 | 2025;

const vehicle: Keys = [
  ...['Status', 'Charging', 'Mode', 'Speed', 'Mileage', 'Voltage', 'Current', 'SOC', 'DC'],
  ...['Gear', 'Resistance'],
];
const motor: Keys = ['No', 'Status', 'CtrlTemp', 'Rotating', 'Torque', 'MotorTemp'];
const hydrogen: Keys = [
  ...['H_MaxTemp', 'H_TempProbeCode', 'H_MaxConc', 'H_ConcSensorCode', 'H_MaxPress'],
  ...['H_PressSensorCode', 'DCStatus'],
];
const alarm: Keys = [
  ...['MaxAlarmLevel', 'GeneralAlarmFlag'],
  ...['FaultChargeableDeviceNum', 'FaultChargeableDeviceList'],
  ...['FaultDriveMotorNum', 'FaultDriveMotorList', 'FaultEngineNum', 'FaultEngineList'],
  ...['FaultOthersNum', 'FaultOthersList'],
];

/** By the `Type` of an entry of `Infos`. */
export const layouts: Readonly<Record<Year, Readonly<Record<string, GatewayLayout>>>> = {
  2016: {
    Vehicle: layout(2016, 'vehicle', [...vehicle, 'AcceleratorPedal', 'BrakePedal']),
    DriveMotor: layout(2016, 'motors', [
      'Number',
      { list: 'Motors', entry: [...motor, 'InputVoltage', 'DCBusCurrent'] },
    ]),
    FuelCell: layout(2016, 'fuelCell', [
      ...['CellVoltage', 'CellCurrent', 'FuelConsumption', 'ProbeNum', 'ProbeTemps'],
      ...hydrogen,
    ]),
    Engine: layout(2016, 'engine', ['Status', 'CrankshaftSpeed', 'FuelConsumption']),
    Location: layout(2016, 'position', ['Status', 'Longitude', 'Latitude']),
    Extreme: layout(2016, 'extremes', [
      ...['MaxVoltageBatterySubsysNo', 'MaxVoltageBatteryCode', 'MaxBatteryVoltage'],
      ...['MinVoltageBatterySubsysNo', 'MinVoltageBatteryCode', 'MinBatteryVoltage'],
      ...['MaxTempSubsysNo', 'MaxTempProbeNo', 'MaxTemp'],
      ...['MinTempSubsysNo', 'MinTempProbeNo', 'MinTemp'],
    ]),
    Alarm: layout(2016, 'alarm', alarm),
    ChargeableVoltage: layout(2016, 'voltages', [
      'Number',
      {
        list: 'SubSystems',
        entry: [
          ...['ChargeableSubsysNo', 'ChargeableVoltage', 'ChargeableCurrent', 'CellsTotal'],
          ...['FrameCellsIndex', 'FrameCellsCount', 'CellsVoltage'],
        ],
      },
    ]),
    ChargeableTemp: layout(2016, 'temperatures', [
      'Number',
      { list: 'SubSystems', entry: ['ChargeableSubsysNo', 'ProbeNum', 'ProbesTemp'] },
    ]),
  },
  2025: {
    Vehicle: layout(2025, 'vehicle2025', vehicle),
    DriveMotor: layout(2025, 'motors2025', ['Number', { list: 'Motors', entry: motor }]),
    FuelCell: layout(2025, 'fuelCellEngine', [...hydrogen, 'RemainingH2', 'DCDCTemp']),
    Engine: layout(2025, 'engine2025', ['CrankshaftSpeed']),
    Location: layout(2025, 'position2025', ['Status', 'CoordinateSystem', 'Longitude', 'Latitude']),
    Alarm: layout(2025, 'alarm2025', [
      ...alarm,
      'FaultGeneralNum',
      { list: 'FaultGeneralList', entry: ['No', 'Level'] },
    ]),
    MinVoltageOfPowerBattery: layout(2025, 'cellVoltages', [
      'Number',
      {
        list: 'SubSystems',
        entry: [
          ...['BatteryPackNo', 'BatteryPackVoltage', 'BatteryPackCurrent'],
          ...['MinParallelUnitTotal', 'MinParallelUnitVoltage'],
        ],
      },
    ]),
    TempOfPowerBattery: layout(2025, 'packTemperatures', [
      'Number',
      { list: 'SubSystems', entry: ['BatteryPackNo', 'ProbeNum', 'ProbesTemp'] },
    ]),
    FuelCellStack: layout(2025, 'stacks', [
      'Number',
      {
        list: 'Stacks',
        entry: [
          ...['FuelCellStackNo', 'Voltage', 'Current', 'H2InletPressure', 'AirInletPressure'],
          ...['AirInletTemp', 'StackProbeNum', 'StackProbeTemp'],
        ],
      },
    ]),
    SuperCapacitor: layout(2025, 'superCapacitor', [
      ...['ManagerSysNo', 'TotalVoltage', 'TotalCurrent', 'CellsTotal', 'CellsVoltage'],
      ...['ProbeNum', 'ProbeTemp'],
    ]),
    SuperCapacitorExtreme: layout(2025, 'superCapacitorExtremes', [
      ...['MaxVoltageManagerSysNo', 'MaxVoltageCellCode', 'MaxVoltageCellValue'],
      ...['MinVoltageManagerSysNo', 'MinVoltageCellCode', 'MinVoltageCellValue'],
      ...['MaxTempManagerSysNo', 'MaxTempProbeCode', 'MaxTempValue'],
      ...['MinTempManagerSysNo', 'MinTempProbeCode', 'MinTempValue'],
    ]),
  },
};

/** Data units that are a fixed sequence, by `Cmd`. */
export const bodyLayouts: Readonly<Record<Year, Readonly<Record<number, GatewayLayout>>>> = {
  2016: {
    1: body(2016, 'login', ['Time', 'Seq', 'ICCID', 'Num', 'Length', 'Id']),
    ...shared(2016),
  },
  2025: {
    1: body(2025, 'login2025', [
      ...['Time', 'Seq', 'ICCID', 'BmsNum', 'BatteryPackCounts', 'BatteryPackEncodings'],
    ]),
    ...shared(2025),
    9: body(2025, 'activation', ['Time', 'ChipID', 'PubKey', 'VIN', 'Signature']),
    11: body(2025, 'keyExchange', ['KeyType', 'Key', 'ActiveTime', 'ExpireTime']),
  },
};

function shared(year: Year): Readonly<Record<number, GatewayLayout>> {
  return {
    4: body(year, 'logout', ['Time', 'Seq']),
    5: body(year, 'platformLogin', ['Time', 'Seq', 'Username', 'Password', 'Encrypt']),
    6: body(year, 'platformLogout', ['Time', 'Seq']),
  };
}

function layout(year: Year, kind: string, keys: Keys): GatewayLayout {
  const { items } = year === 2016 ? edition2016 : edition2025;
  const found = items.find((item) => item.kind === kind);
  if (found === undefined) throw new Error(`no layout of an item ${kind}`);
  return { type: found.type, clause: found.clause, elements: found.elements, keys };
}

function body(year: Year, kind: string, keys: Keys): GatewayLayout {
  const { bodies } = year === 2016 ? edition2016 : edition2025;
  const found = bodies.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no layout of a body ${kind}`);
  return { type: found.command, clause: found.clause, elements: found.elements, keys };
}
