// A car's terminal: what it says, as frames with the truth behind them. Builds; never sends.

import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { type BodyInput, buildFrame } from '#shared/frame/gb32960/encode-frame.ts';
import { type Codec, kafkaTopics } from '#shared/topics.ts';
import type { Expectations } from './expectations.ts';
import type { ExpectedFrame, PlannedMessage } from './planned.ts';
import { itemsOf } from './report-items.ts';
import type { Sample } from './sample.ts';
import type { SimulatedCar } from './simulated-car.ts';

export interface Built {
  readonly bytes: Buffer;
  readonly expected: ExpectedFrame;
}

export interface Terminal {
  readonly vehicleId: string;
  readonly mqttTopic: string;
  readonly simulated: SimulatedCar;
  readonly expectations: Expectations;
}

export const commands = {
  login: 0x01,
  report: 0x02,
  reissue: 0x03,
  logout: 0x04,
  heartbeat: 0x07,
  timeSync: 0x08,
} as const;

const codec: Codec = 'gb32960';

export function createTerminal(simulated: SimulatedCar, expectations: Expectations): Terminal {
  const vehicleId = simulated.car.vin;
  return { vehicleId, mqttTopic: `v1/up/${vehicleId}/${codec}`, simulated, expectations };
}

/** A report held back in a tunnel until it can be sent. */
export interface StoredReport {
  readonly sample: Sample;
  readonly collectedAt: number;
}

export function collect({ simulated }: Terminal, collectedAt: number): StoredReport {
  return { sample: simulated.sample(), collectedAt };
}

/** The body of a report: time and items. */
export function reportBody(terminal: Terminal, { sample, collectedAt }: StoredReport): BodyInput {
  const items = itemsOf(sample, terminal.simulated.car.itemOrder);
  return { kind: 'report', time: deviceTimeOf(collectedAt), items };
}

export function buildReport(
  terminal: Terminal,
  stored: StoredReport,
  kind: 'report' | 'reissue',
): Built {
  const { vehicleId: vin, expectations } = terminal;
  const bytes = buildFrame({ command: commands[kind], vin, body: reportBody(terminal, stored) });
  const expected = expectations.report(vin, bytes, {
    kind,
    sample: stored.sample,
    isReissued: kind === 'reissue',
    clock: { eventTime: wholeSecond(stored.collectedAt), clockState: 'ok' },
  });
  return { bytes, expected };
}

/** Of a login, what the 2016 edition does not have. */
const no2025 = { bmsCount: null, packsPerBms: [], packCodes: [] };

export function buildLogin(terminal: Terminal, serial: number, at: number): Built {
  const { vehicleId: vin, expectations } = terminal;
  const { iccid, packs, packCodes } = terminal.simulated.car;
  const login = {
    iccid,
    ressCount: packs.length,
    ressCodeLength: packCodes[0]?.length ?? 0,
    ressCodes: packCodes,
  };
  const time = deviceTimeOf(at);
  const body: BodyInput = { kind: 'login', time, loginSeq: serial, ...login };
  const bytes = buildFrame({ command: commands.login, vin, body });
  const fields = {
    event: 'login',
    ...clockFields(at, time.raw),
    serial,
    login: { ...login, ...no2025 },
  };
  return {
    bytes,
    expected: expectations.lifecycle(vin, bytes, {
      kind: 'login',
      kafkaTopic: kafkaTopics.lifecycle,
      isAnswered: true,
      fields,
    }),
  };
}

export function buildLogout(terminal: Terminal, serial: number, at: number): Built {
  const { vehicleId: vin, expectations } = terminal;
  const time = deviceTimeOf(at);
  const bytes = buildFrame({
    command: commands.logout,
    vin,
    body: { kind: 'logout', time, seq: serial },
  });
  const fields = { event: 'logout', ...clockFields(at, time.raw), serial };
  return {
    bytes,
    expected: expectations.lifecycle(vin, bytes, {
      kind: 'logout',
      kafkaTopic: kafkaTopics.lifecycle,
      isAnswered: true,
      fields,
    }),
  };
}

export function buildHeartbeat(terminal: Terminal): Built {
  const { vehicleId: vin, expectations } = terminal;
  const bytes = buildFrame({ command: commands.heartbeat, vin, body: { kind: 'heartbeat' } });
  return {
    bytes,
    expected: expectations.lifecycle(vin, bytes, {
      kind: 'heartbeat',
      kafkaTopic: kafkaTopics.heartbeat,
      isAnswered: true,
      fields: { event: 'heartbeat' },
    }),
  };
}

export function buildTimeSync(terminal: Terminal): Built {
  const { vehicleId: vin, expectations } = terminal;
  const bytes = buildFrame({ command: commands.timeSync, vin, body: { kind: 'timeSync' } });
  return {
    bytes,
    expected: expectations.lifecycle(vin, bytes, {
      kind: 'time_sync',
      kafkaTopic: kafkaTopics.lifecycle,
      isAnswered: true,
      fields: { event: 'time_sync' },
    }),
  };
}

/** One MQTT message with these frames, in this order. */
export function messageOf(
  { vehicleId, mqttTopic }: Terminal,
  dueAt: number,
  ...built: readonly Built[]
): PlannedMessage {
  return {
    vehicleId,
    mqttTopic,
    payload: Buffer.concat(built.map(({ bytes }) => bytes)),
    dueAt,
    frames: built.map(({ expected }) => expected),
  };
}

/** Frames carry whole seconds. */
export function wholeSecond(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

function clockFields(at: number, raw: Uint8Array): Record<string, unknown> {
  return {
    eventTime: wholeSecond(at),
    clockState: 'ok',
    deviceTimeRaw: Buffer.from(raw).toString('hex'),
  };
}
