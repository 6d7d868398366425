// One value of each schema, as a 300-byte report of a car becomes it: 96 cells, 16 probes.

import type { Lifecycle, Origin, Quarantined, Telemetry } from '#shared/avro/types.generated.ts';
import { blankLifecycle, blankPosition } from '#shared/telemetry/blank-records.ts';

const origin: Origin = { bridge: 'bridge-7f3a', epoch: 2, sequence: 48_211 };
const receivedTime = Date.UTC(2026, 4, 17, 8, 30, 12, 345);

export function sampleTelemetry(change: Partial<Telemetry> = {}): Telemetry {
  return {
    frameId: Buffer.from('0123456789abcdef', 'hex'),
    origin,
    vehicleId: 'LTEST000000000042',
    terminalId: null,
    codec: 'gb32960-2016',
    isReissued: false,
    eventTime: receivedTime - 1345,
    receivedTime,
    clockState: 'ok',
    deviceTimeRaw: Buffer.from('1a05110f1e0b', 'hex'),
    isPartial: false,
    partialReason: null,
    remainder: null,
    signatureState: 'absent',
    fieldStates: [],
    position,
    vehicle,
    motors,
    fuelCell: null,
    engine: null,
    extremes,
    alarms,
    packs,
    custom: [],
    trailing: null,
    stacks: [],
    superCapacitor: null,
    superCapacitorExtremes: null,
    signature: null,
    terminal: null,
    signals: [],
    ...change,
  };
}

export function sampleLifecycle(change: Partial<Lifecycle> = {}): Lifecycle {
  return {
    ...blankLifecycle,
    frameId: Buffer.from('fedcba9876543210', 'hex'),
    origin,
    vehicleId: 'LTEST000000000042',
    terminalId: null,
    codec: 'gb32960-2016',
    event: 'login',
    outcome: 'accept',
    reason: null,
    command: 1,
    response: 254,
    encryption: 1,
    eventTime: receivedTime - 1345,
    receivedTime,
    clockState: 'ok',
    deviceTimeRaw: Buffer.from('1a05110f1e0b', 'hex'),
    serial: 7,
    login,
    ...change,
  };
}

export function sampleQuarantined(change: Partial<Quarantined> = {}): Quarantined {
  return {
    quarantineId: 'bridge-7f3a/2/48211',
    frameId: Buffer.from('00ff00ff00ff00ff', 'hex'),
    origin,
    vehicleId: 'LTEST000000000042',
    codec: 'gb32960',
    codecVersion: 'gb32960-2016/1',
    reason: 'checksum_wrong',
    detail: 'checksum 0x1f, computed 0x2e',
    offset: 24,
    payload: Buffer.from('232302fe', 'hex'),
    payloadLength: 4,
    payloadSha256: null,
    source: {
      kind: 'mqtt',
      mqttTopic: 'v1/up/LTEST000000000042/gb32960',
      kafkaTopic: null,
      partition: null,
      offset: null,
    },
    attempt: 1,
    firstSeenTime: receivedTime,
    lastSeenTime: receivedTime,
    resolution: null,
    resolves: null,
    ...change,
  };
}

const login: Lifecycle['login'] = {
  iccid: '89860000000000000042',
  ressCount: 0,
  ressCodeLength: 0,
  ressCodes: [],
  bmsCount: null,
  packsPerBms: [],
  packCodes: [],
};

const position: Telemetry['position'] = {
  ...blankPosition,
  hasFix: true,
  longitudeDeg: 121.473701,
  latitudeDeg: 31.230416,
};

const vehicle: Telemetry['vehicle'] = {
  status: 'started',
  chargeStatus: 'not_charging',
  runMode: 'electric',
  speedKmh: 72.4,
  odometerKm: 48_211.7,
  packVoltageV: 362.1,
  packCurrentA: 41.5,
  socPercent: 74,
  dcdcStatus: 'working',
  gear: 'D',
  hasDriveForce: true,
  hasBrakeForce: false,
  gearRaw: 0x2e,
  insulationResistanceKohm: 2_380,
  acceleratorPedalPercent: 22,
  brakePedalPercent: 0,
  isGearValid: true,
};

const motors: Telemetry['motors'] = [
  {
    no: 1,
    status: 'consuming',
    controllerTemperatureC: 48,
    speedRpm: 5_230,
    torqueNm: 61.2,
    temperatureC: 57,
    controllerVoltageV: 361.8,
    controllerCurrentA: 40.9,
  },
];

const extremes: Telemetry['extremes'] = {
  maxCellVoltageSubsystem: 1,
  maxCellVoltageCell: 17,
  maxCellVoltageMv: 3_791,
  minCellVoltageSubsystem: 1,
  minCellVoltageCell: 63,
  minCellVoltageMv: 3_762,
  maxTemperatureSubsystem: 1,
  maxTemperatureProbe: 4,
  maxTemperatureC: 31,
  minTemperatureSubsystem: 1,
  minTemperatureProbe: 11,
  minTemperatureC: 28,
};

const alarms: Telemetry['alarms'] = [
  {
    maxLevel: 0,
    generalBits: [],
    generalRaw: 0,
    ressFaults: [],
    motorFaults: [],
    engineFaults: [],
    otherFaults: [],
    generalLevels: [],
  },
];

const packs: Telemetry['packs'] = [
  {
    no: 1,
    voltageV: 362.1,
    currentA: 41.5,
    cellCount: 96,
    firstCell: 1,
    cellVoltagesMv: Array.from({ length: 96 }, (_, cell) => 3_762 + ((cell * 7) % 30)),
    temperaturesC: Array.from({ length: 16 }, (_, probe) => 28 + (probe % 4)),
  },
];
