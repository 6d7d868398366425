// The codecs that `explain` and `conform` know: how each tells a payload byte by byte, and how a
// payload without a topic is recognised. A new codec is a new row.

import type { Explained } from '#shared/frame/explained.ts';
import { decodeMessage as decodeGb32960 } from '#shared/frame/gb32960/decode-message.ts';
import { explainMessage as explainGb32960 } from '#shared/frame/gb32960/explain-message.ts';
import { decodeMessage as decodeGateway } from '#shared/frame/gb32960-gateway/decode-message.ts';
import { explainMessage as tellGateway } from '#shared/frame/gb32960-gateway/explain-message.ts';
import { decodeMessage as decodeJson } from '#shared/frame/json/decode-message.ts';
import { explainMessage as explainJson } from '#shared/frame/json/explain-message.ts';
import { decodeMessage as decodeJt808 } from '#shared/frame/jt808/decode-message.ts';
import { explainMessage as explainJt808 } from '#shared/frame/jt808/explain-message.ts';
import { decodeMessage as decodeJt808Gateway } from '#shared/frame/jt808-gateway/decode-message.ts';
import * as jt808Gateway from '#shared/frame/jt808-gateway/explain-message.ts';
import type { Outcome } from '#shared/frame/outcome.ts';
import { decodeMessage as decodePresence } from '#shared/frame/presence/decode-message.ts';
import { explainMessage as explainPresence } from '#shared/frame/presence/explain-message.ts';
import type { Codec } from '#shared/topics.ts';
import { gb32960Hints } from './gb32960-hints.ts';
import { jsonHints } from './json-hints.ts';
import { jt808Hints } from './jt808-hints.ts';

export interface ExplainedCodec {
  readonly codec: Codec;
  /** For the help text. */
  readonly title: string;
  decode(payload: Uint8Array): readonly Outcome<unknown>[];
  explain(payload: Uint8Array): readonly Explained[];
  /** Name of the field that holds who sent it. */
  readonly identityField: string;
  /** Why the payload looks like this codec; null where it does not. */
  guess(payload: Uint8Array): string | null;
  /** What else may be wrong with a refused or broken payload, a sentence each. */
  hints(payload: Uint8Array, told: readonly Explained[]): readonly string[];
}

/** In the order in which a payload is tried. */
export const explainedCodecs: readonly ExplainedCodec[] = [
  {
    codec: 'gb32960',
    title: 'GB/T 32960.3, both editions',
    decode: decodeGb32960,
    explain: explainGb32960,
    identityField: 'vin',
    guess: (payload) => startsWith(payload, [0x23, 0x23]) ?? startsWith(payload, [0x24, 0x24]),
    hints: gb32960Hints,
  },
  {
    codec: 'jt808',
    title: 'JT/T 808 of 2011, 2013 and 2019',
    decode: decodeJt808,
    explain: explainJt808,
    identityField: 'phone',
    guess: (payload) => startsWith(payload, [0x7e]),
    hints: jt808Hints,
  },
  {
    codec: 'gb32960-gateway',
    title: "JSON of EMQX's GB/T 32960 gateway",
    decode: decodeGateway,
    explain: tellGateway,
    identityField: 'Vin',
    guess: (payload) => holdsKey(payload, 'Cmd'),
    hints: () => [],
  },
  {
    codec: 'jt808-gateway',
    title: "JSON of EMQX's JT/T 808 gateway",
    decode: decodeJt808Gateway,
    explain: jt808Gateway.explainMessage,
    identityField: 'phone',
    guess: (payload) => holdsKey(payload, 'msg_id'),
    hints: () => [],
  },
  {
    codec: 'presence',
    title: "EMQX's client events",
    decode: decodePresence,
    explain: explainPresence,
    identityField: 'clientid',
    guess: (payload) => holdsKey(payload, 'clientid'),
    hints: () => [],
  },
  {
    codec: 'json',
    title: 'JSON envelopes of version 1',
    decode: decodeJson,
    explain: explainJson,
    identityField: 'vin',
    guess: (payload) => startsWith(payload, [0x7b]) ?? startsWith(payload, [0x5b]),
    hints: jsonHints,
  },
];

export const explainedCodecNames: readonly string[] = explainedCodecs.map(({ codec }) => codec);

export interface Guess {
  readonly entry: ExplainedCodec;
  readonly because: string;
}

/** By the first bytes; else the codec that refuses least of it. */
export function guessCodec(payload: Uint8Array): Guess {
  for (const entry of explainedCodecs) {
    const because = entry.guess(payload);
    if (because !== null) return { entry, because };
  }
  const counted = explainedCodecs.map((entry) => ({
    entry,
    refused: refusedBytes(entry, payload),
  }));
  const best = counted.reduce((least, one) => (one.refused < least.refused ? one : least));
  const found =
    best.refused < payload.length ? 'it holds a frame of it' : 'it looks like none of the codecs';
  return { entry: best.entry, because: found };
}

function refusedBytes({ decode }: ExplainedCodec, payload: Uint8Array): number {
  return decode(payload)
    .filter(({ kind }) => kind === 'reject')
    .reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function startsWith(payload: Uint8Array, bytes: readonly number[]): string | null {
  if (!bytes.every((byte, at) => payload[at] === byte)) return null;
  return `it starts with ${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
}

/** JSON whose first bytes name a key. */
function holdsKey(payload: Uint8Array, key: string): string | null {
  const head = Buffer.from(payload.subarray(0, 256)).toString('latin1').trimStart();
  return head.startsWith('{') && head.includes(`"${key}"`) ? `it has the key ${key}` : null;
}
