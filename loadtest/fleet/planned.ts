// What the fleet means to send, and what has to come of it: the contract between the fleet, which
// writes it down before a message leaves, and the ledger's check, which compares.

import type { KafkaTopic } from '#shared/topics.ts';
import type { BadKind } from './bad-frames.ts';
import type { JsonKind } from './json/kinds.ts';
import type { Jt808Kind } from './jt808/kinds.ts';
import type { OddKind } from './odd-frames.ts';

export interface PlannedMessage {
  readonly vehicleId: string;
  readonly mqttTopic: string;
  readonly payload: Buffer;
  /** Epoch ms. */
  readonly dueAt: number;
  /** In the order of the bytes. */
  readonly frames: readonly ExpectedFrame[];
}

export type FrameKind =
  | 'report'
  | 'reissue'
  | 'login'
  | 'logout'
  | 'heartbeat'
  | 'time_sync'
  | 'signature_wrong'
  | OddKind
  | BadKind
  | Jt808Kind
  | JsonKind;

/** The record that one frame must become. Everything in it is JSON: bytes are hex digits. */
export interface ExpectedFrame {
  readonly kind: FrameKind;
  readonly kafkaTopic: KafkaTopic;
  /** 16 hex digits; null for a frame without body. */
  readonly frameId: string | null;
  /** Fields of the record by name; what is not named here is not compared. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Key of the answer that the vehicle must get, see `answerKey`; null: none. */
  readonly answer: string | null;
  /**
   * Further records of the same frame: a batch has one for each location, and the last part of a
   * split message has the whole.
   */
  readonly more?: readonly ExpectedFrame[];
}

/** All records of a frame. */
export function recordsOf(frame: ExpectedFrame): readonly ExpectedFrame[] {
  return frame.more === undefined ? [frame] : [frame, ...frame.more];
}

/** Stands for a field that must equal the record's own `receivedTime`. */
export const asReceived = 'as received';
