// A car's terminal: what it says, as frames with the truth behind them. Builds; never sends.

import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import {
  type BodyInput,
  buildFrame,
  type FrameInput,
  type ReportInput,
} from '#shared/frame/gb32960/encode-frame.ts';
import type { DeviceTime } from '#shared/frame/gb32960/frame.ts';
import { type Codec, kafkaTopics } from '#shared/topics.ts';
import { dataUnitOf, type Expectations } from './expectations.ts';
import { as2025, itemsOf2025 } from './items-2025.ts';
import type { ExpectedFrame, PlannedMessage } from './planned.ts';
import { itemsOf } from './report-items.ts';
import type { Sample } from './sample.ts';
import type { Signer } from './signer.ts';
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
  /** Of a car of 2025 that signs its reports; null: it does not. */
  readonly signer: Signer | null;
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

export function createTerminal(
  simulated: SimulatedCar,
  expectations: Expectations,
  signer: Signer | null = null,
): Terminal {
  const vehicleId = simulated.car.vin;
  return { vehicleId, mqttTopic: `v1/up/${vehicleId}/${codec}`, simulated, expectations, signer };
}

/** A report held back in a tunnel until it can be sent. */
export interface StoredReport {
  readonly sample: Sample;
  readonly collectedAt: number;
}

export function collect(terminal: Terminal, collectedAt: number): StoredReport {
  const { simulated } = terminal;
  const sample = simulated.sample();
  return { sample: is2025(terminal) ? as2025(sample, simulated.car) : sample, collectedAt };
}

function is2025({ expectations }: Terminal): boolean {
  return expectations.codec === 'gb32960-2025';
}

/** A whole frame in the terminal's edition. */
export function frameOf({ expectations }: Terminal, input: Omit<FrameInput, 'codec'>): Buffer {
  return buildFrame({ codec: expectations.codec, ...input });
}

/** The body of a report: time and items. */
export function reportBody(terminal: Terminal, { sample, collectedAt }: StoredReport): ReportInput {
  const { itemOrder } = terminal.simulated.car;
  const items = is2025(terminal) ? itemsOf2025(sample, itemOrder) : itemsOf(sample, itemOrder);
  return { kind: 'report', time: deviceTimeOf(collectedAt), items };
}

/** `signature_wrong`: of a terminal that signs; one bit of its signature is another. */
export function buildReport(
  terminal: Terminal,
  stored: StoredReport,
  kind: 'report' | 'reissue' | 'signature_wrong',
): Built {
  const { vehicleId: vin, expectations } = terminal;
  const command = kind === 'reissue' ? commands.reissue : commands.report;
  const isGood = kind !== 'signature_wrong';
  const body = reportBody(terminal, stored);
  const plain = frameOf(terminal, { command, vin, body });
  const signed = signatureOf(terminal, plain, isGood);
  const bytes =
    signed === null ? plain : frameOf(terminal, { command, vin, body: { ...body, ...signed } });
  const expected = expectations.report(vin, bytes, {
    kind,
    sample: stored.sample,
    isReissued: kind === 'reissue',
    clock: { eventTime: wholeSecond(stored.collectedAt), clockState: 'ok' },
    ...(signed !== null && { signed: { plain, r: signed.signature.r, isGood } }),
  });
  return { bytes, expected };
}

const rsa = 2;

function signatureOf({ signer }: Terminal, plain: Buffer, isGood: boolean) {
  if (signer === null) return null;
  const r = signer.sign(dataUnitOf(plain));
  if (!isGood) r[r.length - 1] = (r.at(-1) as number) ^ 1;
  return { signature: { algorithm: rsa, r, s: new Uint8Array() } };
}

const none2016 = { ressCount: 0, ressCodeLength: 0, ressCodes: [] };
const none2025 = { bmsCount: null, packsPerBms: [], packCodes: [] };

interface LoginPlan {
  readonly body: BodyInput;
  /** As the record must have it: what an edition does not have is empty. */
  readonly login: Readonly<Record<string, unknown>>;
}

function loginOf(terminal: Terminal, loginSeq: number, time: DeviceTime): LoginPlan {
  const { iccid, packs, packCodes } = terminal.simulated.car;
  if (is2025(terminal)) {
    // One management system for all packs that have a code.
    const packsPerBms = [packCodes.length];
    const login = { iccid, bmsCount: 1, packsPerBms, packCodes };
    const body = { ...login, kind: 'login2025' as const, packCodes: [packCodes] };
    return { body: { ...body, time, loginSeq }, login: { ...none2016, ...login } };
  }
  const login = {
    iccid,
    ressCount: packs.length,
    ressCodeLength: packCodes[0]?.length ?? 0,
    ressCodes: packCodes,
  };
  return { body: { kind: 'login', time, loginSeq, ...login }, login: { ...login, ...none2025 } };
}

export function buildLogin(terminal: Terminal, serial: number, at: number): Built {
  const { vehicleId: vin, expectations } = terminal;
  const time = deviceTimeOf(at);
  const { body, login } = loginOf(terminal, serial, time);
  const bytes = frameOf(terminal, { command: commands.login, vin, body });
  const fields = { event: 'login', ...clockFields(at, time.raw), serial, login };
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
  const bytes = frameOf(terminal, {
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
  const bytes = frameOf(terminal, {
    command: commands.heartbeat,
    vin,
    body: { kind: 'heartbeat' },
  });
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
  const bytes = frameOf(terminal, { command: commands.timeSync, vin, body: { kind: 'timeSync' } });
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
