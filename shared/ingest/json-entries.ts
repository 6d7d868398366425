// The codecs whose payloads are JSON.

import type { Gb32960Frame } from '../frame/gb32960/frame.ts';
import { decodeMessage as decodeGb32960Gateway } from '../frame/gb32960-gateway/decode-message.ts';
import { answerTo, answerToRefused } from '../frame/json/answer-to.ts';
import { decodeMessage as decodeJson } from '../frame/json/decode-message.ts';
import type { JsonFrame } from '../frame/json/envelope.ts';
import type { Jt808Frame } from '../frame/jt808/frame.ts';
import { decodeMessage as decodeJt808Gateway } from '../frame/jt808-gateway/decode-message.ts';
import { decodeMessage as decodePresence } from '../frame/presence/decode-message.ts';
import type { PresenceFrame } from '../frame/presence/frame.ts';
import { interpret as interpretGb32960Gateway } from '../telemetry/gb32960-gateway.ts';
import { interpret as interpretJson } from '../telemetry/json.ts';
import { interpret as interpretJt808Gateway } from '../telemetry/jt808-gateway.ts';
import { interpret as interpretPresence } from '../telemetry/presence.ts';
import type { CodecEntry } from './codec-entry.ts';
import { signed } from './gb32960-entry.ts';

export const json: CodecEntry<JsonFrame> = {
  version: 'json-1/1',
  decode: decodeJson,
  interpret: interpretJson,
  // An envelope with an id asks for its answer, a report too; without one there is none.
  isReport: () => false,
  answer: (frame, { nowAt }) => answerTo(frame, { nowAt }),
  answerRefused: (bytes) => answerToRefused(bytes),
  signed: null,
  split: null,
};

/** The gateway has answered the car itself. */
export const gb32960Gateway: CodecEntry<Gb32960Frame> = {
  version: 'gb32960-gateway/1',
  decode: decodeGb32960Gateway,
  interpret: interpretGb32960Gateway,
  isReport: ({ body }) => body.kind === 'report',
  answer: () => null,
  answerRefused: () => null,
  signed,
  split: null,
};

/** The gateway has answered the terminal itself, and knows no parts as such. */
export const jt808Gateway: CodecEntry<Jt808Frame> = {
  version: 'jt808-gateway/1',
  decode: decodeJt808Gateway,
  interpret: interpretJt808Gateway,
  isReport: ({ body }) => body.kind === 'location' || body.kind === 'batch',
  answer: () => null,
  answerRefused: () => null,
  signed: null,
  split: null,
};

/** A broker waits for no answer. */
export const presence: CodecEntry<PresenceFrame> = {
  version: 'presence/1',
  decode: decodePresence,
  interpret: interpretPresence,
  isReport: () => false,
  answer: () => null,
  answerRefused: () => null,
  signed: null,
  split: null,
};
