// GB/T 32960 made wrong: lengths and counts that lie, items mixed, repeated and of the other
// edition, with a check byte that hides it.

import type { Random } from '#loadtest/fleet/random.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { describeMessage } from '#shared/frame/gb32960/describe-message.ts';
import { encodeFrame } from '#shared/frame/gb32960/encode-frame.ts';
import { explainMessage } from '#shared/frame/gb32960/explain-message.ts';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';
import type { Outcome } from '#shared/frame/outcome.ts';
import { everyItem, reportFrame } from '#test/shared/telemetry/sample-frames.ts';
import { byteMutations, edges, placeIn } from '../byte-mutations.ts';
import { type FuzzCodec, goldenPayloads, type Mutation, payloadBytesMax } from '../fuzz-codec.ts';

const corpus: readonly Buffer[] = [
  ...goldenPayloads('gb32960'),
  ...goldenPayloads('gb32960-2025'),
  reportFrame(everyItem),
  reportFrame(everyItem, { command: 0x03 }),
];

/** Of the reports in it, type byte included. */
const items: readonly Buffer[] = corpus.flatMap((payload) =>
  decodeMessage(payload).flatMap(({ frame }) => {
    if (frame?.body.kind !== 'report') return [];
    return frame.body.items.map(({ type, bytes }) => Buffer.concat([Buffer.of(type), bytes]));
  }),
);

const lengthAt = 22;
const dataAt = 24;
const overhead = 25;
const starts = [0x23, 0x24];
const commands = [
  ...[0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b],
  ...[0x80, 0x81, 0x82, 0xc0],
];

const lieAboutLength: Mutation = (payload, random) => {
  if (payload.length < overhead) return payload;
  const lies = [0, 1, payload.length, payload.length - overhead - 1, 65_531, 65_535];
  payload.writeUInt16BE(random.pick([...lies, random.integer(0, 65_535)]) & 0xffff, lengthAt);
  return payload;
};

/** The first bytes of items and bodies are mostly counts; a check byte that fits hides the lie. */
const lieAboutCount: Mutation = (payload, random) => {
  const [outcome] = decodeMessage(payload);
  const body = outcome?.frame?.body;
  const places = body?.kind === 'report' ? body.items.map(({ bytes }) => bytes.byteOffset) : [];
  const inBody = [6, 28, 29].map((at) => payload.byteOffset + dataAt + at);
  const at = random.pick([...places, ...inBody]) - payload.byteOffset + random.integer(0, 2);
  if (at < payload.length) payload[at] = random.pick(edges);
  return madeGood(payload);
};

const changeHeader: Mutation = (payload, random) => {
  if (payload.length < overhead) return payload;
  payload[random.pick([0, 1, 2, 2, 2, 3, 3, 21])] = random.pick([...edges, ...commands]);
  return random.chance(0.7) ? madeGood(payload) : payload;
};

/** The same bytes as a frame of the other edition. */
const changeEdition: Mutation = (payload) => {
  if (payload.length < overhead) return payload;
  payload.fill(payload[0] === 0x23 ? 0x24 : 0x23, 0, 2);
  return madeGood(payload);
};

const repeatItem: Mutation = (_payload, random) => {
  const item = random.pick(items);
  const repeated = Array.from({ length: random.integer(2, 12) }, () => item);
  return reportOf(repeated, random);
};

const mixItems: Mutation = (_payload, random) => {
  const mixed = Array.from({ length: random.integer(1, 20) }, () => random.pick(items));
  return reportOf(mixed, random);
};

function reportOf(parts: readonly Buffer[], random: Random): Buffer {
  const header = reportFrame([], { command: random.pick([0x02, 0x03]) });
  header.fill(random.pick(starts), 0, 2);
  return madeGood(Buffer.concat([header.subarray(0, dataAt + 6), ...parts, Buffer.of(0)]));
}

/** Length and check byte of one frame that is all of the payload. */
function madeGood(payload: Buffer): Buffer {
  if (payload.length < overhead || payload.length > overhead + 65_531) return payload;
  payload.writeUInt16BE(payload.length - overhead, lengthAt);
  let check = 0;
  for (let at = 2; at < payload.length - 1; at += 1) check ^= payload[at] as number;
  payload[payload.length - 1] = check;
  return payload;
}

export const gb32960Fuzz: FuzzCodec = {
  name: 'gb32960',
  corpus,
  mutations: [
    ...byteMutations(corpus, madeGood),
    ...[lieAboutLength, lieAboutCount, changeHeader, changeEdition, repeatItem, mixItems],
  ],
  /** One item over and over, or a payload over and over. */
  fill(payload, random) {
    if (random.chance(0.3)) {
      return Buffer.alloc(payloadBytesMax, payload.length > 0 ? payload : 0x23);
    }
    const item = Buffer.from(random.pick(items));
    if (random.chance(0.5)) item[placeIn(item, random)] = random.pick(edges);
    const count = Math.floor((payloadBytesMax - 100) / item.length);
    return reportOf([Buffer.alloc(count * item.length, item)], random);
  },
  decode: decodeMessage,
  describe: describeMessage,
  explain: explainMessage,
  vehicleIdOf: (outcomes) => framesOf(outcomes)[0]?.vin ?? null,
  checkSame({ frame, bytes }) {
    if (frame === null) return;
    const again = encodeFrame(frame as Gb32960Frame);
    if (!again.equals(bytes)) throw new Error('want the same bytes when encoded again');
  },
};

function framesOf(outcomes: readonly Outcome<unknown>[]): readonly Gb32960Frame[] {
  return outcomes.flatMap(({ frame }) => (frame === null ? [] : [frame as Gb32960Frame]));
}
