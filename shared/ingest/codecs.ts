// What ingest needs of a codec, and where each is found: one entry for each codec of a topic.

import { answerTo, answerToRefused } from '../frame/gb32960/answer-to.ts';
import { decodeMessage } from '../frame/gb32960/decode-message.ts';
import type { Gb32960Frame } from '../frame/gb32960/frame.ts';
import type { Outcome, Reason } from '../frame/outcome.ts';
import { interpret } from '../telemetry/gb32960.ts';
import type { FrameContext, Interpreted } from '../telemetry/interpretation.ts';
import type { Codec } from '../topics.ts';
import { gb32960Gateway, json, presence } from './json-codecs.ts';
import type { SignedFrames } from './signatures.ts';

export interface AnswerContext {
  /** Epoch ms: the time that a terminal is told which asks for it. */
  readonly nowAt: number;
  readonly vehicleId: string;
}

/** Pure and total, all of it: nothing here throws for what a vehicle sent. */
export interface CodecEntry<Frame> {
  /** Of the decoder: raised when the same bytes may come to another outcome. */
  readonly version: string;
  decode(payload: Buffer): readonly Outcome<Frame>[];
  /** `reason` says why the frame was read in part or kept as bytes; null when it was read whole. */
  interpret(frame: Frame, reason: Reason | null, context: FrameContext): Interpreted;
  /** Reports are answered only where a setting says so: no standard asks for it. */
  isReport(frame: Frame): boolean;
  /** What the vehicle is told once the frame is stored; null for nothing. */
  answer(frame: Frame, context: AnswerContext): Uint8Array | null;
  /** The same for the bytes of a frame that is in quarantine, and why it is. */
  answerRefused(bytes: Uint8Array, reason: Reason, context: AnswerContext): Uint8Array | null;
  /** Of a codec whose frames may be signed; else null. */
  readonly signed: SignedFrames<Frame> | null;
  /** Of a codec that splits messages; else null. */
  readonly split: SplitMessages<Frame> | null;
}

export interface SplitMessages<Frame> {
  /** Null for a whole message, and for a part of none that could ever be whole. */
  placeOf(frame: Frame): PartPlace | null;
  /** The whole, from the bytes of all its parts as they were received, in their order. */
  join(parts: readonly Buffer[]): Outcome<Frame>;
}

export interface PartPlace {
  /** Which message of the vehicle the part belongs to. */
  readonly message: string;
  readonly total: number;
  /** From 1 to total. */
  readonly index: number;
}

// GB/T 32960.3-2016 table 4.
const errorFlag = 0x02;

const gb32960: CodecEntry<Gb32960Frame> = {
  version: 'gb32960-2016/2',
  decode: decodeMessage,
  interpret,
  isReport: ({ body }) => body.kind === 'report',
  answer: (frame, { nowAt }) => answerTo(frame, { nowAt }),
  answerRefused: (bytes, _reason, { nowAt }) => answerToRefused(bytes, { flag: errorFlag, nowAt }),
  signed: null,
  split: null,
};

/** Its frames go from its own `decode` to its own other functions, and nowhere else. */
export type AnyCodecEntry = CodecEntry<unknown>;

/** Null while a codec has a name and no decoder yet. */
export const codecEntries: Readonly<Record<Codec, AnyCodecEntry | null>> = {
  gb32960,
  jt808: null,
  json,
  'gb32960-gateway': gb32960Gateway,
  'jt808-gateway': null,
  presence,
};
