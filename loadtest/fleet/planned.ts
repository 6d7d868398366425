// What the fleet means to send, and what has to come of it: the contract between the fleet, which
// writes it down before a message leaves, and the ledger's check, which compares.

import type { KafkaTopic } from '#shared/topics.ts';
import type { BadKind } from './bad-frames.ts';
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
  | OddKind
  | BadKind;

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
}

/** Stands for a field that must equal the record's own `receivedTime`. */
export const asReceived = 'as received';
