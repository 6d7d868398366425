// JT/T 808 made wrong: escapes, properties, counts and lengths that lie, digits that are none,
// texts that are no GBK, with a check byte and a body length that hide it.

import { decodeMessage } from '#shared/frame/jt808/decode-message.ts';
import { describeMessage } from '#shared/frame/jt808/describe-message.ts';
import { encodeFrame } from '#shared/frame/jt808/encode-frame.ts';
import { explainMessage } from '#shared/frame/jt808/explain-message.ts';
import type { Jt808Frame } from '#shared/frame/jt808/frame.ts';
import { escaped, findFlags, shapeOf, xorOf } from '#shared/frame/jt808/outer-frame.ts';
import type { Outcome } from '#shared/frame/outcome.ts';
import { byteMutations, edges, placeIn } from '../byte-mutations.ts';
import { type FuzzCodec, goldenPayloads, type Mutation, payloadBytesMax } from '../fuzz-codec.ts';

const corpus = goldenPayloads('jt808');

const messageIds = [
  ...[0x0001, 0x0002, 0x0100, 0x0102, 0x0104, 0x0107, 0x0200, 0x0201, 0x0702, 0x0704, 0x0705],
  ...[0x0800, 0x0801, 0x0802, 0x0900, 0x0005, 0x8003, 0x8100, 0x8103, 0x0fff, 0xe000],
];

/** Un-escaped, without flags and check byte; where an escape is wrong, its bytes as they are. */
function contentOf(payload: Buffer): Buffer {
  const inner = payload.subarray(
    payload[0] === 0x7e ? 1 : 0,
    payload.at(-1) === 0x7e ? -1 : undefined,
  );
  const content: number[] = [];
  for (let at = 0; at < inner.length; at += 1) {
    const [byte, next] = [inner[at] as number, inner[at + 1]];
    if (byte === 0x7d && (next === 1 || next === 2)) {
      content.push(next === 2 ? 0x7e : 0x7d);
      at += 1;
    } else content.push(byte);
  }
  return Buffer.from(content.slice(0, -1));
}

/** The length of the body where it can be told, the check byte, escapes and flags. */
function frameOf(content: Buffer): Buffer {
  if (content.length >= 12) {
    const properties = content.readUInt16BE(2);
    const body = content.length - shapeOf(properties).size;
    if (body >= 0 && body <= 1023) content.writeUInt16BE((properties & 0xfc00) | body, 2);
  }
  return escaped(Buffer.concat([content, Buffer.of(xorOf(content, content.length))]));
}

function mended(payload: Buffer): Buffer {
  return frameOf(contentOf(payload));
}

/** One field of the header, with a check byte that fits and mostly a length that does too. */
const changeHeader: Mutation = (payload, random) => {
  const content = contentOf(payload);
  if (content.length < 12) return payload;
  if (random.chance(0.5)) content.writeUInt16BE(random.pick(messageIds), 0);
  else content[random.integer(2, 20) % content.length] = random.pick(edges);
  return random.chance(0.8) ? frameOf(content) : checked(content);
};

/** The check byte alone is right. */
function checked(content: Buffer): Buffer {
  return escaped(Buffer.concat([content, Buffer.of(xorOf(content, content.length))]));
}

/** Counts and lengths stand at the beginning of bodies and of what follows the basic part. */
const lieAboutCount: Mutation = (payload, random) => {
  const content = contentOf(payload);
  if (content.length < 14) return payload;
  const bodyAt = shapeOf(content.readUInt16BE(2)).size;
  const at = bodyAt + random.pick([0, 1, 2, 3, 4, 5, 28, 29, 30, random.integer(0, 80)]);
  if (at < content.length) content[at] = random.pick(edges);
  return frameOf(content);
};

/** 0x7D and 0x7E where no escape belongs, and escapes that end too early. */
const trapEscapes: Mutation = (payload, random) => {
  const trap = random.pick([
    [0x7d],
    [0x7d, 0x03],
    [0x7d, 0x7e],
    [0x7e],
    [0x7e, 0x7e],
    [0x7d, 0x01],
  ]);
  const at = random.pick([1, payload.length - 1, placeIn(payload, random)]);
  return Buffer.concat([payload.subarray(0, at), Buffer.from(trap), payload.subarray(at)]);
};

/** Nibbles above 9 and bytes that begin no character. */
const spoilText: Mutation = (payload, random) => {
  const content = contentOf(payload);
  for (let left = random.integer(1, 12); left > 0 && content.length > 12; left -= 1) {
    content[random.integer(12, content.length - 1)] = random.pick([0xa0, 0x0a, 0xff, 0x81, 0xfe]);
  }
  return frameOf(content);
};

/** More items than a body had, or a longer list of what it has. */
const lengthenBody: Mutation = (payload, random) => {
  const content = contentOf(payload);
  const tail = content.subarray(-random.integer(1, 40));
  const tails = Array.from({ length: random.integer(1, 24) }, () => tail);
  return frameOf(Buffer.concat([content, ...tails]));
};

/** The same bytes as a part of a message. */
const split: Mutation = (payload, random) => {
  const content = contentOf(payload);
  if (content.length < 12) return payload;
  const properties = content.readUInt16BE(2);
  const { size, packetAt } = shapeOf(properties | 0x2000);
  content.writeUInt16BE(properties | 0x2000, 2);
  const numbers = Buffer.alloc(size - packetAt);
  numbers.writeUInt16BE(random.pick([0, 1, 2, 3, 0xffff]), 0);
  numbers.writeUInt16BE(random.pick([0, 1, 2, 3, 0xffff]), 2);
  const parts = [content.subarray(0, packetAt), numbers, content.subarray(packetAt)];
  return frameOf(Buffer.concat(parts));
};

export const jt808Fuzz: FuzzCodec = {
  name: 'jt808',
  corpus,
  mutations: [
    ...byteMutations(corpus, mended),
    ...[changeHeader, lieAboutCount, trapEscapes, spoilText, lengthenBody, split],
  ],
  /** A frame over and over, or bytes that must be looked at one by one. */
  fill(payload, random) {
    const trap = random.pick([
      [0x7e],
      [0x7d],
      [0x7e, 0x7d],
      [0x7e, 0x00],
      [0x7d, 0x02],
      [0x7e, 0x7d, 0x02],
    ]);
    if (random.chance(0.3)) return Buffer.alloc(payloadBytesMax, Buffer.from(trap));
    return Buffer.alloc(payloadBytesMax, payload.length > 0 ? payload : 0x7e);
  },
  decode: decodeMessage,
  describe: describeMessage,
  explain: explainMessage,
  sharesBytes: true,
  vehicleIdOf: (outcomes) => framesOf(outcomes)[0]?.phone ?? null,
  checkSame({ frame, bytes }) {
    if (frame === null) return;
    const again = encodeFrame(frame as Jt808Frame);
    const { open, close } = findFlags(bytes);
    if (!again.equals(bytes.subarray(open, close + 1))) {
      throw new Error('want the same bytes when encoded again');
    }
  },
};

function framesOf(outcomes: readonly Outcome<unknown>[]): readonly Jt808Frame[] {
  return outcomes.flatMap(({ frame }) => (frame === null ? [] : [frame as Jt808Frame]));
}
