// A location: the same truth as a report of GB/T 32960, as far as JT/T 808 can say it, and the
// record that it must become. Bits and scales stand here once more on purpose.

import { deviceTimeOf } from '#shared/frame/jt808/bcd.ts';
import { encodeLocation, type LocationInput } from '#shared/frame/jt808/encode-body.ts';
import { blankPosition, blankTerminal, blankVehicle } from '#shared/telemetry/blank-records.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { asReceived, type ExpectedFrame, type FrameKind } from '../planned.ts';
import type { Sample } from '../sample.ts';
import type { Jt808Terminal, Sent } from './terminal.ts';

/** What a location says, held before it is encoded. */
export interface StoredLocation {
  readonly sample: Sample;
  readonly collectedAt: number;
  readonly directionDeg: number;
  readonly isInTunnel: boolean;
  readonly mark: number;
}

export function collect(terminal: Jt808Terminal, collectedAt: number): StoredLocation {
  const { simulated } = terminal;
  return {
    sample: simulated.sample(),
    collectedAt,
    directionDeg: Math.floor(simulated.drive.headingDeg) % 360,
    isInTunnel: simulated.isInTunnel,
    mark: terminal.nextMark(),
  };
}

/** Out of the ordinary. */
export interface LocationOdds {
  readonly time?: Uint8Array;
  readonly clock?: { readonly eventTime: number | null; readonly clockState: string };
  readonly extra?: { readonly id: number; readonly data: Buffer };
  /** Behind the items, and no item. */
  readonly rest?: Buffer;
  readonly extrasError?: string;
}

export function locationOf(
  terminal: Jt808Terminal,
  stored: StoredLocation,
  odds: LocationOdds = {},
): LocationInput {
  const { sample, collectedAt, directionDeg } = stored;
  const { longitudeDeg, latitudeDeg } = valuesOf(sample);
  const { extra, rest } = odds;
  const time = deviceTimeOf(collectedAt);
  return {
    alarm: rawOf(alarmsOf(stored)),
    status: rawOf(statusOf(terminal, stored)) + (loadOf(terminal) << 8),
    latitude: Math.round(latitudeDeg * 1e6),
    longitude: Math.round(longitudeDeg * 1e6),
    altitude: altitudeOf(stored),
    speed: Math.round(valuesOf(sample).speedKmh * 10),
    direction: directionDeg,
    time: odds.time === undefined ? time : { raw: odds.time, epochMs: null },
    extras: [...extrasOf(terminal, stored), ...(extra === undefined ? [] : [extra])],
    ...(rest !== undefined && { rest }),
  };
}

export interface LocationFacts {
  readonly kind: FrameKind;
  readonly isReissued: boolean;
  readonly odds?: LocationOdds;
}

/** `sent` carries it, alone or among others. */
export function expectLocation(
  terminal: Jt808Terminal,
  stored: StoredLocation,
  sent: Pick<Sent, 'messageId' | 'serial'>,
  { kind, isReissued, odds = {} }: LocationFacts,
): ExpectedFrame {
  const { sample, collectedAt } = stored;
  const { speedKmh, odometerKm } = valuesOf(sample);
  const location = locationOf(terminal, stored, odds);
  const clock = odds.clock ?? { eventTime: wholeSecond(collectedAt), clockState: 'ok' };
  return {
    kind,
    kafkaTopic: isReissued ? kafkaTopics.backfill : kafkaTopics.telemetry,
    frameId: terminal.hash(encodeLocation(location)),
    fields: {
      ...blankContent,
      vehicleId: terminal.vehicleId,
      terminalId: terminal.terminalId,
      codec: `jt808-${terminal.edition}`,
      isReissued,
      eventTime: clock.eventTime ?? asReceived,
      clockState: clock.clockState,
      deviceTimeRaw: Buffer.from(location.time.raw).toString('hex'),
      position: positionOf(stored),
      vehicle: { ...blankVehicle, speedKmh, odometerKm },
      terminal: { ...terminalOf(terminal, stored, odds), ...sentFields(sent) },
    },
    answer: null,
  };
}

const blankContent = {
  isPartial: false,
  partialReason: null,
  remainder: null,
  signatureState: 'absent',
  fieldStates: [],
  motors: [],
  fuelCell: null,
  engine: null,
  extremes: null,
  alarms: [],
  packs: [],
  custom: [],
  trailing: null,
  stacks: [],
  superCapacitor: null,
  superCapacitorExtremes: null,
  signature: null,
  signals: [],
};

function sentFields({ messageId, serial }: Pick<Sent, 'messageId' | 'serial'>) {
  return { messageId, serial };
}

function positionOf(stored: StoredLocation) {
  const { hasFix, longitudeDeg, latitudeDeg } = valuesOf(stored.sample);
  return {
    ...blankPosition,
    hasFix,
    longitudeDeg,
    latitudeDeg,
    datum: 'wgs84',
    altitudeM: altitudeOf(stored),
    directionDeg: stored.directionDeg,
  };
}

function terminalOf(terminal: Jt808Terminal, stored: StoredLocation, odds: LocationOdds) {
  const { sample, mark } = stored;
  const signals = signalsOf(stored);
  const custom = customOf(terminal, stored);
  const kept = [...(custom === null ? [] : [custom]), ...(odds.extra ? [odds.extra] : [])];
  const status = statusOf(terminal, stored);
  return {
    ...blankTerminal,
    alarmBits: alarmsOf(stored).map(([name]) => name),
    alarmRaw: rawOf(alarmsOf(stored)),
    statusBits: status.map(([name]) => name),
    statusRaw: rawOf(status) + (loadOf(terminal) << 8),
    load: ['empty', 'half', 'reserved', 'full'][loadOf(terminal)],
    recorderSpeedKmh: valuesOf(sample).speedKmh,
    signalBits: signals.map(([name]) => name),
    signalRaw: rawOf(signals),
    analog0: mark,
    analog1: valuesOf(sample).socPercent,
    signalStrength: strengthOf(stored),
    satellites: satellitesOf(stored),
    extras: kept.map(({ id, data }) => ({ id, length: data.length, bytes: data.toString('hex') })),
    extrasError: odds.extrasError ?? null,
  };
}

/** A name and its bit. */
type Bit = readonly [name: string, bit: number];

function rawOf(bits: readonly Bit[]): number {
  return bits.reduce((raw, [, bit]) => raw + 2 ** bit, 0);
}

function alarmsOf({ sample, isInTunnel }: StoredLocation): readonly Bit[] {
  const { speedKmh, socPercent } = valuesOf(sample);
  const bits: readonly (Bit | null)[] = [
    speedKmh > 100 ? ['overspeed', 1] : null,
    isInTunnel ? ['gnss_antenna_open', 5] : null,
    socPercent < 12 ? ['main_power_undervoltage', 7] : null,
  ];
  return bits.filter((bit) => bit !== null);
}

function statusOf({ edition }: Jt808Terminal, { sample }: StoredLocation): readonly Bit[] {
  const { hasFix, isStarted, speedKmh } = valuesOf(sample);
  const bits: readonly (Bit | null)[] = [
    isStarted ? ['acc_on', 0] : null,
    hasFix ? ['positioned', 1] : null,
    hasFix ? ['gps_used', 18] : null,
    hasFix ? ['beidou_used', 19] : null,
    edition === '2019' && speedKmh > 0 ? ['vehicle_moving', 22] : null,
  ];
  return bits.filter((bit) => bit !== null);
}

function signalsOf({ sample, isInTunnel }: StoredLocation): readonly Bit[] {
  const bits: readonly (Bit | null)[] = [
    isInTunnel ? ['low_beam', 0] : null,
    sample.vehicle?.hasBrakeForce ? ['brake', 4] : null,
  ];
  return bits.filter((bit) => bit !== null);
}

function extrasOf(terminal: Jt808Terminal, stored: StoredLocation): readonly Extra[] {
  const { odometerKm, speedKmh, socPercent } = valuesOf(stored.sample);
  const custom = customOf(terminal, stored);
  return [
    { id: 0x01, data: integer(4, Math.round(odometerKm * 10)) },
    { id: 0x03, data: integer(2, Math.round(speedKmh * 10)) },
    { id: 0x25, data: integer(4, rawOf(signalsOf(stored))) },
    { id: 0x2b, data: Buffer.concat([integer(2, socPercent), integer(2, stored.mark)]) },
    { id: 0x30, data: integer(1, strengthOf(stored)) },
    { id: 0x31, data: integer(1, satellitesOf(stored)) },
    ...(custom === null ? [] : [custom]),
  ];
}

interface Extra {
  readonly id: number;
  readonly data: Buffer;
}

/** Its maker's own item. */
function customOf({ simulated }: Jt808Terminal, { sample }: StoredLocation): Extra | null {
  if (!simulated.car.hasCustomItem) return null;
  return { id: 0xe1, data: integer(2, valuesOf(sample).socPercent) };
}

function loadOf({ simulated }: Jt808Terminal): number {
  return simulated.car.massKg % 4;
}

function altitudeOf({ sample }: StoredLocation): number {
  return Math.round((valuesOf(sample).latitudeDeg * 1000) % 120);
}

function strengthOf({ mark }: StoredLocation): number {
  return 12 + (mark % 20);
}

function satellitesOf({ sample, mark }: StoredLocation): number {
  return valuesOf(sample).hasFix ? 7 + (mark % 9) : 0;
}

function integer(size: 1 | 2 | 4, value: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
}

/** A car in the Yangtze delta always has these. */
function valuesOf({ position, vehicle }: Sample) {
  if (position === null || vehicle === null) throw new RangeError('a whole sample wanted');
  return {
    hasFix: position.hasFix,
    longitudeDeg: position.longitudeDeg ?? 0,
    latitudeDeg: position.latitudeDeg ?? 0,
    isStarted: vehicle.status === 'started',
    speedKmh: vehicle.speedKmh ?? 0,
    odometerKm: vehicle.odometerKm ?? 0,
    socPercent: vehicle.socPercent ?? 0,
  };
}

/** Frames carry whole seconds. */
export function wholeSecond(at: number): number {
  return Math.floor(at / 1000) * 1000;
}
