// Messages of a JT/T 808 terminal that are out of the ordinary and must be kept all the same.

import { deviceTimeOf } from '#shared/frame/jt808/bcd.ts';
import { encodeBody } from '#shared/frame/jt808/encode-body.ts';
import { buildFrame, buildParts } from '#shared/frame/jt808/encode-frame.ts';
import { kafkaTopics } from '#shared/topics.ts';
import type { Random } from '../random.ts';
import type { OddScene } from '../speaker.ts';
import type { Jt808OddKind } from './kinds.ts';
import { collect, type LocationOdds, wholeSecond } from './location.ts';
import { buildBatch, buildLocation } from './messages.ts';
import {
  type Built,
  expectLifecycle,
  type Jt808Terminal,
  type Sent,
  send,
  words,
} from './terminal.ts';

/** The frames of one message. */
export function buildJt808Odd(
  kind: Jt808OddKind,
  terminal: Jt808Terminal,
  scene: OddScene,
): readonly Built[] {
  return builders[kind](terminal, scene);
}

type Builder = (terminal: Jt808Terminal, scene: OddScene) => readonly Built[];

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

const builders: Readonly<Record<Jt808OddKind, Builder>> = {
  two_locations: (terminal, { at }) => [
    buildLocation(terminal, collect(terminal, at)),
    buildLocation(terminal, collect(terminal, at)),
  ],
  batch_live: (terminal, { at }) => {
    const all = [2, 1, 0].map((seconds) => collect(terminal, at - seconds * 1000));
    return [buildBatch(terminal, all, { kind: 'batch_live', isReissued: false })];
  },
  item_unknown: (terminal, { at, random }) =>
    oddLocation(terminal, at, 'item_unknown', { extra: { id: 0xe7, data: random.bytes(9) } }),
  items_cut: (terminal, { at }) => {
    const odds = { rest: Buffer.of(0x31), extrasError: 'item 0x31 without a length' };
    return oddLocation(terminal, at, 'items_cut', odds);
  },
  clock_unusable: (terminal, { at, random }) => {
    // A terminal without a clock: month and day 00.
    const time = Uint8Array.of(0, 0, 0, 0, 0, random.integer(0, 9));
    const clock = { eventTime: null, clockState: 'unusable' };
    return oddLocation(terminal, at, 'clock_unusable', { time, clock });
  },
  clock_future: (terminal, { at }) => {
    const time = deviceTimeOf(at + hourMs).raw;
    const clock = { eventTime: null, clockState: 'future' };
    return oddLocation(terminal, at, 'clock_future', { time, clock });
  },
  clock_stale: (terminal, { at }) => {
    const stoppedAt = at - 30 * dayMs;
    const clock = { eventTime: wholeSecond(stoppedAt), clockState: 'stale' };
    const time = deviceTimeOf(stoppedAt).raw;
    return oddLocation(terminal, at, 'clock_stale', { time, clock });
  },
  encrypted: (terminal, { random }) => [buildEncrypted(terminal, random)],
  message_unknown: (terminal, { random }) => {
    const bytes = random.bytes(20);
    const sent = send(terminal, 0x0f41, { kind: 'opaque', bytes });
    const kept = { event: 'opaque', outcome: 'opaque', reason: 'command_unknown' };
    const fields = { ...kept, body: bytes.toString('hex') };
    const expected = expectLifecycle(terminal, sent, { kind: 'message_unknown', fields });
    return [{ bytes: sent.bytes, expected }];
  },
  terminal_answer: (terminal, { random }) => [buildTerminalAnswer(terminal, random)],
  can_batch: (terminal, scene) => [buildCanBatch(terminal, scene)],
  split: buildSplit,
};

function oddLocation(
  terminal: Jt808Terminal,
  at: number,
  kind: Jt808OddKind,
  odds: LocationOdds,
): readonly Built[] {
  return [buildLocation(terminal, collect(terminal, at), { kind, isReissued: false, odds })];
}

/** By RSA, says the header: nobody here can read it. A location is not answered. */
function buildEncrypted(terminal: Jt808Terminal, random: Random): Built {
  const { edition, phone } = terminal;
  const [messageId, serial, body] = [0x0200, terminal.nextSerial(), random.bytes(128)];
  const bytes = buildFrame({
    ...{ messageId, edition, phone, serial, encryption: 1 },
    body: { kind: 'opaque', bytes: body },
  });
  const kept = { event: 'opaque', outcome: 'opaque', reason: 'encrypted', encryption: 1 };
  const fields = { ...kept, body: body.toString('hex') };
  const facts = { kind: 'encrypted', fields, answer: null } as const;
  return { bytes, expected: expectLifecycle(terminal, { messageId, serial, body }, facts) };
}

/** To an order that nobody gave; it wants no answer. */
function buildTerminalAnswer(terminal: Jt808Terminal, random: Random): Built {
  const body = { answerSeq: random.integer(0, 0xffff), answerId: 0x8103, result: 0 };
  const sent = send(terminal, 0x0001, { kind: 'generalAnswer', ...body, trailing: null });
  const fields = Object.entries(body).map(([path, number]) => {
    return { path, number, text: null, bytes: null };
  });
  const facts = { event: 'terminal_answer', fields };
  const wanted = { kind: 'terminal_answer', fields: facts, answer: null } as const;
  return { bytes: sent.bytes, expected: expectLifecycle(terminal, sent, wanted) };
}

function buildCanBatch(terminal: Jt808Terminal, { at, random }: OddScene): Built {
  const hourToSecond = Buffer.from(deviceTimeOf(at).raw).toString('hex').slice(6);
  const receiveTimeBcd = `${hourToSecond}0000`;
  const frames = [0x18fef100, 0x18f00503].map((id) => ({ id, data: random.bytes(8) }));
  const body = {
    kind: 'can',
    count: frames.length,
    receiveTimeBcd,
    // Bit 30: an extended id.
    frames: frames.map(({ id, data }) => ({ raw: id + 2 ** 30, data })),
    trailing: null,
  };
  const sent = send(terminal, 0x0705, body);
  const rest = { channel: 0, isExtended: true, isAveraged: false };
  const fields = {
    event: 'can_batch',
    eventTime: wholeSecond(at),
    clockState: 'ok',
    deviceTimeRaw: receiveTimeBcd,
    canBatch: {
      startTimeRaw: receiveTimeBcd,
      frames: frames.map(({ id, data }) => ({ id, ...rest, data: data.toString('hex') })),
    },
  };
  const expected = expectLifecycle(terminal, sent, { kind: 'can_batch', fields });
  return { bytes: sent.bytes, expected };
}

const partBytes = 900;

/**
 * A message in parts, all of them in one MQTT message, so that one bridge has them all: each part
 * is stored, and the whole with the last of them.
 */
function buildSplit(terminal: Jt808Terminal, { random }: OddScene): readonly Built[] {
  const { edition, phone } = terminal;
  const messageId = 0x0900;
  const [type, data] = [0x41, random.bytes(random.integer(1900, 2600))];
  const body = { kind: 'transparent', type, data, trailing: null } as const;
  const whole = encodeBody(messageId, edition, body);
  const total = Math.ceil(whole.length / partBytes);
  const serials = Array.from({ length: total }, () => terminal.nextSerial());
  const first: Omit<Sent, 'bytes'> = { messageId, serial: serials[0] as number, body: whole };
  const frames = buildParts({ messageId, edition, phone, serial: first.serial, body }, partBytes);
  return frames.map((bytes, at) => {
    const part = whole.subarray(at * partBytes, (at + 1) * partBytes);
    const sent = { messageId, serial: serials[at] as number, body: part };
    const place = words(messageId, total, at + 1, first.serial);
    const kept = { event: 'part', outcome: 'opaque', reason: 'part', body: part.toString('hex') };
    const expected = expectLifecycle(terminal, sent, {
      kind: 'part',
      kafkaTopic: kafkaTopics.part,
      fields: { ...kept, partTotal: total, partIndex: at + 1 },
      identity: Buffer.concat([place, part]),
    });
    const more = at + 1 === total ? { more: [expectWhole(terminal, first, { type, data })] } : {};
    return { bytes, expected: { ...expected, ...more } };
  });
}

/** It has the serial of the first part. Each part is answered for itself, so this one is not. */
function expectWhole(
  terminal: Jt808Terminal,
  sent: Omit<Sent, 'bytes'>,
  { type, data }: { readonly type: number; readonly data: Buffer },
) {
  const fields = [
    { path: 'type', number: type, text: null, bytes: null },
    { path: 'data', number: null, text: null, bytes: data.toString('hex') },
  ];
  return expectLifecycle(terminal, sent, {
    kind: 'split',
    fields: { event: 'transparent', fields },
    answer: null,
  });
}
