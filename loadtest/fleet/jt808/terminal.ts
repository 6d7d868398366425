// A JT/T 808 terminal in a simulated car, and what each of its frames must become.

import { createHash } from 'node:crypto';
import { type BodyInput, encodeBody } from '#shared/frame/jt808/encode-body.ts';
import { buildFrame } from '#shared/frame/jt808/encode-frame.ts';
import { framePrefix, type HashFrame } from '#shared/ingest/frame-id.ts';
import { downTopic, type KafkaTopic, kafkaTopics } from '#shared/topics.ts';
import type { PlannedMessage } from '../planned.ts';
import { asReceived, type ExpectedFrame, type FrameKind } from '../planned.ts';
import type { SimulatedCar } from '../simulated-car.ts';
import { jt808KeyOf } from './answer-key.ts';

export type Edition = '2013' | '2019';

export interface Jt808Terminal {
  readonly vehicleId: string;
  readonly mqttTopic: string;
  readonly simulated: SimulatedCar;
  readonly edition: Edition;
  /** As in the header, filled up with zeros. */
  readonly phone: string;
  /** What records say beside another vehicleId; null where that is the phone. */
  readonly terminalId: string | null;
  /** Hex digits. */
  hash(content: Uint8Array): string;
  nextSerial(): number;
  /** Makes each location different, so that no two share an identity. */
  nextMark(): number;
}

export interface Built {
  readonly bytes: Buffer;
  readonly expected: ExpectedFrame;
}

/** `index` decides edition and identity: half of these cars are known by their phone. */
export function createJt808Terminal(
  simulated: SimulatedCar,
  index: number,
  hashFrame: HashFrame,
): Jt808Terminal {
  const { edition, number, phone } = phoneOf(index);
  const vehicleId = isKnownByPhone(index) ? number : simulated.car.vin;
  const prefix = framePrefix(vehicleId, 'jt808');
  let [serial, mark] = [index % 0x1_0000, 0];
  return {
    vehicleId,
    mqttTopic: `v1/up/${vehicleId}/jt808`,
    simulated,
    edition,
    phone,
    terminalId: vehicleId === number ? null : number,
    hash: (content) => hashFrame(prefix, content).toString('hex'),
    nextSerial: () => {
      serial = (serial + 1) & 0xffff;
      return serial;
    },
    nextMark: () => {
      mark = (mark + 1) & 0xffff;
      return mark;
    },
  };
}

export function isKnownByPhone(index: number): boolean {
  return Math.floor(index / 2) % 2 === 0;
}

/** A number that nobody has: 100 is no prefix of a mobile phone. */
export function phoneOf(index: number) {
  const edition: Edition = index % 2 === 0 ? '2013' : '2019';
  const number = `100${String(index).padStart(8, '0')}`;
  return { edition, number, phone: number.padStart(edition === '2013' ? 12 : 20, '0') };
}

export function topicOfAnswers({ vehicleId }: Jt808Terminal): string {
  return downTopic(vehicleId, 'jt808');
}

/** What was sent, and what follows from it. */
export interface Sent {
  readonly bytes: Buffer;
  readonly messageId: number;
  readonly serial: number;
  readonly body: Buffer;
}

export function send(terminal: Jt808Terminal, messageId: number, body: BodyInput): Sent {
  const { edition, phone } = terminal;
  const serial = terminal.nextSerial();
  return {
    bytes: buildFrame({ messageId, edition, phone, serial, body }),
    messageId,
    serial,
    body: encodeBody(messageId, edition, body),
  };
}

export interface LifecycleFacts {
  readonly kind: FrameKind;
  readonly kafkaTopic?: KafkaTopic;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Default: of the message id and the body. */
  readonly identity?: Uint8Array;
  /** Default: the general answer. */
  readonly answer?: string | null;
}

export function expectLifecycle(
  terminal: Jt808Terminal,
  sent: Omit<Sent, 'bytes'>,
  facts: LifecycleFacts,
): ExpectedFrame {
  const { messageId, serial, body } = sent;
  const identity = facts.identity ?? Buffer.concat([words(messageId), body]);
  return {
    kind: facts.kind,
    kafkaTopic: facts.kafkaTopic ?? kafkaTopics.lifecycle,
    frameId: body.length === 0 ? null : terminal.hash(identity),
    fields: {
      ...blankFields,
      vehicleId: terminal.vehicleId,
      terminalId: terminal.terminalId,
      codec: `jt808-${terminal.edition}`,
      command: messageId,
      serial,
      ...facts.fields,
    },
    answer: facts.answer === undefined ? generalAnswer(terminal, sent) : facts.answer,
  };
}

/** Of a message that holds nothing but its header. */
const blankFields = {
  outcome: 'accept',
  reason: null,
  response: 0,
  encryption: 0,
  eventTime: asReceived,
  clockState: 'absent',
  deviceTimeRaw: null,
  login: null,
  platformLogin: null,
  body: null,
  trailing: null,
  remainder: null,
  parameterCount: null,
  parameterIds: [],
  parameters: [],
  control: null,
  signatureState: 'absent',
  register: null,
  auth: null,
  canBatch: null,
  driver: null,
  presence: null,
  partTotal: null,
  partIndex: null,
  fields: [],
};

/** 0x8001: the serial and id of the message, and that all is well. */
export function generalAnswer(
  terminal: Jt808Terminal,
  { messageId, serial }: Pick<Sent, 'messageId' | 'serial'>,
): string {
  const body = Buffer.concat([words(serial, messageId), Buffer.of(0)]);
  return answerKeyOf(terminal, { messageId: 0x8001, serial, body });
}

export function answerKeyOf(
  { phone }: Jt808Terminal,
  answer: { readonly messageId: number; readonly serial: number; readonly body: Buffer },
): string {
  return jt808KeyOf({ ...answer, phone });
}

export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt16BE(value, 2 * at);
  return bytes;
}

export interface RefusedFacts {
  readonly kind: FrameKind;
  readonly reason: string;
}

export function refused(
  terminal: Jt808Terminal,
  bytes: Buffer,
  { kind, reason }: RefusedFacts,
): Built {
  const { vehicleId, mqttTopic } = terminal;
  const payload = createHash('sha256').update(bytes).digest('hex');
  const kept = { payloadLength: bytes.length, payload, attempt: 1, resolution: null };
  const expected: ExpectedFrame = {
    kind,
    kafkaTopic: kafkaTopics.quarantine,
    frameId: terminal.hash(bytes),
    fields: { vehicleId, codec: 'jt808', ...kept, resolves: null, reason, mqttTopic },
    answer: null,
  };
  return { bytes, expected };
}

/** One MQTT message with these frames, in this order. */
export function messageOf(
  { vehicleId, mqttTopic }: Jt808Terminal,
  dueAt: number,
  ...built: readonly Built[]
): PlannedMessage {
  const payload = Buffer.concat(built.map(({ bytes }) => bytes));
  const frames = built.map(({ expected }) => expected);
  return { vehicleId, mqttTopic, payload, dueAt, frames };
}
