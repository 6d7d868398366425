// What the ledger holds, a line of JSON each: what was sent and what must come of it, what the
// broker and the bridges said to it, and what was broken on purpose.

import type { ExpectedFrame } from '../fleet/planned.ts';

export type Entry = SentEntry | AgainEntry | AckedEntry | AnswerEntry | FaultEntry;

/** Written before the message leaves. */
export interface SentEntry {
  readonly entry: 'sent';
  /** From 1, in the order in which messages left; so in order for each vehicle, too. */
  readonly messageNo: number;
  readonly vehicleId: string;
  /** Epoch ms. */
  readonly at: number;
  readonly frames: readonly ExpectedFrame[];
}

/** It left once more, since the connection was lost before a PUBACK came. */
export interface AgainEntry {
  readonly entry: 'again';
  readonly messageNo: number;
  readonly at: number;
}

export interface AckedEntry {
  readonly entry: 'acked';
  readonly messageNo: number;
  readonly at: number;
  /** Of the PUBACK. */
  readonly reasonCode: number;
}

export interface AnswerEntry {
  readonly entry: 'answer';
  readonly vehicleId: string;
  readonly at: number;
  /** See `answerKey`; null for bytes that are no intact frame. */
  readonly key: string | null;
}

/** Something was broken: it may explain that frames came twice or late. */
export interface FaultEntry {
  readonly entry: 'fault';
  readonly at: number;
  /** Frames sent until then may have been touched by it. */
  readonly untilAt: number;
  readonly what: string;
}

/** The ledger of a run, read back. */
export interface Ledger {
  readonly messages: readonly SentMessage[];
  readonly answers: readonly AnswerEntry[];
  readonly faults: readonly FaultEntry[];
}

export interface SentMessage extends Omit<SentEntry, 'entry'> {
  /** Times that it left. */
  readonly attempts: number;
  /** Null: never acknowledged by the broker. */
  readonly acked: { readonly at: number; readonly reasonCode: number } | null;
}

/** Throws for entries that name a message which was never sent. */
export function ledgerOf(entries: Iterable<Entry>): Ledger {
  const messages = new Map<number, { -readonly [K in keyof SentMessage]: SentMessage[K] }>();
  const answers: AnswerEntry[] = [];
  const faults: FaultEntry[] = [];
  const sentOf = (messageNo: number) => {
    const message = messages.get(messageNo);
    if (message === undefined) throw new Error(`the ledger has no message ${messageNo}`);
    return message;
  };
  for (const one of entries) {
    switch (one.entry) {
      case 'sent': {
        const { entry: _, ...sent } = one;
        messages.set(one.messageNo, { ...sent, attempts: 1, acked: null });
        break;
      }
      case 'again':
        sentOf(one.messageNo).attempts += 1;
        break;
      case 'acked':
        sentOf(one.messageNo).acked = { at: one.at, reasonCode: one.reasonCode };
        break;
      case 'answer':
        answers.push(one);
        break;
      case 'fault':
        faults.push(one);
        break;
    }
  }
  return { messages: [...messages.values()], answers, faults };
}
