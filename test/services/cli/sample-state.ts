// A vehicle's state as the state processor would write it after a few reports.

import type { VehicleState } from '#shared/avro/types.generated.ts';

/** Every instant in it is counted from here. */
export const heardAt = Date.UTC(2026, 4, 17, 8, 30, 12);

const eventTime = heardAt - 1_000;

export function sampleState(change: Partial<VehicleState> = {}): VehicleState {
  return {
    vehicleId: 'LTEST000000000042',
    codec: 'gb32960-2016',
    firstSeenTime: heardAt - 3_600_000,
    lastSeenTime: heardAt,
    lastEventTime: eventTime,
    presence: 'online',
    presenceReason: 'message',
    presenceSince: heardAt - 3_600_000,
    lastLoginTime: heardAt - 3_600_000,
    lastOfflineTime: null,
    lastOfflineReason: null,
    lastHeardTime: heardAt,
    recentReportsS: [eventTime / 1000, 10, 10],
    reportPeriodS: 10,
    completenessRatio: 0.975,
    position: {
      hasFix: true,
      longitudeDeg: 121.5,
      latitudeDeg: 31.25,
      datum: 'unknown',
      statusRaw: 0,
      eventTime,
      altitudeM: null,
      directionDeg: null,
      wgs84LongitudeDeg: null,
      wgs84LatitudeDeg: null,
    },
    lastFix: null,
    vehicle,
    motors: [motor],
    fuelCell: null,
    engine: null,
    extremes: null,
    alarms: null,
    packs: [],
    provenance: { epoch: 5, appliedOffsets: [7, -1, 2, -1], replayFromOffsets: [8, 0, 3, 0] },
    ...change,
  };
}

const vehicle: VehicleState['vehicle'] = {
  status: { value: 'started', eventTime },
  chargeStatus: null,
  runMode: null,
  speedKmh: { value: 43.2, eventTime },
  odometerKm: null,
  packVoltageV: null,
  packCurrentA: null,
  // An older report had it last.
  socPercent: { value: 81, eventTime: eventTime - 60_000 },
  dcdcStatus: null,
  gear: null,
  hasDriveForce: null,
  hasBrakeForce: null,
  gearRaw: null,
  insulationResistanceKohm: null,
  acceleratorPedalPercent: null,
  brakePedalPercent: null,
  isGearValid: null,
};

const motor: VehicleState['motors'][number] = {
  no: 2,
  status: null,
  controllerTemperatureC: null,
  speedRpm: null,
  torqueNm: { value: 12.5, eventTime },
  temperatureC: null,
  controllerVoltageV: null,
  controllerCurrentA: null,
};
