// Payloads made wrong on purpose, out of good frames of GB/T 32960.3-2016: each index of a seed is
// one payload, so that any of them can be had again alone.

import { readdirSync, readFileSync } from 'node:fs';
import { createRandom, type Random } from '#loadtest/fleet/random.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { everyItem, reportFrame } from '#test/shared/telemetry/sample-frames.ts';

export interface Corpus {
  /** Payloads as they are known, good and bad. */
  readonly payloads: readonly Buffer[];
  /** Items of reports, type byte included. */
  readonly items: readonly Buffer[];
}

/** The golden payloads, and reports with every item of the edition. */
export function readCorpus(): Corpus {
  const folder = new URL('../golden/gb32960/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const golden = files.flatMap((name) => {
    const records: { readonly hex: string }[] = JSON.parse(
      readFileSync(new URL(name, folder), 'utf8'),
    );
    return records.map(({ hex }) => Buffer.from(hex, 'hex'));
  });
  const composed = [reportFrame(everyItem), reportFrame(everyItem, { command: 0x03 })];
  const payloads = [...golden, ...composed];
  return { payloads, items: payloads.flatMap(itemsOf) };
}

/** At most this many bytes: the default limit of a payload. */
export const payloadBytesMax = 65_536;

/** `seed` and `index` alone decide what comes out. */
export function mutatedPayload(corpus: Corpus, seed: number, index: number): Buffer {
  const random = createRandom(seed, index);
  let payload: Buffer = Buffer.from(random.pick(corpus.payloads));
  const steps = random.integer(1, 3);
  for (let step = 0; step < steps; step += 1) {
    payload = random.pick(mutations)(payload, { random, corpus });
  }
  // Every hundredth is as long as a payload may be: there a slow walk shows.
  if (random.chance(0.01)) payload = filled(payload, { random, corpus });
  return payload.subarray(0, payloadBytesMax);
}

interface Means {
  readonly random: Random;
  readonly corpus: Corpus;
}

type Mutation = (payload: Buffer, means: Means) => Buffer;

const mutations: readonly Mutation[] = [
  flipBits,
  cut,
  splice,
  lieAboutLength,
  lieAboutCount,
  changeHeader,
  fillRange,
  concatenate,
  repeatItem,
  mixItems,
];

function flipBits(payload: Buffer, { random }: Means): Buffer {
  for (let left = random.integer(1, 6); left > 0 && payload.length > 0; left -= 1) {
    const at = placeIn(payload, random);
    payload[at] = (payload[at] as number) ^ (1 << random.integer(0, 7));
  }
  return maybeGood(payload, random);
}

function cut(payload: Buffer, { random }: Means): Buffer {
  return maybeGood(payload.subarray(0, placeIn(payload, random)), random);
}

/** The beginning of one payload and the end of another. */
function splice(payload: Buffer, { random, corpus }: Means): Buffer {
  const other = random.pick(corpus.payloads);
  const head = payload.subarray(0, placeIn(payload, random));
  return maybeGood(Buffer.concat([head, other.subarray(placeIn(other, random))]), random);
}

function lieAboutLength(payload: Buffer, { random }: Means): Buffer {
  if (payload.length < overhead) return payload;
  const lies = [0, 1, payload.length, payload.length - overhead - 1, 65_531, 65_535];
  payload.writeUInt16BE(random.pick([...lies, random.integer(0, 65_535)]) & 0xffff, lengthAt);
  return payload;
}

/** The first bytes of items and bodies are mostly counts; a check byte that fits hides the lie. */
function lieAboutCount(payload: Buffer, { random }: Means): Buffer {
  const [outcome] = decodeMessage(payload);
  const body = outcome?.frame?.body;
  const places = body?.kind === 'report' ? body.items.map(({ bytes }) => bytes.byteOffset) : [];
  const inBody = [6, 28, 29].map((at) => payload.byteOffset + dataAt + at);
  const at = random.pick([...places, ...inBody]) - payload.byteOffset + random.integer(0, 2);
  if (at < payload.length) payload[at] = random.pick(edges);
  return madeGood(payload);
}

function changeHeader(payload: Buffer, { random }: Means): Buffer {
  if (payload.length < overhead) return payload;
  payload[random.pick([0, 1, 2, 2, 2, 3, 3, 21])] = random.pick([...edges, ...commands]);
  return maybeGood(payload, random);
}

function fillRange(payload: Buffer, { random }: Means): Buffer {
  const from = placeIn(payload, random);
  payload.fill(random.pick(edges), from, Math.min(from + random.integer(1, 40), payload.length));
  return maybeGood(payload, random);
}

function concatenate(payload: Buffer, { random, corpus }: Means): Buffer {
  const others = Array.from({ length: random.integer(1, 3) }, () => random.pick(corpus.payloads));
  const noise = random.bytes(random.integer(0, 5));
  return Buffer.concat([payload, noise, ...others]);
}

function repeatItem(_payload: Buffer, { random, corpus }: Means): Buffer {
  const item = random.pick(corpus.items);
  return reportOf(
    Array.from({ length: random.integer(2, 12) }, () => item),
    random,
  );
}

function mixItems(_payload: Buffer, { random, corpus }: Means): Buffer {
  return reportOf(
    Array.from({ length: random.integer(1, 20) }, () => random.pick(corpus.items)),
    random,
  );
}

/** One item over and over, or a payload over and over. */
function filled(payload: Buffer, { random, corpus }: Means): Buffer {
  if (random.chance(0.3)) return Buffer.alloc(payloadBytesMax, payload.length > 0 ? payload : 0x23);
  const item = Buffer.from(random.pick(corpus.items));
  if (random.chance(0.5)) item[placeIn(item, random)] = random.pick(edges);
  const count = Math.floor((payloadBytesMax - 100) / item.length);
  return reportOf([Buffer.alloc(count * item.length, item)], random);
}

const lengthAt = 22;
const dataAt = 24;
const overhead = 25;
const edges = [0x00, 0x01, 0x7f, 0x80, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];
const commands = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x80, 0x81, 0x82, 0xc0];

function itemsOf(payload: Buffer): readonly Buffer[] {
  return decodeMessage(payload).flatMap(({ frame }) => {
    if (frame?.body.kind !== 'report') return [];
    return frame.body.items.map(({ type, bytes }) => Buffer.concat([Buffer.of(type), bytes]));
  });
}

function reportOf(items: readonly Buffer[], random: Random): Buffer {
  const header = reportFrame([], { command: random.pick([0x02, 0x03]) });
  return madeGood(Buffer.concat([header.subarray(0, dataAt + 6), ...items, Buffer.of(0)]));
}

function placeIn(payload: Buffer, random: Random): number {
  return random.integer(0, Math.max(0, payload.length - 1));
}

function maybeGood(payload: Buffer, random: Random): Buffer {
  return random.chance(0.7) ? madeGood(payload) : payload;
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
