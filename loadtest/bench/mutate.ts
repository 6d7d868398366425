// A frame made wrong on purpose, up to the payload limit: bits turned, counts blown up, pieces cut,
// doubled and strung together. Length and check byte are often made good again, so that the damage
// reaches the items.

import type { Random } from '../fleet/random.ts';

export interface MutateOptions {
  readonly random: Random;
  readonly bytesMax: number;
}

export function mutate(frame: Buffer, { random, bytesMax }: MutateOptions): Buffer {
  let bytes: Buffer = Buffer.from(frame);
  const steps = random.integer(1, 4);
  for (let n = 0; n < steps; n += 1) bytes = random.pick(mutations)(bytes, random);
  if (random.chance(0.1)) bytes = repeated(bytes, random.integer(1, bytesMax));
  bytes = bytes.subarray(0, bytesMax);
  return random.chance(0.8) ? madeGood(bytes) : bytes;
}

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const mutations: readonly Mutation[] = [
  flipBit,
  blowUpByte,
  cut,
  insertNoise,
  doublePiece,
  plantStart,
];

function place(bytes: Buffer, random: Random): number {
  return random.integer(0, Math.max(0, bytes.length - 1));
}

function flipBit(bytes: Buffer, random: Random): Buffer {
  const at = place(bytes, random);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(0, 7));
  return bytes;
}

/** Counts and lengths are bytes too: the largest values cost the most. */
function blowUpByte(bytes: Buffer, random: Random): Buffer {
  bytes[place(bytes, random)] = random.pick([0x00, 0x7f, 0xfc, 0xfd, 0xfe, 0xff]);
  return bytes;
}

function cut(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, place(bytes, random) + 1);
}

function insertNoise(bytes: Buffer, random: Random): Buffer {
  const at = place(bytes, random);
  const noise = random.bytes(random.integer(1, 400));
  return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
}

function doublePiece(bytes: Buffer, random: Random): Buffer {
  const from = place(bytes, random);
  const to = random.integer(from, bytes.length);
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
}

function plantStart(bytes: Buffer, random: Random): Buffer {
  const at = place(bytes, random);
  bytes.fill(0x23, at, Math.min(at + 2, bytes.length));
  return bytes;
}

function repeated(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(Math.max(length, bytes.length), bytes);
}

// GB/T 32960.3-2016 table 2: length of the data unit at 22, check byte last, over all from 2 on.
const lengthAt = 22;
const overhead = 25;

function madeGood(bytes: Buffer): Buffer {
  if (bytes.length < overhead) return bytes;
  bytes.writeUInt16BE(bytes.length - overhead, lengthAt);
  let check = 0;
  for (let at = 2; at < bytes.length - 1; at += 1) check ^= bytes[at]!;
  bytes[bytes.length - 1] = check;
  return bytes;
}
