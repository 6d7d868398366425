// The terminal of a car that sends JSON, and what each of its envelopes must become.

import { createHash } from 'node:crypto';
import { buildEnvelope, type EnvelopeInput } from '#shared/frame/json/encode-envelope.ts';
import { framePrefix, type HashFrame } from '#shared/ingest/frame-id.ts';
import { toWgs84 } from '#shared/telemetry/datum.ts';
import { type KafkaTopic, kafkaTopics } from '#shared/topics.ts';
import { asReceived, type ExpectedFrame, type FrameKind, type PlannedMessage } from '../planned.ts';
import type { Sample } from '../sample.ts';
import type { SimulatedCar } from '../simulated-car.ts';
import { jsonKeyOf } from './answer-key.ts';

export interface JsonTerminal {
  readonly vehicleId: string;
  readonly mqttTopic: string;
  readonly simulated: SimulatedCar;
  /** Hex digits. */
  hash(content: Uint8Array): string;
  nextId(): string;
}

export interface Built {
  readonly bytes: Buffer;
  readonly expected: ExpectedFrame;
}

export interface StoredReport {
  readonly sample: Sample;
  /** Epoch ms. */
  readonly collectedAt: number;
  readonly directionDeg: number;
}

export function createJsonTerminal(simulated: SimulatedCar, hashFrame: HashFrame): JsonTerminal {
  const vehicleId = simulated.car.vin;
  const prefix = framePrefix(vehicleId, 'json');
  let count = 0;
  return {
    vehicleId,
    mqttTopic: `v1/up/${vehicleId}/json`,
    simulated,
    hash: (content) => hashFrame(prefix, content).toString('hex'),
    nextId: () => {
      count += 1;
      return `m-${count}`;
    },
  };
}

export function collect({ simulated }: JsonTerminal, collectedAt: number): StoredReport {
  const directionDeg = Math.floor(simulated.drive.headingDeg) % 360;
  return { sample: simulated.sample(), collectedAt, directionDeg };
}

/** Out of the ordinary. */
export interface ReportOdds {
  readonly kind: FrameKind;
  readonly isReissued?: boolean;
  readonly ts?: number | string;
  readonly clock?: { readonly eventTime: number | null; readonly clockState: string };
  readonly hasNoId?: boolean;
  /** Speed that no car drives: kept and marked. */
  readonly speedKmh?: number;
  /** Digits that a double does not hold. */
  readonly wideInteger?: string;
}

export function buildReport(
  terminal: JsonTerminal,
  stored: StoredReport,
  odds: ReportOdds = { kind: 'report' },
): Built {
  const id = odds.hasNoId === true ? null : terminal.nextId();
  const ts = odds.ts ?? tsOf(terminal, stored.collectedAt);
  const { isReissued = false } = odds;
  const bytes = bytesOf({ ...(id !== null && { id }), ts, ...contentOf(terminal, stored, odds) });
  const clock = odds.clock ?? { eventTime: stored.collectedAt, clockState: 'ok' };
  const expected: ExpectedFrame = {
    kind: odds.kind,
    kafkaTopic: isReissued ? kafkaTopics.backfill : kafkaTopics.telemetry,
    frameId: terminal.hash(id === null ? bytes : Buffer.from(id)),
    fields: {
      ...commonFields(terminal, ts),
      isReissued,
      eventTime: clock.eventTime ?? asReceived,
      clockState: clock.clockState,
      ...recordOf(terminal, stored, odds),
    },
    answer: id === null ? null : jsonKeyOf(id, 'ok'),
  };
  return { bytes, expected };
}

/** The placeholder of a number that JSON.stringify cannot write. */
const wideMark = 'a wide integer';

function bytesOf(input: EnvelopeInput & { readonly wide?: string }): Buffer {
  const { wide, ...envelope } = input;
  const bytes = buildEnvelope(envelope);
  if (wide === undefined) return bytes;
  return Buffer.from(bytes.toString('utf8').replace(`"${wideMark}"`, wide));
}

/** Half of these cars send RFC 3339 texts. */
function tsOf({ simulated }: JsonTerminal, at: number): number | string {
  return simulated.car.hasShiftedMap ? at : new Date(at).toISOString();
}

function commonFields({ vehicleId }: JsonTerminal, ts: number | string) {
  return {
    vehicleId,
    terminalId: null,
    codec: 'json-1',
    deviceTimeRaw: Buffer.from(`${ts}`).toString('hex'),
    signatureState: 'absent',
    trailing: null,
    remainder: null,
  };
}

type Content = Partial<EnvelopeInput> & { readonly wide?: string };

function contentOf(terminal: JsonTerminal, stored: StoredReport, odds: ReportOdds): Content {
  const { sample } = stored;
  const { vehicle, position, motors, engine, extremes, alarms, packs } = sample;
  if (vehicle === null || position === null) throw new RangeError('a whole sample wanted');
  const { gearRaw, isGearValid, ...sent } = vehicle;
  const { longitudeDeg, latitudeDeg, hasFix } = position;
  const { wideInteger, speedKmh, isReissued } = odds;
  const signals = {
    'cabin.temperatureC': 21.5,
    'door.isLocked': vehicle.status === 'off',
    'driver.profile': 'A',
    ...(wideInteger !== undefined && { 'odometer.mm': wideMark }),
  };
  return {
    vin: terminal.vehicleId,
    ...(isReissued === true && { isReissued }),
    position: {
      ...{ longitudeDeg, latitudeDeg, hasFix, datum: datumOf(terminal) },
      directionDeg: stored.directionDeg,
    },
    vehicle: speedKmh === undefined ? sent : { ...sent, speedKmh },
    motors: motors.map((motor) => ({ ...motor })),
    ...(engine !== null && { engine: { ...engine } }),
    ...(extremes !== null && { extremes: { ...extremes } }),
    alarms: alarms.map(({ generalRaw, generalLevels, ...alarm }) => alarm),
    packs: packs.map((pack) => ({ ...pack })),
    signals,
    ...(wideInteger !== undefined && { wide: wideInteger }),
  };
}

function datumOf({ simulated }: JsonTerminal): string {
  return simulated.car.hasShiftedMap ? 'gcj02' : 'wgs84';
}

/** The content as the record must hold it. */
function recordOf(terminal: JsonTerminal, stored: StoredReport, odds: ReportOdds) {
  const { vehicle, position, motors, engine, extremes, alarms, packs } = stored.sample;
  const speed = odds.speedKmh === undefined ? {} : { speedKmh: odds.speedKmh };
  const mark = { path: 'vehicle.speedKmh', state: 'out_of_range', raw: odds.speedKmh };
  return {
    ...{ isPartial: false, partialReason: null },
    fieldStates: odds.speedKmh === undefined ? [] : [mark],
    position: position && positionOf(terminal, position, stored),
    // The gear byte is no field of an envelope.
    vehicle: { ...vehicle, ...speed, gearRaw: 0, isGearValid: true },
    ...{ motors, engine, extremes, packs, fuelCell: null, custom: [] },
    alarms: alarms.map((alarm) => ({ ...alarm, generalRaw: 0, generalLevels: [] })),
    ...{ stacks: [], superCapacitor: null, superCapacitorExtremes: null },
    ...{ signature: null, terminal: null },
    signals: signalsOf(stored, odds),
  };
}

function signalsOf({ sample }: StoredReport, { wideInteger }: ReportOdds) {
  const none = { value: null, text: null, flag: null, unit: null };
  const signals = [
    { ...none, name: 'cabin.temperatureC', value: 21.5 },
    { ...none, name: 'door.isLocked', flag: sample.vehicle?.status === 'off' },
    { ...none, name: 'driver.profile', text: 'A' },
  ];
  if (wideInteger === undefined) return signals;
  return [...signals, { ...none, name: 'odometer.mm', text: wideInteger }];
}

function positionOf(
  terminal: JsonTerminal,
  position: NonNullable<Sample['position']>,
  { directionDeg }: StoredReport,
) {
  const own = { ...position, statusRaw: 0, directionDeg, datum: datumOf(terminal) };
  if (own.datum === 'wgs84') return own;
  const wgs84 = toWgs84(position.longitudeDeg ?? 0, position.latitudeDeg ?? 0);
  const { longitudeDeg: wgs84LongitudeDeg, latitudeDeg: wgs84LatitudeDeg } = wgs84;
  return { ...own, wgs84LongitudeDeg, wgs84LatitudeDeg };
}

export interface EventFacts {
  readonly type: 'login' | 'logout' | 'heartbeat' | 'time_sync';
  readonly at: number;
  /** Of a login and its logout. */
  readonly serial?: number;
}

export function buildEvent(terminal: JsonTerminal, { type, at, serial }: EventFacts): Built {
  const id = terminal.nextId();
  const ts = tsOf(terminal, at);
  const iccid = type === 'login' ? terminal.simulated.car.iccid : undefined;
  const bytes = buildEnvelope({
    ...{ id, ts, vin: terminal.vehicleId, type },
    ...(serial !== undefined && { serial }),
    ...(iccid !== undefined && { iccid }),
  });
  const noPacks = { ressCount: 0, ressCodeLength: 0, ressCodes: [], bmsCount: null };
  const login = iccid && { iccid, ...noPacks, packsPerBms: [], packCodes: [] };
  const kafkaTopic: KafkaTopic =
    type === 'heartbeat' ? kafkaTopics.heartbeat : kafkaTopics.lifecycle;
  const expected: ExpectedFrame = {
    kind: type,
    kafkaTopic,
    frameId: terminal.hash(Buffer.from(id)),
    fields: {
      ...commonFields(terminal, ts),
      ...{ event: type, outcome: 'accept', reason: null, command: 0, response: 0, encryption: 0 },
      ...{ eventTime: at, clockState: 'ok', serial: serial ?? null, login: login ?? null },
      ...{ body: null, register: null, auth: null, presence: null, fields: [] },
    },
    answer: jsonKeyOf(id, 'ok'),
  };
  return { bytes, expected };
}

export interface RefusedFacts {
  readonly kind: FrameKind;
  readonly reason: string;
}

export function refused(terminal: JsonTerminal, bytes: Buffer, facts: RefusedFacts): Built {
  const { kind, reason } = facts;
  const { vehicleId, mqttTopic } = terminal;
  const payload = createHash('sha256').update(bytes).digest('hex');
  const kept = { payloadLength: bytes.length, payload, attempt: 1, resolution: null };
  const expected: ExpectedFrame = {
    kind,
    kafkaTopic: kafkaTopics.quarantine,
    frameId: terminal.hash(bytes),
    fields: { vehicleId, codec: 'json', ...kept, resolves: null, reason, mqttTopic },
    answer: null,
  };
  return { bytes, expected };
}

/** One MQTT message: an envelope, or several in an array. */
export function messageOf(
  { vehicleId, mqttTopic }: JsonTerminal,
  dueAt: number,
  ...built: readonly Built[]
): PlannedMessage {
  const texts = built.map(({ bytes }) => bytes);
  const payload = texts.length === 1 ? (texts[0] as Buffer) : arrayOf(texts);
  return { vehicleId, mqttTopic, payload, dueAt, frames: built.map(({ expected }) => expected) };
}

function arrayOf(texts: readonly Buffer[]): Buffer {
  return Buffer.from(`[${texts.map((text) => text.toString('utf8')).join(',')}]`);
}
