// What ingest needs of a codec. Pure and total, all of it: nothing here throws for what a vehicle
// sent.

import type { Outcome, Reason } from '../frame/outcome.ts';
import type { FrameContext, Interpreted } from '../telemetry/interpretation.ts';
import type { SignedFrames } from './signatures.ts';

export interface AnswerContext {
  /** Epoch ms: the time that a terminal is told which asks for it. */
  readonly nowAt: number;
  readonly vehicleId: string;
  readonly jt808Auth: Jt808Auth;
}

/**
 * Which code of a JT/T 808 authentication (0x0102) is good: `any`, or only the `own` one that a
 * registration (0x0100) is answered with.
 */
export type Jt808Auth = 'any' | 'own';

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
  /**
   * The whole, from the bytes of all its parts as they were received, in their order. Its `bytes`
   * are these, which decode as parts again.
   */
  join(parts: readonly Buffer[]): Outcome<Frame>;
}

export interface PartPlace {
  /** Which message of the vehicle the part belongs to. */
  readonly message: string;
  readonly total: number;
  /** From 1 to total. */
  readonly index: number;
}

/** Its frames go from its own `decode` to its own other functions, and nowhere else. */
export type AnyCodecEntry = CodecEntry<unknown>;
